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
  using places = std::vector<std::uint32_t>;
};

} // namespace

TEST_CASE_METHOD(two_subscribers, "an empty table wants nothing", "[actors][unit]") {
  CHECK(empty->wants("MESSAGE_CREATE") == nullptr);
  CHECK(empty->subscribers().empty());
}

TEST_CASE_METHOD(two_subscribers, "an event goes to those who named it, in order", "[actors][unit]") {
  auto table = empty->with(a, {{"MESSAGE_CREATE"}, false})->with(b, {{"MESSAGE_CREATE", "READY"}, false});
  auto* messages = table->wants("MESSAGE_CREATE");
  REQUIRE(messages != nullptr);
  CHECK(messages->typed == places{0, 1});
  CHECK(messages->raw.empty());
  CHECK(messages->event == "MESSAGE_CREATE");
  CHECK(table->subscribers()[0].who == a);
  CHECK(table->subscribers()[1].who == b);
  CHECK(messages->decode == find_event_decoder("MESSAGE_CREATE"));
  REQUIRE(table->wants("READY") != nullptr);
  CHECK(table->wants("READY")->typed == places{1});
  CHECK(table->wants("TYPING_START") == nullptr);
}

TEST_CASE_METHOD(two_subscribers, "who wants everything raw gets named and unnamed events", "[actors][unit]") {
  auto table = empty->with(a, {{}, true})->with(b, {{"MESSAGE_CREATE"}, false});
  REQUIRE(table->wants("MESSAGE_CREATE") != nullptr);
  CHECK(table->wants("MESSAGE_CREATE")->raw == places{0});
  CHECK(table->wants("MESSAGE_CREATE")->typed == places{1});
  REQUIRE(table->wants("NOT_INVENTED_YET") != nullptr);
  CHECK(table->wants("NOT_INVENTED_YET")->raw == places{0});
}

TEST_CASE_METHOD(two_subscribers, "later requests add to earlier ones, and nobody gets an event twice",
                 "[actors][unit]") {
  auto table = empty->with(a, {{"READY"}, true})->with(a, {{"READY"}, true})->with(a, {{}, true});
  table = table->with(a, {{"READY"}, false});
  CHECK(table->subscribers().size() == 1);
  REQUIRE(table->wants("READY") != nullptr);
  CHECK(table->wants("READY")->raw == places{0});
  CHECK(table->wants("READY")->typed == places{0});
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

TEST_CASE_METHOD(two_subscribers, "a name outlives its actor, and wants on what it wanted", "[actors][unit]") {
  auto table = empty->with(a, {{"READY"}, false, "x", true})->with(b, {{"READY"}, false});
  auto key = table->find("x")->key;
  table = table->crashed(a.address());
  REQUIRE(table->find("x") != nullptr);
  CHECK(table->find("x")->who == nullptr);
  CHECK(table->wants("READY")->typed == places{0, 1});
  table = table->crashed(b.address());
  CHECK(table->wants("READY")->typed == places{0});
  table = table->with(b, {{"RESUMED"}, false, "x"});
  // Until it is taken over it wants both, and nobody holds it.
  CHECK(table->find("x")->who == nullptr);
  CHECK(table->wants("READY") != nullptr);
  CHECK(table->wants("RESUMED") != nullptr);
  table = table->taken_over(b, {{{"RESUMED"}, false, "x"}});
  CHECK(table->find("x")->who == b);
  CHECK(table->find("x")->key == key);
  CHECK_FALSE(table->find("x")->marks);
  CHECK(table->wants("READY") == nullptr);
  CHECK(table->wants("RESUMED") != nullptr);
  CHECK(table->without(b.address())->subscribers().empty());
}

TEST_CASE_METHOD(two_subscribers, "an actor that says its name later takes its requests with it", "[actors][unit]") {
  auto table = empty->with(a, {{"READY"}, false})->with(a, {{"RESUMED"}, false, "x"})->with(a, {{}, true});
  REQUIRE(table->subscribers().size() == 1);
  CHECK(table->subscribers()[0].name == "x");
  CHECK(table->subscribers()[0].typed.size() == 2);
  CHECK(table->subscribers()[0].all_raw);
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
