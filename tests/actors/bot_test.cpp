// SPDX-License-Identifier: BSD-3-Clause
// The test plays the services that a bot talks to.
#include "messages/bot.hpp"
#include "messages/rest.hpp"
#include "messages/shard.hpp"
#include "messages/subscription.hpp"

#include "actors/bot.hpp"
#include "actors/supervision/shutdown.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

#include <stdexcept>
#include <string>

namespace troupe {

namespace {

struct running_bot : deterministic {
  caf::actor actor;

  template <class Start>
  void start(Start function) {
    actor = spawn([this, function](bot* self) -> caf::behavior {
      self->equip("tester",
                  {as<subscriptions_actor>(), as<lifecycle_actor>(), as<rest_actor>(), as<shard_set_actor>()});
      return function(self);
    });
    self()->monitor(actor);
    settle();
  }

  // What it subscribes to, answered with `reason`.
  std::optional<subscribe> subscription(errc reason = errc::none) {
    std::optional<subscribe> got;
    self()->receive(
      [&](const subscribe& what, const caf::actor& who) -> caf::result<subscribed> {
        CHECK(who == actor);
        got = what;
        if (reason != errc::none)
          return make_error(reason, "on purpose");
        return subscribed{};
      },
      caf::after(std::chrono::seconds{0}) >> [] {});
    settle();
    return got;
  }

  // Why it ended; nothing where it lives.
  std::optional<error> end() {
    auto down = receive<caf::down_msg>();
    return down ? std::optional{to_error(down->reason)} : std::nullopt;
  }
};

message_create message(std::string content) {
  message_create result;
  result.id = snowflake{7};
  result.channel_id = snowflake{9};
  result.content = std::move(content);
  return result;
}

} // namespace

TEST_CASE_METHOD(running_bot, "a bot subscribes by type, by name and raw", "[actors][unit]") {
  start([](bot* self) -> caf::behavior {
    self->subscribe<message_create, ready>();
    self->subscribe({"RESUMED"});
    self->subscribe_raw();
    return {[](int) {}};
  });
  auto typed = subscription();
  REQUIRE(typed);
  CHECK(typed->events == std::vector<std::string>{"MESSAGE_CREATE", "READY"});
  CHECK(!typed->raw);
  // Under its name: what it does not handle waits for its successor.
  CHECK(typed->name == "tester");
  CHECK(typed->marks);
  auto named = subscription();
  REQUIRE(named);
  CHECK(named->events == std::vector<std::string>{"RESUMED"});
  auto raw = subscription();
  REQUIRE(raw);
  CHECK(raw->events.empty());
  CHECK(raw->raw);
  CHECK(!end());
}

TEST_CASE_METHOD(running_bot, "a bot says which events it wants, and how", "[actors][unit]") {
  start([](bot* self) -> caf::behavior {
    self->subscribe<message_create>({.guilds = {{7}}, .shards = {3}, .window = 64, .replace = true});
    self->subscribe<message_update>({.previous = true});
    self->subscribe_raw({"TYPING_START"}, {.relays = true, .own_lane = true});
    return {[](int) {}};
  });
  auto some = subscription();
  REQUIRE(some);
  CHECK(some->events == std::vector<std::string>{"MESSAGE_CREATE"});
  CHECK(some->guilds == std::vector<snowflake>{{7}});
  CHECK(some->shards == std::vector<std::uint32_t>{3});
  CHECK(some->window == 64);
  CHECK(some->replace);
  auto previous = subscription();
  REQUIRE(previous);
  CHECK(previous->previous);
  CHECK_FALSE(previous->replace);
  auto raw = subscription();
  REQUIRE(raw);
  CHECK(raw->raw);
  CHECK(raw->relays);
  CHECK(raw->own_lane);
}

TEST_CASE_METHOD(running_bot, "a bot subscribes with predicates and unsubscribes", "[actors][unit]") {
  start([](bot* self) -> caf::behavior {
    self->subscribe<message_create>([](const message_create& event) { return event.content == "!ping"; },
                                    {.guilds = {{7}}});
    self->subscribe_raw({"READY"}, [](const event_view& event) { return event.sequence == 1; });
    self->unsubscribe<message_create, ready>();
    self->unsubscribe();
    return {[](int) {}};
  });
  std::vector<subscribe_where> wishes;
  for (auto messages = 0; messages < 2; ++messages)
    self()->receive([&](const subscribe_where& what, const caf::actor&) {
      wishes.push_back(what);
      return subscribed{};
    });
  CHECK(wishes[0].what.events == std::vector<std::string>{"MESSAGE_CREATE"});
  CHECK(wishes[0].what.guilds == std::vector<snowflake>{{7}});
  CHECK(wishes[0].what.name == "tester");
  auto ping = message("!ping");
  auto other = message("hello");
  CHECK(wishes[0].only->keeps(&ping));
  CHECK_FALSE(wishes[0].only->keeps(&other));
  CHECK(wishes[1].what.raw);
  CHECK(wishes[1].only->is_raw());
  std::vector<std::vector<std::string>> dropped;
  for (auto messages = 0; messages < 2; ++messages)
    self()->receive([&](const unsubscribe& what, const caf::actor& who) {
      CHECK(who == actor);
      dropped.push_back(what.events);
      return subscribed{};
    });
  CHECK(dropped == std::vector<std::vector<std::string>>{{"MESSAGE_CREATE", "READY"}, {}});
  settle();
  CHECK(!end());
}

TEST_CASE_METHOD(running_bot, "a refused subscription ends the bot with its reason", "[actors][unit]") {
  start([](bot* self) -> caf::behavior {
    self->subscribe({"NO_SUCH"});
    return {[](int) {}};
  });
  subscription(errc::unknown_event);
  CHECK(end() == error{errc::unknown_event, "on purpose"});
}

TEST_CASE_METHOD(running_bot, "a reply is posted to the message's channel and refers to it", "[actors][unit]") {
  start(
    [](bot* self) -> caf::behavior { return {[self](const message_create& got) { self->reply(got, "\"pong\"\n"); }}; });
  tell(actor, message("!ping"));
  auto call = answer<rest_request>([](const rest_request&) { return rest_response{403, "application/json", "{}"}; });
  REQUIRE(call);
  CHECK(call->method == "POST");
  CHECK(call->path == "/channels/9/messages");
  CHECK(call->body == R"({"content":"\"pong\"\n","message_reference":{"message_id":"7","fail_if_not_exists":false}})");
  CHECK(!end()); // That Discord refused it is logged, no more.
}

