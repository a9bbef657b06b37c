// SPDX-License-Identifier: BSD-3-Clause
#include "actors/ratelimiter.hpp"

#include "messages/connection.hpp"

#include "actors/supervision/carry_exceptions.hpp"
#include "actors/system.hpp"

#include <algorithm>
#include <utility>

namespace troupe {

namespace {

// Above the connection's own write deadline, which ends the connection and answers first.
constexpr std::chrono::seconds write_patience{15};

} // namespace

ratelimiter_state::ratelimiter_state(ratelimiter_actor::pointer self) : self{self} {
  // nop
}

caf::result<command_result> ratelimiter_state::submit(const submit_command& order) {
  auto promise = self->make_response_promise<command_result>();
  auto ticket = ++last_ticket;
  askers.emplace(ticket, promise);
  settle(queue.push(ticket, order.what, self->clock().now()));
  pump();
  return promise;
}

void ratelimiter_state::open_window(const window_opened& msg) {
  generation = msg.generation;
  queue.open(std::chrono::milliseconds{msg.heartbeat_interval_ms});
  pump();
}

void ratelimiter_state::close_window(const window_closed& msg) {
  if (msg.generation != generation)
    return;
  settle(queue.close());
  pump();
}

void ratelimiter_state::on_due(limiter_due msg) {
  if (msg.epoch != epoch)
    return;
  wakes_at.reset();
  pump();
}

void ratelimiter_state::abandon() {
  for (auto& [ticket, promise] : std::exchange(askers, {}))
    promise.deliver(command_result{command_outcome::dropped, errc::dropped_by_reconnect, "the shard ended"});
}

void ratelimiter_state::pump() {
  while (auto next = queue.pop(self->clock().now()))
    write(std::move(*next));
  arm();
}

void ratelimiter_state::write(gateway::outgoing next) {
  auto ticket = next.ticket;
  self->request(connection, write_patience, write_payload{generation, ticket, std::move(next.text)})
    .then(
      [this, ticket](const payload_written&) {
        settle(ticket, {command_outcome::sent, errc::none, {}});
      },
      [this, ticket](const caf::error& err) {
        auto reason = to_error(err);
        settle(ticket, {command_outcome::dropped, reason.code, std::move(reason.detail)});
      });
}

void ratelimiter_state::arm() {
  auto now = self->clock().now();
  auto due = queue.next_due(now);
  if (!due || (wakes_at && *wakes_at <= *due))
    return; // An earlier timer looks again.
  wakes_at = due;
  tell_after(self, std::max(*due - now, std::chrono::steady_clock::duration::zero()), limiter_due{++epoch});
}

void ratelimiter_state::settle(std::uint64_t ticket, command_result result) {
  auto asker = askers.find(ticket);
  if (asker == askers.end())
    return;
  asker->second.deliver(std::move(result));
  askers.erase(asker);
}

void ratelimiter_state::settle(std::vector<gateway::settled> ended) {
  for (auto& one : ended)
    settle(one.ticket, std::move(one.result));
}

ratelimiter_actor::behavior_type ratelimiter(ratelimiter_actor::stateful_pointer<ratelimiter_state> self,
                                             connection_actor connection, gateway::command_limits limits) {
  carry_exceptions(self, ratelimiter_state::name);
  self->state.connection = std::move(connection);
  self->state.queue = gateway::command_queue{limits};
  self->set_exit_handler([self](const caf::exit_msg& msg) {
    self->state.abandon();
    self->quit(msg.reason);
  });
  return {
    [self](const submit_command& order) { return self->state.submit(order); },
    [self](const window_opened& msg) { self->state.open_window(msg); },
    [self](const window_closed& msg) { self->state.close_window(msg); },
    [self](limiter_due msg) { self->state.on_due(msg); },
  };
}

} // namespace troupe
