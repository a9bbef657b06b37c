// SPDX-License-Identifier: BSD-3-Clause
// SUBSCRIPTIONS: keeps the table of who wants which events, and gives each shard the newest one. Shards look into their
// own copy: this actor is in no event's path.
#pragma once

#include "messages/interfaces.hpp"
#include "messages/subscription.hpp"

#include "actors/subscription_table.hpp"

#include <caf/result.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <vector>

namespace troupe {

/// The newest table and who has it.
struct subscriptions_state {
  static inline const char* name = "subscriptions";

  explicit subscriptions_state(subscriptions_actor::pointer self);

  [[nodiscard]] caf::result<subscribed> on_subscribe(const subscribe& what, const caf::actor& who);
  void on_shard(const shard_actor& shard);
  void on_down(const caf::actor_addr& who);

  subscriptions_actor::pointer self;
  /// The newest one, and who gets the next.
  std::shared_ptr<const subscription_table> table = std::make_shared<subscription_table>();
  std::vector<shard_actor> shards;

private:
  void publish();
};

/// Refuses a typed event without a struct with `errc::unknown_event`, naming the nearest one that has.
subscriptions_actor::behavior_type subscriptions(subscriptions_actor::stateful_pointer<subscriptions_state> self);

} // namespace troupe
