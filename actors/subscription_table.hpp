// SPDX-License-Identifier: BSD-3-Clause
// Who wants which events: an immutable snapshot that every shard holds, so that no router stands in an event's path.
// The SUBSCRIPTIONS actor makes a new one at each change.
#pragma once

#include "messages/subscription.hpp"

#include "actors/event_decoder.hpp"
#include "actors/event_guild.hpp"
#include "actors/subscription_rules.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
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
    /// What it asked for.
    subscription_wishes wishes;
  };

  /// What of an event is sent.
  enum class form : std::uint8_t { typed, with_previous, raw };

  /// One subscription that gets an event in one form.
  struct recipient {
    /// The position in `subscribers`, doubled; one more for events that overtake others.
    std::uint32_t slot = 0;
    form as = form::typed;
    /// Gets all events of a guild through the guild's actor, so that those with their previous state stay in order.
    bool relayed = false;
    /// One of `rules` has a predicate.
    bool asks = false;
    /// One of them must take the event. Empty: all are taken.
    std::vector<const subscription_rule*> rules;
  };

  /// Who gets one event.
  struct interest {
    /// Of the event; empty in the interest of those who want everything in events that nobody named.
    std::string event;
    /// In the order of their first request; those that get `raw_event` last. A subscription is in here once for each
    /// form, `with_previous` before `typed`.
    std::vector<recipient> recipients;
    /// Not null where somebody wants the struct.
    event_decoder decode = nullptr;
    /// Finds the guild in the struct. Not null where there is one.
    event_guild guild = nullptr;
    /// Whether there is anyone who wants it raw, who does not want all, or who gets it through its guild's actor.
    bool raw = false;
    bool filtered = false;
    bool relayed = false;
    /// The shards whose events somebody wants. Empty: all.
    std::vector<std::uint32_t> shards;
  };

  using pointer = std::shared_ptr<const subscription_table>; ///< Shared by all shards.

  /// Nobody wants anything.
  subscription_table() = default;

  /// This table and what `who` wants besides. A name that another actor holds loses it: the subscription then has no
  /// actor, until `taken_over`, and wants what both want.
  [[nodiscard]] pointer with(const caf::actor& who, const subscribe& what,
                             std::shared_ptr<const event_filter> only = nullptr) const;

  /// This table with `who` as the holder of the named subscription, which wants what `who` asked for and no more.
  [[nodiscard]] pointer taken_over(const caf::actor& who, std::string_view name, subscription_wishes asked) const;

  /// This table where `who` does not want these events any more, or none at all where there are no names. It stays a
  /// subscriber: what it was sent is still looked after.
  [[nodiscard]] pointer without(const caf::actor& who, const std::vector<std::string>& events) const;

  /// This table after a crash of `who`: its named subscriptions wait for a successor, others are gone.
  [[nodiscard]] pointer crashed(const caf::actor_addr& who) const;

  /// This table without everything that `who` wanted.
  [[nodiscard]] pointer without(const caf::actor_addr& who) const;

  /// This table without the subscription of that name.
  [[nodiscard]] pointer without(std::string_view name) const;

  /// Who may get the event `name` of a shard; null where nobody does. One hash lookup.
  [[nodiscard]] const interest* wants(std::string_view name, std::uint32_t shard = 0) const noexcept;

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
  void fill(interest& wanted, std::string_view name) const;

  std::vector<subscriber> subscribers_;
  std::uint64_t last_key_ = 0;
  /// Every event that somebody named. Those who want all raw events are in each entry.
  std::unordered_map<std::string, interest, name_hash, std::equal_to<>> by_name_;
  /// For events that nobody named.
  interest unnamed_;
};

} // namespace troupe
