// SPDX-License-Identifier: BSD-3-Clause
// What filters, windows of one subscriber, lanes and guilds in between change about delivery, case by case.
#include "tests/actors/delivery_stage.hpp"

namespace troupe {

namespace {

const subscribe in_one{.events = {typed_name}, .name = "one", .marks = true, .guilds = {{1}}};
const subscribe previous_wish{.events = {typed_name}, .name = "previous", .marks = true, .previous = true};
const subscribe urgent_wish{.events = {typed_name, urgent_name}, .name = "urgent", .marks = true};

using those = std::vector<std::uint64_t>;

} // namespace

TEST_CASE_METHOD(delivery_stage, "an event that the filters keep from everyone only raises the watermark",
                 "[actors][unit]") {
  auto& a = join(in_one);
  push(typed_name, false, 2);
  CHECK(it->outstanding() == 0);
  CHECK(it->watermark() == 1);
  push(typed_name, false, 1);
  CHECK(it->outstanding() == 1);
  push(typed_name, false, 2);
  CHECK(it->watermark() == 1);
  pass_time();
  handle_all(a);
  CHECK(this->numbers(a) == those{2});
  CHECK(it->watermark() == 3);
}

TEST_CASE_METHOD(delivery_stage, "an event waits only for those who got it", "[actors][unit]") {
  auto& a = join(in_one);
  auto& b = join(typed_wish);
  push(typed_name, false, 2);
  push(typed_name, false, 1);
  pass_time();
  handle_all(b);
  CHECK(it->outstanding() == 1);
  CHECK(it->watermark() == 1);
  handle_all(a);
  CHECK(it->outstanding() == 0);
}

TEST_CASE_METHOD(delivery_stage, "a successor gets what its predecessor's filters let pass", "[actors][unit]") {
  auto& a = join(in_one);
  for (auto guild : {1u, 2u, 1u})
    push(typed_name, false, guild);
  crash(a);
  push(typed_name, false, 1); // While nobody holds the name.
  push(typed_name, false, 2);
  a.wish.guilds = {{2}};
  succeed(a);
  push(typed_name, false, 2);
  push(typed_name, false, 1);
  handle_all(a);
  CHECK(this->numbers(a) == those{1, 3, 4, 6});
}

TEST_CASE_METHOD(delivery_stage, "what was sent before an actor unsubscribed is still looked after", "[actors][unit]") {
  auto& a = join(typed_wish);
  push(typed_name);
  use(table->without(a.who, {typed_name}));
  push(typed_name);
  CHECK(it->outstanding() == 1);
  crash(a);
  CHECK(it->outstanding() == 1);
  succeed(a);
  handle_all(a);
  CHECK(this->numbers(a) == those{1});
  CHECK(it->outstanding() == 0);
}

TEST_CASE_METHOD(delivery_stage, "a subscriber's own window closes reading and opens at half of it", "[actors][unit]") {
  auto& a = join({.events = {typed_name}, .name = "narrow", .window = 4});
  auto& b = join(raw_wish);
  limits.probe_every = 256;
  for (auto i = 0; i < 3; ++i)
    push(typed_name);
  push(raw_name);
  CHECK_FALSE(it->window_closed());
  push(typed_name);
  CHECK(it->window_closed());
  handle_all(b); // Others do not matter.
  CHECK(it->window_closed());
  SECTION("when it has handled them") {
    handle_all(a); // It was asked at once.
    CHECK_FALSE(it->window_closed());
  }
  SECTION("or is no subscriber any more") {
    use(table->without(a.who.address()));
    CHECK_FALSE(it->window_closed());
  }
  SECTION("or asks for a wider one") {
    use(table->with(a.who, {.events = {raw_name}, .name = "narrow", .window = 100}));
    CHECK_FALSE(it->window_closed());
  }
  SECTION("and waits for its successor") {
    crash(a);
    CHECK(it->window_closed());
    succeed(a);
    CHECK(it->window_closed());
    handle_all(a);
    CHECK_FALSE(it->window_closed());
  }
}

TEST_CASE_METHOD(delivery_stage, "an interaction overtakes, and each lane is acknowledged apart", "[actors][unit]") {
  auto& a = join(urgent_wish);
  for (auto i = 0; i < 3; ++i)
    push(typed_name);
  push(urgent_name);
  step(a);
  CHECK(this->numbers(a) == those{4});
  pass_time();
  step(a);
  CHECK(it->outstanding() == 4); // The oldest waits.
  CHECK(it->watermark() == 0);
  handle_all(a);
  CHECK(this->numbers(a) == those{4, 1, 2, 3});
  CHECK(it->outstanding() == 0);
}

TEST_CASE_METHOD(delivery_stage, "an answer about a lane says nothing about the other one", "[actors][unit]") {
  auto& a = join(urgent_wish);
  push(typed_name);
  push(urgent_name);
  pass_time();
  while (!a.urgent.mailbox.empty())
    step(a);
  crash(a);
  succeed(a);
  handle_all(a);
  REQUIRE(a.got.size() == 2);
  CHECK(a.got[1] == received{1, false, false, true});
  CHECK(redeliveries.size() == 1);
  CHECK(redeliveries[0].events == 1);
}

TEST_CASE_METHOD(delivery_stage, "an interaction that kills is set aside, what waits behind it is not",
                 "[actors][unit]") {
  auto& a = join(urgent_wish);
  for (auto i = 0; i < 3; ++i)
    push(typed_name);
  push(urgent_name);
  a.poison = {4};
  for (auto death = 1; death <= 3; ++death) {
    CHECK(set_aside.empty());
    handle_all(a);
    REQUIRE(a.who == nullptr);
    succeed(a);
  }
  REQUIRE(set_aside.size() == 1);
  CHECK(set_aside[0].event == urgent_name);
  handle_all(a);
  CHECK(this->numbers(a) == those{1, 2, 3});
}

TEST_CASE_METHOD(delivery_stage, "interactions do not count in a subscriber's own window", "[actors][unit]") {
  auto wish = urgent_wish;
  wish.window = 2;
  join(wish);
  for (auto i = 0; i < 5; ++i)
    push(urgent_name);
  push(typed_name);
  CHECK_FALSE(it->window_closed());
  push(typed_name);
  CHECK(it->window_closed());
}

TEST_CASE_METHOD(delivery_stage, "an event with its previous state is handled when guild and subscriber say so",
                 "[actors][unit]") {
  auto& a = join(previous_wish);
  push(typed_name, false, 7);
  push(typed_name, false, 8);
  push(typed_name); // Outside of guilds nothing is cached.
  pass_time();
  handle_all(a);
  CHECK(a.got == std::vector<received>{{3, false, false, false, "unknown"}});
  CHECK(it->outstanding() == 3);
  while (step(guilds[7])) {
    // nop
  }
  handle_all(a);
  CHECK(it->outstanding() == 3); // One of the guilds has not answered.
  pass_on_all();
  CHECK(a.mailbox.size() == 2);
  handle_all(a);
  CHECK(it->outstanding() == 0);
  CHECK(a.got[1] == received{1, false, false, false, "known", 7});
  CHECK(a.got[2] == received{2, false, false, false, "known", 8});
}

TEST_CASE_METHOD(delivery_stage, "an answer that a quick guild lets through says nothing about a slow one",
                 "[actors][unit]") {
  auto& a = join(previous_wish);
  push(typed_name, false, 7);
  pass_time();
  for (auto i = 0; i < 4; ++i)
    push(typed_name, false, 8); // Asked after four.
  while (step(guilds[8])) {
    // nop
  }
  handle_all(a);
  CHECK(it->outstanding() == 5);
  pass_on_all();
  handle_all(a);
  CHECK(it->outstanding() == 0);
}

TEST_CASE_METHOD(delivery_stage, "raw and other events of a guild take the same way, so that they stay in order",
                 "[actors][unit]") {
  auto& a = join(previous_wish);
  use(table->with(a.who, {.events = {raw_name}, .raw = true, .name = "previous"}));
  push(typed_name, false, 7);
  push(raw_name, false, 7);
  CHECK(a.mailbox.empty());
  pass_on_all();
  handle_all(a);
  CHECK(this->numbers(a) == those{1, 2});
}

TEST_CASE_METHOD(delivery_stage, "what is sent again comes without its previous state, and not through its guild",
                 "[actors][unit]") {
  auto& a = join(previous_wish);
  push(typed_name, false, 7);
  push(typed_name, false, 7);
  crash(a);
  succeed(a);
  push(typed_name, false, 7);
  pass_on_all();
  handle_all(a);
  REQUIRE(a.got.size() == 3);
  CHECK(a.got[0] == received{1, false, false, true, "unknown"});
  CHECK(a.got[1] == received{2, false, false, true, "unknown"});
  CHECK(a.got[2].previous == "known");
  pass_time();
  pass_on_all();
  handle_all(a);
  CHECK(it->outstanding() == 0);
}

TEST_CASE_METHOD(delivery_stage, "what a guild that ended did not pass on is sent again, marked", "[actors][unit]") {
  auto& a = join(previous_wish);
  push(typed_name, false, 7);
  push(typed_name, false, 8);
  pass_time();
  SECTION("when it ends before it was asked") {
    guilds[7].who = new_actor();
    guilds[7].mailbox.clear();
    push(typed_name, false, 8);
    pass_time(61s);
  }
  SECTION("when it ends before it answered") {
    crash(guilds[7]);
  }
  pass_on_all();
  handle_all(a);
  pass_time(61s);
  pass_on_all();
  handle_all(a);
  CHECK(a.handled.contains(1));
  CHECK(a.handled.contains(2));
  auto again = std::find_if(a.got.begin(), a.got.end(), [](const auto& event) { return event.number == 1; });
  CHECK(again->redelivered);
  CHECK(it->outstanding() == 0);
}

TEST_CASE_METHOD(delivery_stage, "a mark does not end before what is marked has come through its guild",
                 "[actors][unit]") {
  auto& a = join(previous_wish);
  push(typed_name, true, 7);
  push(typed_name, false, 7);
  pass_on_all();
  handle_all(a);
  REQUIRE(a.got.size() == 2);
  CHECK(a.got[0].replayed);
  pass_time();
  pass_on_all();
  handle_all(a);
  push(typed_name, false, 7);
  pass_on_all();
  handle_all(a);
  CHECK_FALSE(a.got[2].replayed);
}

} // namespace troupe
