// SPDX-License-Identifier: BSD-3-Clause
// Every dispatch event as Discord sends it: nothing is lost on the way through the structs, and every member of every
// struct is used by some fixture.
#include "messages/timestamp.hpp"

#include "runtime/codec/json.hpp"

#include "tests/catch.hpp"
#include "tests/codec/event_cases.hpp"
#include "tests/codec/fixtures.hpp"
#include "tests/codec/struct_shapes.hpp"

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::codec {

namespace {

namespace dom = simdjson::dom;

using testing::event_cases;
using testing::fixture;
using testing::fixtures;
using testing::struct_shape;

using lines = std::vector<std::string>;

// -- what may differ -----------------------------------------------------------------------------------
// 1. A time is written with microseconds: the same moment will do.
// 2. A number is a number: 1 is 1.0.
// 3. An id that came as a number is written as a text: `ids_as_numbers`.
// 4. Of some objects Discord sends a part, and the struct is the whole one's: `partial_objects` come back with the
// rest,
//    as it is by default.

/// Components have numbers as ids, and the `data` of an interaction with one has its id.
const std::set<std::string_view> ids_as_numbers = {"/data/id"};

/// Where a part of an object is. Elements of lists are "*".
struct partial_object {
  std::string_view fixture;
  std::string_view path;
  /// The struct by default.
  std::string whole;
};

const std::vector<partial_object>& partial_objects() {
  static const std::vector<partial_object> all = {
    {"GUILD_CREATE.unavailable", "", encode(guild_create{})},
    {"MESSAGE_CREATE.forward", "/message_snapshots/*/message", encode(message{})},
    {"MESSAGE_UPDATE.forward", "/message_snapshots/*/message", encode(message{})},
  };
  return all;
}

/// Compares what was written with the fixture.
class comparison {
public:
  explicit comparison(std::string_view fixture) : fixture_{fixture} {
    // nop
  }

  [[nodiscard]] lines run(const std::string& sent, const std::string& written) {
    dom::parser first;
    dom::parser second;
    compare("", first.parse(sent).value(), second.parse(written).value());
    return found_;
  }

private:
  void compare(const std::string& path, dom::element sent, dom::element written) {
    if (sent.is_object() && written.is_object())
      compare_objects(path, sent, written);
    else if (sent.is_array() && written.is_array())
      compare_arrays(path, sent, written);
    else if (!same(path, sent, written))
      found_.push_back(path + ": " + simdjson::to_string(sent) + " became " + simdjson::to_string(written));
  }

  void compare_objects(const std::string& path, dom::object sent, dom::object written) {
    for (auto [key, value] : sent) {
      auto there = written.at_key(key);
      if (there.error() != simdjson::SUCCESS)
        found_.push_back(path + "/" + std::string{key} + " is lost: " + simdjson::to_string(value));
      else
        compare(path + "/" + std::string{key}, value, there.value());
    }
    for (auto [key, value] : written)
      if (sent.at_key(key).error() != simdjson::SUCCESS && !is_rest(path, key, value))
        found_.push_back(path + "/" + std::string{key} + " is new: " + simdjson::to_string(value));
  }

  void compare_arrays(const std::string& path, dom::array sent, dom::array written) {
    if (sent.size() != written.size()) {
      found_.push_back(path + " has " + std::to_string(written.size()) + " of " + std::to_string(sent.size()));
      return;
    }
    auto other = written.begin();
    for (auto one : sent) {
      compare(path + "/*", one, *other);
      ++other;
    }
  }

  [[nodiscard]] static bool same(const std::string& path, dom::element sent, dom::element written) {
    if (sent.is_string() && written.is_string())
      return sent.get_c_str().value() == std::string_view{written.get_c_str().value()} || same_time(sent, written);
    if (sent.is_number() && written.is_number())
      return sent.get_double().value() == written.get_double().value();
    if (sent.is_uint64() && written.is_string() && ids_as_numbers.contains(path))
      return written.get_string().value() == std::to_string(sent.get_uint64().value());
    return sent.type() == written.type() && simdjson::to_string(sent) == simdjson::to_string(written);
  }

  [[nodiscard]] static bool same_time(dom::element sent, dom::element written) {
    auto before = timestamp::parse(sent.get_string().value());
    return before && before == timestamp::parse(written.get_string().value());
  }

  [[nodiscard]] bool is_rest(std::string_view path, std::string_view key, dom::element value) const {
    const auto& all = partial_objects();
    auto one = std::find_if(all.begin(), all.end(),
                            [&](const auto& each) { return each.fixture == fixture_ && each.path == path; });
    if (one == all.end())
      return false;
    dom::parser parser;
    auto whole = parser.parse(one->whole).at_key(key);
    return whole.error() == simdjson::SUCCESS && simdjson::to_string(whole.value()) == simdjson::to_string(value);
  }

  std::string_view fixture_;
  lines found_;
};

// -- which members are used ----------------------------------------------------------------------------

/// Members by struct: `channel.topic`.
using member_names = std::set<std::string>;

/// These have no value but null: they are marks (Discord Docs/Permissions, "Role Tags Structure").
const std::set<std::string_view> marks = {"role_tags.premium_subscriber", "role_tags.available_for_purchase",
                                          "role_tags.guild_connections"};

std::string full_name(const struct_shape& shape, const struct_shape::member& member) {
  return shape.name + "." + std::string{member.key};
}

/// Notes the members that a value has, at every depth.
void collect(const struct_shape& shape, dom::element value, member_names& used);

void collect_content(const struct_shape::member& member, dom::element value, member_names& used) {
  if (value.is_array()) {
    for (auto each : dom::array{value})
      collect_content(member, each, used);
  } else if (member.is_map && value.is_object()) {
    for (auto [key, each] : dom::object{value})
      collect(*member.shape(), each, used);
  } else {
    collect(*member.shape(), value, used);
  }
}

void collect(const struct_shape& shape, dom::element value, member_names& used) {
  if (!value.is_object())
    return;
  for (const auto* base : shape.bases)
    collect(*base, value, used);
  for (const auto& member : shape.members) {
    auto found = value.at_key(member.key);
    if (found.error() != simdjson::SUCCESS)
      continue;
    auto name = full_name(shape, member);
    if (!found.value().is_null() || marks.contains(name))
      used.insert(name);
    if (member.shape != nullptr)
      collect_content(member, found.value(), used);
  }
}

const struct_shape& shape_of(std::string_view event) {
  const auto& all = event_cases();
  auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == event; });
  return *testing::event_shapes().at(static_cast<std::size_t>(found - all.begin()));
}

