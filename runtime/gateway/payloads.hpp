// SPDX-License-Identifier: BSD-3-Clause
// The few payloads that a session itself writes and reads, and the URL it dials (protocol 1.2, 3.2 to 3.7). The only
// place where the token becomes part of a text.
#pragma once

#include "runtime/gateway/session.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace troupe::gateway {

/// The largest payload that Discord takes from a client (protocol 1.4).
inline constexpr std::size_t payload_bytes_max = 4096;

/// Completes a gateway URL with version, encoding and compression; a query that it has is replaced.
[[nodiscard]] std::string dial_url(std::string_view base, codec::compression compression);

/// Op 2. Never asks for payload compression.
[[nodiscard]] std::string identify_payload(const session_settings& settings);

/// Op 6.
[[nodiscard]] std::string resume_payload(const secret& token, const resume_point& point);

/// Op 1; `d` is null without a sequence.
[[nodiscard]] std::string heartbeat_payload(std::optional<std::uint64_t> sequence);

/// The heartbeat interval of HELLO's `d`; nothing where it is absent or nonsense: not above 0, or above ten minutes.
/// @param data Followed by `codec::padding` readable bytes.
[[nodiscard]] std::optional<milliseconds> read_heartbeat_interval(std::string_view data);

/// Whether the text is JSON of whatever kind: then it is odd, but the stream is not corrupt.
[[nodiscard]] bool is_json(std::string_view text);

} // namespace troupe::gateway
