// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/supervision/restart_window.hpp"

#include <algorithm>

namespace troupe::supervision {

bool restart_window::add(clock::time_point now) {
  while (!restarts_.empty() && restarts_.front() < now - period_)
    restarts_.pop_front();
  restarts_.push_back(now);
  return restarts_.size() <= intensity_;
}

milliseconds backoff::limit(std::uint32_t crashes) const {
  if (crashes < 2)
    return milliseconds{0};
  auto limit = std::min(min_, max_);
  for (auto doublings = crashes - 2; doublings > 0 && limit < max_ && limit.count() > 0; --doublings)
    limit = limit > max_ / 2 ? max_ : limit * 2;
  return limit;
}

milliseconds backoff::after(std::uint32_t crashes) {
  return below(limit(crashes));
}

milliseconds backoff::slow() {
  auto half = max_ / 2;
  return half + below(max_ - half);
}

milliseconds backoff::below(milliseconds limit) {
  if (limit.count() <= 0)
    return milliseconds{0};
  auto z = (state_ += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  z ^= z >> 31;
  return milliseconds{static_cast<std::int64_t>(z % (static_cast<std::uint64_t>(limit.count()) + 1))};
}

} // namespace troupe::supervision
