// SPDX-License-Identifier: BSD-3-Clause
// One connection's heartbeat (Discord Docs/Gateway, "Sending Heartbeats"; protocol 3.2). Any frame counts as a sign of
// life, because an acknowledgement may queue behind a burst of events.
#pragma once

#include <chrono>
#include <deque>
#include <optional>

namespace troupe::gateway {

/// Says when to beat and whether the peer lives. Not thread-safe.
class heart {
public:
  using clock = std::chrono::steady_clock;

  /// What to do when the timer fires.
  enum class verdict { beat, dead };

  /// HELLO came. @param jitter In [0, 1). @returns the delay to the first beat.
  [[nodiscard]] clock::duration start(std::chrono::milliseconds interval, double jitter, clock::time_point now);

  /// A frame of any kind came.
  void on_frame() noexcept;

  /// Whether nothing is read for now: silence is no evidence then, nor in the interval after it.
  void withhold(bool withheld) noexcept;

  /// The timer fired. Dead: no frame came since the last beat though frames were read, or this is late by more than an
  /// interval, because the machine slept.
  [[nodiscard]] verdict on_due(clock::time_point now) noexcept;

  /// The scheduled beat was sent. @returns the delay to the next.
  [[nodiscard]] clock::duration beat_sent(clock::time_point now);

  /// A beat that Discord asked for was sent: no change of schedule, and no test of life depends on it.
  void extra_sent(clock::time_point now);

  /// An acknowledgement came. @returns how long it took; nothing where no beat waits for one.
  [[nodiscard]] std::optional<clock::duration> on_ack(clock::time_point now);

  /// As HELLO gave it; 0 before.
  [[nodiscard]] std::chrono::milliseconds interval() const noexcept {
    return interval_;
  }

private:
  std::chrono::milliseconds interval_{0};
  clock::time_point due_;
  /// A scheduled beat was sent, so silence since then means something.
  bool beaten_ = false;
  bool heard_ = false;
  bool withheld_ = false;
  /// When the beats that wait for an acknowledgement were sent.
  std::deque<clock::time_point> unanswered_;
};

} // namespace troupe::gateway
