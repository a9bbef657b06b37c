// SPDX-License-Identifier: BSD-3-Clause
// Who wants which events: an immutable snapshot that every shard holds, so that no router stands in an event's path.
// The SUBSCRIPTIONS actor makes a new one at each change.
#pragma once

#include "messages/subscription.hpp"

#include "actors/event_decoder.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe {

/// Thread-safe, because nothing ever changes.
class subscription_table {
public:
  /// One subscription: of an actor, or of a name whose actor may change.
  struct subscriber {
    /// The same in all tables, whoever holds the subscription. Never used again.
    std::uint64_t key = 0;
    /// Empty: the subscription ends with its actor.
    std::string name;
    /// Who handles the events; null while a named subscription waits for a successor.
    caf::actor who;
    /// Whether to be told which events may be duplicates.
    bool marks = false;
    /// What it asked for.
    std::set<std::string, std::less<>> typed;
    std::set<std::string, std::less<>> raw;
    bool all_raw = false;
  };

  /// Who gets one event: indexes into `subscribers`, in the order of their first request.
  struct interest {
    /// Of the event; empty in the interest of those who want everything in events that nobody named.
    std::string event;
    /// Get the event's struct. A subscription is in here once.
    std::vector<std::uint32_t> typed;
    /// Get `raw_event`. A subscription is in here once, and may be in `typed` too.
    std::vector<std::uint32_t> raw;
    /// Not null where `typed` has anyone.
    event_decoder decode = nullptr;
  };

  using pointer = std::shared_ptr<const subscription_table>; ///< Shared by all shards.

  /// Nobody wants anything.
  subscription_table() = default;

  /// This table and what `who` wants besides. A name that another actor holds loses it: the subscription then has no
  /// actor, until `taken_over`. A typed name without a struct is left out: ask `find_event_decoder` first.
  [[nodiscard]] pointer with(const caf::actor& who, const subscribe& what) const;

  /// This table with `who` as the holder of the named subscription, which wants what `who` asked for and no more.
  [[nodiscard]] pointer taken_over(const caf::actor& who, const std::vector<subscribe>& asked) const;

  /// This table after a crash of `who`: its named subscriptions wait for a successor, others are gone.
  [[nodiscard]] pointer crashed(const caf::actor_addr& who) const;

  /// This table without everything that `who` wanted.
  [[nodiscard]] pointer without(const caf::actor_addr& who) const;

  /// This table without the subscription of that name.
  [[nodiscard]] pointer without(std::string_view name) const;

  /// Who gets the event `name`; null where nobody does. One hash lookup.
  [[nodiscard]] const interest* wants(std::string_view name) const noexcept;

  /// All subscriptions, in the order of their first request.
  [[nodiscard]] const std::vector<subscriber>& subscribers() const noexcept {
    return subscribers_;
  }

  /// The subscription of that name; null where there is none.
  [[nodiscard]] const subscriber* find(std::string_view name) const noexcept;

private:
  struct name_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const noexcept {
      return std::hash<std::string_view>{}(name);
    }
  };

  template <class Change>
  [[nodiscard]] pointer changed(Change change) const;
  void rebuild();

  std::vector<subscriber> subscribers_;
  std::uint64_t last_key_ = 0;
  /// Every event that somebody named. Those who want all raw events are in each entry.
  std::unordered_map<std::string, interest, name_hash, std::equal_to<>> by_name_;
  /// For events that nobody named.
  interest unnamed_;
};

} // namespace troupe
