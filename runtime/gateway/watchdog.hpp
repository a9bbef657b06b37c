// SPDX-License-Identifier: BSD-3-Clause
// Judges one shard by its own history: what no deadline of the session notices, because nothing fails. Sans-IO and
// separate from the session, which must not depend on how it is looked at.
#pragma once

#include "messages/lifecycle.hpp"
#include "messages/phase.hpp"

#include "runtime/gateway/session.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace troupe::gateway {

/// When to raise an alarm.
struct watchdog_limits {
  /// A silent session: at least so long without an event...
  milliseconds silence{300'000};
  /// ... in which its history makes at least so many expected...
  double expected = 20;
  /// ... and more than so many times the longest silence of that history.
  double gaps = 3;
  /// How much time of being ready is remembered, and in how many of its minutes there must be events to judge.
  milliseconds history{3'600'000};
  std::size_t shortest_history = 10;
  /// Those of the session...
  gateway::deadlines deadlines;
  /// ... and how much more a phase may take.
  milliseconds margin{30'000};
  /// A late shard: its timers come later than this...
  milliseconds late{1'000};
  /// ... for so long.
  milliseconds late_for{60'000};
};

/// What the watchdog is shown.
struct shard_view {
  troupe::phase phase = troupe::phase::idle;
  /// Connections so far: a phase that is entered again is no longer the same.
  std::uint64_t generation = 0;
  /// Dispatches so far.
  std::uint64_t events = 0;
  /// Whether the shard reads nothing, because its subscribers are behind (promise P6).
  bool reading_withheld = false;
  /// How much later than asked for this look comes.
  clock::duration lateness{0};
};

/// An alarm begins or ends.
struct watchdog_verdict {
  alarm_kind kind = alarm_kind::silent_session;
  bool begins = false;
  /// What is wrong and what to do; empty at the end.
  std::string detail;
};

/// One shard's watchdog. Not thread-safe.
class watchdog {
public:
  explicit watchdog(watchdog_limits limits = {});

  /// Call it every ten seconds or so. @returns the alarms that begin or end, each once.
  [[nodiscard]] std::vector<watchdog_verdict> look(const shard_view& seen, clock::time_point now);

private:
  void watch_silence(const shard_view& seen, clock::time_point now);
  void judge_silence(clock::duration silence);
  void watch_phase(const shard_view& seen, clock::time_point now);
  void watch_lateness(const shard_view& seen, clock::time_point now);
  /// Events per minute of the history, without its busiest quarter: GUILD_CREATEs at the start promise nothing.
  [[nodiscard]] double usual_rate() const;
  [[nodiscard]] std::optional<milliseconds> longest_stay(phase in) const;
  /// Notes whether an alarm holds; tells where that changes.
  void set(alarm_kind kind, bool holds, const std::string& detail);

  /// At least a minute of being ready, and as long as it took for an event.
  struct minute {
    std::uint64_t events = 0;
    clock::duration length{0};
    /// The longest silence that ended in it.
    clock::duration gap{0};
  };

  watchdog_limits limits_;
  std::vector<watchdog_verdict> told_;
  std::array<bool, 4> raised_{};

  /// The newest last; and the one that is being filled.
  std::deque<minute> history_;
  minute current_;
  clock::duration remembered_{0};
  std::uint64_t events_ = 0;
  /// The last look; none where it did not find the shard ready and reading.
  std::optional<clock::time_point> watched_;
  clock::time_point last_event_;

  phase phase_ = phase::idle;
  std::uint64_t generation_ = 0;
  std::uint64_t progress_ = 0;
  clock::time_point entered_;
  bool seen_ = false;

  std::optional<clock::time_point> late_since_;
};

} // namespace troupe::gateway
