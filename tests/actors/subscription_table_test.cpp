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

  static places in(const subscription_table::interest* wanted, subscription_table::form form) {
    places result;
    for (const auto& one : wanted->recipients)
      if (one.as == form)
        result.push_back(one.slot / 2);
    return result;
  }
  static places typed(const subscription_table::interest* wanted) {
    return in(wanted, subscription_table::form::typed);
  }
  static places raw(const subscription_table::interest* wanted) {
    return in(wanted, subscription_table::form::raw);
  }

  static subscription_wishes wishes(const subscribe& what) {
    subscription_wishes result;
    result.add(what);
    return result;
  }
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
  CHECK(typed(messages) == places{0, 1});
  CHECK(raw(messages).empty());
  CHECK_FALSE(messages->raw);
  CHECK_FALSE(messages->filtered);
  CHECK(messages->event == "MESSAGE_CREATE");
  CHECK(table->subscribers()[0].who == a);
  CHECK(table->subscribers()[1].who == b);
  CHECK(messages->decode == find_event_decoder("MESSAGE_CREATE"));
  REQUIRE(table->wants("READY") != nullptr);
  CHECK(typed(table->wants("READY")) == places{1});
  CHECK(table->wants("TYPING_START") == nullptr);
}

TEST_CASE_METHOD(two_subscribers, "who wants everything raw gets named and unnamed events", "[actors][unit]") {
  auto table = empty->with(a, {{}, true})->with(b, {{"MESSAGE_CREATE"}, false});
  REQUIRE(table->wants("MESSAGE_CREATE") != nullptr);
  CHECK(raw(table->wants("MESSAGE_CREATE")) == places{0});
  CHECK(typed(table->wants("MESSAGE_CREATE")) == places{1});
  REQUIRE(table->wants("NOT_INVENTED_YET") != nullptr);
  CHECK(raw(table->wants("NOT_INVENTED_YET")) == places{0});
}

TEST_CASE_METHOD(two_subscribers, "later requests add to earlier ones, and nobody gets an event twice",
                 "[actors][unit]") {
  auto table = empty->with(a, {{"READY"}, true})->with(a, {{"READY"}, true})->with(a, {{}, true});
  table = table->with(a, {{"READY"}, false});
  CHECK(table->subscribers().size() == 1);
  REQUIRE(table->wants("READY") != nullptr);
  CHECK(raw(table->wants("READY")) == places{0});
  CHECK(typed(table->wants("READY")) == places{0});
}

TEST_CASE_METHOD(two_subscribers, "who left wants nothing any more", "[actors][unit]") {
  auto before = empty->with(a, {{}, true})->with(b, {{"READY"}, false});
  auto after = before->without(a.address());
  CHECK(after->wants("TYPING_START") == nullptr);
  REQUIRE(after->wants("READY") != nullptr);
  CHECK(raw(after->wants("READY")).empty());
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
  CHECK(typed(table->wants("READY")) == places{0, 1});
  table = table->crashed(b.address());
  CHECK(typed(table->wants("READY")) == places{0});
  table = table->with(b, {{"RESUMED"}, false, "x"});
  // Until it is taken over it wants both, and nobody holds it.
  CHECK(table->find("x")->who == nullptr);
  CHECK(table->wants("READY") != nullptr);
  CHECK(table->wants("RESUMED") != nullptr);
  table = table->taken_over(b, "x", wishes({{"RESUMED"}, false, "x"}));
  CHECK(table->find("x")->who == b);
  CHECK(table->find("x")->key == key);
  CHECK_FALSE(table->find("x")->wishes.marks);
  CHECK(table->wants("READY") == nullptr);
  CHECK(table->wants("RESUMED") != nullptr);
  CHECK(table->without(b.address())->subscribers().empty());
}

TEST_CASE_METHOD(two_subscribers, "each request is a rule of its own, and one that takes everything ends the filtering",
                 "[actors][unit]") {
  auto table = empty->with(a, {.events = {"MESSAGE_CREATE"}, .guilds = {{7}, {3}, {7}}})
                 ->with(a, {.events = {"TYPING_START"}})
                 ->with(a, {.events = {"MESSAGE_CREATE"}, .guilds = {{9}}});
  auto* messages = table->wants("MESSAGE_CREATE");
  REQUIRE(messages != nullptr);
  CHECK(messages->filtered);
  REQUIRE(messages->recipients.size() == 1);
  REQUIRE(messages->recipients[0].rules.size() == 2);
  CHECK(messages->recipients[0].rules[0]->guilds == std::vector<snowflake>{{3}, {7}});
  CHECK_FALSE(messages->recipients[0].asks);
  CHECK_FALSE(table->wants("TYPING_START")->filtered);
  table = table->with(a, {.events = {"MESSAGE_CREATE"}});
  CHECK_FALSE(table->wants("MESSAGE_CREATE")->filtered);
  CHECK(typed(table->wants("MESSAGE_CREATE")) == places{0});
}

TEST_CASE_METHOD(two_subscribers, "the same request twice is one rule", "[actors][unit]") {
  subscribe wish{.events = {"READY"}, .guilds = {{7}}};
  auto table = empty->with(a, wish)->with(a, wish);
  CHECK(table->wants("READY")->recipients[0].rules.size() == 1);
}

