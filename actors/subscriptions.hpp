// SPDX-License-Identifier: BSD-3-Clause
// SUBSCRIPTIONS: keeps the table of who wants which events, and gives each shard the newest one. Shards look into their
// own copy: this actor is in no event's path.
//
//   named:  held ──crash──▶ waiting ──subscribe──▶ settling ──it finished its start──▶ held by the successor
//           held ──another subscribes──▶ settling;   held ──normal end, shutdown──▶ gone, as every unnamed one at its
//           end
#pragma once

#include "messages/event_filter.hpp"
#include "messages/interfaces.hpp"
#include "messages/subscription.hpp"

#include "actors/subscription_table.hpp"

#include <caf/error.hpp>
#include <caf/result.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace troupe {

/// What this actor must know of its node.
struct subscriptions_settings {
  /// Whether guilds are cached: without that there is no previous state.
  bool caches = false;
};

/// The newest table and who has it.
struct subscriptions_state {
  static inline const char* name = "subscriptions";

  explicit subscriptions_state(subscriptions_actor::pointer self);

  [[nodiscard]] caf::result<subscribed> on_subscribe(const subscribe& what, std::shared_ptr<const event_filter> only,
                                                     const caf::actor& who);
  [[nodiscard]] subscribed on_unsubscribe(const unsubscribe& what, const caf::actor& who);
  void on_shard(const shard_actor& shard);
  void on_down(const caf::actor_addr& who, const caf::error& reason);

  /// Subscribes under a name that had another holder. It may send several requests: the events that wait are given to
  /// it, and those that it does not want any more given up, only when all of them are known.
  struct successor {
    caf::actor who;
    subscription_wishes asked;
  };

  subscriptions_actor::pointer self;
  /// As given to `subscriptions_with`.
  subscriptions_settings settings;
  /// The newest one, and who gets the next.
  subscription_table::pointer table = std::make_shared<subscription_table>();
  std::vector<shard_actor> shards;
  /// By the subscription's name.
  std::map<std::string, successor> settling;

private:
  [[nodiscard]] error refusal(const subscribe& what, const event_filter* only) const;
  void succeed(const subscribe& what, std::shared_ptr<const event_filter> only, const caf::actor& who);
  void settle(const std::string& name, const caf::actor& who);
  void use(subscription_table::pointer next);
};

/// Refuses a typed event without a struct with `errc::unknown_event`, naming the nearest one that has.
subscriptions_actor::behavior_type subscriptions_with(subscriptions_actor::stateful_pointer<subscriptions_state> self,
                                                      subscriptions_settings settings);

/// Where nothing is cached.
subscriptions_actor::behavior_type subscriptions(subscriptions_actor::stateful_pointer<subscriptions_state> self);

} // namespace troupe
