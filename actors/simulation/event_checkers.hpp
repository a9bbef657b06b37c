// SPDX-License-Identifier: BSD-3-Clause
// What is promised about events (promise P4), judged by what the local Discord dispatched and what the subscriber
// handled.
#pragma once

#include "messages/shard_id.hpp"

#include "actors/simulation/checker.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace troupe::simulation {

/// All sessions that there were, and how far the subscriber is in each.
class event_history {
public:
  /// One session's dispatches.
  struct session {
    std::string id;
    std::uint32_t shard = 0;
    /// Digests of the payloads, from sequence 1.
    std::deque<std::uint64_t> digests;
    /// The newest that was handled, or set aside.
    std::uint64_t handled = 0;
    /// Not handled, though a later one was.
    std::set<std::uint64_t> missing;
    /// Set aside, beyond `handled`.
    std::set<std::uint64_t> skipped;
    /// RESUMED is for one connection: it may be left out, and may come still.
    std::set<std::uint64_t> resumed;
    /// The newest that was handled of each guild, or of all where one actor handles all (guild 0).
    std::map<std::uint64_t, std::uint64_t> newest;
    /// Stored as handled.
    std::uint64_t stored = 0;
  };

  /// Discord made a dispatch, sent or kept for RESUME.
  void dispatched(const std::string& session_id, std::uint32_t shard, std::uint64_t sequence, std::string_view payload);

  /// The session that this event says it is of (`simulator::options::mark_sessions`); null where it was not sent there
  /// with this sequence.
  [[nodiscard]] session* find(std::uint32_t shard, std::uint64_t sequence, std::string_view payload);

  /// By its id; null where Discord never made it.
  [[nodiscard]] session* find(const std::string& id);

  /// By shard, oldest first; only the newest few, since nobody delivers older ones.
  [[nodiscard]] std::map<std::uint32_t, std::deque<session>>& all() noexcept {
    return sessions_;
  }

private:
  std::map<std::uint32_t, std::deque<session>> sessions_;
};

/// Everything that Discord dispatched in a session is handled, or set aside and reported, up to the last that the
/// subscriber could get; nothing is left out in the middle, and nothing comes that was never sent.
class no_event_lost : public checker {
public:
  /// @param in_parallel whether events may overtake those of other guilds.
  explicit no_event_lost(event_history& history, bool in_parallel = false);

  /// Call it last: it moves the session on.
  /// @param of What `find` gave: null for an event that was never sent.
  void on_handled(event_history::session* of, shard_id shard, std::uint64_t sequence);
  void on_set_aside(shard_id shard, std::uint64_t sequence);
  /// Every message of this moment was handled: what is missing now was not set aside. With guilds in parallel it may
  /// wait for its guild.
  void on_settled();
  /// All is quiet: whatever was dispatched in a session that lives must have been handled.
  void on_quiet(const std::string& session_id);

private:
  event_history& history_;
  bool in_parallel_;
};

/// An event that is handled twice was marked the second time.
class duplicates_are_marked : public checker {
public:
  duplicates_are_marked();

  /// The subscriber handled an event, before `no_event_lost` hears of it.
  void on_handled(const event_history::session& of, std::uint64_t sequence, bool marked);

  /// How many there were, all marked.
  [[nodiscard]] std::uint64_t marked() const noexcept {
    return marked_;
  }

private:
  std::uint64_t marked_ = 0;
};

/// First sightings come in the order of their sequences: those of a shard, or those of a guild where each has an actor.
class order_kept : public checker {
public:
  order_kept();

  /// As above.
  /// @param guild whose actor handled it; 0 where one handles all.
  void on_handled(event_history::session& of, std::uint64_t sequence, std::uint64_t guild = 0);
};

/// What is stored as handled was handled.
class watermark_is_honest : public checker {
public:
  explicit watermark_is_honest(event_history& history);

  /// A session was written to the store.
  void on_stored(const std::string& session_id, std::uint64_t sequence);
  /// Every message of this moment was handled: what is missing now may not be below what was stored.
  void on_settled();

private:
  event_history& history_;
};

} // namespace troupe::simulation
