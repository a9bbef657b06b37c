// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/feeder.hpp"

#include "messages/inspect.hpp"

#include <utility>

namespace troupe::bench {

void feeder_state::open(const open_connection& order) {
  generation = order.generation;
  next = source();
  self->send(owner, connection_opened{order.generation});
}

void feeder_state::grant(const grant_credit& order) {
  credit += order.frames;
  if (!next)
    next = source();
  while (next && credit >= next->size()) {
    credit -= next->size();
    self->send(owner, frames_received{generation, std::exchange(next, source())});
  }
}

void feeder_state::close(const close_connection& order) {
  next = nullptr;
  self->send(owner, connection_closed{order.generation, 0, {}, errc::none, true});
}

connection_actor::behavior_type feeder(connection_actor::stateful_pointer<feeder_state> self, batch_source source,
                                       connection_owner_actor owner) {
  self->state.self = self;
  self->state.source = std::move(source);
  self->state.owner = std::move(owner);
  return {
    [self](const open_connection& order) { self->state.open(order); },
    [](const write_payload& order) {
      return payload_written{order.generation, order.ticket};
    },
    [self](const grant_credit& order) { self->state.grant(order); },
    [self](const close_connection& order) { self->state.close(order); },
  };
}

} // namespace troupe::bench
