// SPDX-License-Identifier: BSD-3-Clause
// Who wants which events: an immutable snapshot that every shard holds, so that no router stands in an event's path.
// The SUBSCRIPTIONS actor makes a new one at each change.
#pragma once

#include "messages/subscription.hpp"

#include "actors/event_decoder.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>

#include <cstddef>
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
  /// Who gets one event.
  struct interest {
    /// Get the event's struct. An actor is in here once.
    std::vector<caf::actor> typed;
    /// Get `raw_event`. An actor is in here once, and may be in `typed` too.
    std::vector<caf::actor> raw;
    /// Not null where `typed` has anyone.
    event_decoder decode = nullptr;
  };

  /// Nobody wants anything.
  subscription_table() = default;

  /// This table and what `who` wants besides. A typed name without a struct is left out: ask `find_event_decoder`
  /// first.
  [[nodiscard]] std::shared_ptr<const subscription_table> with(const caf::actor& who, const subscribe& what) const;

  /// This table without everything that `who` wanted.
  [[nodiscard]] std::shared_ptr<const subscription_table> without(const caf::actor_addr& who) const;

  /// Who gets the event `name`; null where nobody does. One hash lookup.
  [[nodiscard]] const interest* wants(std::string_view name) const noexcept;

  /// How many actors want anything.
  [[nodiscard]] std::size_t subscribers() const noexcept {
    return subscribers_.size();
  }

private:
  struct subscriber {
    caf::actor who;
    std::set<std::string, std::less<>> typed;
    std::set<std::string, std::less<>> raw;
    bool all_raw = false;
  };
  struct name_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const noexcept {
      return std::hash<std::string_view>{}(name);
    }
  };

  void rebuild();

  /// In the order of their first request.
  std::vector<subscriber> subscribers_;
  /// Every event that somebody named. Those who want all raw events are in each entry.
  std::unordered_map<std::string, interest, name_hash, std::equal_to<>> by_name_;
  /// For events that nobody named.
  interest unnamed_;
};

} // namespace troupe
