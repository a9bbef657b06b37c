// SPDX-License-Identifier: BSD-3-Clause
// What `delivery` remembers of one subscription, for its two sources only. A subscription has two cursors that know
// nothing of each other: the second is for the events that overtake others.
#pragma once

#include "actors/delivery.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace troupe {

/// One lane of one subscription as this shard sees it.
struct delivery::cursor {
  /// The subscription's, and that of this lane in `cursors_`.
  std::uint64_t subscription = 0;
  std::uint64_t key = 0;
  bool lane = false;
  std::string name;
  /// Null while the subscription waits for a successor.
  caf::actor who;
  /// Counts the holders: answers of earlier ones are void.
  std::uint64_t holder = 1;
  /// All that it wanted up to here is handled.
  std::uint64_t acked = 0;
  /// All up to here was sent, to this holder or to an earlier one: what is sent again is a duplicate.
  std::uint64_t sent = 0;
  /// The newest event that was sent to this holder because its predecessor did not handle it.
  std::uint64_t redelivered_to = 0;
  /// Events since the last probe, and probes without an answer.
  std::uint32_t unprobed = 0;
  std::uint32_t pending = 0;
  /// This holder has answered: it reached what was sent again.
  bool began = false;
  /// It ended, or its actor: nothing is waited for any more.
  bool gone = false;
  bool alarmed = false;
  /// Whether it is asked by `await_handled`.
  bool relays = false;
  /// Whether it wants `event_marks`, what it was told last, and the newest event for which it was told so.
  /// One that `relays` is told before its first event, too: it learns the sender's shard.
  bool marks = false;
  bool introduced = true;
  bool told_replayed = false;
  bool told_redelivered = false;
  std::uint64_t marked_to = 0;
  /// The guilds' actors that events take their way through, with the newest event of each that is not handled.
  std::map<caf::actor, std::uint64_t> through;
  /// Above `acked`: what is not delivered to it any more.
  std::set<std::uint64_t> done;
  /// Above `acked`: deaths at which the event was not handled.
  std::map<std::uint64_t, std::uint8_t> strikes;
  /// Its own window, 0 for none; whether it is closed; and what waits, which is counted only where there is one.
  std::uint32_t window = 0;
  bool full = false;
  std::deque<std::uint64_t> waiting;
  /// When it last moved; without an actor, when it lost the last one.
  clock::time_point since;

  /// Whether it was sent events that no probe asks about.
  [[nodiscard]] bool owes_answer() const noexcept {
    return who != nullptr && unprobed > 0;
  }

  /// Whether it handled that event, or is not waited for.
  [[nodiscard]] bool is_through(std::uint64_t index) const {
    return gone || acked >= index || (!done.empty() && done.contains(index));
  }
};

/// Each in the order of `recipients`.
template <class What>
void delivery::each_recipient(const event_ring::event& event, What what) const {
  const auto& cursors = views_[event.view - first_view_].cursors;
  const auto& all = event.wanted->recipients;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (event.who.has(i))
      what(*cursors[all[i].slot], all[i]);
}

/// Oldest first.
template <class What>
void delivery::each_waiting(const cursor& who, What what) {
  for (auto index = std::max(who.acked + 1, ring_.first()); index < ring_.next(); ++index) {
    if (who.done.contains(index))
      continue;
    const auto& event = ring_[index];
    std::vector<form> forms;
    each_recipient(event, [&](const cursor& one, const recipient& how) {
      if (&one == &who)
        forms.push_back(how.as);
    });
    if (!forms.empty())
      what(index, event, forms);
  }
}

} // namespace troupe
