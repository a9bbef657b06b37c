// SPDX-License-Identifier: BSD-3-Clause
// Finds a payload's envelope without decoding the rest: most events end here.
#pragma once

#include "messages/error.hpp"
#include "messages/snowflake.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace troupe::codec {

/// `{op, s, t, d}` of one message (Discord Docs/Gateway Events, "Payload Structure"). Views into the message.
struct envelope {
  std::uint32_t op = 0;
  std::optional<std::uint64_t> s;
  /// Empty where null or absent.
  std::string_view t;
  /// The raw text of `d`; empty where absent. Not yet validated.
  std::string_view d;
};

/// Scans messages with one reused parser. Not thread-safe.
class scanner {
public:
  scanner();
  ~scanner();
  scanner(scanner&&) noexcept;
  scanner& operator=(scanner&&) noexcept;

  /// @param text One message, followed by `codec::padding` readable bytes. Keys may come in any order.
  /// @returns `errc::invalid_payload` where it is not an object with a small unsigned `op`.
  [[nodiscard]] result<envelope> scan(std::string_view text);

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace troupe::codec
