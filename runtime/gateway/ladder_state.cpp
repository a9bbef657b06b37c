// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/ladder_state.hpp"

#include <algorithm>

namespace troupe::gateway {

namespace {

constexpr milliseconds invalid_session_min{1'000};
constexpr milliseconds invalid_session_max{5'000};

milliseconds doubled(milliseconds base, std::uint32_t times, milliseconds most) {
  while (times-- > 0 && base < most)
    base *= 2;
  return std::min(base, most);
}

} // namespace

ladder_state::ladder_state(const ladder& settings, std::uint64_t seed) : settings_{settings}, random_{seed} {
  // nop
}

milliseconds ladder_state::next_delay(bool wait) {
  if (wait && steps_ == 0)
    steps_ = 1;
  auto step = steps_++;
  if (step == 0)
    return milliseconds{0};
  return between(settings_.backoff_min, doubled(settings_.backoff_min, step, settings_.backoff_max));
}

milliseconds ladder_state::invalid_session_delay() {
  auto most = std::max(settings_.backoff_max, invalid_session_max);
  return doubled(between(invalid_session_min, invalid_session_max), invalidations_++, most);
}

void ladder_state::resume_url_failed() noexcept {
  ++resume_url_failures_;
}

bool ladder_state::avoids_resume_url() const noexcept {
  return resume_url_failures_ >= settings_.url_failures;
}

bool ladder_state::resume_failed() noexcept {
  return ++resume_failures_ >= settings_.resume_failures;
}

void ladder_state::succeeded(bool new_resume_url) noexcept {
  resume_failures_ = 0;
  if (new_resume_url)
    resume_url_failures_ = 0;
}

void ladder_state::forgive() noexcept {
  steps_ = 0;
  invalidations_ = 0;
  resume_url_failures_ = 0;
  resume_failures_ = 0;
}

double ladder_state::fraction() {
  // Not std::uniform_real_distribution: its results differ between libraries.
  return static_cast<double>(random_() >> 11) * 0x1.0p-53;
}

milliseconds ladder_state::between(milliseconds low, milliseconds high) {
  auto span = static_cast<double>(std::max(high - low, milliseconds{0}).count());
  return low + milliseconds{static_cast<std::int64_t>(fraction() * span)};
}

} // namespace troupe::gateway
