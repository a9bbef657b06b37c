// SPDX-License-Identifier: BSD-3-Clause
// The test plays a shard.
#include "messages/lifecycle.hpp"

#include "actors/subscriptions.hpp"

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
  CHECK(refusal({{"READY", "TYPING_START"}, false}).code == errc::unknown_event);
  CHECK(refusal({{}, false}).code == errc::unknown_event);
  tell(actor, shard_created{{0, 1}, 1}, as<shard_actor>());
  CHECK(table()->subscribers() == 0);
}

TEST_CASE_METHOD(subscribing, "raw events may have any name", "[actors][unit]") {
  CHECK(!refusal({{"NOT_INVENTED_YET"}, true}));
  CHECK(!refusal({{}, true}));
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
  CHECK(got->subscribers() == 0);
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
