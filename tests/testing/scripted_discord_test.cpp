// SPDX-License-Identifier: BSD-3-Clause
// The Discord that a test plays: what it sends, how it ends connections, what it saw.
#include "tests/catch.hpp"
#include "tests/testing/bots.hpp"

#include <memory>
#include <vector>

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

using sightings = std::shared_ptr<std::vector<raw_event>>;

/// Keeps everything that it gets.
bot_spec observer(const sightings& seen, intents asked = intents::all()) {
  auto start = [seen](bot* self) -> caf::behavior {
    self->subscribe_raw();
    return {[seen](const raw_event& event) { seen->push_back(event); }};
  };
  return {"observer", start, asked, {}};
}

std::vector<raw_event> named(const sightings& seen, std::string_view name) {
  std::vector<raw_event> found;
  for (const auto& one : *seen)
    if (one.name == name)
      found.push_back(one);
  return found;
}

} // namespace

TEST_CASE("an event goes to the shard of its guild, with the next sequence", "[testing][discord]") {
  testing::stage stage{{.shards = 3}};
  auto seen = std::make_shared<std::vector<raw_event>>();
  stage.run(observer(seen));
  for (std::uint32_t guild = 0; guild < 6; ++guild) {
    auto shard = stage.discord.shard_of(stage.discord.guild(guild));
    auto before = stage.shards().at(shard).sequence;
    stage.discord.dispatch("CHANNEL_CREATE",
                           R"({"id":"1","guild_id":")" + to_string(stage.discord.guild(guild)) + "\"}");
    CHECK(seen->back().name == "CHANNEL_CREATE");
    CHECK(seen->back().shard == shard_id{shard, 3});
    CHECK(seen->back().sequence == before + 1);
  }
  stage.discord.dispatch(guild_delete{stage.discord.guild(1), true});
  CHECK(seen->back().name == "GUILD_DELETE");
  CHECK(seen->back().shard.index == stage.discord.shard_of(stage.discord.guild(1)));
  stage.discord.whisper("in private");
  CHECK(seen->back().shard.index == 0);
}

TEST_CASE("an event that the shard missed is replayed once it resumed", "[testing][discord]") {
  testing::stage stage;
  auto seen = std::make_shared<std::vector<raw_event>>();
  stage.run(observer(seen));
  stage.discord.drop(0);
  stage.discord.say("while you were away");
  CHECK(named(seen, "MESSAGE_CREATE").empty());
  stage.await_ready();
  auto missed = named(seen, "MESSAGE_CREATE");
  REQUIRE(missed.size() == 1);
  CHECK(missed.front().replayed);
  CHECK(stage.discord.identifies() == 1);
  CHECK(stage.discord.resumes() == 1);
}

TEST_CASE("every way to end a connection is survived as Discord wants it", "[testing][discord]") {
  testing::stage stage;
  stage.run(ping_bot());
  auto again = [&](std::size_t identifies, std::size_t resumes) {
    stage.advance(3min);
    stage.await_ready();
    CHECK(stage.discord.identifies() == identifies);
    CHECK(stage.discord.resumes() == resumes);
  };
  stage.discord.close(0, 4000);
  again(1, 1);
  stage.discord.reconnect(0);
  again(1, 2);
  stage.discord.invalidate(0, true);
  again(1, 3);
  stage.discord.silence(0);
  again(1, 4);
  stage.discord.invalidate(0);
  again(2, 4);
  stage.discord.close(0, 4009);
  again(3, 4);
  stage.discord.inject("corrupt-stream shard=0");
  stage.discord.say("spoilt");
  stage.advance(3min);
  stage.await_ready();
  CHECK(stage.discord.breaches().empty());
}

TEST_CASE("what Discord would not send is refused with a sentence", "[testing][discord]") {
  testing::stage stage;
  auto& discord = stage.discord;
  CHECK(holds(failure_of([&] { discord.say("hello"); }), "shard 0 has no session"));
  CHECK(holds(failure_of([&] { discord.drop(0); }), "shard 0 is not connected"));
  auto seen = std::make_shared<std::vector<raw_event>>();
  stage.run(observer(seen, {intent::guilds, intent::guild_messages}));
  CHECK(holds(failure_of([&] { discord.whisper("hello"); }), "the intent direct_messages"));
  CHECK(holds(failure_of([&] { discord.dispatch("PRESENCE_UPDATE", "{}"); }), "the intent guild_presences"));
  CHECK(holds(failure_of([&] { discord.say("hello"); }), "message_content"));
  CHECK(failure_of([&] { discord.say("hello <@" + to_string(discord.bot()) + ">"); }).empty());
  CHECK(failure_of([&] { discord.say(""); }).empty());
  CHECK(named(seen, "MESSAGE_CREATE").size() == 2);
  CHECK(holds(failure_of([&] { discord.dispatch("MESSAGE_CREATE", "[1]"); }), "no JSON object"));
  CHECK(holds(failure_of([&] { discord.dispatch(5, "RATE_LIMITED", "{}"); }), "shard 5 has no session"));
  CHECK(holds(failure_of([&] { discord.inject("colse shard=0"); }), "colse"));
  CHECK(holds(failure_of([&] { (void)discord.guild(2); }), "the bot is in 2 guilds"));
}

TEST_CASE("what shards send is on record, without the token", "[testing][discord]") {
  testing::stage stage;
  stage.run(ping_bot());
  REQUIRE(stage.discord.commands().size() == 1);
  CHECK(stage.discord.commands().front().op == 2);
  CHECK(holds(stage.discord.commands().front().json, "\"token\":\"[token]\""));
  CHECK_FALSE(stage.discord.presence());
  stage.discord.say("!idle");
  stage.advance(1s);
  REQUIRE(stage.discord.presence());
  CHECK(stage.discord.presence()->status == "idle");
  CHECK(stage.discord.commands().back().op == 3);
}
