// SPDX-License-Identifier: BSD-3-Clause
// How often is too often, and how long to wait: the two sums of a supervisor. Separate so that their boundaries are
// tested exactly.
#pragma once

#include "runtime/supervision/flags.hpp"

#include <cstdint>
#include <deque>

namespace troupe::supervision {

/// OTP's restart intensity: a sliding window over the restarts. Not thread-safe.
class restart_window {
public:
  restart_window(std::uint32_t intensity, milliseconds period) : intensity_{intensity}, period_{period} {
    // nop
  }

  /// Counts a restart. One that is exactly `period` old still counts.
  /// @returns whether there are no more than `intensity` now.
  [[nodiscard]] bool add(clock::time_point now);

  /// Forgets all.
  void clear() {
    restarts_.clear();
  }

private:
  std::uint32_t intensity_;
  milliseconds period_;
  std::deque<clock::time_point> restarts_;
};

/// The delays between a child's restarts: exponential, with full jitter from a seed (SplitMix64). Not thread-safe.
class backoff {
public:
  backoff(milliseconds min, milliseconds max, std::uint64_t seed) : min_{min}, max_{max}, state_{seed} {
    // nop
  }

  /// The delay after this many crashes in a row: none after the first, then at random up to `limit`.
  [[nodiscard]] milliseconds after(std::uint32_t crashes);

  /// The longest delay after this many crashes in a row: `min` after the second, doubled for each further one, at most
  /// `max`.
  [[nodiscard]] milliseconds limit(std::uint32_t crashes) const;

  /// The delay of a degraded supervisor: between half of `max` and `max`.
  [[nodiscard]] milliseconds slow();

private:
  /// Uniform in [0, limit].
  milliseconds below(milliseconds limit);

  milliseconds min_;
  milliseconds max_;
  std::uint64_t state_;
};

} // namespace troupe::supervision
