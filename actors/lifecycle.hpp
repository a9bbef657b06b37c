// SPDX-License-Identifier: BSD-3-Clause
// LIFECYCLE: tells everyone who asked what happens to shards. One actor for all shards, so that a listener asks once
// and hears of shards that start later too.
#pragma once

#include "messages/interfaces.hpp"
#include "messages/lifecycle.hpp"
#include "messages/subscription.hpp"
#include "messages/supervision.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <vector>

namespace troupe {

/// Who listens.
struct lifecycle_state {
  static inline const char* name = "lifecycle";

  explicit lifecycle_state(lifecycle_actor::pointer self);

  void on_subscribe(const caf::actor& listener);
  void on_down(const caf::actor_addr& listener);

  /// Passes one message on to everyone.
  template <class Message>
  void tell_all(const Message& message);

  lifecycle_actor::pointer self;
  /// In the order in which they asked; each is in here once.
  std::vector<caf::actor> listeners;
};

/// Forwards all lifecycle messages to every listener until that dies.
lifecycle_actor::behavior_type lifecycle(lifecycle_actor::stateful_pointer<lifecycle_state> self);

} // namespace troupe
