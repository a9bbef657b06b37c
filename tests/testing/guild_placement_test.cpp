// SPDX-License-Identifier: BSD-3-Clause
// A bot with an actor for each guild, in a whole tree.
#include "tests/catch.hpp"
#include "tests/testing/bots.hpp"
#include "tests/testing/recorder.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;

struct per_guild : recorder_stage {
  per_guild() {
    start(placement::per_guild);
  }
};

} // namespace

TEST_CASE_METHOD(per_guild, "a guild's first event starts an actor for it", "[testing][placement]") {
  CHECK_FALSE(runs(path(0)));
  discord.say("a", 0);
  CHECK(runs(path(0)));
  CHECK_FALSE(runs(path(1)));
  discord.say("b", 0);
  discord.say("c", 1);
  CHECK(of(0) == texts{"a 1", "b 2"});
  CHECK(of(1) == texts{"c 1"});
  CHECK(book->starts[discord.guild(0).value] == 1);
  advance(1s);
  CHECK(outstanding() == 0);
}

TEST_CASE_METHOD(per_guild, "events of no guild have an actor of their own", "[testing][placement]") {
  discord.whisper("hello");
  CHECK(runs("root/bots/recorder/0"));
  CHECK(book->got[0] == texts{"hello 1"});
  // Once for what it subscribes to, and once for this actor.
  CHECK(book->starts[0] == 2);
}

TEST_CASE_METHOD(per_guild, "a guild that waits holds up no other, and its events are not acknowledged",
                 "[testing][placement]") {
  discord.say("!wait", 0);
  discord.say("a", 0);
  discord.say("b", 2);
  discord.say("c", 0);
  CHECK(of(0) == texts{"!wait 1"});
  CHECK(of(2) == texts{"b 1"});
  advance(10s);
  CHECK(outstanding() >= 3);
  tell(book->gate, true);
  CHECK(of(0) == texts{"!wait 1", "a 2", "c 3"});
  advance(1s);
  CHECK(outstanding() == 0);
}

TEST_CASE_METHOD(per_guild, "what an actor had not handled when the process was killed comes again",
                 "[testing][placement]") {
  discord.say("!wait", 0);
  discord.say("a", 0);
  discord.say("b", 2);
  advance(10s);
  kill_process();
  restart_process();
  advance(1s);
  CHECK(of(0).back() == "!wait 1 replayed");
  tell(book->gate, true);
  CHECK(of(0).back() == "a 2 replayed");
}

TEST_CASE_METHOD(per_guild, "the successor of a guild's actor gets what it had not handled, and nobody else anything",
                 "[testing][placement]") {
  subscribe_lifecycle();
  discord.say("a", 0);
  discord.say("x", 2);
  advance(1s);
  discord.say("b", 0);
  discord.say("y", 2);
  discord.say("c", 0);
  crash(path(0)); // Nobody was asked about these yet.
  advance(1s);
  CHECK(expect<child_exited>().path == path(0));
  auto again = expect<events_redelivered>();
  CHECK(again.subscriber == "recorder of guild " + to_string(discord.guild(0)));
  CHECK(again.events == 2);
  discord.say("d", 0);
  CHECK(of(0) == texts{"a 1", "b 2", "c 3", "b 1 redelivered", "c 2 redelivered", "d 3"});
  CHECK(of(2) == texts{"x 1", "y 2"});
  CHECK(book->starts[discord.guild(2).value] == 1);
  advance(1s);
  CHECK(outstanding() == 0);
}

TEST_CASE_METHOD(per_guild, "an event that kills a guild's actor three times is set aside, its neighbours are not",
                 "[testing][placement]") {
  subscribe_lifecycle();
  discord.say("!die", 0);
  discord.say("a", 0);
  discord.say("b", 2);
  CHECK(of(2) == texts{"b 1"});
  advance(20s);
  CHECK(of(0) == texts{"a 1 redelivered"});
  auto aside = expect<event_set_aside>();
  CHECK(aside.event == "MESSAGE_CREATE");
  CHECK(aside.shard == shard_id{discord.shard_of(discord.guild(0)), 2});
  CHECK(aside.subscriber == "recorder of guild " + to_string(discord.guild(0)));
  expect_none<event_set_aside>();
  CHECK(outstanding() == 0);
  CHECK(count<child_exited>() == 3);
}

