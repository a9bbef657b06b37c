// SPDX-License-Identifier: BSD-3-Clause
// Two sliding logs: 120 payloads per 60 s on a connection, 5 presence updates per 20 s (protocol 4.1).
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

namespace troupe::gateway {

/// At most `limit` events in any `period`. The log is sliding, so that it holds whatever window Discord uses.
class send_window {
public:
  using clock = std::chrono::steady_clock;

  send_window(std::size_t limit, clock::duration period);

  /// Takes a place if there is one now.
  [[nodiscard]] bool try_take(clock::time_point now);

  /// The earliest moment at which `try_take` succeeds; `now` where it would at once.
  [[nodiscard]] clock::time_point next_free(clock::time_point now);

  /// Places taken within the period before `now`.
  [[nodiscard]] std::size_t used(clock::time_point now);

  [[nodiscard]] std::size_t limit() const noexcept;

private:
  void forget(clock::time_point now);

  std::size_t limit_;
  clock::duration period_;
  std::deque<clock::time_point> taken_;
};

/// How many of the 120 payloads commands may use on a connection with this heartbeat interval: the rest is reserved for
/// heartbeats (ours and those Discord asks for) and for the IDENTIFY or RESUME that opened it.
[[nodiscard]] std::size_t command_limit(std::chrono::milliseconds heartbeat_interval) noexcept;

} // namespace troupe::gateway
