// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/comparison.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace troupe::bench {

namespace {

// So much more is worse, and so much less is better.
constexpr double measure_bound = 1.15;
constexpr double count_bound = 1.02;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string shown(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.10g", value);
  return text;
}

std::string shown(const simdjson::dom::element& value) {
  if (auto text = value.get_string(); text.error() == simdjson::SUCCESS)
    return std::string{text.value_unsafe()};
  if (auto number = value.get_double(); number.error() == simdjson::SUCCESS)
    return shown(number.value_unsafe());
  return simdjson::minify(value);
}

/// Nothing where the object is not flat, or a value that is judged is not a number.
std::optional<result_line> read_line(const simdjson::dom::object& from) {
  result_line made;
  for (auto field : from) {
    if (field.value.is_object() || field.value.is_array())
      return std::nullopt;
    switch (kind_of(field.key)) {
    case field_kind::key:
      made.key += (made.key.empty() ? "" : " ") + std::string{field.key} + "=" + shown(field.value);
      break;
    case field_kind::orientation:
      break;
    case field_kind::measure:
    case field_kind::count:
      if (auto number = field.value.get_double(); number.error() == simdjson::SUCCESS)
        made.values.emplace_back(field.key, number.value_unsafe());
      else
        return std::nullopt;
      break;
    }
  }
  return made;
}

verdict judge(std::string_view field, double then, double now) {
  auto bound = kind_of(field) == field_kind::count ? count_bound : measure_bound;
  if (now > then * bound)
    return verdict::worse;
  return now * bound < then ? verdict::better : verdict::as_before;
}

std::optional<double> find(const std::vector<result_line>& in, std::string_view key, std::string_view field) {
  for (auto line = in.rbegin(); line != in.rend(); ++line)
    if (line->key == key)
      for (const auto& [name, value] : line->values)
        if (name == field)
          return value;
  return std::nullopt;
}

} // namespace

field_kind kind_of(std::string_view field) noexcept {
  if (field.starts_with("instructions_per_"))
    return field_kind::count;
  if (contains(field, "ratio") || contains(field, "bytes_per_") || contains(field, "kib_per_"))
    return field_kind::measure;
  constexpr std::array<std::string_view, 5> endings{"_us", "_seconds", "_per_second", "_bytes", "_kib"};
  auto is_orientation = std::any_of(endings.begin(), endings.end(), [&](auto end) { return field.ends_with(end); });
  return is_orientation ? field_kind::orientation : field_kind::key;
}

result<std::vector<result_line>> read_results(std::string_view text) {
  std::vector<result_line> all;
  simdjson::dom::parser parser;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty())
      continue;
    simdjson::dom::object object;
    std::optional<result_line> read;
    if (parser.parse(simdjson::padded_string{line}).get(object) == simdjson::SUCCESS)
      read = read_line(object);
    if (!read)
      return error{errc::invalid_payload, "line " + std::to_string(number) + " is no result of a benchmark"};
    all.push_back(std::move(*read));
  }
  return all;
}

std::vector<compared> compare(const std::vector<result_line>& then, const std::vector<result_line>& now) {
  std::vector<compared> all;
  for (const auto& line : now) {
    for (const auto& [field, value] : line.values) {
      auto same = [&, field = field](const compared& c) { return c.key == line.key && c.field == field; };
      if (std::any_of(all.begin(), all.end(), same))
        continue;
      compared one{line.key, field, find(then, line.key, field), find(now, line.key, field), verdict::added};
      if (one.then)
        one.verdict = judge(field, *one.then, *one.now);
      all.push_back(std::move(one));
    }
  }
  for (const auto& line : then)
    for (const auto& [field, value] : line.values)
      if (!find(now, line.key, field))
        all.push_back({line.key, field, find(then, line.key, field), std::nullopt, verdict::removed});
  return all;
}

std::string to_text(const compared& what) {
  constexpr std::array<std::string_view, 5> marks{"", "better: ", "WORSE: ", "new: ", "gone: "};
  auto text = std::string{marks[static_cast<std::size_t>(what.verdict)]} + what.key + ": " + what.field;
  if (what.now)
    text += " " + shown(*what.now);
  if (what.then)
    text += ", was " + shown(*what.then);
  if (what.now && what.then) {
    char factor[64];
    std::snprintf(factor, sizeof factor, ", x %.3f", *what.now / *what.then);
    text += factor;
  }
  return text;
}

} // namespace troupe::bench
