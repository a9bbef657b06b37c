// SPDX-License-Identifier: BSD-3-Clause
#include "actors/guild_bots.hpp"

#include "messages/fwd.hpp"
#include "messages/inspect.hpp"
#include "messages/shard.hpp"
#include "messages/supervision.hpp"

#include "runtime/log/log.hpp"

#include "actors/system.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/message_view.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace troupe {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// Sleep and restarts are looked after so often. Short, because a timer keeps the actor system for so long at its end.
constexpr milliseconds tick_max = 1s;
constexpr milliseconds tick_min = 100ms;
constexpr auto last_word_patience = 5s;
constexpr milliseconds backoff_min = 1s;
constexpr milliseconds backoff_max = 60s;

} // namespace

guild_bots_state::guild_bots_state(bot* self, guild_bots_dependencies deps)
  : self_{self}, deps_{std::move(deps)}, backoff_{backoff_min, backoff_max, deps_.seed},
    running_{std::make_shared<std::map<caf::actor_addr, snowflake>>()} {
  self_->attach_functor([running = running_](const caf::error&) {
    for (const auto& one : *running)
      if (auto who = caf::actor_cast<caf::actor>(one.first))
        caf::anon_send_exit(who, caf::exit_reason::kill);
  });
}

guild_bots_state::~guild_bots_state() = default;

void guild_bots_state::rehearse() {
  self_->equip(deps_.name, deps_.services, {.guild = snowflake{}, .rehearsal = true});
  static_cast<void>(deps_.start(self_));
  self_->started();
}

// -- events -------------------------------------------------------------------------------------------

void guild_bots_state::on_event(caf::message what) {
  auto event = recognize_(what);
  if (!event) {
    log::debug("The front of bot {} drops a message that is no event.", deps_.name);
    return;
  }
  auto lane = self_->current_message_id().is_urgent_message();
  auto& from = source_of(self_->current_sender());
  auto& one = resident_of(event->guild);
  one.last_event = self_->clock().now();
  if (!one.awake && !one.falling_asleep && !one.due && !stopping_)
    start(event->guild, one);
  one.inbox->push({from.who, from.shard, lane},
                  {.what = *event,
                   .message = std::move(what),
                   .number = ++events_,
                   .replayed = from.replayed[lane],
                   .redelivered = from.redelivered[lane]},
                  one.last_event);
  settle(event->guild, one);
}

void guild_bots_state::on_marks(const event_marks& now) {
  auto& from = source_of(self_->current_sender());
  from.shard = now.shard;
  from.replayed[now.lane] = now.replayed;
  from.redelivered[now.lane] = now.redelivered;
}

guild_bots_state::shard_source& guild_bots_state::source_of(const caf::strong_actor_ptr& sender) {
  auto who = sender ? sender : caf::strong_actor_ptr{self_->ctrl()};
  auto [known, is_new] = sources_.try_emplace(who->id());
  if (is_new) {
    known->second.who = who;
    self_->monitor(caf::actor_cast<caf::actor>(who));
  }
  return known->second;
}

guild_bots_state::resident& guild_bots_state::resident_of(snowflake guild) {
  auto& one = residents_[guild];
  if (!one.inbox)
    one.inbox = make_inbox(guild);
  wake();
  return one;
}

std::unique_ptr<guild_inbox> guild_bots_state::make_inbox(snowflake guild) {
  return std::make_unique<guild_inbox>(++inboxes_, name_of(guild), caf::actor{self_}, self_->hands_on(), *this);
}

// -- what an inbox decides ----------------------------------------------------------------------------

void guild_bots_state::send(const caf::actor& to, const event_source& from, const caf::message& what) {
  // As the shard's own: marks are about the events of one sender.
  auto id = from.lane ? caf::make_message_id(caf::message_priority::high) : caf::make_message_id();
  to->enqueue(from.who, id, what, self_->context());
}

void guild_bots_state::probe(const guild_inbox& of, const event_source& from, const caf::actor& to,
                             const delivery_probe& what) {
  auto known = running_->find(to.address());
  if (known == running_->end())
    return;
  auto done = [this, guild = known->second, inbox = of.id(), from = from.who->id(), lane = from.lane, what] {
    on_answer(guild, inbox, from, lane, what);
  };
  auto failed = [done](const caf::error& err) {
    if (err != caf::sec::request_receiver_down)
      done();
  };
  auto came_so_far = [done](caf::ok_atom, const std::string&, const caf::strong_actor_ptr&, const std::string&) {
    done();
  };
  auto handled_all = [done](const handled&) { done(); };
  constexpr auto high = caf::message_priority::high;
  if (what.relays && from.lane)
    self_->request<high>(to, caf::infinite, await_handled{true}).then(handled_all, failed);
  else if (what.relays)
    self_->request(to, caf::infinite, await_handled{}).then(handled_all, failed);
  else if (from.lane)
    self_->request<high>(to, caf::infinite, caf::sys_atom::value, caf::get_atom::value, "info")
      .then(came_so_far, failed);
  else
    self_->request(to, caf::infinite, caf::sys_atom::value, caf::get_atom::value, "info").then(came_so_far, failed);
}

