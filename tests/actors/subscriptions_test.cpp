// SPDX-License-Identifier: BSD-3-Clause
// The test plays a shard.
#include "messages/discord/events.hpp"
#include "messages/lifecycle.hpp"

#include "actors/subscriptions.hpp"
#include "actors/supervision/shutdown.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

namespace troupe {

namespace {

struct subscribing : deterministic {
  subscriptions_actor actor = spawn(subscriptions);
  caf::actor bot = spawn([]() -> caf::behavior { return {[](int) {}}; });

  // Null where no table came.
  std::shared_ptr<const subscription_table> table() {
    auto changed = receive<subscriptions_changed>();
    return changed ? changed->table : nullptr;
  }

  // The newest.
  std::shared_ptr<const subscription_table> last_table() {
    std::shared_ptr<const subscription_table> last;
    while (auto next = table())
      last = next;
    return last;
  }

  caf::actor new_bot() {
    return spawn([]() -> caf::behavior { return {[](int) {}}; });
  }

  error refusal(const subscribe& what) {
    auto answer = ask<subscribed>(actor, what, bot);
    return answer ? error{} : to_error(answer.error());
  }
};

} // namespace

TEST_CASE_METHOD(subscribing, "a new shard gets the table as it is", "[actors][unit]") {
  REQUIRE(ask<subscribed>(actor, subscribe{{"READY"}, false}, bot));
  tell(actor, shard_created{{0, 1}, 1}, as<shard_actor>());
  auto got = table();
  REQUIRE(got);
  CHECK(got->wants("READY") != nullptr);
  CHECK(got->wants("MESSAGE_CREATE") == nullptr);
}

TEST_CASE_METHOD(subscribing, "when a subscription stands, every shard has it", "[actors][unit]") {
  tell(actor, shard_created{{0, 1}, 1}, as<shard_actor>());
  REQUIRE(table());
  self()->send(actor, subscribe{{"MESSAGE_CREATE"}, false}, bot);
  settle();
  // In the order of arrival: the table before the confirmation.
  std::string order;
  for (auto messages = 0; messages < 2; ++messages)
    self()->receive([&](const subscriptions_changed&) { order += "table "; },
                    [&](const subscribed&) { order += "subscribed "; });
  CHECK(order == "table subscribed ");
}

TEST_CASE_METHOD(subscribing, "a typed event without a struct is refused with the nearest name", "[actors][unit]") {
  auto reason = refusal({{"MESSAGE_CREAT"}, false});
  CHECK(reason.code == errc::unknown_event);
  CHECK(reason.detail.find("MESSAGE_CREATE") != std::string::npos);
  CHECK(refusal({{"READY", "NOT_INVENTED_YET"}, false}).code == errc::unknown_event);
  CHECK(refusal({{}, false}).code == errc::unknown_event);
  tell(actor, shard_created{{0, 1}, 1}, as<shard_actor>());
  CHECK(table()->subscribers().empty());
}

TEST_CASE_METHOD(subscribing, "raw events may have any name", "[actors][unit]") {
  CHECK(!refusal({{"NOT_INVENTED_YET"}, true}));
  CHECK(!refusal({{}, true}));
}

TEST_CASE_METHOD(subscribing, "a predicate is accepted for the events that it looks at", "[actors][unit]") {
  auto typed =
    std::make_shared<const event_filter>(event_filter::on<message_create>([](const message_create&) { return true; }));
  auto raw = std::make_shared<const event_filter>(event_filter::on_raw([](const event_view&) { return true; }));
  auto refused = [&](subscribe what, std::shared_ptr<const event_filter> only) {
    auto answer = ask<subscribed>(actor, subscribe_where{std::move(what), std::move(only)}, bot);
    return !answer && to_error(answer.error()).code == errc::invalid_argument;
  };
  CHECK_FALSE(refused({.events = {"MESSAGE_CREATE"}}, typed));
  CHECK_FALSE(refused({.events = {"MESSAGE_CREATE"}, .raw = true}, raw));
  CHECK_FALSE(refused({.events = {}, .raw = true}, raw));
  CHECK(refused({.events = {"MESSAGE_CREATE", "READY"}}, typed));
  CHECK(refused({.events = {"READY"}}, typed));
  CHECK(refused({.events = {"MESSAGE_CREATE"}}, raw));
  CHECK(refused({.events = {"MESSAGE_CREATE"}, .raw = true}, typed));
  tell(actor, shard_created{{0, 1}, 1}, as<shard_actor>());
  CHECK(table()->wants("MESSAGE_CREATE")->recipients[0].asks);
}

TEST_CASE_METHOD(subscribing, "previous states are refused where nothing is cached", "[actors][unit]") {
  auto reason = refusal({.events = {"MESSAGE_UPDATE"}, .previous = true});
  CHECK(reason.code == errc::cache_disabled);
  CHECK(reason.detail.find("caches") != std::string::npos);
  actor = spawn(subscriptions_with, subscriptions_settings{.caches = true});
  CHECK(!refusal({.events = {"MESSAGE_UPDATE"}, .previous = true}));
  CHECK(refusal({.events = {"MESSAGE_UPDATE"}, .raw = true, .previous = true}).code == errc::invalid_argument);
  CHECK(refusal({.events = {"MESSAGE_UPDATE"}, .previous = true, .own_lane = true}).code == errc::invalid_argument);
}

TEST_CASE_METHOD(subscribing, "an actor unsubscribes while it runs", "[actors][unit]") {
  tell(actor, shard_created{{0, 1}, 1}, as<shard_actor>());
  REQUIRE(!refusal({{"READY", "RESUMED"}, false}));
  REQUIRE(ask<subscribed>(actor, unsubscribe{{"READY"}}, bot));
  auto got = last_table();
  CHECK(got->wants("READY") == nullptr);
  CHECK(got->wants("RESUMED") != nullptr);
  REQUIRE(ask<subscribed>(actor, unsubscribe{}, bot));
  got = last_table();
  CHECK(got->wants("RESUMED") == nullptr);
  CHECK(got->subscribers().size() == 1);
}

TEST_CASE_METHOD(subscribing, "a successor may change its mind before it gets what waits", "[actors][unit]") {
  tell(actor, shard_created{{0, 1}, 1}, as<shard_actor>());
  REQUIRE(!refusal({{"READY"}, false, "x"}));
  caf::anon_send_exit(bot, caf::exit_reason::kill);
  last_table();
  bot = spawn([this](caf::event_based_actor* self) -> caf::behavior {
    self->send(actor, subscribe{{"READY", "RESUMED"}, false, "x"}, caf::actor{self});
    self->send(actor, unsubscribe{{"READY"}}, caf::actor{self});
    self->set_default_handler(caf::drop);
    return {[](int) {}};
  });
  auto got = last_table();
  CHECK(got->find("x")->who == bot);
  CHECK(got->wants("READY") == nullptr);
  CHECK(got->wants("RESUMED") != nullptr);
}

TEST_CASE_METHOD(subscribing, "the events of a dead subscriber are wanted no more", "[actors][unit]") {
  tell(actor, shard_created{{0, 1}, 1}, as<shard_actor>());
  REQUIRE(!refusal({{"READY"}, false}));
  REQUIRE(!refusal({{"MESSAGE_CREATE"}, false}));
  CHECK(count<subscriptions_changed>() == 3);
  caf::anon_send_exit(bot, caf::exit_reason::kill);
  auto got = table();
  REQUIRE(got);
  CHECK(got->wants("READY") == nullptr);
  CHECK(got->subscribers().empty());
}

TEST_CASE_METHOD(subscribing, "a name survives a crash, and its successor gets it", "[actors][unit]") {
  tell(actor, shard_created{{0, 1}, 1}, as<shard_actor>());
  REQUIRE(!refusal({{"READY"}, false, "x"}));
  caf::anon_send_exit(bot, caf::exit_reason::kill);
  auto got = last_table();
  REQUIRE(got->find("x") != nullptr);
  CHECK(got->find("x")->who == nullptr);
  CHECK(got->wants("READY") != nullptr);
  bot = new_bot();
  REQUIRE(!refusal({{"RESUMED"}, false, "x"}));
  got = last_table();
  CHECK(got->find("x")->who == bot);
  CHECK(got->wants("READY") == nullptr);
  REQUIRE(!refusal({{"READY"}, true, "x"}));
  got = last_table();
  CHECK(got->wants("READY") != nullptr);
  CHECK(got->wants("RESUMED") != nullptr);
}

TEST_CASE_METHOD(subscribing, "a successor gets what waits when all its requests are known", "[actors][unit]") {
  tell(actor, shard_created{{0, 1}, 1}, as<shard_actor>());
  REQUIRE(!refusal({{"READY"}, false, "x"}));
  REQUIRE(!refusal({{"RESUMED"}, false, "x"}));
  caf::anon_send_exit(bot, caf::exit_reason::kill);
  last_table();
  bot = spawn([this](caf::event_based_actor* self) -> caf::behavior {
    self->send(actor, subscribe{{"READY"}, false, "x"}, caf::actor{self});
    self->send(actor, subscribe{{"RESUMED"}, false, "x"}, caf::actor{self});
    self->set_default_handler(caf::drop);
    return {[](int) {}};
  });
  settle();
  // Never held by somebody who wants only one of them.
  while (auto got = table()) {
    CHECK(got->wants("READY") != nullptr);
    if (got->find("x")->who != nullptr)
      CHECK(got->wants("RESUMED") != nullptr);
  }
  tell(actor, shard_created{{0, 1}, 2}, as<shard_actor>());
  CHECK(table()->find("x")->who == bot);
}

TEST_CASE_METHOD(subscribing, "a successor that ends before it has started changes nothing", "[actors][unit]") {
  tell(actor, shard_created{{0, 1}, 1}, as<shard_actor>());
  REQUIRE(!refusal({{"READY"}, false, "x"}));
  caf::anon_send_exit(bot, caf::exit_reason::kill);
  settle();
  bot = new_bot();
  caf::anon_send_exit(bot, caf::exit_reason::kill);
  settle();
  self()->send(actor, subscribe{{"RESUMED"}, false, "x"}, bot);
  auto got = last_table();
  REQUIRE(got->find("x") != nullptr);
  CHECK(got->find("x")->who == nullptr);
  CHECK(got->wants("READY") != nullptr);
}

TEST_CASE_METHOD(subscribing, "the newest holder of a name wins, the end of the old one changes nothing",
                 "[actors][unit]") {
  tell(actor, shard_created{{0, 1}, 1}, as<shard_actor>());
  REQUIRE(!refusal({{"READY"}, false, "x"}));
  auto old = std::exchange(bot, new_bot());
  REQUIRE(!refusal({{"READY"}, false, "x"}));
  CHECK(last_table()->find("x")->who == bot);
  caf::anon_send_exit(old, caf::exit_reason::kill);
  settle();
  tell(actor, shard_created{{0, 1}, 2}, as<shard_actor>());
  CHECK(last_table()->find("x")->who == bot);
}

TEST_CASE_METHOD(subscribing, "a name ends with a normal end and with a shutdown", "[actors][unit]") {
  auto reason = GENERATE(caf::exit_reason::normal, caf::exit_reason::user_shutdown);
  tell(actor, shard_created{{0, 1}, 1}, as<shard_actor>());
  bot = spawn(
    [reason](caf::event_based_actor* self) -> caf::behavior { return {[self, reason](int) { self->quit(reason); }}; });
  REQUIRE(!refusal({{"READY"}, false, "x"}));
  tell(bot, 1);
  CHECK(last_table()->subscribers().empty());
}

TEST_CASE_METHOD(subscribing, "a name survives a shutdown that a successor follows", "[actors][unit]") {
  tell(actor, shard_created{{0, 1}, 1}, as<shard_actor>());
  REQUIRE(ask<subscribed>(actor, subscribe{.events = {"READY"}, .name = "ledger"}, bot));
  tell(bot, caf::exit_msg{self()->address(), shutdown_reason(true)});
  auto got = last_table();
  REQUIRE(got->find("ledger") != nullptr);
  CHECK(got->wants("READY") != nullptr);
}

TEST_CASE_METHOD(subscribing, "a dead shard gets no tables", "[actors][unit]") {
  auto shard = spawn([]() -> caf::behavior { return {[](int) {}}; });
  tell(actor, shard_created{{0, 2}, 1}, caf::actor_cast<shard_actor>(shard));
  tell(actor, shard_created{{1, 2}, 1}, as<shard_actor>());
  caf::anon_send_exit(shard, caf::exit_reason::kill);
  settle();
  REQUIRE(!refusal({{"READY"}, false}));
  CHECK(count<subscriptions_changed>() == 2);
}

} // namespace troupe
