// SPDX-License-Identifier: BSD-3-Clause
// The delivery guarantee without a gateway, case by case.
#include "tests/actors/delivery_stage.hpp"

namespace troupe {

TEST_CASE_METHOD(delivery_stage, "an event is outstanding until everyone who wanted it answered a later probe",
                 "[actors][unit]") {
  auto& a = join(typed_wish);
  auto& b = join(raw_wish);
  push(typed_name);
  CHECK(it->outstanding() == 1);
  CHECK(it->watermark() == 0);
  handle_all(a);
  handle_all(b);
  CHECK(it->outstanding() == 1); // Nobody was asked.
  CHECK_FALSE(it->asked_all());
  pass_time();
  CHECK(it->asked_all());
  handle_all(a);
  CHECK(it->outstanding() == 1);
  CHECK(it->watermark() == 0);
  handle_all(b);
  CHECK(it->outstanding() == 0);
  CHECK(it->watermark() == 1);
}

TEST_CASE_METHOD(delivery_stage, "an event that nobody wants only raises the watermark", "[actors][unit]") {
  auto& a = join(typed_wish);
  push(raw_name);
  CHECK(it->outstanding() == 0);
  CHECK(it->watermark() == 1);
  push(typed_name);
  push(raw_name);
  CHECK(it->watermark() == 1);
  pass_time();
  handle_all(a);
  CHECK(it->watermark() == 3);
}

TEST_CASE_METHOD(delivery_stage, "a subscriber is asked after so many events without waiting for time",
                 "[actors][unit]") {
  auto& a = join(typed_wish);
  for (auto i = 0; i < 4; ++i)
    push(typed_name);
  handle_all(a);
  CHECK(it->outstanding() == 0);
}

TEST_CASE_METHOD(delivery_stage, "who gets an event in both forms is asked after both", "[actors][unit]") {
  limits.probe_every = 1;
  reset();
  auto& a = join(typed_wish);
  use(table->with(a.who, {{typed_name}, true, "typed", true}));
  push(typed_name);
  REQUIRE(a.mailbox.size() >= 3);
  CHECK(std::get<received>(a.mailbox[0]) == received{1, false});
  CHECK(std::get<received>(a.mailbox[1]) == received{1, true});
  CHECK(std::holds_alternative<delivery_probe>(a.mailbox[2]));
}

TEST_CASE_METHOD(delivery_stage, "what a crashed subscriber did not handle goes to its successor, marked",
                 "[actors][unit]") {
  auto& a = join(typed_wish);
  for (auto i = 0; i < 3; ++i)
    push(typed_name);
  step(a);
  crash(a);
  push(typed_name); // Nobody got this one.
  CHECK(it->outstanding() == 4);
  CHECK(redeliveries.empty());
  succeed(a);
  REQUIRE(redeliveries.size() == 1);
  CHECK(redeliveries[0].subscriber == "typed");
  CHECK(redeliveries[0].events == 3);
  push(typed_name);
  a.got.clear();
  handle_all(a);
  CHECK(a.got
        == std::vector<received>{{1, false, false, true}, {2, false, false, true}, {3, false, false, true}, {4}, {5}});
  pass_time();
  handle_all(a);
  CHECK(it->outstanding() == 0);
  CHECK(it->counts().redelivered == 3);
  CHECK(set_aside.empty());
}

TEST_CASE_METHOD(delivery_stage, "what Discord replays is marked, and the mark ends with it", "[actors][unit]") {
  auto& a = join(typed_wish);
  auto& b = join(raw_wish);
  push(typed_name, true);
  push(typed_name, true);
  push(typed_name);
  handle_all(a);
  handle_all(b);
  CHECK(a.got == std::vector<received>{{1, false, true, false}, {2, false, true, false}, {3}});
  CHECK(b.got == std::vector<received>{{1, true, true, false}, {2, true, true, false}, {3, true}});
}

TEST_CASE_METHOD(delivery_stage, "an event is set aside at the third death, its neighbours are handled",
                 "[actors][unit]") {
  auto& a = join(typed_wish);
  auto& b = join(raw_wish);
  for (auto i = 0; i < 10; ++i)
    push(typed_name);
  a.poison = {6};
  for (auto death = 1; death <= 3; ++death) {
    CHECK(set_aside.empty());
    handle_all(a);
    REQUIRE(a.deaths == static_cast<std::uint32_t>(death));
    succeed(a);
  }
  REQUIRE(set_aside.size() == 1);
  CHECK(set_aside[0].sequence == 6);
  CHECK(set_aside[0].event == typed_name);
  CHECK(set_aside[0].subscriber == "typed");
  handle_all(a);
  pass_time();
  handle_all(a);
  CHECK(a.deaths == 3);
  CHECK(a.handled == std::set<std::uint64_t>{1, 2, 3, 4, 5, 7, 8, 9, 10});
  CHECK(it->counts().set_aside == 1);
  CHECK(it->outstanding() == 10); // The other one has not handled any.
  handle_all(b);
  pass_time();
  handle_all(b);
  CHECK(b.handled.size() == 10);
  CHECK(it->outstanding() == 0);
}

TEST_CASE_METHOD(delivery_stage, "a successor that ends before it reaches an event does not blame the event",
                 "[actors][unit]") {
  auto& a = join(typed_wish);
  push(typed_name);
  crash(a);
  for (auto i = 0; i < 10; ++i) {
    succeed(a);
    crash(a);
  }
  CHECK(set_aside.empty());
  succeed(a);
  handle_all(a);
  CHECK(a.handled.size() == 1);
}

TEST_CASE_METHOD(delivery_stage, "two events that kill are told apart", "[actors][unit]") {
  auto& a = join(typed_wish);
  for (auto i = 0; i < 6; ++i)
    push(typed_name);
  a.poison = {2, 5};
  for (auto death = 0; death < 5; ++death) {
    handle_all(a);
    REQUIRE(a.who == nullptr);
    succeed(a);
  }
  handle_all(a);
  CHECK(a.handled == std::set<std::uint64_t>{1, 3, 4, 6});
  CHECK(set_aside.size() == 2);
  // Both were there at the first death; after it each is blamed for its own.
  CHECK(a.deaths == 5);
}

TEST_CASE_METHOD(delivery_stage, "the answer of a predecessor says nothing about its successor", "[actors][unit]") {
  auto& a = join(typed_wish);
  push(typed_name);
  pass_time();
  REQUIRE(a.mailbox.size() == 2);
  auto asked = std::get<delivery_probe>(a.mailbox.back());
  crash(a);
  it->answered(asked, time);
  CHECK(it->outstanding() == 1);
}

TEST_CASE_METHOD(delivery_stage, "nothing waits for a subscriber without a name that ended", "[actors][unit]") {
  auto& a = join({{typed_name}, false, "", false});
  push(typed_name);
  crash(a);
  CHECK(it->outstanding() == 0);
  CHECK(it->watermark() == 1);
}

TEST_CASE_METHOD(delivery_stage, "nothing waits for a name whose holder ended normally", "[actors][unit]") {
  auto& a = join(typed_wish);
  push(typed_name);
  use(table->without(a.who.address()));
  CHECK(it->outstanding() == 0);
}

TEST_CASE_METHOD(delivery_stage, "a successor that does not want an event any more is not sent it", "[actors][unit]") {
  auto& a = join(typed_wish);
  use(table->with(a.who, {{raw_name}, true, "typed", true}));
  push(typed_name);
  push(raw_name);
  crash(a);
  push(raw_name);
  CHECK(it->outstanding() == 3);
  succeed(a); // Wants the typed event only.
  handle_all(a);
  CHECK(numbers(a) == std::vector<std::uint64_t>{1});
  CHECK(it->outstanding() == 0);
}

TEST_CASE_METHOD(delivery_stage, "the window closes at its limit and opens at half of it", "[actors][unit]") {
  limits.events = 8;
  limits.probe_every = 1;
  reset();
  auto& a = join(typed_wish);
  for (auto i = 0; i < 7; ++i)
    push(typed_name);
  CHECK_FALSE(it->window_closed());
  push(typed_name);
  CHECK(it->window_closed());
  for (auto i = 0; i < 3; ++i) {
    step(a);
    step(a);
  }
  CHECK(it->outstanding() == 5);
  CHECK(it->window_closed());
  step(a);
  step(a);
  CHECK_FALSE(it->window_closed());
}

TEST_CASE_METHOD(delivery_stage, "when the window closes, everyone is asked without waiting for time",
                 "[actors][unit]") {
  limits.events = 8;
  limits.probe_every = 256;
  reset();
  auto& a = join(typed_wish);
  for (auto i = 0; i < 8; ++i)
    push(typed_name);
  REQUIRE(it->window_closed());
  push(typed_name); // It was on its way.
  for (auto steps = 0; steps < 8; ++steps)
    step(a);
  CHECK(it->outstanding() == 9);
  step(a);
  step(a);
  CHECK(it->outstanding() == 1);
  CHECK_FALSE(it->window_closed());
}

TEST_CASE_METHOD(delivery_stage, "the window counts bytes, too", "[actors][unit]") {
  limits.bytes = 300;
  limits.probe_every = 1;
  reset();
  auto& a = join(typed_wish);
  push(typed_name);
  push(typed_name);
  CHECK_FALSE(it->window_closed());
  push(typed_name);
  CHECK(it->window_closed());
  handle_all(a);
  CHECK_FALSE(it->window_closed());
}

TEST_CASE_METHOD(delivery_stage, "events of an old session wait on, and do not hold the new session's watermark back",
                 "[actors][unit]") {
  auto& a = join(typed_wish);
  auto& b = join(raw_wish);
  push(typed_name);
  sequence = 0;
  it->begin_session(0);
  CHECK(it->watermark() == 0);
  push(raw_name);
  push(raw_name);
  pass_time();
  handle_all(b);
  // The old event holds the ring, not the watermark.
  CHECK(it->outstanding() == 3);
  CHECK(it->watermark() == 2);
  crash(a);
  succeed(a);
  handle_all(a);
  CHECK(numbers(a) == std::vector<std::uint64_t>{1});
  CHECK(it->outstanding() == 0);
}

TEST_CASE_METHOD(delivery_stage, "a subscriber that is silent for a minute raises one alarm until it moves",
                 "[actors][unit]") {
  auto& a = join(typed_wish);
  push(typed_name);
  push(typed_name);
  pass_time();
  pass_time(59s);
  CHECK(alarms.empty());
  pass_time(1s);
  REQUIRE(alarms.size() == 1);
  CHECK(alarms[0].kind == alarm_kind::stuck_subscriber);
  CHECK(alarms[0].detail.find("typed") != std::string::npos);
  CHECK(alarms[0].detail.find("2 events") != std::string::npos);
  auto asked = a.mailbox.size();
  pass_time(60s);
  CHECK(alarms.size() == 1);
  CHECK(a.mailbox.size() == asked + 1); // Asked again.
  CHECK(alarms_ended == 0);
  handle_all(a);
  CHECK(alarms_ended == 1);
  push(typed_name);
  pass_time();
  pass_time(61s);
  CHECK(alarms.size() == 2);
}

TEST_CASE_METHOD(delivery_stage, "a subscriber that moves is no reason for an alarm, however slow", "[actors][unit]") {
  auto& a = join(typed_wish);
  for (auto i = 0; i < 40; ++i)
    push(typed_name);
  while (it->outstanding() > 0) {
    pass_time(10s);
    step(a);
  }
  CHECK(alarms.empty());
}

TEST_CASE_METHOD(delivery_stage, "a name without an actor for five minutes raises an alarm, and its events wait on",
                 "[actors][unit]") {
  auto& a = join(typed_wish);
  push(typed_name);
  crash(a);
  pass_time(299s);
  CHECK(alarms.empty());
  pass_time(1s);
  REQUIRE(alarms.size() == 1);
  CHECK(it->outstanding() == 1);
  succeed(a);
  handle_all(a);
  CHECK(alarms_ended == 1);
  CHECK(a.handled.size() == 1);
}

} // namespace troupe
