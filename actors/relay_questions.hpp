// SPDX-License-Identifier: BSD-3-Clause
// When a subscriber that hands events on may answer `handled`: the questions of one shard, and how far those are that
// got its events. Separate from the actor, so that it can be tested without one.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace troupe {

/// Events are numbered upwards in the order in which they came, those of other shards between them. Not thread-safe.
class relay_questions {
public:
  /// From here on `who` has not handled the event of that number, but all before it that it got.
  void waits(std::uint64_t who, std::uint64_t number);

  /// `who` has handled all that it got.
  void rests(std::uint64_t who);

  /// Somebody asks whether all events up to that number are handled; numbers of later questions are not lower.
  void ask(std::uint64_t question, std::uint64_t number) {
    questions_.emplace_back(number, question);
  }

  /// The questions whose answer is yes by now, each told once, in their order.
  [[nodiscard]] std::vector<std::uint64_t> answered();

  /// Whether a question waits.
  [[nodiscard]] bool asked() const noexcept {
    return !questions_.empty();
  }

  /// Those who have not handled all.
  [[nodiscard]] std::vector<std::uint64_t> waiting() const;

private:
  /// By who, and the other way round.
  std::map<std::uint64_t, std::uint64_t> oldest_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> by_number_;
  std::deque<std::pair<std::uint64_t, std::uint64_t>> questions_;
};

} // namespace troupe
