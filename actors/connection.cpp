// SPDX-License-Identifier: BSD-3-Clause
//
//   owner ── open, grant, close ──▶ CONNECTION ── post ──▶ socket (I/O thread)
//     ▲                                 ▲                    │
//     │                                 └ written, ended ────┤
//     └─────────────── opened, frames, closed ───────────────┘
#include "actors/connection.hpp"

#include "actors/supervision/carry_exceptions.hpp"
#include "actors/system.hpp"

#include <caf/send.hpp>

#include <utility>

namespace troupe {

namespace {

// The I/O thread and the actor may both come to the end of a generation: whoever is first reports it.
void report_end(const connection_state::end_mark& ended, const connection_owner_actor& owner,
                const connection_closed& closed) {
  if (!ended->exchange(true))
    caf::anon_send(owner, closed);
}

} // namespace

connection_state::connection_state(socket_connection_actor::pointer self) : self{self} {
  // nop
}

void connection_state::open(const open_connection& order) {
  if (socket != nullptr) {
    drop();
    report_end(ended, owner, {generation, 0, "a newer connection took its place", errc::none, false});
  }
  generation = order.generation;
  ended = std::make_shared<std::atomic<bool>>(false);
  auto where = net::parse_url(order.url);
  if (!where) {
    report_end(ended, owner, {generation, 0, where.error().detail, where.error().code, false});
    return;
  }
  socket = net::dial_websocket(context, *where, handlers());
}

net::websocket_handlers connection_state::handlers() const {
  // These run on the I/O thread: they own copies of all they use and never look at the state.
  socket_connection_actor me{self};
  return {
    [owner = owner, generation = generation] { caf::anon_send(owner, connection_opened{generation}); },
    [owner = owner, generation = generation](std::shared_ptr<const frame_batch> frames) {
      caf::anon_send(owner, frames_received{generation, std::move(frames)});
    },
    [me, generation = generation](std::uint64_t ticket) {
      caf::anon_send(me, payload_written{generation, ticket});
    },
    [me, owner = owner, ended = ended, generation = generation](net::websocket_end end) {
      connection_closed closed{generation, end.code, std::move(end.reason), end.failure, end.was_open};
      report_end(ended, owner, closed);
      caf::anon_send(me, std::move(closed));
    },
  };
}

caf::result<payload_written> connection_state::write(const write_payload& order) {
  if (socket == nullptr || order.generation != generation)
    return make_error(errc::dropped_by_reconnect);
  auto promise = self->make_response_promise<payload_written>();
  writes.emplace(++last_ticket, waiting_write{order.ticket, promise});
  socket->write(last_ticket, order.text);
  return promise;
}

void connection_state::grant(const grant_credit& order) {
  if (socket != nullptr && order.generation == generation)
    socket->grant(order.frames);
}

void connection_state::close(const close_connection& order) {
  if (socket != nullptr && order.generation == generation)
    socket->close(order.code);
}

void connection_state::on_written(const payload_written& note) {
  auto waiting = writes.find(note.ticket);
  if (waiting == writes.end())
    return; // Answered with an error when its socket was dropped.
  waiting->second.promise.deliver(payload_written{note.generation, waiting->second.ticket});
  writes.erase(waiting);
}

void connection_state::on_ended(const connection_closed& note) {
  if (note.generation == generation)
    drop();
}

void connection_state::drop() {
  socket.reset();
  for (auto& [ticket, waiting] : std::exchange(writes, {}))
    waiting.promise.deliver(make_error(errc::dropped_by_reconnect));
}

socket_connection_actor::behavior_type connection(socket_connection_actor::stateful_pointer<connection_state> self,
                                                  std::shared_ptr<net::client_context> context,
                                                  connection_owner_actor owner) {
  carry_exceptions(self, connection_state::name);
  self->state.context = std::move(context);
  self->state.owner = std::move(owner);
  self->set_exit_handler([self](const caf::exit_msg& msg) {
    self->state.drop();
    self->quit(msg.reason);
  });
  return {
    [self](const open_connection& order) { self->state.open(order); },
    [self](const write_payload& order) { return self->state.write(order); },
    [self](const grant_credit& order) { self->state.grant(order); },
    [self](const close_connection& order) { self->state.close(order); },
    [self](const payload_written& note) { self->state.on_written(note); },
    [self](const connection_closed& note) { self->state.on_ended(note); },
  };
}

} // namespace troupe