TEST_CASE_METHOD(running_bot, "a handler that throws ends the bot with its name and the text", "[actors][unit]") {
  start([](bot*) -> caf::behavior {
    return {[](const message_create& got) { throw std::runtime_error{"cannot read " + got.content}; }};
  });
  tell(actor, message("this"));
  CHECK(end() == error{errc::internal, "bot tester threw: cannot read this"});
}

TEST_CASE_METHOD(running_bot, "messages without a handler are dropped", "[actors][unit]") {
  start([](bot*) -> caf::behavior { return {[](const ready&) {}}; });
  tell(actor, message("!ping"));
  tell(actor, std::string{"what is this"});
  CHECK(!end());
  CHECK(!receive<caf::error>()); // It would end a sender that is no test.
  CHECK(ask<int>(actor, std::string{"what is this"}).error() == caf::sec::unexpected_message);
}

TEST_CASE_METHOD(running_bot, "a bot ends when the process does, by itself or when it is done", "[actors][unit]") {
  auto parting = std::string{};
  SECTION("by itself") {
    start([](bot*) -> caf::behavior { return {[](int) {}}; });
    tell(actor, bot_stopping{});
  }
  SECTION("when it is done") {
    start([&parting](bot* self) -> caf::behavior {
      return {[&parting](const bot_stopping&) { parting = "farewell"; }, [self](int) { self->quit(); }};
    });
    tell(actor, bot_stopping{});
    CHECK(parting == "farewell");
    CHECK(!end());
    tell(actor, 1);
  }
  auto reason = end();
  REQUIRE(reason);
  CHECK(!*reason);
}

TEST_CASE_METHOD(running_bot, "a bot that is to be started again says so when it ends", "[actors][unit]") {
  start([](bot* self) -> caf::behavior { return {[self](const bot_stopping&) { self->quit(); }}; });
  tell(actor, caf::exit_msg{self()->address(), shutdown_reason(true)});
  auto down = receive<caf::down_msg>();
  REQUIRE(down);
  CHECK(precedes_restart(down->reason));
}

TEST_CASE_METHOD(running_bot, "a bot knows inside a handler whether an event may be a duplicate", "[actors][unit]") {
  std::string seen;
  start([&](bot* self) -> caf::behavior {
    return {[self, &seen](const message_create& got) {
      seen += got.content + (self->replayed() ? " replayed" : "") + (self->redelivered() ? " redelivered" : "") + ";";
    }};
  });
  auto other = spawn([this](caf::event_based_actor* shard) -> caf::behavior {
    return {[this, shard](const std::string& text) { shard->send(actor, message(text)); }};
  });
  tell(actor, message("a"));
  tell(actor, event_marks{{0, 2}, true, false});
  tell(actor, message("b"));
  tell(other, std::string{"c"}); // Of another shard.
  tell(actor, event_marks{{0, 2}, false, true});
  tell(actor, message("d"));
  tell(actor, event_marks{{0, 2}, false, false});
  tell(actor, message("e"));
  CHECK(seen == "a;b replayed;c;d redelivered;e;");
}

TEST_CASE_METHOD(running_bot, "events that overtake others have marks of their own", "[actors][unit]") {
  std::string seen;
  start([&](bot* self) -> caf::behavior {
    return {
      [self, &seen](const message_create& got) { seen += got.content + (self->replayed() ? " replayed;" : ";"); },
    };
  });
  auto urgent = [&](auto what) {
    self()->send<caf::message_priority::high>(actor, std::move(what));
    settle();
  };
  tell(actor, event_marks{{0, 2}, true, false, false});
  tell(actor, message("a"));
  urgent(message("b"));
  urgent(event_marks{{0, 2}, true, false, true});
  tell(actor, event_marks{{0, 2}, false, false, false});
  urgent(message("c"));
  tell(actor, message("d"));
  CHECK(seen == "a replayed;b;c replayed;d;");
}

TEST_CASE_METHOD(running_bot, "a presence goes to every shard that runs here", "[actors][unit]") {
  start([](bot* self) -> caf::behavior {
    return {[self](int) { self->set_presence({.since = {}, .activities = {}, .status = "dnd"}); }};
  });
  tell(actor, 1);
  auto asked = answer<shard_set_status_request>([](const shard_set_status_request&) {
    shard_set_status all{2, {{}, {}}};
    all.shards[0].shard = {4, 8};
    all.shards[1].shard = {5, 8};
    return all;
  });
  REQUIRE(asked);
  std::vector<std::uint32_t> indexes;
  for (auto messages = 0; messages < 2; ++messages)
    self()->receive(
      [&](const submit_command& order, std::uint32_t index) {
        CHECK(std::get<update_presence>(order.what).status == "dnd");
        indexes.push_back(index);
        return command_result{};
      },
      caf::after(std::chrono::seconds{0}) >> [] {});
  CHECK(indexes == std::vector<std::uint32_t>{4, 5});
}

} // namespace troupe
