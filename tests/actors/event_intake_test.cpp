// SPDX-License-Identifier: BSD-3-Clause
// Who gets an event, and what is made of its text for them.
#include "messages/discord/events.hpp"
#include "messages/fwd.hpp"

#include "actors/event_intake.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

#include <stdexcept>

namespace troupe {

namespace {

// Two subscribers of shard 1.
struct intake_stage : deterministic {
  caf::actor a = spawn([]() -> caf::behavior { return {[](int) {}}; });
  caf::actor b = spawn([]() -> caf::behavior { return {[](int) {}}; });
  subscription_table::pointer table = std::make_shared<subscription_table>();
  event_intake it;
  event_ring::event event;
  std::optional<error> spoiled;

  void join(const caf::actor& who, const subscribe& what, event_filter only = {}) {
    auto filter = only.is_raw() || !only.event().empty() ? std::make_shared<const event_filter>(only) : nullptr;
    table = table->with(who, what, filter);
  }

  // The positions of those who get it.
  std::vector<std::size_t> take(std::string_view name, std::string text) {
    event = {};
    const auto* wanted = table->wants(name, 1);
    if (wanted == nullptr)
      return {};
    auto size = text.size();
    text.resize(size + 64, '\0');
    spoiled = it.take(*wanted, {{1, 2}, 9, name, std::string_view{text}.substr(0, size)}, event);
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < wanted->recipients.size(); ++i)
      if (event.who.has(i))
        result.push_back(i);
    CHECK(event.who.any() == !result.empty());
    return result;
  }

  using those = std::vector<std::size_t>;
};

constexpr auto in_seven = R"({"id":"1","channel_id":"2","guild_id":"7"})";
constexpr auto in_eight = R"({"id":"1","channel_id":"2","guild_id":"8"})";
constexpr auto in_none = R"({"id":"1","channel_id":"2"})";

} // namespace

TEST_CASE_METHOD(intake_stage, "without filters everyone gets what he asked for", "[actors][unit]") {
  join(a, {{"MESSAGE_DELETE"}, false});
  CHECK(take("MESSAGE_DELETE", in_seven) == those{0});
  REQUIRE(event.typed.match_elements<message_delete>());
  CHECK(event.raw.empty());
  join(b, {{}, true});
  CHECK(take("MESSAGE_DELETE", in_seven) == those{0, 1});
  REQUIRE(event.raw.match_elements<raw_event>());
  CHECK(event.raw.get_as<raw_event>(0).sequence == 9);
  CHECK(event.raw.get_as<raw_event>(0).shard == shard_id{1, 2});
  CHECK(*event.raw.get_as<raw_event>(0).json == in_seven);
  CHECK(take("NOT_INVENTED_YET", in_seven) == those{0});
  CHECK(event.typed.empty());
}

TEST_CASE_METHOD(intake_stage, "events of other guilds are neither decoded nor copied", "[actors][unit]") {
  auto raw = GENERATE(false, true);
  join(a, {.events = {"MESSAGE_DELETE"}, .raw = raw, .guilds = {{7}, {9}}});
  CHECK(take("MESSAGE_DELETE", in_seven) == those{0});
  CHECK(event.typed.empty() == raw);
  CHECK(event.raw.empty() == !raw);
  for (auto text : {in_eight, in_none}) {
    CHECK(take("MESSAGE_DELETE", text).empty());
    CHECK(event.typed.empty());
    CHECK(event.raw.empty());
  }
  CHECK(take("TYPING_START", in_seven).empty());
}

TEST_CASE_METHOD(intake_stage, "the guild 0 stands for events outside of guilds", "[actors][unit]") {
  join(a, {.events = {"MESSAGE_DELETE"}, .guilds = {{0}}});
  CHECK(take("MESSAGE_DELETE", in_none) == those{0});
  CHECK(take("MESSAGE_DELETE", in_seven).empty());
}

TEST_CASE_METHOD(intake_stage, "the guild of an event is found where Discord puts it", "[actors][unit]") {
  // Decoded for somebody anyway, and not.
  if (GENERATE(false, true))
    join(b, {.events = {"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE", "RATE_LIMITED", "GUILD_ROLE_CREATE",
                        "INTERACTION_CREATE", "CHANNEL_CREATE"}});
  auto others = table->subscribers().size();
  join(a, {.events = {}, .raw = true, .guilds = {{7}}});
  auto gets = [&](std::string_view name, const char* text) { return take(name, text).size() == others + 1; };
  for (auto name : {"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"}) {
    CHECK(gets(name, R"({"id":"7"})"));
    CHECK_FALSE(gets(name, R"({"id":"8"})"));
  }
  CHECK(gets("RATE_LIMITED", R"({"opcode":8,"retry_after":1.5,"meta":{"guild_id":"7"}})"));
  CHECK_FALSE(gets("RATE_LIMITED", R"({"opcode":8,"retry_after":1.5,"meta":{"guild_id":"8"}})"));
  CHECK(gets("GUILD_ROLE_CREATE", R"({"role":{"id":"8"},"guild_id":"7"})"));
  CHECK(gets("CHANNEL_CREATE", R"({"guild_id":"7","id":"8"})"));
  // Not that of something inside.
  CHECK_FALSE(gets("INTERACTION_CREATE", R"({"id":"1","channel":{"id":"2","guild_id":"7"}})"));
  CHECK(gets("NOT_INVENTED_YET", R"({"x":{"guild_id":"8"},"guild_id":"7"})") == (others == 0));
}

TEST_CASE_METHOD(intake_stage, "every typed event has its guild function", "[actors][unit]") {
  auto message = caf::make_message(message_delete{{1}, {2}, snowflake{7}});
  CHECK(find_event_guild("MESSAGE_DELETE")(message) == snowflake{7});
  CHECK(find_event_guild("READY")(caf::make_message(ready{})) == snowflake{});
  CHECK(find_event_guild("NOT_INVENTED_YET") == nullptr);
}