/// The members of an event, those of its bases too.
void collect_keys(const struct_shape& shape, std::set<std::string_view>& keys) {
  for (const auto* base : shape.bases)
    collect_keys(*base, keys);
  for (const auto& member : shape.members)
    keys.insert(member.key);
}

/// Members that an event has, because it shares a struct with others, and that Discord does not send in it.
std::set<std::string_view> never_in(std::string_view event) {
  static const std::set<std::string_view> of_threads_and_direct_channels = {
    "owner_id",     "application_id",  "managed", "recipients",         "icon",        "message_count",
    "member_count", "thread_metadata", "member",  "total_message_sent", "applied_tags"};
  static const std::set<std::string_view> of_other_channels = {"position",
                                                               "permission_overwrites",
                                                               "topic",
                                                               "nsfw",
                                                               "bitrate",
                                                               "user_limit",
                                                               "recipients",
                                                               "icon",
                                                               "application_id",
                                                               "managed",
                                                               "rtc_region",
                                                               "video_quality_mode",
                                                               "default_auto_archive_duration",
                                                               "available_tags",
                                                               "default_reaction_emoji",
                                                               "default_thread_rate_limit_per_user",
                                                               "default_sort_order",
                                                               "default_forum_layout"};
  // Of a user in interactions; of voice channels in GUILD_CREATE.
  static const std::set<std::string_view> of_no_event = {"permissions", "app_permissions", "status",
                                                         "voice_start_time"};
  std::set<std::string_view> never;
  if (event == "CHANNEL_CREATE" || event == "CHANNEL_UPDATE" || event == "CHANNEL_DELETE")
    never = of_threads_and_direct_channels;
  else if (event == "THREAD_CREATE" || event == "THREAD_UPDATE")
    never = of_other_channels;
  else if (event == "THREAD_MEMBER_UPDATE")
    return {"member", "presence"};
  else
    return {};
  never.insert(of_no_event.begin(), of_no_event.end());
  return never;
}

} // namespace

TEST_CASE("every event has a fixture and every fixture an event", "[codec][unit]") {
  std::set<std::string_view> with_fixture;
  for (const auto& each : fixtures())
    with_fixture.insert(each.event());
  std::set<std::string_view> events;
  for (const auto& each : event_cases())
    events.insert(each.name);
  CHECK(with_fixture == events);
}

TEST_CASE("what Discord sends is encoded again as it came", "[codec][unit]") {
  for (const auto& event : event_cases()) {
    for (const auto& each : fixtures()) {
      if (each.event() != event.name)
        continue;
      INFO(each.name);
      auto written = event.again(each.text);
      REQUIRE(written.has_value());
      CHECK(comparison{each.name}.run(each.text, *written) == lines{});
    }
  }
}

TEST_CASE("every member of every struct is in some fixture, with a value", "[codec][unit]") {
  member_names used;
  for (const auto& each : fixtures()) {
    dom::parser parser;
    collect(shape_of(each.event()), parser.parse(each.text).value(), used);
  }
  lines unused;
  for (const auto* shape : testing::all_shapes())
    for (const auto& member : shape->members)
      if (auto name = full_name(*shape, member); !used.contains(name))
        unused.push_back(name);
  CHECK(unused == lines{});
}

TEST_CASE("the fixtures of an event have all members of the event", "[codec][unit]") {
  std::map<std::string_view, std::set<std::string>> sent;
  for (const auto& each : fixtures()) {
    dom::parser parser;
    dom::object payload = parser.parse(each.text);
    for (auto [key, value] : payload)
      sent[each.event()].emplace(key);
  }
  lines missing;
  for (const auto& event : event_cases()) {
    std::set<std::string_view> keys;
    collect_keys(shape_of(event.name), keys);
    auto never = never_in(event.name);
    for (auto key : keys) {
      auto there = sent[event.name].contains(std::string{key});
      if (there == never.contains(key))
        missing.push_back(std::string{event.name} + (there ? " has " : " lacks ") + std::string{key});
    }
  }
  CHECK(missing == lines{});
}

} // namespace troupe::codec
