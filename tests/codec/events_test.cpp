// SPDX-License-Identifier: BSD-3-Clause
// Every dispatch event, with values from a seed: what comes back, and what damage costs.
#include "messages/discord/events.hpp"

#include "runtime/codec/json.hpp"

#include "tests/catch.hpp"
#include "tests/codec/event_cases.hpp"
#include "tests/codec/fixtures.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::codec {

using testing::entries_of;
using testing::event_cases;

TEST_CASE("there are 79 events, each with a name of its own", "[codec][unit]") {
  std::set<std::string_view> names;
  for (const auto& event : event_cases())
    names.insert(event.name);
  CHECK(names.size() == 79);
}

TEST_CASE("every event is decoded to what was encoded", "[codec][unit]") {
  for (const auto& event : event_cases()) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      INFO(event.name << ", seed " << seed << ": " << event.make(seed));
      REQUIRE(event.survives(seed));
    }
  }
}

TEST_CASE("a field of a wrong type spoils nothing but itself", "[codec][unit]") {
  static const std::vector<std::string> kinds = {"null", "true", "-1",     "1.5",          "1e999",      "\"?\"",
                                                 "[]",   "{}",   "[[{}]]", R"({"id":[]})", R"("\udc00")"};
  for (const auto& event : event_cases()) {
    auto text = event.make(7);
    auto entries = entries_of(text);
    REQUIRE(join(entries) == text);
    for (std::size_t at = 0; at < entries.size(); ++at) {
      for (const auto& kind : kinds) {
        auto spoiled = entries;
        spoiled[at].value = kind;
        auto read = event.again(join(spoiled));
        INFO(event.name << "." << entries[at].key << " = " << kind);
        REQUIRE(read.has_value());
        // All others are as they were.
        auto again = entries_of(*read);
        for (std::size_t other = 0; other < entries.size(); ++other) {
          INFO(entries[other].key);
          REQUIRE((other == at || std::find(again.begin(), again.end(), entries[other]) != again.end()));
        }
      }
    }
  }
}

TEST_CASE("a value of a wrong type is survived at any depth", "[codec][unit]") {
  static const std::vector<std::string> kinds = {"null", "7", "\"?\"", "[]", R"({"id":[]})"};
  for (const auto& event : event_cases()) {
    auto text = event.make(11);
    auto places = testing::values_in(text);
    // Some forty of them, wherever they are.
    for (std::size_t i = 0; i < places.size(); i += places.size() / 40 + 1) {
      for (const auto& kind : kinds) {
        auto spoiled = text;
        spoiled.replace(places[i].begin, places[i].end - places[i].begin, kind);
        INFO(event.name << ": " << spoiled);
        auto read = event.again(spoiled);
        REQUIRE(read.has_value());
        // What was made of it is whole.
        REQUIRE((event.again(*read) == read));
      }
    }
  }
}

TEST_CASE("fields that nobody knows change nothing, wherever they are", "[codec][unit]") {
  for (const auto& event : event_cases()) {
    auto text = event.make(3);
    auto entries = entries_of(text);
    testing::json_entry unknown{"x_new_field", R"({"id":"1","a":[{"id":"2"},"}"],"b":null})"};
    for (std::size_t at = 0; at <= entries.size(); at += entries.size() / 4 + 1) {
      auto more = entries;
      more.insert(more.begin() + static_cast<std::ptrdiff_t>(at), unknown);
      INFO(event.name << ": " << join(more));
      auto read = event.again(join(more));
      REQUIRE(read.has_value());
      REQUIRE(*read == text);
    }
  }
}

TEST_CASE("an event that is cut off is an error", "[codec][unit]") {
  for (const auto& event : event_cases()) {
    auto text = event.make(5);
    for (std::size_t size = 0; size < text.size(); size += text.size() / 30 + 1) {
      INFO(event.name << ": " << text.substr(0, size));
      REQUIRE_FALSE(event.again(text.substr(0, size)).has_value());
    }
  }
}

TEST_CASE("unknown fields are ignored and unknown values of enumerations kept", "[codec][unit]") {
  auto channel = decode_copy<channel_create>(R"({"new_thing":{"a":[1]},"id":"1","type":999,"\u0069d":"2"})").value();
  CHECK(channel.id == snowflake{1});
  CHECK(static_cast<int>(channel.type) == 999);
  CHECK(encode(channel) == R"({"id":"1","type":999})");
}

TEST_CASE("absent, null and a value are told apart", "[codec][unit]") {
  auto absent = decode_copy<guild_member_update>(R"({"roles":[],"joined_at":null})").value();
  CHECK(absent.nick.is_absent());
  CHECK_FALSE(absent.joined_at);
  auto null = decode_copy<guild_member_update>(R"({"nick":null})").value();
  CHECK(null.nick.is_null());
  auto named = decode_copy<guild_member_update>(R"({"nick":"n"})").value();
  CHECK(named.nick == "n");
}

TEST_CASE("ids and permissions use all 64 bits, and more than that spoils the field", "[codec][unit]") {
  auto role =
    decode_copy<guild_role_create>(
      R"({"guild_id":18446744073709551615,"role":{"id":"18446744073709551615","permissions":"18446744073709551615"}})")
      .value();
  CHECK(role.guild_id.value == ~std::uint64_t{0});
  CHECK(role.role.id.value == ~std::uint64_t{0});
  CHECK(role.role.permissions.bits == ~std::uint64_t{0});
  role =
    decode_copy<guild_role_create>(R"({"role":{"id":"1","permissions":"18446744073709551616","name":"n"}})").value();
  CHECK(role.role.permissions.bits == 0);
  CHECK(role.role.name == "n");
}

TEST_CASE("objects that contain themselves end at some depth", "[codec][unit]") {
  std::string text;
  for (auto i = 0; i < 900; ++i)
    text += R"({"type":1,"components":[)";
  for (auto i = 0; i < 900; ++i)
    text += "]}";
  auto read = decode_copy<message_create>(R"({"components":[)" + text + R"(],"content":"after"})").value();
  CHECK(read.content == "after");
}

// Not run by itself: writes the seeds of tests/fuzz/fuzz_events.cpp to the folder corpus/fuzz_events, as `./dev fuzz`
// wants them: each fixture, and a random event of each kind.
TEST_CASE("seeds for the fuzzer", "[.][seeds]") {
  std::filesystem::create_directories("corpus/fuzz_events");
  auto write = [](const std::string& name, char index, std::string_view text) {
    std::ofstream{"corpus/fuzz_events/" + name, std::ios::binary} << index << text;
  };
  char index = 0;
  for (const auto& event : event_cases()) {
    write(std::string{event.name}, index, event.make(1));
    for (const auto& each : testing::fixtures())
      if (each.event() == event.name)
        write(each.name + ".json", index, each.text);
    ++index;
  }
}

} // namespace troupe::codec
