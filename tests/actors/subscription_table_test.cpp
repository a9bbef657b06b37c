// SPDX-License-Identifier: BSD-3-Clause
#include "messages/discord/events.hpp"

#include "actors/subscription_table.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

namespace troupe {

namespace {

// Two subscribers that do nothing.
struct two_subscribers : deterministic {
  caf::actor a = spawn([]() -> caf::behavior { return {[](int) {}}; });
  caf::actor b = spawn([]() -> caf::behavior { return {[](int) {}}; });
  std::shared_ptr<const subscription_table> empty = std::make_shared<subscription_table>();
  using actors = std::vector<caf::actor>;
};

} // namespace

TEST_CASE_METHOD(two_subscribers, "an empty table wants nothing", "[actors][unit]") {
  CHECK(empty->wants("MESSAGE_CREATE") == nullptr);
  CHECK(empty->subscribers() == 0);
}

TEST_CASE_METHOD(two_subscribers, "an event goes to those who named it, in order", "[actors][unit]") {
  auto table = empty->with(a, {{"MESSAGE_CREATE"}, false})->with(b, {{"MESSAGE_CREATE", "READY"}, false});
  auto* messages = table->wants("MESSAGE_CREATE");
  REQUIRE(messages != nullptr);
  CHECK(messages->typed == actors{a, b});
  CHECK(messages->raw.empty());
  CHECK(messages->decode == find_event_decoder("MESSAGE_CREATE"));
  REQUIRE(table->wants("READY") != nullptr);
  CHECK(table->wants("READY")->typed == actors{b});
  CHECK(table->wants("TYPING_START") == nullptr);
}

TEST_CASE_METHOD(two_subscribers, "who wants everything raw gets named and unnamed events", "[actors][unit]") {
  auto table = empty->with(a, {{}, true})->with(b, {{"MESSAGE_CREATE"}, false});
  REQUIRE(table->wants("MESSAGE_CREATE") != nullptr);
  CHECK(table->wants("MESSAGE_CREATE")->raw == actors{a});
  CHECK(table->wants("MESSAGE_CREATE")->typed == actors{b});
  REQUIRE(table->wants("NOT_INVENTED_YET") != nullptr);
  CHECK(table->wants("NOT_INVENTED_YET")->raw == actors{a});
}

TEST_CASE_METHOD(two_subscribers, "later requests add to earlier ones, and nobody gets an event twice",
                 "[actors][unit]") {
  auto table = empty->with(a, {{"READY"}, true})->with(a, {{"READY"}, true})->with(a, {{}, true});
  table = table->with(a, {{"READY"}, false});
  CHECK(table->subscribers() == 1);
  REQUIRE(table->wants("READY") != nullptr);
  CHECK(table->wants("READY")->raw == actors{a});
  CHECK(table->wants("READY")->typed == actors{a});
}

TEST_CASE_METHOD(two_subscribers, "who left wants nothing any more", "[actors][unit]") {
  auto before = empty->with(a, {{}, true})->with(b, {{"READY"}, false});
  auto after = before->without(a.address());
  CHECK(after->wants("TYPING_START") == nullptr);
  REQUIRE(after->wants("READY") != nullptr);
  CHECK(after->wants("READY")->raw.empty());
  CHECK(after->without(b.address())->wants("READY") == nullptr);
  // The old table is as it was: shards may still hold it.
  CHECK(before->wants("TYPING_START") != nullptr);
}

TEST_CASE_METHOD(two_subscribers, "a typed event without a struct is left out", "[actors][unit]") {
  auto table = empty->with(a, {{"TYPING_START"}, false});
  CHECK(find_event_decoder("TYPING_START") == nullptr);
  CHECK(table->wants("TYPING_START") == nullptr);
}

TEST_CASE("every typed event has a decoder", "[actors][unit]") {
  for (auto name : {"READY", "RESUMED", "GUILD_CREATE", "GUILD_DELETE", "MESSAGE_CREATE", "MESSAGE_DELETE"})
    CHECK(find_event_decoder(name) != nullptr);
  CHECK(find_event_decoder("") == nullptr);
}

TEST_CASE("a decoder makes a message of the event's struct", "[actors][unit]") {
  std::string text = R"({"id":"7","channel_id":"8","guild_id":"9"})";
  auto size = text.size();
  text.resize(size + 64, '\0');
  auto event = find_event_decoder("MESSAGE_DELETE")(std::string_view{text}.substr(0, size));
  REQUIRE(event.has_value());
  REQUIRE(event->match_elements<message_delete>());
  CHECK(event->get_as<message_delete>(0) == message_delete{{7}, {8}, snowflake{9}});
}

TEST_CASE("RESUMED is decoded whatever it carries", "[actors][unit]") {
  for (auto data : {"null", "{}", R"({"_trace":["x"]})"}) {
    auto event = find_event_decoder("RESUMED")(data);
    REQUIRE(event.has_value());
    CHECK(event->match_elements<resumed>());
  }
}

} // namespace troupe
