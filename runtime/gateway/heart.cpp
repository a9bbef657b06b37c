// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/heart.hpp"

namespace troupe::gateway {

namespace {

// A peer that asks for beats but never acknowledges one must not fill the memory.
constexpr std::size_t unanswered_max = 16;

} // namespace

heart::clock::duration heart::start(std::chrono::milliseconds interval, double jitter, clock::time_point now) {
  auto withheld = withheld_;
  *this = {};
  withheld_ = withheld;
  interval_ = interval;
  auto delay = std::chrono::duration_cast<clock::duration>(interval * jitter);
  due_ = now + delay;
  return delay;
}

void heart::on_frame() noexcept {
  heard_ = true;
}

void heart::withhold(bool withheld) noexcept {
  if (withheld_ && !withheld)
    heard_ = true;
  withheld_ = withheld;
}

heart::verdict heart::on_due(clock::time_point now) noexcept {
  if (now > due_ + interval_ || (beaten_ && !heard_ && !withheld_))
    return verdict::dead;
  return verdict::beat;
}

heart::clock::duration heart::beat_sent(clock::time_point now) {
  beaten_ = true;
  heard_ = false;
  extra_sent(now);
  due_ = now + interval_;
  return interval_;
}

void heart::extra_sent(clock::time_point now) {
  if (unanswered_.size() == unanswered_max)
    unanswered_.pop_front();
  unanswered_.push_back(now);
}

std::optional<heart::clock::duration> heart::on_ack(clock::time_point now) {
  if (unanswered_.empty())
    return std::nullopt;
  auto latency = now - unanswered_.front();
  unanswered_.pop_front();
  return latency;
}

} // namespace troupe::gateway