TEST_CASE_METHOD(per_guild, "an idle guild's actor falls asleep, and the next one has what it kept",
                 "[testing][placement]") {
  discord.say("a", 0);
  discord.say("b", 0);
  advance(50s);
  discord.say("c", 1);
  advance(15s);
  CHECK_FALSE(runs(path(0)));
  CHECK(runs(path(1)));
  CHECK(book->stopped.empty());
  discord.say("d", 0);
  CHECK(of(0) == texts{"a 1", "b 2", "d 3"});
  advance(1s);
  CHECK(outstanding() == 0);
}

TEST_CASE_METHOD(per_guild, "an event that comes while an actor falls asleep is for the next one",
                 "[testing][placement]") {
  book->slow_sleep = true;
  discord.say("a", 0);
  advance(61s);
  discord.say("b", 0);
  discord.say("c", 0);
  advance(1s);
  CHECK(of(0) == texts{"a 1"});
  CHECK(outstanding() == 2);
  tell(book->gate, true);
  CHECK(of(0) == texts{"a 1", "b 2", "c 3"});
  advance(1s);
  CHECK(outstanding() == 0);
}

TEST_CASE_METHOD(per_guild, "an actor that has no last word is ended after five seconds", "[testing][placement]") {
  book->slow_sleep = true;
  discord.say("a", 0);
  advance(62s);
  CHECK(runs(path(0)));
  discord.say("b", 0);
  advance(6s);
  CHECK(of(0) == texts{"a 1", "b 1"});
}

TEST_CASE_METHOD(per_guild, "an actor that waits does not fall asleep", "[testing][placement]") {
  discord.say("!wait", 0);
  advance(10min);
  CHECK(runs(path(0)));
  tell(book->gate, true);
  advance(10min);
  CHECK_FALSE(runs(path(0)));
}

TEST_CASE_METHOD(per_guild, "an actor that ends by itself is started by the guild's next event",
                 "[testing][placement]") {
  discord.say("!leave", 0);
  advance(1s);
  CHECK_FALSE(runs(path(0)));
  CHECK(outstanding() == 0);
  discord.say("a", 0);
  CHECK(of(0) == texts{"!leave 1", "a 1"});
}

TEST_CASE_METHOD(per_guild, "the end of the process reaches all actors, behind their events", "[testing][placement]") {
  discord.say("a", 0);
  discord.say("b", 1);
  discord.say("!wait", 2);
  discord.say("c", 2);
  tell(book->gate, true);
  stop_process();
  CHECK(of(2) == texts{"!wait 1", "c 2"});
  CHECK(book->stopped.size() == 3);
}

TEST_CASE_METHOD(per_guild, "a crash of the front ends the guilds' actors, and loses no event",
                 "[testing][placement]") {
  discord.say("a", 0);
  advance(1s);
  discord.say("b", 0);
  discord.say("c", 0);
  crash("root/bots/recorder");
  advance(5s);
  discord.say("d", 0);
  CHECK(of(0) == texts{"a 1", "b 2", "c 3", "b 1 redelivered", "c 2 redelivered", "d 3"});
  // Of those for the rehearsal none is for a guild.
  CHECK(book->starts[discord.guild(0).value] == 2);
  advance(1s);
  CHECK(outstanding() == 0);
}

TEST_CASE_METHOD(per_guild, "a crash of a shard costs no event of a guild", "[testing][placement]") {
  auto shard = discord.shard_of(discord.guild(0));
  discord.say("!wait", 0);
  discord.say("a", 0);
  advance(2s);
  crash("root/shards/" + std::to_string(shard));
  advance(1min);
  tell(book->gate, true);
  await_ready();
  discord.say("b", 0);
  tell(book->gate, true);
  advance(1s);
  CHECK(of(0).front() == "!wait 1");
  CHECK(book->find(discord.guild(0).value, "a 2") > 0);
  CHECK(of(0).back().starts_with("b "));
  CHECK(outstanding() == 0);
}

