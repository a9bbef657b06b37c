// SPDX-License-Identifier: BSD-3-Clause
// How long a session waits before it reconnects, and what it gives up on the way (design 6, "Reconnect ladder").
// Separate from the session so that its delays are tested under seeds.
#pragma once

#include "runtime/gateway/session.hpp"

#include <cstdint>
#include <random>

namespace troupe::gateway {

/// Counts failures until five stable minutes forgive them. The same seed gives the same delays. Not thread-safe.
class ladder_state {
public:
  ladder_state(const ladder& settings, std::uint64_t seed);

  /// The delay before the next attempt, one step up: none for the first, then uniform in
  /// [backoff_min, min(backoff_max, backoff_min * 2^n)] for the n-th after it. With `wait` the first step is left out.
  [[nodiscard]] milliseconds next_delay(bool wait);

  /// After op 9 false: uniform in [1 s, 5 s], doubled for each earlier one, at most backoff_max (protocol 3.9).
  [[nodiscard]] milliseconds invalid_session_delay();

  /// An attempt at the resume URL ended before HELLO.
  void resume_url_failed() noexcept;
  /// Whether the resume URL failed too often.
  [[nodiscard]] bool avoids_resume_url() const noexcept;

  /// A RESUME was not answered by RESUMED. @returns whether the session is to be given up.
  [[nodiscard]] bool resume_failed() noexcept;
  /// READY or RESUMED came.
  void succeeded(bool new_resume_url) noexcept;
  /// It held for long enough: all is forgiven.
  void forgive() noexcept;

  /// Uniform in [0, 1).
  [[nodiscard]] double fraction();

private:
  [[nodiscard]] milliseconds between(milliseconds low, milliseconds high);

  ladder settings_;
  std::mt19937_64 random_;
  std::uint32_t steps_ = 0;
  std::uint32_t invalidations_ = 0;
  std::uint32_t resume_url_failures_ = 0;
  std::uint32_t resume_failures_ = 0;
};

} // namespace troupe::gateway
