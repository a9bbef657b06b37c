// SPDX-License-Identifier: BSD-3-Clause
// Turns the session's timers, which are armed anew all the time, into few messages of the actor clock, which cannot be
// cancelled: at most about one per kind is on its way. Plain, so that it is tested without an actor.
#pragma once

#include "runtime/gateway/session.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace troupe {

/// One deadline per kind of timer. When its wake-up comes too early, because the deadline moved on since, another is
/// asked for. Not thread-safe.
class shard_timers {
public:
  using clock = gateway::clock;

  /// Ask the actor clock for a wake-up with this number after `delay`.
  struct wake_up {
    std::uint64_t number;
    clock::duration delay;
  };

  /// What to do with a wake-up that came.
  struct verdict {
    /// The epoch to call `session::on_timer` with, where the timer is due.
    std::optional<std::uint64_t> due;
    /// Ask again, where it is not.
    std::optional<wake_up> again;
  };

  /// @returns a wake-up unless one comes early enough already.
  [[nodiscard]] std::optional<wake_up> arm(const gateway::arm& order, clock::time_point now) {
    auto& kind = kinds_[static_cast<std::size_t>(order.which)];
    kind.deadline = now + order.delay;
    kind.epoch = order.epoch;
    if (kind.wakes_at && *kind.wakes_at <= *kind.deadline)
      return std::nullopt;
    return next_wake_up(kind, now);
  }

  /// A wake-up came. Those that an earlier one replaced do nothing.
  [[nodiscard]] verdict on_wake_up(gateway::timer which, std::uint64_t number, clock::time_point now) {
    auto& kind = kinds_[static_cast<std::size_t>(which)];
    if (number != kind.number || !kind.wakes_at)
      return {};
    kind.wakes_at.reset();
    if (!kind.deadline)
      return {};
    if (now < *kind.deadline)
      return {std::nullopt, next_wake_up(kind, now)};
    kind.deadline.reset();
    return {kind.epoch, std::nullopt};
  }

private:
  struct slot {
    std::optional<clock::time_point> deadline;
    std::uint64_t epoch = 0;
    /// When the wake-up called `number` comes; none where none is on its way.
    std::optional<clock::time_point> wakes_at;
    std::uint64_t number = 0;
  };

  static wake_up next_wake_up(slot& kind, clock::time_point now) {
    kind.wakes_at = kind.deadline;
    return {++kind.number, *kind.deadline - now};
  }

  std::array<slot, static_cast<std::size_t>(gateway::timer::partial_message) + 1> kinds_;
};

} // namespace troupe
