// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/send_window.hpp"

#include <algorithm>

namespace troupe::gateway {

send_window::send_window(std::size_t limit, clock::duration period) : limit_{limit}, period_{period} {
  // nop
}

bool send_window::try_take(clock::time_point now) {
  forget(now);
  if (taken_.size() >= limit_)
    return false;
  taken_.push_back(now);
  return true;
}

send_window::clock::time_point send_window::next_free(clock::time_point now) {
  forget(now);
  if (limit_ == 0)
    return clock::time_point::max();
  // The place that frees one for the next event is `limit` places back.
  return taken_.size() < limit_ ? now : taken_[taken_.size() - limit_] + period_;
}

std::size_t send_window::used(clock::time_point now) {
  forget(now);
  return taken_.size();
}

std::size_t send_window::limit() const noexcept {
  return limit_;
}

void send_window::forget(clock::time_point now) {
  while (!taken_.empty() && taken_.front() + period_ <= now)
    taken_.pop_front();
}

std::size_t command_limit(std::chrono::milliseconds heartbeat_interval) noexcept {
  constexpr std::int64_t all = 120;
  constexpr std::int64_t window_ms = 60'000;
  constexpr std::int64_t opening = 1;   // IDENTIFY or RESUME
  constexpr std::int64_t requested = 2; // Heartbeats that Discord asks for.
  constexpr std::int64_t least = 100;
  auto interval = std::max<std::int64_t>(heartbeat_interval.count(), 1);
  auto beats = (window_ms + interval - 1) / interval + 1;
  return static_cast<std::size_t>(std::max(all - beats - opening - requested, least));
}

} // namespace troupe::gateway