TEST_CASE_METHOD(two_subscribers, "what only other shards' events are wanted for costs a shard nothing",
                 "[actors][unit]") {
  auto table = empty->with(a, {.events = {"READY"}, .shards = {4, 2}});
  CHECK(table->wants("READY", 2) != nullptr);
  CHECK(table->wants("READY", 3) == nullptr);
  table = table->with(b, {.events = {"READY"}});
  CHECK(table->wants("READY", 3) != nullptr);
}

TEST_CASE_METHOD(two_subscribers, "events are unsubscribed by name, in both forms, or all at once", "[actors][unit]") {
  auto table = empty->with(a, {{"READY", "RESUMED"}, false})->with(a, {{}, true})->with(b, {{"READY"}, false});
  table = table->without(a, {"READY"});
  CHECK(typed(table->wants("READY")) == places{1});
  CHECK(raw(table->wants("READY")).empty());
  CHECK(typed(table->wants("RESUMED")) == places{0});
  CHECK(raw(table->wants("TYPING_START")) == places{0});
  table = table->without(b, {"READY"});
  CHECK(table->wants("READY") == nullptr);
  // Wanted again, by the same subscriber.
  CHECK(typed(table->with(a, {{"READY"}, false})->wants("READY")) == places{0});
  table = table->without(a, std::vector<std::string>{});
  CHECK(table->wants("RESUMED") == nullptr);
  CHECK(table->wants("TYPING_START") == nullptr);
  CHECK(table->subscribers().size() == 2);
}

TEST_CASE_METHOD(two_subscribers, "a request may replace what was asked for under its names", "[actors][unit]") {
  auto table = empty->with(a, {.events = {"READY", "RESUMED"}, .guilds = {{1}}});
  table = table->with(a, {.events = {"READY"}, .guilds = {{2}}, .replace = true});
  REQUIRE(table->wants("READY")->recipients[0].rules.size() == 1);
  CHECK(table->wants("READY")->recipients[0].rules[0]->guilds == std::vector<snowflake>{{2}});
  CHECK(table->wants("RESUMED")->recipients[0].rules[0]->guilds == std::vector<snowflake>{{1}});
  // Not what a predecessor asked for: that is settled when the successor's requests are all known.
  table = empty->with(a, {.events = {"READY"}, .name = "x"})->crashed(a.address());
  table = table->with(b, {.events = {"READY"}, .name = "x", .guilds = {{2}}, .replace = true});
  CHECK_FALSE(table->wants("READY")->filtered);
}

TEST_CASE_METHOD(two_subscribers, "interactions overtake, other events where that is asked for", "[actors][unit]") {
  auto table = empty->with(a, {{"INTERACTION_CREATE", "READY"}, false})
                 ->with(b, {.events = {}, .raw = true})
                 ->with(b, {.events = {"RESUMED"}, .own_lane = true});
  for (const auto& one : table->wants("INTERACTION_CREATE")->recipients)
    CHECK(one.slot % 2 == 1);
  CHECK(table->wants("READY")->recipients[0].slot % 2 == 0);
  // In both forms, so that they stay in order.
  for (const auto& one : table->wants("RESUMED")->recipients)
    CHECK(one.slot % 2 == 1);
  CHECK(table->wants("NOT_INVENTED_YET")->recipients[0].slot % 2 == 0);
}

TEST_CASE_METHOD(two_subscribers, "who wants previous states gets everything of a guild through it", "[actors][unit]") {
  using form = subscription_table::form;
  auto table = empty->with(a, {.events = {"MESSAGE_UPDATE"}, .previous = true})
                 ->with(a, {.events = {"MESSAGE_UPDATE", "TYPING_START", "INTERACTION_CREATE"}})
                 ->with(b, {.events = {"MESSAGE_UPDATE"}});
  auto* updates = table->wants("MESSAGE_UPDATE");
  CHECK(in(updates, form::with_previous) == places{0});
  CHECK(typed(updates) == places{1}); // One of the two forms is enough.
  CHECK(updates->relayed);
  CHECK(updates->recipients[0].relayed);
  CHECK_FALSE(updates->recipients[1].relayed);
  CHECK(table->wants("TYPING_START")->recipients[0].relayed);
  CHECK_FALSE(table->wants("INTERACTION_CREATE")->relayed);
}

TEST_CASE_METHOD(two_subscribers, "an actor that says its name later takes its requests with it", "[actors][unit]") {
  auto table = empty->with(a, {{"READY"}, false})->with(a, {{"RESUMED"}, false, "x"})->with(a, {{}, true});
  REQUIRE(table->subscribers().size() == 1);
  CHECK(table->subscribers()[0].name == "x");
  CHECK(typed(table->wants("READY")) == places{0});
  CHECK(typed(table->wants("RESUMED")) == places{0});
  CHECK(raw(table->wants("NOT_INVENTED_YET")) == places{0});
}

TEST_CASE_METHOD(two_subscribers, "a typed event without a struct is left out", "[actors][unit]") {
  auto table = empty->with(a, {{"NOT_INVENTED_YET"}, false});
  CHECK(find_event_decoder("NOT_INVENTED_YET") == nullptr);
  CHECK(table->wants("NOT_INVENTED_YET") == nullptr);
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
