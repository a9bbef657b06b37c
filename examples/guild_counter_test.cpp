// SPDX-License-Identifier: BSD-3-Clause
// A test of the bot in guild_counter.cpp: each guild counts for itself, over sleep and crashes of others.
#include <troupe/testing.hpp>

#if __has_include(<catch2/catch_test_macros.hpp>)
#  include <catch2/catch_test_macros.hpp>
#else
#  include <catch2/catch.hpp>
#endif

using namespace std::chrono_literals;

// In guild_counter.cpp.
caf::behavior guild_counter(troupe::bot* self);

namespace {

struct counter_stage : troupe::testing::stage {
  counter_stage() : stage{{.shards = 2}} {
    run({.name = "guild_counter",
         .start = guild_counter,
         .intents = troupe::intents::all(),
         .placement = troupe::placement::per_guild});
  }

  std::string count_of(std::uint32_t guild) {
    discord.say("!count", guild);
    return rest.messages().back().content;
  }

  std::string path(std::uint32_t guild) const {
    return "root/bots/guild_counter/" + to_string(discord.guild(guild));
  }
};

} // namespace

TEST_CASE_METHOD(counter_stage, "each guild has its own count") {
  discord.say("hello", 0);
  discord.say("hello", 0);
  discord.say("hello", 1);
  CHECK(count_of(0) == "2 messages");
  CHECK(count_of(1) == "1 messages");
}

TEST_CASE_METHOD(counter_stage, "a guild that wakes up goes on counting") {
  discord.say("hello", 0);
  advance(11min);
  discord.say("hello", 0);
  CHECK(count_of(0) == "2 messages");
}

TEST_CASE_METHOD(counter_stage, "a crash in one guild costs the others nothing") {
  discord.say("hello", 0);
  discord.say("hello", 1);
  advance(1s);
  crash(path(0));
  CHECK(count_of(0) == "0 messages");
  CHECK(count_of(1) == "1 messages");
}
