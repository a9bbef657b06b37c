// SPDX-License-Identifier: BSD-3-Clause
// Single actors on a stage, a whole process on a stage, and that both can be repeated.
#include "tests/catch.hpp"
#include "tests/testing/bots.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

/// Sends itself to whoever asks, a minute later.
caf::behavior late(caf::event_based_actor* self) {
  return {
    [self](const shard_status_request&, const caf::actor& whom) {
      self->delayed_send(whom, 1min, shard_ping{{1, 2}, 3});
    },
    [](int number) { return number + 1; },
    [](const std::string&) -> caf::result<int> { return caf::skip(); },
  };
}

std::string whole_run(std::uint64_t seed) {
  testing::stage stage{{.seed = seed, .shards = 2}};
  stage.run(ping_bot());
  stage.discord.say("!ping", 1);
  stage.discord.drop(0);
  stage.advance(30s);
  stage.crash("root/shards/1");
  stage.advance(30s);
  stage.crash("root/bots/ping");
  stage.discord.say("!ping", 0);
  stage.advance(30s);
  stage.kill_process();
  stage.restart_process();
  stage.advance(3min);
  return stage.trace();
}

} // namespace

TEST_CASE("an actor's messages to the test come in virtual time", "[testing][stage]") {
  testing::stage stage;
  auto actor = stage.spawn(late);
  stage.tell(actor, shard_status_request{}, stage.as<caf::actor>());
  stage.advance(59s);
  stage.expect_none<shard_ping>();
  stage.advance(1s);
  CHECK(stage.expect<shard_ping>().latency_us == 3);
  stage.expect_none<shard_ping>();
  CHECK(stage.elapsed() == 1min);
}

TEST_CASE("an expectation that fails says what was there, and leaves it there", "[testing][stage]") {
  testing::stage stage;
  CHECK(failure_of([&] { (void)stage.expect<shard_ready>(); })
        == "no troupe::shard_ready was sent to the test; what was: none");
  auto actor = stage.spawn(late);
  stage.tell(actor, shard_status_request{}, stage.as<caf::actor>());
  stage.advance(1min);
  auto text = failure_of([&] { (void)stage.expect<shard_ready>(); });
  CHECK(holds(text, "troupe::shard_ping"));
  CHECK(holds(failure_of([&] { stage.expect_none<shard_ping>(); }), "troupe::shard_ping was sent to the test"));
  stage.expect_none<shard_ping>(); // It was taken by the complaint.
}

TEST_CASE("a message that overtakes others is found, whatever was looked for before", "[testing][stage]") {
  testing::stage stage;
  auto sender = stage.spawn([](caf::event_based_actor* self) -> caf::behavior {
    return {[self](int number, const caf::actor& whom) {
      self->send(whom, shard_ping{{0, 1}, number});
      self->send<caf::message_priority::high>(whom, shard_ping_missed{{0, 1}});
      self->send(whom, shard_ping{{0, 1}, number + 1});
    }};
  });
  for (auto looked_for = 0; looked_for < 3; ++looked_for) {
    stage.tell(sender, 10, stage.as<caf::actor>());
    for (auto i = 0; i < looked_for; ++i)
      stage.expect_none<child_exited>();
    if (looked_for > 0)
      CHECK(stage.expect<shard_ping>().latency_us == 10);
    stage.tell(sender, 20, stage.as<caf::actor>());
    stage.expect_none<child_exited>();
    (void)stage.expect<shard_ping_missed>();
    (void)stage.expect<shard_ping_missed>();
    CHECK(stage.count<shard_ping>() == (looked_for > 0 ? 3 : 4));
  }
}

TEST_CASE("a question is answered whatever else waits for the test, and never hangs", "[testing][stage]") {
  testing::stage stage;
  auto actor = stage.spawn(late);
  stage.tell(actor, shard_status_request{}, stage.as<caf::actor>());
  stage.advance(1min);
  auto answer = stage.ask<int>(actor, 41);
  REQUIRE(answer);
  CHECK(*answer == 42);
  CHECK(stage.ask<int>(actor, std::string{"never"}).error() == caf::sec::request_timeout);
}

TEST_CASE("a process starts, its bots hear and answer", "[testing][stage]") {
  testing::stage stage;
  stage.run(ping_bot());
  CHECK(stage.running());
  REQUIRE(stage.shards().size() == 1);
  auto asked = stage.discord.say("!ping");
  auto sent = stage.rest.messages();
  REQUIRE(sent.size() == 1);
  CHECK(sent.front().content == "pong");
  CHECK(sent.front().channel == asked.channel_id);
  CHECK(sent.front().reply_to == asked.id);
  CHECK(stage.discord.breaches().empty());
}

TEST_CASE("a start that fails says why", "[testing][stage]") {
  testing::stage refused{{.discord = [](simulator::options& opts) { opts.session_starts_remaining = 0; }}};
  auto text = failure_of([&] { refused.run(ping_bot()); });
  CHECK(holds(text, "not all shards are ready"));
  testing::stage twice;
  twice.run(ping_bot());
  CHECK(holds(failure_of([&] { twice.run(ping_bot()); }), "has a process already"));
  CHECK(holds(failure_of([&] { twice.restart_process(); }), "the process runs"));
}

TEST_CASE("the same seed gives the same trace, byte for byte", "[testing][determinism]") {
  auto once = whole_run(7);
  auto again = whole_run(7);
  CHECK(once == again);
  CHECK(once != whole_run(8));
  for (const auto* line : {"test crashes root/shards/1", "shard_ready shard=0/2", "rest POST /channels/",
                           "child_exited path=\"root/bots/ping\"", "shard 0 sends {\"op\":6"})
    CHECK(holds(once, line));
  CHECK_FALSE(holds(once, "local-discord-token"));
}
