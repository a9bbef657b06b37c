// SPDX-License-Identifier: BSD-3-Clause
// Discord's 64-bit ids. A type of its own, so that an id is never mistaken for a count.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// An id of Discord's: creation time in the upper 42 bits (Discord Docs/Reference, "Snowflakes").
/// JSON carries it as a decimal string.
struct snowflake {
  std::uint64_t value = 0;

  /// Reads decimal digits; nothing for anything else, an empty text or a number over 64 bits.
  [[nodiscard]] static std::optional<snowflake> parse(std::string_view digits) noexcept;

  /// The moment of creation, in milliseconds since the Unix epoch.
  [[nodiscard]] constexpr std::chrono::milliseconds created_at() const noexcept {
    return std::chrono::milliseconds{static_cast<std::int64_t>(value >> 22) + 1'420'070'400'000};
  }

  explicit constexpr operator bool() const noexcept {
    return value != 0;
  }

  friend auto operator<=>(const snowflake&, const snowflake&) = default;
};

/// In decimal, as JSON has it.
[[nodiscard]] std::string to_string(snowflake id);

} // namespace troupe

/// Snowflakes as keys.
template <>
struct std::hash<troupe::snowflake> {
  std::size_t operator()(troupe::snowflake id) const noexcept {
    return std::hash<std::uint64_t>{}(id.value);
  }
};
