// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/limits.hpp"

#include <algorithm>

namespace troupe::simulator {

void sliding_window::forget(clock::time_point now) {
  while (!taken_.empty() && now - taken_.front() >= window_)
    taken_.pop_front();
}

bool sliding_window::take(clock::time_point now) {
  forget(now);
  if (taken_.size() >= limit_)
    return false;
  taken_.push_back(now);
  return true;
}

std::uint32_t sliding_window::remaining(clock::time_point now) {
  forget(now);
  return limit_ - static_cast<std::uint32_t>(taken_.size());
}

clock::duration sliding_window::wait(clock::time_point now) {
  forget(now);
  return taken_.size() < limit_ ? clock::duration{0} : taken_.front() + window_ - now;
}

identify_limits::identify_limits(const options& opts, clock::time_point start)
  : total_{opts.session_starts_total}, remaining_{std::min(opts.session_starts_remaining, opts.session_starts_total)},
    max_concurrency_{std::max(1u, opts.max_concurrency)}, interval_{opts.identify_interval},
    window_{opts.session_start_window}, window_start_{start} {
  // nop
}

void identify_limits::roll(clock::time_point now) {
  if (window_ <= clock::duration{0} || now - window_start_ < window_)
    return;
  window_start_ += window_ * ((now - window_start_) / window_);
  remaining_ = total_;
}

identify_limits::verdict identify_limits::take(shard_id shard, clock::time_point now) {
  roll(now);
  if (remaining_ == 0)
    return verdict::budget_spent;
  --remaining_;
  auto [last, first] = last_.try_emplace(shard.bucket(max_concurrency_), now);
  if (first)
    return verdict::allowed;
  auto early = now - last->second < interval_;
  last->second = now;
  return early ? verdict::too_early : verdict::allowed;
}

std::uint32_t identify_limits::remaining(clock::time_point now) {
  roll(now);
  return remaining_;
}

std::chrono::milliseconds identify_limits::reset_after(clock::time_point now) {
  roll(now);
  return std::chrono::ceil<std::chrono::milliseconds>(window_start_ + window_ - now);
}

} // namespace troupe::simulator
