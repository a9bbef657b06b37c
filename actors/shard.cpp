// SPDX-License-Identifier: BSD-3-Clause
//
//   CONNECTION ── frames ──▶ SHARD ── events ──▶ subscribers
//       ▲                    │ │ │
//       ├── credit, writes ──┘ │ └── lifecycle, checkpoints ──▶ LIFECYCLE, SESSIONS
//       └── commands ── RATELIMITER ◀── window ── SHARD ◀── turns, permits ──▶ IDENTIFY QUEUE
//
// What happens to events is in shard_delivery.cpp.
#include "actors/shard.hpp"

#include "messages/inspect.hpp"

#include "runtime/buggify.hpp"
#include "runtime/log/log.hpp"

#include "actors/ratelimiter.hpp"
#include "actors/supervision/carry_exceptions.hpp"
#include "actors/system.hpp"

#include <caf/exit_reason.hpp>
#include <caf/message_view.hpp>
#include <caf/sec.hpp>

#include <stdexcept>
#include <utility>
#include <variant>

namespace troupe {

namespace {

// Above the connection's own write deadline, which ends the connection and answers first.
constexpr std::chrono::seconds write_patience{15};

// Of `session_timer_due`: the watchdog's, which is none of the session's.
constexpr std::uint8_t watchdog_timer = 255;
constexpr std::chrono::seconds watch_period{10};

} // namespace

shard_state::shard_state(shard_actor::pointer self) : self{self}, out{self} {
  // nop
}

// -- messages -----------------------------------------------------------------------------------------

void shard_state::start(shard_dependencies with) {
  deps = std::move(with);
  counts.shard = deps.settings.shard;
  ticket = std::uint64_t{deps.start} << 32;
  session.emplace(deps.settings);
  dog = gateway::watchdog{{.deadlines = deps.settings.deadlines}};
  router = guild_router{deps.guilds, counts.shard};
  events.emplace(counts.shard, static_cast<delivery::outlet&>(*this), deps.window);
  connection = deps.connect(self->system(), connection_owner_actor{self});
  limiter = self->spawn<caf::linked>(ratelimiter, connection, deps.commands);
  self->link_to(connection);
  if (deps.on_part) {
    deps.on_part("connection", caf::actor_cast<caf::actor>(connection));
    deps.on_part("ratelimiter", caf::actor_cast<caf::actor>(limiter));
  }
  if (deps.shard_set)
    self->send(deps.shard_set, shard_created{counts.shard, deps.start}, shard_actor{self});
  announce(shard_created{counts.shard, deps.start});
  has_table = !deps.subscriptions;
  has_session = !deps.sessions;
  if (deps.subscriptions)
    self->send(deps.subscriptions, shard_created{counts.shard, deps.start}, shard_actor{self});
  if (deps.sessions)
    find_session();
  start_session();
  look_again();
}

void shard_state::on_opened(const connection_opened& msg) {
  if (msg.generation != session->generation())
    return;
  // Of a connection that is made while nothing may be read, HELLO is read nevertheless: it keeps the connection alive.
  auto granted = reading_withheld ? 1 : deps.credit;
  consumed = deps.credit - granted;
  self->send(connection, grant_credit{msg.generation, granted});
  session->on_connected(msg.generation, now(), actions);
  perform_all();
}

void shard_state::on_frames(const frames_received& msg) {
  if (msg.generation != session->generation())
    return;
  batch_time = now();
  if (TROUPE_BUGGIFY("a shard crashes on frames", 0.0005))
    throw std::runtime_error{"provoked: a shard crashes on frames"};
  outbox::burst together{out};
  for (const auto& received : *msg.frames) {
    session->on_frame(msg.generation, received, batch_time, actions);
    perform_all();
    if (finished)
      return;
  }
  return_credit(static_cast<std::uint32_t>(msg.frames->size()));
  checkpoint_if_due();
  wake_for_delivery();
}

void shard_state::on_closed(const connection_closed& msg) {
  session->on_closed(msg, now(), actions);
  perform_all();
}

void shard_state::on_turn(const prepare_identify& msg) {
  if (msg.ticket != ticket)
    return; // The queue learns, or knows already, that this place was given up.
  session->on_turn(now(), actions);
  perform_all();
}

void shard_state::on_permit(const permit_granted& msg) {
  if (msg.ticket != ticket)
    return;
  session->on_permit(now(), actions);
  perform_all();
}

void shard_state::on_timer(const session_timer_due& msg) {
  if (msg.timer == watchdog_timer)
    return look_around();
  if (msg.timer > static_cast<std::uint8_t>(gateway::timer::partial_message))
    return;
  auto which = static_cast<gateway::timer>(msg.timer);
  auto verdict = timers.on_wake_up(which, msg.epoch, now());
  if (verdict.again)
    wake_after(which, *verdict.again);
  if (!verdict.due)
    return;
  session->on_timer(which, *verdict.due, now(), actions);
  perform_all();
}

caf::delegated<command_result> shard_state::submit(const submit_command& order) {
  if (auto* presence = std::get_if<update_presence>(&order.what))
    session->remember_presence(*presence);
  return self->delegate(limiter, order);
}

shard_status shard_state::status() {
  auto result = counts;
  result.phase = session->current_phase();
  result.generation = session->generation();
  result.sequence = session->sequence();
  result.guilds = static_cast<std::uint32_t>(guilds.size());
  result.watermark = events->watermark();
  result.outstanding = events->outstanding();
  result.redelivered = events->counts().redelivered;
  result.set_aside = events->counts().set_aside;
  result.filter_failures = intake.failures();
  return result;
}

void shard_state::stop(const stop_shard& order) {
  if (farewell)
    return;
  farewell = order.resumable ? gateway::farewell::resumable : gateway::farewell::for_good;
  drained_by = now() + deps.drain;
  events->on_due(now());
  session->stop(*farewell, now(), actions);
  perform_all();
}

children_report shard_state::children() const {
  children_report result;
  for (const auto* part : {"connection", "ratelimiter"}) {
    child_info info;
    info.path = deps.path + "/" + part;
    info.restart = restart_type::temporary;
    info.phase = child_phase::running;
    info.starts = 1;
    result.children.push_back(std::move(info));
  }
  return result;
}

void shard_state::on_exit_message(const caf::exit_msg& msg) {
  auto part = msg.source == connection.address() ? "connection" : msg.source == limiter.address() ? "ratelimiter" : "";
  if (*part == '\0') {
    if (msg.reason == caf::exit_reason::user_shutdown && !farewell)
      stop(stop_shard{true});
    else if (msg.reason)
      leave(msg.reason); // Somebody wants the shard to end.
    return;
  }
  auto why = to_string(to_error(msg.reason));
  log::error("Shard {} ends because its {} ended: {}", to_string(counts.shard), part, why);
  leave(make_error(errc::internal, std::string{"the "} + part + " ended: " + why));
}

// -- actions ------------------------------------------------------------------------------------------

void shard_state::perform_all() {
  for (const auto& action : actions) {
    std::visit([this](const auto& what) { perform(what); }, action);
    if (finished)
      break;
  }
  actions.clear();
}

void shard_state::perform(const gateway::connect& what) {
  consumed = 0; // What the old connection is owed, the new one gets with its start.
  self->send(connection, open_connection{what.generation, what.url});
}

void shard_state::perform(const gateway::transmit& what) {
  auto identifies = what.op == opcode::identify;
  self->request(connection, write_patience, write_payload{what.generation, ++last_write, what.text})
    .then(
      [this, identifies](const payload_written& written) {
        if (!identifies)
          return;
        session->on_identify_written(written.generation, now(), actions);
        perform_all();
      },
      [](const caf::error&) {
        // The connection ended, which it reports by itself.
      });
}

void shard_state::perform(const gateway::disconnect& what) {
  self->send(connection, close_connection{what.generation, what.code});
}

void shard_state::perform(const gateway::arm& what) {
  if (auto wake_up = timers.arm(what, now()))
    wake_after(what.which, *wake_up);
}

void shard_state::perform(const gateway::join_queue& what) {
  self->send(deps.queue, join_identify_queue{counts.shard, ++ticket, what.recovery}, identify_client_actor{self});
}

void shard_state::perform(const gateway::want_permit&) {
  self->send(deps.queue, request_permit{counts.shard, ticket});
}

void shard_state::perform(const gateway::commit_permit&) {
  self->send(deps.queue, permit_committed{counts.shard, ticket});
}

void shard_state::perform(const gateway::spend_permit&) {
  self->send(deps.queue, permit_spent{counts.shard, ticket});
}

void shard_state::perform(const gateway::leave_queue&) {
  self->send(deps.queue, leave_identify_queue{counts.shard, ticket});
}

void shard_state::perform(const gateway::identify_result& what) {
  self->send(deps.queue, identify_answered{counts.shard, what.ready});
}

void shard_state::perform(const gateway::entered& what) {
  announce(shard_status_changed{counts.shard, what.from, what.to, what.reason, what.detail});
}

void shard_state::perform(const gateway::open_window& what) {
  self->send(limiter, window_opened{what.generation, what.heartbeat_interval.count()});
}

void shard_state::perform(const gateway::close_window& what) {
  self->send(limiter, window_closed{what.generation});
}

void shard_state::perform(const gateway::checkpoint& what) {
  keep(what.point);
}

void shard_state::perform(const gateway::became_ready& what) {
  ++counts.identifies;
  announce(shard_ready{counts.shard, what.guilds});
}

void shard_state::perform(const gateway::became_resumed& what) {
  ++counts.resumes;
  announce(shard_resumed{counts.shard, what.replayed});
}

void shard_state::perform(const gateway::restarting& what) {
  ++counts.restarts;
  announce(shard_restarting{counts.shard, what.reason, what.detail, what.delay.count(), what.resumes});
}

void shard_state::perform(const gateway::pinged& what) {
  counts.latency_us = std::chrono::duration_cast<std::chrono::microseconds>(what.latency).count();
  announce(shard_ping{counts.shard, counts.latency_us});
}

void shard_state::perform(const gateway::ping_missed&) {
  announce(shard_ping_missed{counts.shard});
}

void shard_state::perform(const gateway::invalid_message& what) {
  announce(invalid_message_received{counts.shard, what.detail});
}

void shard_state::perform(const gateway::warned& what) {
  log::warn("Shard {} waits unusually long: {}", to_string(counts.shard), to_string(error{what.reason, what.detail}));
}

void shard_state::perform(const gateway::failed& what) {
  shard_exited end{counts.shard, what.reason.code, what.reason.detail};
  if (deps.owner)
    self->send(deps.owner, end);
  announce(std::move(end));
  leave(caf::exit_reason::user_shutdown);
}

void shard_state::perform(const gateway::stopped&) {
  draining = true;
  drain();
}

// -- the small print ----------------------------------------------------------------------------------

gateway::clock::time_point shard_state::now() const {
  return self->clock().now();
}

void shard_state::wake_after(gateway::timer which, const shard_timers::wake_up& when) {
  // Never with high priority: a heartbeat that overtook the frames in the mailbox would miss signs of life.
  tell_after(self, when.delay, session_timer_due{static_cast<std::uint8_t>(which), when.number});
}

void shard_state::look_around() {
  if (finished)
    return;
  gateway::shard_view view{.phase = session->current_phase(),
                           .generation = session->generation(),
                           .events = counts.events,
                           .reading_withheld = reading_withheld,
                           .lateness = now() - looks_at};
  for (auto& found : dog.look(view, now())) {
    if (found.begins)
      report(shard_alarm{counts.shard, found.kind, std::move(found.detail)});
    else
      report(shard_alarm_ended{counts.shard, found.kind});
  }
  look_again();
}

void shard_state::look_again() {
  looks_at = now() + watch_period;
  tell_after(self, watch_period, session_timer_due{watchdog_timer, 0});
}

void shard_state::leave(caf::error reason) {
  finished = true;
  self->quit(std::move(reason));
}

// -- behaviour ----------------------------------------------------------------------------------------

shard_actor::behavior_type shard(shard_actor::stateful_pointer<shard_state> self, shard_dependencies deps) {
  self->set_exit_handler([self](const caf::exit_msg& msg) { self->state.on_exit_message(msg); });
  carry_exceptions(self, deps.path);
  // Subscribers answer the events that they are sent with whatever their handlers return, and with errors.
  self->set_error_handler(
    [](caf::error& err) { log::debug("A subscriber answered with an error: {}", to_string(to_error(err))); });
  self->set_default_handler([](caf::scheduled_actor* me, caf::message_view&) -> caf::result<caf::message> {
    if (me->current_message_id().is_request())
      return caf::sec::unexpected_message;
    return caf::delegated<caf::message>{}; // An error would end who answered.
  });
  self->state.start(std::move(deps));
  return {
    [self](const connection_opened& msg) { self->state.on_opened(msg); },
    [self](const frames_received& msg) { self->state.on_frames(msg); },
    [self](const connection_closed& msg) { self->state.on_closed(msg); },
    [self](const prepare_identify& msg) { self->state.on_turn(msg); },
    [self](const permit_granted& msg) { self->state.on_permit(msg); },
    [self](const session_timer_due& msg) { self->state.on_timer(msg); },
    [self](const subscriptions_changed& msg) { self->state.on_table(msg); },
    [self](const submit_command& order) { return self->state.submit(order); },
    [self](const shard_status_request&) { return self->state.status(); },
    [self](const delivery_due& msg) { self->state.on_delivery_due(msg); },
    [self](const which_children&) { return self->state.children(); },
    [self](const stop_shard& order) { self->state.stop(order); },
  };
}

} // namespace troupe
