// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/config/config.hpp"

#include <charconv>

namespace troupe::config {

namespace {

constexpr std::uint32_t max_count = 65'536;

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || code != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' '))
    text.remove_prefix(1);
  while (text.ends_with(' '))
    text.remove_suffix(1);
  return text;
}

} // namespace

result<shard_selection> shard_selection::parse(std::string_view given) {
  auto text = trimmed(given);
  shard_selection made;
  if (text == "auto")
    return made;
  auto malformed = [&] {
    return error{errc::invalid_configuration,
                 "must be \"auto\", a count such as 16, or a part such as 0-7/16, not \"" + std::string{text} + "\""};
  };
  auto slash = text.find('/');
  made.count = number(slash == std::string_view::npos ? text : text.substr(slash + 1));
  if (!made.count)
    return malformed();
  if (*made.count == 0 || *made.count > max_count)
    return error{errc::shard_out_of_range, "the number of shards must be from 1 to " + std::to_string(max_count)
                                             + ", not \"" + std::string{text} + "\""};
  if (slash == std::string_view::npos)
    return made;
  auto range = text.substr(0, slash);
  auto dash = range.find('-');
  auto first = number(range.substr(0, dash));
  auto last = dash == std::string_view::npos ? first : number(range.substr(dash + 1));
  if (!first || !last)
    return malformed();
  auto count = std::to_string(*made.count);
  if (*last >= *made.count)
    return error{errc::shard_out_of_range, "there is no shard " + std::to_string(*last) + " of " + count
                                             + ", they count from 0 to " + std::to_string(*made.count - 1)};
  if (*first > *last)
    return error{errc::shard_out_of_range, "the range begins after its end, write " + std::to_string(*last) + "-"
                                             + std::to_string(*first) + "/" + count};
  made.first = *first;
  made.last = *last;
  return made;
}

} // namespace troupe::config
