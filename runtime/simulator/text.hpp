// SPDX-License-Identifier: BSD-3-Clause
// Small pieces of JSON text that the world, the traffic and REST write alike.
#pragma once

#include "messages/snowflake.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::simulator {

/// `"text"`, escaped.
[[nodiscard]] std::string quote(std::string_view text);

/// `"123"`
[[nodiscard]] std::string quote(snowflake id);

/// `"2026-01-01T00:00:00.000000+00:00"`, as Discord writes times.
[[nodiscard]] std::string quote_time(std::int64_t unix_ms);

/// The number of code points.
[[nodiscard]] std::size_t length(std::string_view utf8) noexcept;

} // namespace troupe::simulator
