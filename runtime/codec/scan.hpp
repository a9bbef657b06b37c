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

/// `{op, s, t, d}` of one message (Discord Docs/Gateway Events, "Payload Structure"). The views hold until the message
/// goes, the scanner is destroyed, or a scanner is used on this thread again, whichever comes first: `t` lies in the
/// thread's parser, and `d` in the scanner where the message was not UTF-8.
struct envelope {
  std::uint32_t op = 0;
  std::optional<std::uint64_t> s;
  /// Empty where null or absent.
  std::string_view t;
  /// The raw text of `d`; empty where absent. Not yet validated.
  std::string_view d;
};

/// Scans messages. Not thread-safe.
class scanner {
public:
  scanner();
  ~scanner();
  scanner(scanner&&) noexcept;
  scanner& operator=(scanner&&) noexcept;

  /// @param text One message, followed by `codec::padding` readable bytes. Keys may come in any order.
  /// A message that is not UTF-8 is read as if each wrong byte were U+FFFD.
  /// @returns `errc::invalid_payload` where it is not an object with a small unsigned `op`.
  [[nodiscard]] result<envelope> scan(std::string_view text);

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace troupe::codec
