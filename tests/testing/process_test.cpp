// SPDX-License-Identifier: BSD-3-Clause
// Crashes by path, and the process as a whole: ended in order, killed, started again.
#include "tests/catch.hpp"
#include "tests/testing/bots.hpp"

#include <algorithm>

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

TEST_CASE("every actor of the tree can be crashed by its path, and the tree heals", "[testing][crash]") {
  std::vector<std::string> paths;
  {
    testing::stage stage{{.shards = 2}};
    stage.run(ping_bot());
    paths = stage.paths();
  }
  CHECK(std::find(paths.begin(), paths.end(), "root/shards/1/connection") != paths.end());
  CHECK(std::find(paths.begin(), paths.end(), "root/bots/ping") != paths.end());
  for (const auto& path : paths) {
    if (path == "root")
      continue;
    INFO(path);
    testing::stage stage{{.shards = 2}};
    stage.run(ping_bot());
    stage.crash(path);
    stage.advance(2min);
    stage.await_ready();
    CHECK(stage.paths() == paths);
    stage.discord.say("!ping");
    stage.advance(1s);
    CHECK(stage.rest.messages().size() == 1);
    CHECK(stage.discord.breaches().empty());
  }
}

TEST_CASE("a path that nobody has is refused with the paths there are", "[testing][crash]") {
  testing::stage stage;
  CHECK(holds(failure_of([&] { stage.crash("root/bots/ping"); }), "there are: none"));
  stage.run(ping_bot());
  auto text = failure_of([&] { stage.crash("root/bots/pong"); });
  CHECK(holds(text, "no actor at \"root/bots/pong\""));
  CHECK(holds(text, "root/bots/ping"));
  CHECK(holds(text, "root/shards/0/ratelimiter"));
  CHECK(holds(failure_of([&] { stage.crash("root"); }), "kill_process"));
}

TEST_CASE("a bot that throws is started again, and the test is told", "[testing][crash]") {
  testing::stage stage;
  stage.run(ping_bot());
  stage.subscribe_lifecycle();
  stage.discord.say("!die");
  auto exited = stage.expect<child_exited>();
  CHECK(exited.path == "root/bots/ping");
  CHECK(holds(exited.detail, "as it was told"));
  stage.advance(1min);
  auto children = stage.children();
  auto bot =
    std::find_if(children.begin(), children.end(), [](const auto& one) { return one.path == "root/bots/ping"; });
  REQUIRE(bot != children.end());
  CHECK(bot->starts >= 2);
}

TEST_CASE("a killed process resumes from its stores when it is started again", "[testing][process]") {
  testing::stage stage{{.shards = 2}};
  stage.run(ping_bot());
  stage.advance(10s); // The stores are written every second.
  stage.kill_process();
  CHECK_FALSE(stage.running());
  CHECK(stage.paths().empty());
  CHECK_FALSE(stage.discord.connected(0));
  stage.discord.say("!ping");
  stage.advance(20s);
  CHECK(stage.rest.messages().empty());
  stage.restart_process();
  stage.advance(1s);
  CHECK(stage.rest.messages().size() == 1);
  CHECK(stage.discord.identifies() == 2);
  CHECK(stage.discord.resumes() == 2);
  CHECK(stage.discord.breaches().empty());
}

TEST_CASE("a process that was stopped in order resumes, too", "[testing][process]") {
  testing::stage stage{{.shards = 2}};
  stage.run(ping_bot());
  stage.stop_process();
  CHECK_FALSE(stage.running());
  CHECK(failure_of([&] { stage.stop_process(); }) == "there is no process to stop");
  CHECK(failure_of([&] { stage.kill_process(); }) == "there is no process to kill");
  stage.restart_process();
  CHECK(stage.discord.identifies() == 2);
  CHECK(stage.discord.resumes() == 2);
  CHECK(stage.discord.breaches().empty());
}
