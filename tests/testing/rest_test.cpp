// SPDX-License-Identifier: BSD-3-Clause
// REST on a stage: recorded, and answered by script.
#include "tests/catch.hpp"
#include "tests/testing/bots.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

TEST_CASE("calls are recorded in order, with what was answered", "[testing][rest]") {
  testing::stage stage;
  stage.run(ping_bot());
  REQUIRE(stage.rest.calls().size() == 1);
  CHECK(stage.rest.calls().front().path == "/gateway/bot");
  CHECK(stage.rest.calls().front().status == 200);
  stage.rest.clear();
  auto asked = stage.discord.say("!ping");
  REQUIRE(stage.rest.calls().size() == 1);
  auto call = stage.rest.calls().front();
  CHECK(call.method == "POST");
  CHECK(call.path == "/channels/" + to_string(asked.channel_id) + "/messages");
  CHECK(holds(call.body, "\"content\":\"pong\""));
  CHECK(call.status == 200);
  CHECK(call.at == stage.elapsed());
  CHECK(stage.rest.calls("GET").empty());
}

TEST_CASE("a scripted answer is given once, then the local Discord answers", "[testing][rest]") {
  testing::stage stage;
  stage.run(ping_bot());
  auto path = "/channels/" + to_string(stage.discord.channel(0)) + "/messages";
  stage.rest.answer("POST", path, {429, R"({"retry_after":2})", {{"retry-after", "2"}}});
  stage.discord.say("!ping");
  CHECK(stage.rest.calls("POST").size() == 1);
  CHECK(stage.rest.messages().empty());
  stage.advance(10s);
  auto posts = stage.rest.calls("POST");
  REQUIRE(posts.size() == 2);
  CHECK(posts[0].status == 429);
  CHECK(posts[1].status == 200);
  CHECK(posts[1].at - posts[0].at >= 2s);
  REQUIRE(stage.rest.messages().size() == 1);
}

TEST_CASE("a call can be refused, or get no answer at all", "[testing][rest]") {
  testing::stage stage;
  stage.run(ping_bot());
  auto path = "/channels/" + to_string(stage.discord.channel(0)) + "/messages";
  stage.rest.answer("POST", path, 403, R"({"message":"Missing Access","code":50001})");
  stage.rest.fail("POST", path);
  stage.discord.say("!ping");
  stage.discord.say("!ping");
  stage.advance(5min);
  auto posts = stage.rest.calls("POST");
  REQUIRE(posts.size() >= 2);
  CHECK(posts[0].status == 403);
  CHECK(posts[1].status == 0);
  CHECK(stage.running());
}
