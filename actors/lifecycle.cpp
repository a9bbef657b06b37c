// SPDX-License-Identifier: BSD-3-Clause
#include "actors/lifecycle.hpp"

#include "messages/inspect.hpp"

#include "actors/supervision/carry_exceptions.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace troupe {

lifecycle_state::lifecycle_state(lifecycle_actor::pointer self) : self{self} {
  // nop
}

void lifecycle_state::on_subscribe(const caf::actor& listener) {
  if (std::find(listeners.begin(), listeners.end(), listener) != listeners.end())
    return;
  listeners.push_back(listener);
  self->monitor(listener);
}

void lifecycle_state::on_down(const caf::actor_addr& listener) {
  std::erase_if(listeners, [&](const caf::actor& known) { return known.address() == listener; });
}

template <class Message>
void lifecycle_state::tell_all(const Message& message) {
  // Listeners are untyped: those who do not care for a message drop it.
  for (const auto& listener : listeners)
    caf::anon_send(listener, message);
}

lifecycle_actor::behavior_type lifecycle(lifecycle_actor::stateful_pointer<lifecycle_state> self) {
  carry_exceptions(self, lifecycle_state::name);
  self->set_down_handler([self](const caf::down_msg& msg) { self->state.on_down(msg.source); });
  return {
    [self](const subscribe_lifecycle&, const caf::actor& listener) { self->state.on_subscribe(listener); },
    [self](const shard_created& msg) { self->state.tell_all(msg); },
    [self](const shard_status_changed& msg) { self->state.tell_all(msg); },
    [self](const shard_ready& msg) { self->state.tell_all(msg); },
    [self](const shard_resumed& msg) { self->state.tell_all(msg); },
    [self](const shard_restarting& msg) { self->state.tell_all(msg); },
    [self](const shard_exited& msg) { self->state.tell_all(msg); },
    [self](const shard_destroyed& msg) { self->state.tell_all(msg); },
    [self](const invalid_message_received& msg) { self->state.tell_all(msg); },
    [self](const shard_ping& msg) { self->state.tell_all(msg); },
    [self](const shard_ping_missed& msg) { self->state.tell_all(msg); },
    [self](const shard_alarm& msg) { self->state.tell_all(msg); },
    [self](const shard_alarm_ended& msg) { self->state.tell_all(msg); },
    [self](const events_redelivered& msg) { self->state.tell_all(msg); },
    [self](const event_set_aside& msg) { self->state.tell_all(msg); },
    [self](const child_started& msg) { self->state.tell_all(msg); },
    [self](const child_exited& msg) { self->state.tell_all(msg); },
    [self](const child_restarting& msg) { self->state.tell_all(msg); },
    [self](const supervisor_degraded& msg) { self->state.tell_all(msg); },
    [self](const supervisor_recovered& msg) { self->state.tell_all(msg); },
    [self](const supervisor_gave_up& msg) { self->state.tell_all(msg); },
  };
}

} // namespace troupe
