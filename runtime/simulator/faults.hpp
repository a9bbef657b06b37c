// SPDX-License-Identifier: BSD-3-Clause
// What can go wrong on purpose. A fault has one name, used alike on the command line, in scripts and at the control
// endpoint: "close code=4009 shard=0".
#pragma once

#include "messages/error.hpp"

#include "runtime/simulator/options.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::simulator {

/// Every fault; the README has a table of names and parameters.
enum class fault_kind : std::uint8_t {
  // -- aimed at connections: now, or at the next IDENTIFY or RESUME where the shard is not connected
  reconnect,         ///< Op 7.
  invalid_session,   ///< Op 9; without `resumable` the session ends.
  close,             ///< A close frame with `code`.
  drop,              ///< The socket ends without a close frame.
  silence,           ///< The server neither sends nor acknowledges any more.
  half_frame,        ///< Half of the next frame, then silence.
  split_messages,    ///< The next `count` messages are spread over two frames (zlib-stream only).
  missing_suffix,    ///< The next `count` messages lack their 00 00 FF FF (zlib-stream only).
  corrupt_stream,    ///< The next `count` messages are damaged.
  request_heartbeat, ///< Op 1.
  invalidate,        ///< The session is forgotten, then the socket closed with 4000.
  // -- aimed at connections to come
  hello_delay,   ///< HELLO comes late.
  hello_missing, ///< HELLO never comes.
  // -- hosts
  resume_host_dead, ///< The resume host refuses connections, or takes them and says nothing.
  tls_failure,      ///< TLS handshakes fail.
  upgrade_error,    ///< The WebSocket upgrade is answered with `status`.
  upgrade_hang,     ///< The WebSocket upgrade is not answered.
  rest_429,         ///< REST is rate limited.
  rest_error,       ///< REST answers `status`.
  rest_html,        ///< REST answers 200 with an HTML page.
  rest_hang,        ///< REST does not answer.
  // -- everything
  latency, ///< Whatever the server sends comes late.
  outage,  ///< Guilds become unavailable and come back.
  burst,   ///< Many events at once.
};

/// One fault with its parameters.
struct fault {
  fault_kind kind = fault_kind::drop;
  /// `shard=N`; not set ("all"): every shard.
  std::optional<std::uint32_t> shard;
  /// `code`: of `close`.
  std::uint16_t code = 4000;
  /// `status`: of HTTP.
  std::uint16_t status = 502;
  /// `count`: how often, for those that wait for an occasion; `events` of a burst, `guilds` of an outage.
  std::uint32_t count = 1;
  /// `seconds`: how long it lasts. For those with a `count` too, whichever ends first.
  std::chrono::milliseconds lasting{10'000};
  /// `ms`: how late.
  std::chrono::milliseconds late{1'000};
  /// `resumable`: of op 9.
  bool resumable = false;
  /// `mode` of resume-host-dead (refuse, hang); `body` of rest-error (json, html, empty); `scope` of rest-429 (user,
  /// global, shared, cloudflare); `reason` of close.
  std::string variant;
  /// `retry_after` of rest-429.
  double retry_after = 1;
};

/// A line of a script.
struct timed_fault {
  /// After the start.
  std::chrono::milliseconds at{0};
  fault what;
};

/// "close"
[[nodiscard]] std::string_view to_string(fault_kind kind) noexcept;

/// Reads "close code=4009 shard=0".
/// @returns `errc::invalid_argument` that names the wrong word and what is right.
[[nodiscard]] result<fault> parse_fault(std::string_view text);

/// Reads {"fault":"close","code":4009,"shard":0}.
[[nodiscard]] result<fault> parse_fault_json(std::string_view text);

/// Reads lines "<seconds> <fault> [key=value ...]"; # begins a comment. Errors name `file` and the line.
[[nodiscard]] result<std::vector<timed_fault>> parse_script(std::string_view text, std::string_view file);

} // namespace troupe::simulator
