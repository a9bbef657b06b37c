// SPDX-License-Identifier: BSD-3-Clause
// The model's generator (SplitMix64). Separate from <random>, whose distributions differ between standard libraries: a
// seed must mean the same run everywhere.
#pragma once

#include <cstdint>

namespace troupe::simulator {

/// Deterministic from its seed.
class random {
public:
  explicit random(std::uint64_t seed) noexcept : state_{seed} {
    // nop
  }

  /// SplitMix64: 64 even bits.
  std::uint64_t next() noexcept {
    auto z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  /// Uniform in [0, limit); 0 for a limit of 0.
  std::uint64_t below(std::uint64_t limit) noexcept {
    return limit == 0 ? 0 : next() % limit;
  }

  /// Uniform in [0, 1).
  double share() noexcept {
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
  }

private:
  std::uint64_t state_;
};

} // namespace troupe::simulator
