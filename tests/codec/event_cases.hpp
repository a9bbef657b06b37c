// SPDX-License-Identifier: BSD-3-Clause
// Every dispatch event behind the same few functions: what needs the types is compiled once, in event_cases.cpp.
#pragma once

#include "messages/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::testing {

/// One event.
struct event_case {
  std::string_view name;
  /// A random one, encoded.
  std::string (*make)(std::uint64_t seed) = nullptr;
  /// Whether a random one is decoded to what was encoded.
  bool (*survives)(std::uint64_t seed) = nullptr;
  /// What was decoded of a text, encoded.
  result<std::string> (*again)(std::string_view text) = nullptr;
};

/// All events, in the order of `dispatch_events`.
[[nodiscard]] const std::vector<event_case>& event_cases();

/// One member of an object's text, key and value.
struct json_entry {
  std::string key;
  std::string value;

  friend bool operator==(const json_entry&, const json_entry&) = default;
};

/// Cuts the text of an object into its members, without looking into them. The text must be JSON without spaces.
[[nodiscard]] std::vector<json_entry> entries_of(std::string_view object);

/// The object that has these members.
[[nodiscard]] std::string join(const std::vector<json_entry>& entries);

/// Where a value lies in a text.
struct json_span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Every value in a text at whatever depth, but the whole. The text must be JSON without spaces.
[[nodiscard]] std::vector<json_span> values_in(std::string_view text);

} // namespace troupe::testing
