// SPDX-License-Identifier: BSD-3-Clause
// Moments as Discord writes them: ISO 8601 (Discord Docs/Reference, "ISO8601 Date/Time").
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// A moment in microseconds since the Unix epoch.
struct timestamp {
  std::int64_t unix_us = 0;

  /// Reads "2026-01-02T03:04:05.678901+00:00": any number of digits of the second, any offset or "Z". Nothing for
  /// anything else, nor outside of the years 0 to 9999 of UTC.
  [[nodiscard]] static std::optional<timestamp> parse(std::string_view text) noexcept;

  friend auto operator<=>(const timestamp&, const timestamp&) = default;
};

/// As Discord writes it: with microseconds, in UTC.
[[nodiscard]] std::string to_string(timestamp when);

} // namespace troupe
