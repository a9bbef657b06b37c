// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/json_object.hpp"

#include "runtime/simulator/text.hpp"

#include <algorithm>
#include <charconv>

namespace troupe::simulator {

namespace {

std::string_view inside_quotes(std::string_view text) noexcept {
  return text.size() >= 2 && text.front() == '"' ? text.substr(1, text.size() - 2) : std::string_view{};
}

// Where the string that begins at `at` ends, behind its quote.
std::size_t end_of_string(std::string_view text, std::size_t at) noexcept {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\')
      ++at;
  return std::min(at + 1, text.size());
}

// Where the value that begins at `at` ends. The text is JSON of this folder's own making, without blanks.
std::size_t end_of_value(std::string_view text, std::size_t at) noexcept {
  std::size_t depth = 0;
  while (at < text.size()) {
    auto c = text[at];
    if (depth == 0 && (c == ',' || c == '}' || c == ']'))
      break;
    if (c == '"') {
      at = end_of_string(text, at);
      continue;
    }
    depth += c == '{' || c == '[' ? 1 : 0;
    depth -= c == '}' || c == ']' ? 1 : 0;
    ++at;
  }
  return at;
}

} // namespace

json_object json_object::parse(std::string_view text) {
  json_object made;
  if (!text.starts_with("{\""))
    return made;
  for (std::size_t at = 1; at < text.size() && text[at] == '"';) {
    auto colon = end_of_string(text, at);
    auto end = end_of_value(text, colon + 1);
    made.fields_.emplace_back(text.substr(at + 1, colon - at - 2), text.substr(colon + 1, end - colon - 1));
    at = end + 1;
  }
  return made;
}

json_object& json_object::set(std::string_view name, std::string value) {
  for (auto& one : fields_)
    if (one.first == name) {
      one.second = std::move(value);
      return *this;
    }
  fields_.emplace_back(name, std::move(value));
  return *this;
}

json_object& json_object::merge(const json_object& other) {
  for (const auto& [name, value] : other.fields_)
    set(name, value);
  return *this;
}

json_object& json_object::erase(std::string_view name) {
  fields_.erase(std::remove_if(fields_.begin(), fields_.end(), [&](const field& one) { return one.first == name; }),
                fields_.end());
  return *this;
}

const std::string* json_object::find(std::string_view name) const noexcept {
  for (const auto& one : fields_)
    if (one.first == name)
      return &one.second;
  return nullptr;
}

bool json_object::is(std::string_view name, std::string_view value) const noexcept {
  const auto* found = find(name);
  return found != nullptr && *found == value;
}

std::string_view json_object::get(std::string_view name) const noexcept {
  const auto* found = find(name);
  return found == nullptr ? std::string_view{"null"} : std::string_view{*found};
}

std::int64_t json_object::number(std::string_view name) const noexcept {
  std::int64_t value = 0;
  auto text = get(name);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

snowflake json_object::id(std::string_view name) const noexcept {
  return snowflake::parse(inside_quotes(get(name))).value_or(snowflake{});
}

std::string json_object::text() const {
  std::string out = "{";
  for (const auto& [name, value] : fields_) {
    if (out.size() > 1)
      out += ',';
    out.append(1, '"').append(name).append("\":").append(value);
  }
  return out += '}';
}

std::vector<std::string> json_elements(std::string_view array) {
  std::vector<std::string> made;
  if (!array.starts_with('['))
    return made;
  for (std::size_t at = 1; at < array.size() && array[at] != ']';) {
    auto end = end_of_value(array, at);
    made.emplace_back(array.substr(at, end - at));
    at = end + 1;
  }
  return made;
}

std::vector<snowflake> json_ids(std::string_view array) {
  std::vector<snowflake> made;
  for (const auto& one : json_elements(array))
    if (auto id = snowflake::parse(inside_quotes(one)))
      made.push_back(*id);
  return made;
}

std::string json_array(const std::vector<std::string>& elements) {
  std::string out = "[";
  for (const auto& one : elements)
    (out += out.size() > 1 ? "," : "") += one;
  return out += ']';
}

std::string json_array(const std::vector<snowflake>& ids) {
  std::string out = "[";
  for (auto one : ids)
    (out += out.size() > 1 ? "," : "") += quote(one);
  return out += ']';
}

} // namespace troupe::simulator
