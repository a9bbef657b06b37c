// SPDX-License-Identifier: BSD-3-Clause
// A test of the bot in ping.cpp: a Discord in memory, virtual time, no token. With Catch2; any framework will do.
#include <troupe/testing.hpp>

#if __has_include(<catch2/catch_test_macros.hpp>)
#  include <catch2/catch_test_macros.hpp>
#else
#  include <catch2/catch.hpp>
#endif

using namespace std::chrono_literals;

// In ping.cpp.
caf::behavior ping(troupe::bot* self);

namespace {

/// A process with this bot, whose intents the configuration names: without message_content "!ping" would come empty.
struct ping_stage : troupe::testing::stage {
  ping_stage() : stage{{.shards = 2, .intents = troupe::intents::all()}} {
    run({"ping", ping});
  }
};

} // namespace

TEST_CASE_METHOD(ping_stage, "!ping is answered in its channel") {
  auto asked = discord.say("!ping");
  auto answers = rest.messages();
  REQUIRE(answers.size() == 1);
  CHECK(answers.front().content == "pong");
  CHECK(answers.front().channel == asked.channel_id);
  CHECK(answers.front().reply_to == asked.id);
}

TEST_CASE_METHOD(ping_stage, "other messages are left alone") {
  discord.say("ping?");
  CHECK(rest.messages().empty());
}

TEST_CASE_METHOD(ping_stage, "an answer that is rate limited comes late, once") {
  rest.answer("POST", "/channels/" + to_string(discord.channel(0)) + "/messages", 429, R"({"retry_after":1})");
  discord.say("!ping");
  CHECK(rest.messages().empty());
  advance(5s);
  CHECK(rest.messages().size() == 1);
}

TEST_CASE_METHOD(ping_stage, "a message that came while the connection was down is answered") {
  auto asked = discord.message("!ping", 1);
  discord.drop(discord.shard_of(*asked.guild_id));
  discord.dispatch(asked);
  CHECK(rest.messages().empty());
  advance(30s);
  CHECK(rest.messages().size() == 1);
}

TEST_CASE_METHOD(ping_stage, "a crash of the bot, or of everything, costs no message") {
  subscribe_lifecycle();
  crash("root/bots/ping");
  CHECK(expect<troupe::child_exited>().path == "root/bots/ping");
  discord.say("!ping");
  advance(10s);
  CHECK(rest.messages().size() == 1);

  kill_process();
  discord.say("!ping");
  restart_process();
  advance(10s);
  CHECK(rest.messages().size() == 2);
  CHECK(discord.breaches().empty());
}
