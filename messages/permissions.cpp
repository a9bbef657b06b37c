// SPDX-License-Identifier: BSD-3-Clause
#include "messages/permissions.hpp"

#include <charconv>

namespace troupe {

std::optional<permissions> permissions::parse(std::string_view digits) noexcept {
  permissions read;
  auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), read.bits);
  if (code != std::errc{} || end != digits.data() + digits.size() || digits.empty())
    return std::nullopt;
  return read;
}

std::string to_string(permissions what) {
  return std::to_string(what.bits);
}

} // namespace troupe