void guild_bots_state::report(const events_redelivered& what) {
  log::info("{} events were sent again to the successor of {}.", what.events, what.subscriber);
  announce(what);
}

void guild_bots_state::report(const event_set_aside& what) {
  log::error("An event of shard {} is set aside, {}: {} ended at it three times. Mend its handler.",
             to_string(what.shard), what.event, what.subscriber);
  announce(what);
}

void guild_bots_state::report(const shard_alarm& what) {
  log::warn("Shard {}: {}.", to_string(what.shard), what.detail);
  announce(what);
}

void guild_bots_state::report(const shard_alarm_ended& what) {
  announce(what);
}

template <class Message>
void guild_bots_state::announce(const Message& what) {
  if (deps_.services.lifecycle)
    caf::anon_send(deps_.services.lifecycle, what);
}

// -- answers ------------------------------------------------------------------------------------------

caf::result<handled> guild_bots_state::on_question(const await_handled& question) {
  auto& from = source_of(self_->current_sender());
  auto& questions = from.questions[question.lane];
  auto promise = self_->make_response_promise<handled>();
  from.promises.emplace(++asked_, promise);
  questions.ask(asked_, events_);
  for (auto guild : questions.waiting())
    if (auto known = residents_.find(snowflake{guild}); known != residents_.end())
      known->second.inbox->ask(from.who->id(), question.lane, self_->clock().now());
  answer(from, question.lane);
  return promise;
}

void guild_bots_state::on_answer(snowflake guild, std::uint64_t inbox, caf::actor_id from, bool lane,
                                 const delivery_probe& what) {
  auto known = residents_.find(guild);
  if (known == residents_.end() || known->second.inbox->id() != inbox)
    return;
  if (known->second.inbox->answered(from, lane, what, self_->clock().now()))
    known->second.crashes = 0;
  settle(guild, known->second);
}

void guild_bots_state::settle(snowflake guild, resident& one) {
  for (const auto& state : one.inbox->states()) {
    auto from = sources_.find(state.who);
    if (from == sources_.end())
      continue; // Nobody asks any more.
    auto& questions = from->second.questions[state.lane];
    if (state.oldest)
      questions.waits(guild.value, *state.oldest);
    else
      questions.rests(guild.value);
    answer(from->second, state.lane);
    if (state.oldest && questions.asked())
      one.inbox->ask(state.who, state.lane, self_->clock().now());
  }
}

void guild_bots_state::answer(shard_source& to, bool lane) {
  for (auto question : to.questions[lane].answered()) {
    auto promise = to.promises.extract(question);
    if (!promise.empty())
      promise.mapped().deliver(handled{});
  }
}

// -- the guilds' actors -------------------------------------------------------------------------------

void guild_bots_state::start(snowflake guild, resident& one) {
  bot_place place{
    .guild = guild, .front = self_->address(), .front_name = deps_.name, .kept = nullptr, .rehearsal = false};
  if (auto left = kept_.find(guild); left != kept_.end())
    place.kept = left->second;
  auto run = [name = name_of(guild), place = std::move(place), start = deps_.start,
              services = deps_.services](bot* inner) -> caf::behavior {
    inner->equip(name, services, place);
    auto handlers = start(inner);
    inner->started();
    return handlers;
  };
  one.due.reset();
  one.last_event = self_->clock().now();
  one.awake = self_->system().spawn(std::move(run));
  self_->monitor(one.awake);
  running_->emplace(one.awake.address(), guild);
  if (deps_.on_actor)
    deps_.on_actor(guild, one.awake);
  one.inbox->begin(one.awake, one.last_event);
  settle(guild, one);
}

void guild_bots_state::put_to_sleep(snowflake guild, resident& one) {
  one.falling_asleep = std::exchange(one.awake, nullptr);
  // What comes from here on waits for the next one.
  one.inbox = make_inbox(guild);
  one.due = self_->clock().now() + last_word_patience;
  auto who = one.falling_asleep.address();
  self_->request(one.falling_asleep, caf::infinite, bot_sleeping{})
    .then([this, guild, who](const keep& left) { on_asleep(guild, who, &left); },
          [this, guild, who](const caf::error&) { on_asleep(guild, who, nullptr); });
}

void guild_bots_state::on_asleep(snowflake guild, const caf::actor_addr& who, const keep* left) {
  auto known = residents_.find(guild);
  if (known == residents_.end() || known->second.falling_asleep.address() != who)
    return;
  auto& one = known->second;
  if (left != nullptr)
    kept_[guild] = std::make_shared<const std::any>(left->state);
  release(guild, who);
  caf::anon_send_exit(std::exchange(one.falling_asleep, nullptr), caf::exit_reason::kill);
  one.due.reset();
  if (stopping_)
    leave(known);
  else if (one.inbox->handled_all())
    forget(known);
  else
    start(guild, one);
}

