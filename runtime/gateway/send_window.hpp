// SPDX-License-Identifier: BSD-3-Clause
// Two sliding logs: 120 payloads per 60 s on a connection, 5 presence updates per 20 s (protocol 4.1).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
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

  /// How many commands fit into one window beside the heartbeats.
  [[nodiscard]] std::size_t limit() const noexcept;

private:
  void forget(clock::time_point now);

  std::size_t limit_;
  clock::duration period_;
  std::deque<clock::time_point> taken_;
};

/// How many of the 120 payloads commands may use on a connection with this heartbeat interval. Reserved are
/// ceil(60 s / interval) + 1 heartbeats (a sliding minute can hold one more), 2 that Discord asks for and 1 for the
/// IDENTIFY or RESUME that opened the connection: 114 remain at 41.25 s. Never below 100, which holds the 120 for every
/// interval from 4 s; Discord's is ten times that.
[[nodiscard]] std::size_t command_limit(std::chrono::milliseconds heartbeat_interval) noexcept;

} // namespace troupe::gateway