TEST_CASE_METHOD(intake_stage, "a rule by guild does not restrict another rule", "[actors][unit]") {
  join(a, {.events = {"MESSAGE_DELETE"}, .guilds = {{7}}});
  join(a, {.events = {"MESSAGE_DELETE"}, .guilds = {{8}}});
  join(a, {.events = {"TYPING_START"}});
  CHECK(take("MESSAGE_DELETE", in_seven) == those{0});
  CHECK(take("MESSAGE_DELETE", in_eight) == those{0});
  CHECK(take("MESSAGE_DELETE", in_none).empty());
  CHECK(take("TYPING_START", in_none) == those{0});
}

TEST_CASE_METHOD(intake_stage, "a predicate sees the struct, and only what the rest lets pass", "[actors][unit]") {
  std::vector<std::uint64_t> seen;
  join(a, {.events = {"MESSAGE_DELETE"}, .guilds = {{7}}},
       event_filter::on<message_delete>([&seen](const message_delete& event) {
         seen.push_back(event.guild_id->value);
         return event.id.value == 1;
       }));
  CHECK(take("MESSAGE_DELETE", in_seven) == those{0});
  CHECK(take("MESSAGE_DELETE", in_eight).empty());
  CHECK(take("MESSAGE_DELETE", R"({"id":"2","channel_id":"2","guild_id":"7"})").empty());
  CHECK(event.typed.empty());
  CHECK(seen == std::vector<std::uint64_t>{7, 7});
}

TEST_CASE_METHOD(intake_stage, "a predicate of raw events sees name and text", "[actors][unit]") {
  join(a, {.events = {}, .raw = true}, event_filter::on_raw([](const event_view& event) {
         return event.name == "TYPING_START" && event.json.find("\"8\"") != std::string_view::npos
                && event.shard.index == 1 && event.sequence == 9;
       }));
  CHECK(take("TYPING_START", in_eight) == those{0});
  CHECK(take("TYPING_START", in_seven).empty());
  CHECK(take("MESSAGE_DELETE", in_eight).empty());
}

TEST_CASE_METHOD(intake_stage, "a predicate that throws lets the event pass and is counted", "[actors][unit]") {
  join(a, {.events = {"MESSAGE_DELETE"}}, event_filter::on<message_delete>([](const message_delete& event) -> bool {
         if (event.guild_id)
           throw std::runtime_error{"on purpose"};
         throw 7;
       }));
  CHECK(take("MESSAGE_DELETE", in_seven) == those{0});
  CHECK(take("MESSAGE_DELETE", in_none) == those{0});
  CHECK(it.failures() == 2);
}

TEST_CASE_METHOD(intake_stage, "what one filters another may get", "[actors][unit]") {
  join(a, {.events = {"MESSAGE_DELETE"}, .guilds = {{7}}});
  join(b, {.events = {"MESSAGE_DELETE"}});
  join(b, {.events = {}, .raw = true, .guilds = {{8}}});
  CHECK(take("MESSAGE_DELETE", in_seven) == those{0, 1});
  CHECK(event.raw.empty());
  CHECK(take("MESSAGE_DELETE", in_eight) == those{1, 2});
  CHECK_FALSE(event.raw.empty());
  CHECK(take("MESSAGE_DELETE", in_none) == those{1});
}

TEST_CASE_METHOD(intake_stage, "who wants previous states in some guilds gets one form of each event",
                 "[actors][unit]") {
  join(a, {.events = {"MESSAGE_DELETE"}, .guilds = {{7}}, .previous = true});
  join(a, {.events = {"MESSAGE_DELETE"}});
  CHECK(take("MESSAGE_DELETE", in_seven) == those{0});
  CHECK(event.guild == snowflake{7});
  CHECK(take("MESSAGE_DELETE", in_eight) == those{1});
  CHECK(event.guild == snowflake{8});
}

TEST_CASE_METHOD(intake_stage, "a text that is no object spoils the struct and nothing else", "[actors][unit]") {
  auto filtered = GENERATE(false, true);
  join(a, {.events = {"MESSAGE_DELETE"}});
  join(b, {.events = {"MESSAGE_DELETE"}, .raw = true, .shards = filtered ? std::vector{1u} : std::vector<unsigned>{}});
  CHECK(take("MESSAGE_DELETE", "[]") == those{1});
  CHECK(spoiled);
  CHECK(event.typed.empty());
  CHECK_FALSE(event.raw.empty());
}

TEST_CASE_METHOD(intake_stage, "an event that is decoded already is not decoded again", "[actors][unit]") {
  join(a, {{"MESSAGE_DELETE"}, false});
  event_ring::event given;
  given.typed = caf::make_message(message_delete{{5}, {2}, snowflake{7}});
  CHECK_FALSE(it.take(*table->wants("MESSAGE_DELETE"), {{1, 2}, 9, "MESSAGE_DELETE", "no JSON"}, given));
  CHECK(given.typed.get_as<message_delete>(0).id.value == 5);
}

TEST_CASE("a selection knows more than 64 positions", "[actors][unit]") {
  auto some = selection::nobody();
  CHECK_FALSE(some.any());
  for (std::size_t position : {0, 63, 64, 200})
    some.add(position);
  for (std::size_t position = 0; position < 300; ++position)
    CHECK(some.has(position) == (position == 0 || position == 63 || position == 64 || position == 200));
  for (std::size_t position : {0, 63, 64, 250})
    some.remove(position);
  CHECK(some.any());
  some.remove(200);
  CHECK_FALSE(some.any());
  CHECK(selection{}.has(999));
}

} // namespace troupe
