// SPDX-License-Identifier: BSD-3-Clause
// A bot with an actor for each shard, in a whole tree.
#include "tests/catch.hpp"
#include "tests/testing/bots.hpp"
#include "tests/testing/recorder.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

struct per_shard : recorder_stage {
  per_shard() {
    start(placement::per_shard);
  }

  // A guild of that shard.
  std::uint32_t guild_of(std::uint32_t shard) const {
    return discord.shard_of(discord.guild(0)) == shard ? 0 : 1;
  }
};

} // namespace

TEST_CASE_METHOD(per_shard, "each shard's bot gets the events of its shard only", "[testing][placement]") {
  CHECK(runs("root/bots/recorder/0"));
  CHECK(runs("root/bots/recorder/1"));
  discord.say("a", guild_of(0));
  discord.say("b", guild_of(1));
  discord.say("c", guild_of(1));
  CHECK(book->got[0] == texts{"a 1"});
  CHECK(book->got[1] == texts{"b 1", "c 2"});
}

TEST_CASE("a shard's bot runs before its shard gets the first event", "[testing][placement]") {
  recorder_stage stage{{.shards = 3}};
  auto book = stage.book;
  stage.run({.name = "recorder",
             .start = [book](bot* self) -> caf::behavior {
               self->subscribe<ready>();
               return {[=](const ready&) { book->got[*self->shard()].push_back("ready"); }};
             },
             .intents = intents::all(),
             .placement = placement::per_shard});
  CHECK(book->got == std::map<std::uint64_t, texts>{{0, {"ready"}}, {1, {"ready"}}, {2, {"ready"}}});
}

TEST_CASE_METHOD(per_shard, "a shard's bot that crashes is started again alone, and gets its events again",
                 "[testing][placement]") {
  discord.say("x", guild_of(1));
  advance(1s);
  discord.say("a", guild_of(0));
  discord.say("b", guild_of(0));
  crash("root/bots/recorder/0");
  advance(5s);
  CHECK(book->got[0] == texts{"a 1", "b 2", "a 1 redelivered", "b 2 redelivered"});
  discord.say("y", guild_of(1));
  CHECK(book->got[1] == texts{"x 1", "y 2"});
}

TEST_CASE_METHOD(per_shard, "the shards' bots are there again after a crash above them", "[testing][placement]") {
  for (const auto* path : {"root/bots/recorder", "root/bots", "root/node_agent", "root/shards"}) {
    INFO(path);
    crash(path);
    advance(1min);
    await_ready();
    CHECK(runs("root/bots/recorder/0"));
    CHECK(runs("root/bots/recorder/1"));
    discord.say("a", guild_of(1));
    CHECK(book->got[1].back().starts_with("a "));
  }
}

TEST_CASE_METHOD(per_shard, "an event that comes while the bots are stopped with their supervisor is for the next ones",
                 "[testing][placement]") {
  discord.say("!wait", guild_of(0));
  discord.say("a", guild_of(1));
  advance(1s);
  // Not killed: it has the time to stop its children.
  auto above = find("root/bots/recorder");
  tell(above, caf::exit_msg{above.address(), make_error(errc::internal, "crashed by the test")});
  CHECK_FALSE(runs("root/bots/recorder/1")); // The last one ends first; the other one has ten seconds.
  CHECK(runs("root/bots/recorder/0"));
  discord.say("b", guild_of(1));
  advance(1min);
  CHECK(book->got[1].back().starts_with("b "));
  CHECK(book->starts[1] == 2);
  tell(book->gate, true); // While it waits so, nothing can end it.
}

TEST_CASE_METHOD(per_shard, "the end of the process reaches the shards' bots", "[testing][placement]") {
  stop_process();
  CHECK(book->stopped.size() == 2);
}