TEST_CASE_METHOD(per_guild, "what an actor asks for later is asked for all guilds", "[testing][placement]") {
  auto type = [&](std::uint32_t guild) {
    typing_start event;
    event.guild_id = discord.guild(guild);
    event.channel_id = discord.channel(guild);
    event.user_id = discord.member(guild).id;
    discord.dispatch(event);
  };
  discord.say("a", 1);
  type(1);
  discord.say("!typing", 0);
  type(1);
  type(0);
  CHECK(of(0) == texts{"!typing 1", "typing"});
  CHECK(of(1) == texts{"a 1", "typing"});
}

TEST_CASE("an interaction overtakes what waits for its guild's actor", "[testing][placement]") {
  recorder_stage stage{{.shards = 1}};
  auto book = stage.book;
  stage.run({.name = "recorder",
             .start = [book](bot* self) -> caf::behavior {
               self->subscribe<message_create, interaction_create>();
               return {
                 [=](const message_create& message) { book->add(*self, 0, message.content); },
                 [=](const interaction_create&) { book->add(*self, 0, "interaction"); },
               };
             },
             .intents = intents::all(),
             .placement = placement::per_guild});
  stage.discord.drop(0);
  for (const auto* text : {"a", "b"})
    stage.discord.dispatch(stage.discord.message(text));
  interaction_create click;
  click.id = snowflake{77};
  click.guild_id = stage.discord.guild(0);
  stage.discord.dispatch(click);
  stage.advance(30s); // They come together.
  CHECK(book->got[0] == texts{"interaction replayed", "a replayed", "b replayed"});
  CHECK(stage.outstanding() == 0);
}

TEST_CASE("raw events go to their guilds, too", "[testing][placement]") {
  recorder_stage stage{{.shards = 2}};
  auto book = stage.book;
  stage.run({.name = "recorder",
             .start = [book](bot* self) -> caf::behavior {
               self->subscribe_raw({"MESSAGE_CREATE"});
               auto where = self->guild()->value;
               return {[=](const raw_event& event) { book->got[where].push_back(event.name); }};
             },
             .intents = intents::all(),
             .placement = placement::per_guild});
  stage.discord.say("a", 0);
  stage.discord.say("b", 1);
  CHECK(stage.of(0) == texts{"MESSAGE_CREATE"});
  CHECK(stage.of(1) == texts{"MESSAGE_CREATE"});
  stage.advance(1s);
  CHECK(stage.outstanding() == 0);
}

TEST_CASE("a raw event that is set aside in a guild is named by its sequence", "[testing][placement]") {
  recorder_stage stage{{.shards = 2}};
  auto last = std::make_shared<std::uint64_t>(0);
  stage.run({.name = "recorder",
             .start = [last](bot* self) -> caf::behavior {
               self->subscribe_raw({"MESSAGE_CREATE"});
               return {[=](const raw_event& event) {
                 *last = event.sequence;
                 throw std::runtime_error{"never"};
               }};
             },
             .intents = intents::all(),
             .placement = placement::per_guild});
  stage.subscribe_lifecycle();
  stage.discord.say("a", 0);
  stage.advance(20s);
  CHECK(*last > 0);
  CHECK(stage.expect<event_set_aside>().sequence == *last);
}

TEST_CASE("a bot per guild that asks for what does not exist ends with the reason", "[testing][placement]") {
  testing::stage stage;
  stage.run({.name = "wrong",
             .start = [](bot* self) -> caf::behavior {
               self->subscribe({"NO_SUCH"});
               return {[](int) {}};
             },
             .placement = placement::per_guild});
  auto all = stage.children();
  auto found = std::find_if(all.begin(), all.end(), [](const auto& one) { return one.path == "root/bots/wrong"; });
  REQUIRE(found != all.end());
  CHECK(found->last_reason == errc::unknown_event);
}
