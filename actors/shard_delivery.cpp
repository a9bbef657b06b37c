// SPDX-License-Identifier: BSD-3-Clause
// What a shard does with events: who gets them, when the socket may be read, what is remembered (docs/delivery.md).
// The decisions are in `delivery`; the rest of the shard is in shard.cpp.
#include "messages/discord/events.hpp"
#include "messages/inspect.hpp"

#include "runtime/buggify.hpp"
#include "runtime/codec/json.hpp"
#include "runtime/log/log.hpp"

#include "actors/event_decoder.hpp"
#include "actors/shard.hpp"
#include "actors/system.hpp"

#include <caf/actor_cast.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <utility>

namespace troupe {

namespace {

using namespace std::chrono_literals;

// How soon subscribers are asked how far they are, and how often the rest is looked after.
constexpr auto probe_interval = 100ms;
constexpr auto watch_interval = 1s;

constexpr auto session_patience = 5s;
constexpr auto session_retry = 1s;

// Of `delivery_due`: asks for the session again.
constexpr std::uint64_t ask_for_session = 0;

bool asks_previous(const subscription_table::interest& wanted, const selection& who) {
  if (!wanted.relayed)
    return false;
  for (std::size_t i = 0; i < wanted.recipients.size(); ++i)
    if (wanted.recipients[i].as == subscription_table::form::with_previous && who.has(i))
      return true;
  return false;
}

std::string_view end_of(alarm_kind kind) {
  switch (kind) {
  case alarm_kind::silent_session:
    return "its session is silent no more";
  case alarm_kind::stuck_phase:
    return "its phase passed";
  case alarm_kind::late_shard:
    return "its messages are in time again";
  case alarm_kind::stuck_subscriber:
    break;
  }
  return "its subscribers handle events again";
}

} // namespace

// -- the start ----------------------------------------------------------------------------------------

void shard_state::find_session() {
  self
    ->request(deps.sessions, session_patience,
              troupe::find_session{counts.shard, std::uint64_t{deps.settings.intents.bits}})
    .then([this](const session_checkpoint& found) { on_session_found(found); },
          [this](const caf::error& err) {
            // Without its session a shard would identify, which costs budget and loses events: it waits instead.
            log::warn("Shard {} waits for its session and asks again: {}", to_string(counts.shard),
                      to_string(to_error(err)));
            tell_after(self, session_retry, delivery_due{ask_for_session});
          });
}

void shard_state::on_session_found(const session_checkpoint& found) {
  has_session = true;
  if (!found.session_id.empty())
    deps.resume = gateway::resume_point{found.session_id, found.resume_url, found.sequence};
  start_session();
}

void shard_state::on_table(const subscriptions_changed& msg) {
  events->use_table(msg.table, now());
  has_table = true;
  settle_window();
  wake_for_delivery();
  drain();
  // Not before: an event that comes earlier would find nobody who wants it.
  start_session();
}

void shard_state::start_session() {
  if (!has_table || !has_session || finished || farewell || std::exchange(started, true))
    return;
  checkpointed_at = now();
  if (deps.resume) {
    session_id = deps.resume->session_id;
    resume_url = deps.resume->resume_url;
    checkpointed = deps.resume->sequence;
    events->begin_session(checkpointed);
  }
  session->start(std::exchange(deps.resume, std::nullopt), now(), actions);
  perform_all();
}

// -- events -------------------------------------------------------------------------------------------

void shard_state::perform(const gateway::deliver& what) {
  ++counts.events;
  count_guild(what.name, what.data);
  change = prepare_change(what);
  const auto* wanted = events->wants(what.name);
  if (wanted == nullptr) {
    make_change();
    return events->pass(what.sequence);
  }
  event_ring::event event{.sequence = what.sequence, .bytes = what.data.size(), .replayed = what.replayed};
  if (change)
    event.typed = change->change.event;
  if (auto spoiled = intake.take(*wanted, {counts.shard, what.sequence, what.name, what.data}, event))
    announce(invalid_message_received{counts.shard, std::string{what.name} + ": " + to_string(*spoiled)});
  // Its guild makes it when it passes the event on, with the state before it; else before anyone hears of it.
  if (!asks_previous(*wanted, event.who))
    make_change();
  events->push(*wanted, std::move(event), batch_time);
  make_change();
}

void shard_state::count_guild(std::string_view event, std::string_view data) {
  if (event == guild_create::event_name) {
    if (auto guild = codec::decode<unavailable_guild>(data); guild && !guild->unavailable.value_or(false))
      guilds.insert(guild->id);
  } else if (event == guild_delete::event_name) {
    if (auto guild = codec::decode<unavailable_guild>(data))
      guilds.erase(guild->id);
  } else if (event == ready::event_name) {
    guilds.clear();
  }
}

void shard_state::send(const caf::actor& to, const caf::message& what, bool lane) {
  // With this actor as the sender: `event_marks` are about the events of one sender.
  out.send(to, what, lane);
}

caf::actor shard_state::relay(const std::vector<caf::actor>& to, const event_ring::event& event,
                              const caf::message& message, bool previous) {
  auto guild = change ? change->to : router.find(event.guild);
  if (!guild)
    return {};
  guild_change order{.effect = nullptr, .event = message, .relay_to = to};
  if (previous && change)
    order.effect = std::exchange(change, std::nullopt)->change.effect;
  else if (previous)
    order.event = without_previous(event);
  // It may get there before what waits for those whom the guild sends it to, such as the marks.
  out.flush();
  out.send(guild, std::move(order));
  return caf::actor_cast<caf::actor>(guild);
}

caf::message shard_state::without_previous(const event_ring::event& event) {
  const auto* effect = find_guild_effect(event.wanted->event);
  return effect != nullptr && effect->without_previous != nullptr ? effect->without_previous(event.typed) : event.typed;
}

std::optional<guild_router::order> shard_state::prepare_change(const gateway::deliver& what) {
  if (deps.guilds && what.name == ready::event_name) {
    if (auto event = codec::decode<ready>(what.data))
      for (auto& order : router.begin_session(*event))
        out.send(order.to, std::move(order.change));
  }
  const auto* effect = router.effect_of(what.name, session_id, what.sequence);
  router.passed(session_id, what.sequence);
  if (effect == nullptr)
    return std::nullopt;
  auto event = find_event_decoder(what.name)(what.data);
  if (!event) {
    announce(invalid_message_received{counts.shard, std::string{what.name} + ": " + to_string(event.error())});
    return std::nullopt;
  }
  return router.route(*effect, *event);
}

void shard_state::make_change() {
  if (!change)
    return;
  auto order = std::move(*std::exchange(change, std::nullopt));
  out.send(order.to, std::move(order.change));
}

void shard_state::probe(const caf::actor& to, const delivery_probe& what, const std::vector<caf::actor>& guilds) {
  out.flush(); // The question is about what is there before it.
  if (guilds.empty())
    return ask(to, what);
  auto left = std::make_shared<std::size_t>(guilds.size());
  for (const auto& guild : guilds) {
    auto answered = [this, to, what, left] {
      if (--*left == 0)
        ask(to, what);
    };
    self->request(guild, caf::infinite, caf::sys_atom::value, caf::get_atom::value, "info")
      .then(
        [answered](caf::ok_atom, const std::string&, const caf::strong_actor_ptr&, const std::string&) { answered(); },
        [this, what, guild, answered](const caf::error& err) {
          if (err == caf::sec::request_receiver_down)
            events->relay_lost(what, guild, now());
          answered();
        });
  }
}

void shard_state::ask(const caf::actor& to, const delivery_probe& what) {
  auto failed = [this, what](const caf::error& err) {
    // Whoever answers anything has come as far as the question. Of a death the table tells.
    if (err != caf::sec::request_receiver_down)
      on_probe_answered(what);
  };
  auto handled_all = [this, what](const handled&) { on_probe_answered(what); };
  auto came_so_far = [this, what](caf::ok_atom, const std::string&, const caf::strong_actor_ptr&, const std::string&) {
    on_probe_answered(what);
  };
  // CAF answers "info" by itself, in the order of the mailbox. Infinite, because a timeout would stay in the clock
  // after the answer: `delivery` notices silence, and the death of an actor is answered with an error.
  constexpr auto high = caf::message_priority::high;
  if (what.relays && what.lane)
    self->request<high>(to, caf::infinite, await_handled{true}).then(handled_all, failed);
  else if (what.relays)
    self->request(to, caf::infinite, await_handled{}).then(handled_all, failed);
  else if (what.lane)
    self->request<high>(to, caf::infinite, caf::sys_atom::value, caf::get_atom::value, "info")
      .then(came_so_far, failed);
  else
    self->request(to, caf::infinite, caf::sys_atom::value, caf::get_atom::value, "info").then(came_so_far, failed);
}

void shard_state::on_probe_answered(const delivery_probe& what) {
  events->answered(what, now());
  settle_window();
  checkpoint_if_due();
  wake_for_delivery();
  drain();
}

void shard_state::on_delivery_due(const delivery_due& msg) {
  if (msg.epoch == ask_for_session && !farewell)
    return find_session();
  if (msg.epoch != due_epoch)
    return;
  due_at.reset();
  events->on_due(now());
  checkpoint_if_due();
  wake_for_delivery();
  drain();
}

void shard_state::wake_for_delivery() {
  if (finished)
    return;
  std::optional<gateway::clock::duration> delay;
  if (events->outstanding() > 0)
    delay = events->asked_all() ? watch_interval : gateway::clock::duration{probe_interval};
  else if (!session_id.empty() && events->watermark() != checkpointed)
    delay = deps.checkpoint_period;
  if (draining)
    delay = std::min(delay.value_or(watch_interval), drained_by - now());
  if (!delay)
    return;
  auto at = now() + *delay;
  if (due_at && *due_at <= at)
    return;
  due_at = at;
  tell_after(self, *delay, delivery_due{++due_epoch});
}

void shard_state::drain() {
  if (!draining || finished)
    return;
  auto waiting = events->outstanding();
  if (waiting > 0 && now() < drained_by)
    return wake_for_delivery();
  if (waiting > 0)
    log::warn("Shard {} ends before {} events were handled; {}", to_string(counts.shard), waiting,
              *farewell == gateway::farewell::resumable ? "Discord sends them again when the session is resumed."
                                                        : "they were sent, and nobody looks after them any more.");
  if (*farewell == gateway::farewell::for_good)
    keep(std::nullopt);
  else if (!session_id.empty())
    send_checkpoint();
  announce(shard_exited{counts.shard, errc::none, {}});
  leave(caf::exit_reason::user_shutdown);
}

// -- what the guarantee needs of the others -----------------------------------------------------------

void shard_state::return_credit(std::uint32_t frames) {
  consumed += frames;
  settle_window();
}

void shard_state::settle_window() {
  if (auto closed = events->window_closed(); closed != reading_withheld) {
    reading_withheld = closed;
    session->withhold_reading(closed);
  }
  // Half of it at once: each time wakes the connection's thread, which costs as much as tens of frames.
  auto at_least = TROUPE_BUGGIFY("credit in crumbs", 0.5) ? 1 : deps.credit / 2;
  if (reading_withheld || consumed == 0 || consumed < at_least)
    return;
  self->send(connection, grant_credit{session->generation(), std::exchange(consumed, 0)});
}

void shard_state::keep(const std::optional<gateway::resume_point>& point) {
  if (!point) {
    session_id.clear();
    resume_url.clear();
  } else {
    if (point->session_id != session_id)
      events->begin_session(point->sequence - std::min<std::uint64_t>(point->sequence, 1)); // READY itself is to come.
    session_id = point->session_id;
    resume_url = point->resume_url;
  }
  send_checkpoint();
}

void shard_state::send_checkpoint() {
  session_checkpoint message{counts.shard, std::uint64_t{deps.settings.intents.bits}, session_id, resume_url, 0};
  if (!session_id.empty())
    message.sequence = events->watermark();
  checkpointed = message.sequence;
  checkpointed_at = now();
  if (deps.sessions)
    self->send(deps.sessions, std::move(message));
}

void shard_state::checkpoint_if_due() {
  if (session_id.empty() || events->watermark() == checkpointed)
    return;
  // That of READY is at once, so that nobody resumes before it.
  if (checkpointed == 0 || now() - checkpointed_at >= deps.checkpoint_period)
    send_checkpoint();
}

void shard_state::report(events_redelivered what) {
  log::info("Shard {} sent {} events again to the successor of {}.", to_string(what.shard), what.events,
            what.subscriber);
  announce(std::move(what));
}

void shard_state::report(event_set_aside what, const event_ring::event&) {
  log::error("Shard {} sets an event aside, {} with sequence {}: {} ended at it three times. Mend its handler.",
             to_string(what.shard), what.event, what.sequence, what.subscriber);
  announce(std::move(what));
}

void shard_state::report(shard_alarm what) {
  log::warn("Shard {}: {}.", to_string(what.shard), what.detail);
  announce(std::move(what));
}

void shard_state::report(shard_alarm_ended what) {
  log::info("Shard {}: {}.", to_string(what.shard), end_of(what.kind));
  announce(what);
}

} // namespace troupe
