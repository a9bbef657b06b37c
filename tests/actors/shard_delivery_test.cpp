// SPDX-License-Identifier: BSD-3-Clause
// What a shard does with events, checkpoints and credit. What is delivered when is tested in delivery_test.cpp.
#include "actors/bot.hpp"
#include "actors/subscriptions.hpp"

#include "tests/actors/shard_world.hpp"

#include <stdexcept>

namespace troupe {

TEST_CASE_METHOD(shard_world, "credit is granted at the start and comes back as frames are processed",
                 "[actors][unit]") {
  start_ready({});
  auto first = receive<grant_credit>();
  REQUIRE(first);
  CHECK(first->generation == generation);
  CHECK(first->frames == 512);
  CHECK_FALSE(receive<grant_credit>());
  std::vector<std::string> batch(127, payload("TYPING_START", "{}"));
  tell_frames(batch);
  CHECK_FALSE(receive<grant_credit>()); // HELLO and READY came before: 129 of 256.
  tell_frames(batch);
  auto more = receive<grant_credit>();
  REQUIRE(more);
  CHECK(more->frames == 256);
}

TEST_CASE_METHOD(shard_world, "a checkpoint covers what was handled, each second while that changes",
                 "[actors][unit]") {
  start_ready({{}, true, "test"});
  answer_probes();
  advance(100ms);
  CHECK(answer_probes() == 1);
  // That of READY is there at once.
  CHECK(last_checkpoint()->sequence == 1);
  tell_frames({payload("TYPING_START", "{}"), payload("TYPING_START", "{}")});
  advance(2s);
  CHECK_FALSE(last_checkpoint());
  answer_probes();
  auto remembered = last_checkpoint();
  REQUIRE(remembered);
  CHECK(remembered->sequence == 3);
  CHECK(status().watermark == 3);
  dispatch("TYPING_START", "{}");
  advance(100ms);
  answer_probes();
  CHECK_FALSE(last_checkpoint());
  advance(1s); // Though no event came any more.
  REQUIRE((remembered = last_checkpoint()));
  CHECK(remembered->sequence == 4);
  CHECK(remembered->session_id == "abc");
  advance(10s);
  CHECK_FALSE(last_checkpoint());
}

TEST_CASE_METHOD(shard_world, "a checkpoint before a reconnect covers only what was handled", "[actors][unit]") {
  start_ready({{"TYPING_START"}, true, "test"});
  dispatch("TYPING_START", "{}");
  last_checkpoint();
  tell(subject, connection_closed{generation, 0, "reset", errc::connection_lost, true});
  auto remembered = last_checkpoint();
  REQUIRE(remembered);
  CHECK(remembered->sequence == 1);
  CHECK(status().outstanding == 1);
  advance(1ms);
  open();
  auto resume = take_write(6);
  REQUIRE(resume);
  // The event itself is here: Discord need not send it again.
  CHECK(resume->text.find("\"seq\":2") != std::string::npos);
}

TEST_CASE_METHOD(shard_world, "a shard asks for its session until it is answered", "[actors][unit]") {
  start_without_session(dependencies());
  use_table(std::make_shared<subscription_table>());
  advance(6s);
  found({}); // The first question, which is too old.
  CHECK(take_join() == 0);
  found({});
  CHECK(take_join() != 0);
}

TEST_CASE_METHOD(shard_world, "what a crashed subscriber did not handle goes to its successor", "[actors][unit]") {
  start();
  auto first = spawn([]() -> caf::behavior { return {[](int) {}}; });
  subscribe wish{{"TYPING_START"}, true, "test", true};
  auto table = subscription_table{}.with(first, wish);
  use_table(table);
  become_ready();
  caf::anon_send_exit(first, caf::exit_reason::kill);
  settle();
  dispatch("TYPING_START", "1");
  use_table(table = table->crashed(first.address()));
  subscription_wishes wishes;
  wishes.add(wish);
  use_table(table->taken_over(as<caf::actor>(), "test", wishes));
  auto marks = receive<event_marks>();
  REQUIRE(marks);
  CHECK(marks->shard == shard_id{1, 2});
  CHECK(marks->redelivered);
  auto again = receive<raw_event>();
  REQUIRE(again);
  CHECK(again->redelivered);
  CHECK_FALSE(again->replayed);
  auto report = receive<events_redelivered>();
  REQUIRE(report);
  CHECK(report->events == 1);
  CHECK(status().redelivered == 1);
  CHECK(status().outstanding == 1);
  answer_probes();
  CHECK(status().outstanding == 0);
  dispatch("TYPING_START", "2");
  CHECK_FALSE(receive<raw_event>()->redelivered);
  CHECK_FALSE(receive<event_marks>()->redelivered);
}

TEST_CASE_METHOD(shard_world, "a shard survives whatever subscribers answer", "[actors][unit]") {
  start();
  auto rude = spawn([]() -> caf::behavior {
    return {[](const raw_event& event) -> caf::result<caf::message> {
      if (event.sequence == 2)
        return make_error(errc::internal, "on purpose");
      return caf::make_message(7, std::string{"nobody asked"});
    }};
  });
  use_table(subscription_table{}.with(rude, {{"TYPING_START"}, true, "rude"}));
  become_ready();
  dispatch("TYPING_START", "{}");
  dispatch("TYPING_START", "{}");
  CHECK_FALSE(down());
  advance(100ms);
  CHECK(status().outstanding == 0);
  CHECK(status().watermark == 3);
}

TEST_CASE_METHOD(shard_world, "a subscriber that sleeps stops the reading and bounds what waits", "[actors][unit]") {
  auto deps = dependencies();
  deps.window.events = 32;
  deps.credit = 8;
  start(std::move(deps));
  use_table(subscription_table{}.with(as<caf::actor>(), {{"TYPING_START"}, true, "sleeper"}));
  become_ready();
  // A connection that uses all the credit it gets.
  std::uint64_t credit = 0;
  auto used = std::uint64_t{2}; // HELLO and READY.
  std::uint64_t most = 0;
  for (auto rounds = 0; rounds < 1'000; ++rounds) {
    while (auto more = receive<grant_credit>())
      credit += more->frames;
    if (used < credit) {
      ++used;
      dispatch("TYPING_START", "{}");
    }
    advance(10ms);
    most = std::max(most, status().outstanding);
  }
  CHECK(most >= 32);
  CHECK(most <= 32 + 8);
  SECTION("until it wakes up") {
    CHECK(count<raw_event>() == most);
    answer_probes();
    CHECK(status().outstanding <= 16);
    auto more = receive<grant_credit>();
    REQUIRE(more);
    CHECK(credit + more->frames - used == 8);
    advance(100ms);
    answer_probes();
    CHECK(status().outstanding == 0);
  }
  SECTION("and meanwhile no heartbeat is missed") {
    while (take_write()) {
      // Of the ten seconds.
    }
    for (auto beats = 0; beats < 5; ++beats) {
      advance(41'250ms);
      CHECK(take_write(1));
    }
    CHECK_FALSE(receive<shard_ping_missed>());
    CHECK(status().phase == phase::ready);
    auto alarm = receive<shard_alarm>();
    REQUIRE(alarm);
    CHECK(alarm->kind == alarm_kind::stuck_subscriber);
    CHECK(alarm->detail.find("sleeper") != std::string::npos);
    answer_probes();
    CHECK(receive<shard_alarm_ended>());
    advance(41'250ms);
    CHECK(take_write(1));
    CHECK_FALSE(receive<shard_ping_missed>());
    advance(41'250ms);
    CHECK(receive<shard_ping_missed>());
  }
  SECTION("also after a reconnect, which reads HELLO and no more") {
    tell(subject, connection_closed{generation, 0, "reset", errc::connection_lost, true});
    advance(1ms);
    open();
    auto more = receive<grant_credit>();
    REQUIRE(more);
    CHECK(more->frames == 1);
    CHECK(take_write(6));
    advance(300s); // No deadline for RESUMED: it may be in the socket.
    CHECK(status().phase == phase::resuming);
    CHECK(status().restarts == 1);
    answer_probes();
    REQUIRE((more = receive<grant_credit>()));
    CHECK(more->frames == 8);
  }
}

TEST_CASE_METHOD(shard_world, "a supervisor's order leaves the session to be resumed, a second one ends at once",
                 "[actors][unit]") {
  start_ready({{"TYPING_START"}, true, "test"});
  dispatch("TYPING_START", "{}");
  caf::anon_send_exit(subject, caf::exit_reason::user_shutdown);
  auto order = receive<close_connection>();
  REQUIRE(order);
  CHECK(order->code == 4000);
  tell(subject, connection_closed{generation, 4000, {}, errc::none, true});
  CHECK_FALSE(down()); // An event is not handled yet.
  SECTION("it ends when everything is handled") {
    last_checkpoint();
    CHECK(answer_probes() == 1);
    auto remembered = last_checkpoint();
    REQUIRE(remembered);
    CHECK(remembered->session_id == "abc");
    CHECK(remembered->sequence == 2);
    CHECK(receive<shard_exited>());
  }
  SECTION("or after five seconds") {
    advance(4'900ms);
    CHECK_FALSE(down());
    advance(100ms);
    CHECK(last_checkpoint()->sequence == 1);
  }
  SECTION("or at the second order") {
    caf::anon_send_exit(subject, caf::exit_reason::user_shutdown);
  }
  CHECK(down() == std::optional<caf::error>{caf::exit_reason::user_shutdown});
}

TEST_CASE_METHOD(shard_world, "a shard that leaves for good has its session forgotten last", "[actors][unit]") {
  start_ready({{"TYPING_START"}, true, "test"});
  dispatch("TYPING_START", "{}");
  tell(subject, stop_shard{false});
  tell(subject, connection_closed{generation, 1000, {}, errc::none, true});
  CHECK_FALSE(down());
  answer_probes();
  CHECK(down());
  CHECK(last_checkpoint()->session_id.empty());
}

TEST_CASE_METHOD(shard_world, "a bot that throws is succeeded by one that misses nothing", "[actors][unit]") {
  auto deps = dependencies();
  auto registry = spawn(subscriptions);
  deps.subscriptions = registry;
  start(std::move(deps));
  std::vector<std::string> seen;
  auto start_bot = [&] {
    spawn([&](bot* self) -> caf::behavior {
      self->equip("counter", {registry, as<lifecycle_actor>(), as<rest_actor>(), as<shard_set_actor>()});
      self->subscribe<message_delete>();
      return {[&seen, self](const message_delete& event) {
        if (event.id.value == 3)
          throw std::runtime_error{"on purpose"};
        seen.push_back(to_string(event.id) + (self->redelivered() ? " again" : ""));
      }};
    });
    settle();
  };
  auto say = [&](int id) { dispatch("MESSAGE_DELETE", R"({"id":")" + std::to_string(id) + R"(","channel_id":"8"})"); };
  start_bot();
  become_ready();
  for (auto id = 1; id <= 5; ++id)
    say(id);
  CHECK(seen == std::vector<std::string>{"1", "2"});
  for (auto successors = 0; successors < 3; ++successors) {
    CHECK_FALSE(receive<event_set_aside>());
    start_bot();
    if (successors == 1) {
      auto aside = receive<event_set_aside>();
      REQUIRE(aside);
      CHECK(aside->sequence == 4); // READY was the first.
      CHECK(aside->subscriber == "counter");
    }
  }
  say(6);
  advance(100ms);
  CHECK(seen == std::vector<std::string>{"1", "2", "1 again", "2 again", "4 again", "5 again", "6"});
  auto report = status();
  CHECK(report.outstanding == 0);
  CHECK(report.watermark == 7);
  CHECK(report.set_aside == 1);
}

TEST_CASE_METHOD(shard_world, "an interaction is handled next, whatever waits before it", "[actors][unit]") {
  start();
  std::vector<std::string> handled;
  auto slow = spawn([&]() -> caf::behavior {
    return {[&](const message_create&) { handled.emplace_back("message"); },
            [&](const interaction_create&) { handled.emplace_back("interaction"); }};
  });
  use_table(subscription_table{}.with(slow, {{"MESSAGE_CREATE", "INTERACTION_CREATE"}, false, "slow"}));
  become_ready();
  // Enqueued without letting anybody else run.
  std::vector<std::string> burst;
  for (auto i = 0; i < 5'000; ++i)
    burst.push_back(payload("MESSAGE_CREATE", R"({"id":"1","channel_id":"2","content":"x"})"));
  burst.push_back(payload("INTERACTION_CREATE", R"({"id":"1","application_id":"2","type":2,"token":"x","version":1})"));
  auto batch = std::make_shared<frame_batch>();
  for (const auto& text : burst)
    batch->push_back({text, false});
  self()->send(subject, frames_received{generation, batch});
  auto overtaken = std::optional<std::size_t>{};
  on_step = [&] {
    if (!overtaken && !handled.empty() && handled.back() == "interaction")
      overtaken = handled.size() - 1;
  };
  settle();
  on_step = nullptr;
  REQUIRE(overtaken);
  CHECK(*overtaken == 0);
  CHECK(handled.size() == 5'001);
  advance(100ms);
  CHECK(status().outstanding == 0);
}

TEST_CASE_METHOD(shard_world, "an event is filtered by guild and by predicate", "[actors][unit]") {
  start();
  subscription_table none;
  auto table = none.with(as<caf::actor>(), {.events = {"MESSAGE_DELETE"}, .guilds = {{7}}},
                         std::make_shared<const event_filter>(event_filter::on<message_delete>(
                           [](const message_delete& event) { return event.channel_id.value == 2; })));
  use_table(table);
  become_ready();
  dispatch("MESSAGE_DELETE", R"({"id":"1","channel_id":"2","guild_id":"8"})");
  dispatch("MESSAGE_DELETE", R"({"id":"2","channel_id":"3","guild_id":"7"})");
  CHECK(status().outstanding == 0);
  CHECK(status().watermark == 3);
  dispatch("MESSAGE_DELETE", R"({"id":"3","channel_id":"2","guild_id":"7"})");
  auto got = receive<message_delete>();
  REQUIRE(got);
  CHECK(got->id.value == 3);
  CHECK_FALSE(receive<message_delete>());
  CHECK(status().outstanding == 1);
}

TEST_CASE_METHOD(shard_world, "who hands events on is asked whether they are handled", "[actors][unit]") {
  start();
  std::vector<std::pair<bool, caf::response_promise>> asked;
  auto relay = spawn([&](caf::event_based_actor* self) -> caf::behavior {
    return {[](const raw_event&) {},
            [&asked, self](const await_handled& what) -> caf::result<handled> {
              asked.emplace_back(what.lane, self->make_response_promise());
              return caf::delegated<handled>{};
            },
            [&](int which) { asked[static_cast<std::size_t>(which)].second.deliver(handled{}); }};
  });
  use_table(subscription_table{}.with(
    relay, {.events = {"TYPING_START", "INTERACTION_CREATE"}, .raw = true, .name = "relay", .relays = true}));
  become_ready();
  dispatch("TYPING_START", "{}");
  dispatch("INTERACTION_CREATE", "{}");
  advance(100ms);
  // Each lane is asked about, that of the interactions first; nobody asks CAF.
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].first);
  CHECK_FALSE(asked[1].first);
  CHECK(status().watermark == 1);
  tell(relay, 0);
  CHECK(status().watermark == 1);
  CHECK(status().outstanding == 2);
  tell(relay, 1);
  CHECK(status().watermark == 3);
  CHECK(status().outstanding == 0);
}

} // namespace troupe
