// SPDX-License-Identifier: BSD-3-Clause
#include "messages/snowflake.hpp"

#include <charconv>

namespace troupe {

std::optional<snowflake> snowflake::parse(std::string_view digits) noexcept {
  snowflake id;
  auto [end, err] = std::from_chars(digits.data(), digits.data() + digits.size(), id.value);
  if (err != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  return id;
}

std::string to_string(snowflake id) {
  return std::to_string(id.value);
}

} // namespace troupe