void guild_bots_state::on_down(const caf::actor_addr& who, const caf::error& reason) {
  auto known = running_->find(who);
  if (known == running_->end()) {
    // A shard. What came of it is still handled; nobody asks.
    if (sources_.erase(who.id()) > 0)
      for (auto& one : residents_)
        one.second.inbox->end_source(who.id());
    return;
  }
  auto guild = known->second;
  auto one = residents_.find(guild);
  if (one == residents_.end())
    return release(guild, who);
  if (one->second.falling_asleep.address() == who)
    return on_asleep(guild, who, nullptr);
  release(guild, who);
  if (stopping_)
    return leave(one);
  if (!reason || reason == caf::exit_reason::normal || reason == caf::exit_reason::user_shutdown)
    return forget(one); // By its own wish, as any bot: it wants nothing of what it got.
  on_crash(guild, one->second, reason);
}

void guild_bots_state::on_crash(snowflake guild, resident& one, const caf::error& reason) {
  auto why = to_error(reason);
  log::error("Bot {} ended: {}", name_of(guild), to_string(why));
  announce(child_exited{path_of(guild), why.code, why.detail});
  one.awake = nullptr;
  one.inbox->crashed(self_->clock().now());
  settle(guild, one);
  if (one.inbox->handled_all())
    return forget(residents_.find(guild));
  auto wait = backoff_.after(++one.crashes);
  announce(child_restarting{path_of(guild), wait.count()});
  if (wait == 0ms)
    return start(guild, one);
  one.due = self_->clock().now() + wait;
}

void guild_bots_state::forget(residents::iterator which) {
  auto guild = which->first;
  residents_.erase(which);
  for (auto& source : sources_)
    for (auto lane : {false, true}) {
      source.second.questions[lane].rests(guild.value);
      answer(source.second, lane);
    }
  quit_if_alone();
}

void guild_bots_state::leave(residents::iterator which) {
  if (which->second.inbox->handled_all())
    return forget(which);
  which->second.awake = nullptr; // What it leaves is not answered for.
  quit_if_alone();
}

void guild_bots_state::release(snowflake guild, const caf::actor_addr& who) {
  running_->erase(who);
  if (deps_.on_actor)
    deps_.on_actor(guild, nullptr);
}

// -- time, and the end --------------------------------------------------------------------------------

void guild_bots_state::wake() {
  if (std::exchange(ticking_, true))
    return;
  tell_after(self_, std::clamp(deps_.idle_after / 4, tick_min, tick_max), retry_due{});
}

void guild_bots_state::on_tick() {
  ticking_ = false;
  auto now = self_->clock().now();
  for (auto next = residents_.begin(); next != residents_.end();) {
    auto here = next++;
    auto& one = here->second;
    auto due = one.due && *one.due <= now;
    if (one.falling_asleep && due)
      on_asleep(here->first, one.falling_asleep.address(), nullptr);
    else if (!one.awake && due && !stopping_)
      start(here->first, one);
    else if (one.awake && now - one.last_event >= deps_.idle_after && one.inbox->handled_all() && !stopping_)
      put_to_sleep(here->first, one);
  }
  if (!residents_.empty())
    wake();
}

void guild_bots_state::on_exit(const caf::error& reason) {
  if (reason == caf::exit_reason::user_shutdown)
    self_->shut_down(reason); // Behind the events that wait: they are handed on first.
  else if (reason)
    self_->quit(reason);
}

void guild_bots_state::on_stopping() {
  stopping_ = true;
  for (const auto& known : residents_) {
    if (known.second.falling_asleep)
      caf::anon_send_exit(known.second.falling_asleep, caf::exit_reason::kill);
    if (known.second.awake)
      caf::anon_send_exit(known.second.awake, caf::exit_reason::user_shutdown);
  }
  quit_if_alone();
}

void guild_bots_state::quit_if_alone() {
  if (stopping_ && running_->empty())
    self_->quit(caf::exit_reason::normal);
}

std::string guild_bots_state::name_of(snowflake guild) const {
  return guild ? deps_.name + " of guild " + to_string(guild) : deps_.name + " outside of guilds";
}

std::string guild_bots_state::path_of(snowflake guild) const {
  return deps_.path + "/" + to_string(guild);
}

caf::behavior guild_bots(bot* self, guild_bots_dependencies deps) {
  auto state = std::make_shared<guild_bots_state>(self, std::move(deps));
  state->rehearse();
  // After the rehearsal, which may have set others.
  self->set_exit_handler([it = state.get()](const caf::exit_msg& msg) { it->on_exit(msg.reason); });
  self->set_down_handler([it = state.get()](const caf::down_msg& msg) { it->on_down(msg.source, msg.reason); });
  self->set_default_handler([it = state.get()](caf::scheduled_actor* who, caf::message_view& view) {
    caf::result<caf::message> nothing{caf::delegated<caf::message>{}};
    if (who->current_message_id().is_request())
      nothing = caf::sec::unexpected_message;
    else
      it->on_event(view.move_content_to_message());
    return nothing;
  });
  return {
    [state](const event_marks& now) { state->on_marks(now); },
    [state](const await_handled& question) { return state->on_question(question); },
    [state](const bot_stopping&) { state->on_stopping(); },
    [state](const retry_due&) { state->on_tick(); },
  };
}

} // namespace troupe
