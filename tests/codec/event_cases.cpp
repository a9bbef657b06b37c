// SPDX-License-Identifier: BSD-3-Clause
#include "tests/codec/event_cases.hpp"

#include "messages/discord/events.hpp"

#include "runtime/codec/json.hpp"

#include "tests/generated.hpp"

#include <boost/mp11/list.hpp>

#include <algorithm>

namespace troupe::testing {

namespace {

template <class Event>
event_case case_of() {
  return {Event::event_name, [](std::uint64_t seed) { return codec::encode(generator{seed}.make<Event>()); },
          [](std::uint64_t seed) {
            auto made = generator{seed}.make<Event>();
            auto read = codec::decode_copy<Event>(codec::encode(made));
            return read.has_value() && *read == made;
          },
          [](std::string_view text) -> result<std::string> {
            auto read = codec::decode_copy<Event>(text);
            if (!read)
              return read.error();
            return codec::encode(*read);
          }};
}

/// The end of the value that begins at `at`, and every value within it.
std::size_t walk(std::string_view text, std::size_t at, std::vector<json_span>& found) {
  auto end_of_string = [&](std::size_t i) {
    for (++i; text[i] != '"'; ++i)
      i += text[i] == '\\' ? 1 : 0;
    return i + 1;
  };
  if (text[at] == '"')
    return end_of_string(at);
  if (text[at] != '{' && text[at] != '[')
    return std::min(text.find_first_of(",]}", at), text.size());
  auto is_object = text[at] == '{';
  for (++at; text[at] != '}' && text[at] != ']';) {
    if (is_object)
      at = end_of_string(at) + 1;
    auto place = found.size();
    found.push_back({at, at});
    at = walk(text, at, found);
    found[place].end = at;
    at += text[at] == ',' ? 1 : 0;
  }
  return at + 1;
}

} // namespace

const std::vector<event_case>& event_cases() {
  static const auto all = []<class... Events>(boost::mp11::mp_list<Events...>) {
    return std::vector<event_case>{case_of<Events>()...};
  }(dispatch_events{});
  return all;
}

std::vector<json_entry> entries_of(std::string_view object) {
  std::vector<json_entry> found;
  std::size_t end_of_last = 0; // Where the comma is; at first, where the brace is.
  for (const auto& value : values_in(object)) {
    if (value.begin < end_of_last)
      continue;
    // Behind the brace or comma, and the quote.
    auto key = end_of_last + 2;
    found.push_back({std::string{object.substr(key, value.begin - 2 - key)},
                     std::string{object.substr(value.begin, value.end - value.begin)}});
    end_of_last = value.end;
  }
  return found;
}

std::string join(const std::vector<json_entry>& entries) {
  std::string text = "{";
  for (const auto& one : entries)
    text += (text.size() == 1 ? "\"" : ",\"") + one.key + "\":" + one.value;
  return text + "}";
}

std::vector<json_span> values_in(std::string_view text) {
  std::vector<json_span> found;
  walk(text, 0, found);
  return found;
}

} // namespace troupe::testing
