// SPDX-License-Identifier: BSD-3-Clause
// What is promised about the tree (promises P5 and P6), judged by lifecycle messages and by questions to the tree.
#pragma once

#include "messages/error.hpp"
#include "messages/shard_id.hpp"

#include "actors/simulation/checker.hpp"
#include "actors/simulation/trace.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace troupe::simulation {

/// A supervisor restarts no more than its intensity allows, unless it said that it is degraded; none gives up.
class restarts_within_intensity : public checker {
public:
  restarts_within_intensity(std::uint32_t intensity, std::chrono::milliseconds period);

  /// A supervisor with an intensity of its own.
  void allow(const std::string& supervisor, std::uint32_t intensity);

  /// A child will be started again: as many as there are in one moment count once, as a group.
  void on_restarting(const std::string& child, time_point now);
  void on_degraded(const std::string& supervisor);
  void on_recovered(const std::string& supervisor);
  void on_gave_up(const std::string& supervisor);
  /// It counts anew.
  void on_started(const std::string& supervisor);
  void on_process_restart();

private:
  std::uint32_t intensity_;
  std::chrono::milliseconds period_;
  std::map<std::string, std::uint32_t> own_intensity_;
  std::map<std::string, std::deque<time_point>> restarts_;
  std::set<std::string> degraded_;
};

/// Actors end with their tree: when all is quiet there are as many as the tree has, and a few that ask.
class no_orphans : public checker {
public:
  no_orphans();

  /// Nothing is left to do: what runs, and how many have a place.
  void on_quiet(std::size_t running, std::size_t expected);
};

/// What a shard holds for slow subscribers stays within its window and what was on its way already.
class memory_is_bounded : public checker {
public:
  explicit memory_is_bounded(std::uint64_t limit);

  /// A shard was asked how it is.
  void on_outstanding(shard_id shard, std::uint64_t events);

private:
  std::uint64_t limit_;
};

/// Once faults stop, everyone is ready within a bound, and goes on.
class everyone_ready_again : public checker {
public:
  everyone_ready_again();

  /// @param who Not ready though the bound has passed.
  void on_bound(const std::vector<shard_id>& who, std::chrono::seconds bound);
  /// A shard whose world is whole delivered nothing since the last look.
  void on_standstill(shard_id shard);
};

/// The tree gives up only where Discord cannot be reached at the start, or refused for good.
class runs_end_with_reason : public checker {
public:
  runs_end_with_reason();

  /// The tree said that it cannot go on.
  void on_failed(const error& reason);
};

/// The root ends within its deadline, and leaves every ready shard's session in the store.
class shutdown_is_clean : public checker {
public:
  shutdown_is_clean();

  /// The root was told to end.
  void on_end(bool in_time, const std::vector<shard_id>& without_session);
};

} // namespace troupe::simulation
