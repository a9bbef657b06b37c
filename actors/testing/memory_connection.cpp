// SPDX-License-Identifier: BSD-3-Clause
#include "actors/testing/memory_connection.hpp"

#include "messages/inspect.hpp"

#include "actors/system.hpp"

#include <caf/send.hpp>

#include <utility>

namespace troupe::testing {

namespace {

constexpr std::chrono::seconds connect_deadline{10};
// About what a socket's buffers hold.
constexpr std::size_t waiting_max = 256;

} // namespace

memory_connection_state::memory_connection_state(memory_connection_actor::pointer self) : self{self} {
  // nop
}

memory_connection_state::~memory_connection_state() {
  if (connection != 0)
    discord->on_closed(connection, 0);
}

void memory_connection_state::open(const open_connection& order) {
  if (live) {
    if (connection != 0)
      discord->on_closed(connection, 0);
    finish({generation, 0, "a newer connection took its place", errc::none, connection != 0});
  }
  generation = order.generation;
  live = true;
  connection = 0;
  credit = 0;
  waiting.clear();
  end.reset();
  held = false;
  memory_connection_actor me{self};
  auto dialled = discord->open(order.url, [me, generation = generation](simulator::effect what) {
    switch (what.kind) {
    case simulator::effect_kind::frame:
      caf::anon_send(
        me, frames_received{generation, std::make_shared<const frame_batch>(frame_batch{std::move(what.what)})});
      break;
    case simulator::effect_kind::partial:
      break; // A frame that never becomes complete.
    case simulator::effect_kind::close:
      caf::anon_send(me, connection_closed{generation, what.code, std::move(what.reason), errc::none, true});
      break;
    case simulator::effect_kind::drop:
      caf::anon_send(me, connection_closed{generation, 0, "end of stream", errc::connection_lost, true});
      break;
    }
  });
  connection = dialled.connection;
  connection_closed failed{generation, 0, dialled.detail, dialled.failure, false};
  if (connection != 0)
    self->send(owner, connection_opened{generation});
  else if (dialled.hangs)
    tell_after(self, connect_deadline, std::move(failed));
  else
    finish(std::move(failed));
}

caf::result<payload_written> memory_connection_state::write(const write_payload& order) {
  if (!live || connection == 0 || order.generation != generation)
    return make_error(errc::dropped_by_reconnect);
  discord->on_frame(connection, order.text);
  return payload_written{order.generation, order.ticket};
}

void memory_connection_state::grant(const grant_credit& order) {
  if (!live || order.generation != generation)
    return;
  credit += order.frames;
  deliver();
}

void memory_connection_state::close(const close_connection& order) {
  if (!live || order.generation != generation)
    return;
  auto was_open = connection != 0 || end.has_value();
  if (connection != 0)
    discord->on_closed(std::exchange(connection, 0), order.code);
  // The server answers a close frame with one of the same code.
  finish({generation, was_open ? order.code : std::uint16_t{0}, {}, errc::none, was_open});
}

void memory_connection_state::on_frames(const frames_received& note) {
  if (!live || note.generation != generation)
    return;
  waiting.insert(waiting.end(), note.frames->begin(), note.frames->end());
  deliver();
  if (!held && waiting.size() > waiting_max && connection != 0) {
    held = true;
    discord->hold(connection, true);
  }
}

void memory_connection_state::on_closed(const connection_closed& note) {
  if (!live || note.generation != generation)
    return;
  connection = 0;
  end = note;
  deliver();
}

void memory_connection_state::deliver() {
  frame_batch batch;
  while (credit > 0 && !waiting.empty()) {
    --credit;
    batch.push_back(std::move(waiting.front()));
    waiting.pop_front();
  }
  if (!batch.empty())
    self->send(owner, frames_received{generation, std::make_shared<const frame_batch>(std::move(batch))});
  if (held && waiting.empty() && connection != 0) {
    held = false;
    discord->hold(connection, false);
  }
  if (waiting.empty() && end)
    finish(*std::exchange(end, std::nullopt));
}

void memory_connection_state::finish(connection_closed closed) {
  live = false;
  waiting.clear();
  self->send(owner, std::move(closed));
}

memory_connection_actor::behavior_type
memory_connection(memory_connection_actor::stateful_pointer<memory_connection_state> self,
                  std::shared_ptr<memory_discord> discord, connection_owner_actor owner) {
  self->state.discord = std::move(discord);
  self->state.owner = std::move(owner);
  return {
    [self](const open_connection& order) { self->state.open(order); },
    [self](const write_payload& order) { return self->state.write(order); },
    [self](const grant_credit& order) { self->state.grant(order); },
    [self](const close_connection& order) { self->state.close(order); },
    [self](const frames_received& note) { self->state.on_frames(note); },
    [self](const connection_closed& note) { self->state.on_closed(note); },
  };
}

} // namespace troupe::testing
