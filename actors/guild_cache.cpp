// SPDX-License-Identifier: BSD-3-Clause
#include "actors/guild_cache.hpp"

#include "messages/inspect.hpp"

#include "runtime/codec/json.hpp"
#include "runtime/log/log.hpp"

#include "actors/supervision/carry_exceptions.hpp"
#include "actors/system.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <utility>

namespace troupe {

namespace {

using namespace std::chrono_literals;

constexpr auto rest_patience = 300s;
constexpr auto command_patience = 180s;
constexpr auto busy_pause = 1s;
constexpr std::size_t user_ids_max = 100;

// Of `retry_due`.
constexpr std::uint64_t fetches_due = 1;
constexpr std::uint64_t resync_due = 2;
constexpr std::uint64_t end_due = 3;
// After the bot left the guild: so long somebody may ask whether what went through here was passed on.
constexpr auto farewell_patience = 10s;

error check(const fetch_members& what, bool may_list) {
  if (what.user_ids.size() > user_ids_max)
    return {errc::invalid_argument, "fetch_members takes at most 100 `user_ids`"};
  if (!what.user_ids.empty() && (!what.query.empty() || what.limit != 0))
    return {errc::invalid_argument, "fetch_members takes either `user_ids` or a `query`"};
  if (what.user_ids.empty() && !what.query.empty() && (what.limit == 0 || what.limit > 100))
    return {errc::invalid_argument, "fetch_members with a `query` needs a `limit` from 1 to 100"};
  if (what.user_ids.empty() && what.query.empty() && what.limit == 0 && !may_list)
    return {errc::invalid_intents, "all members are told only to sessions with GUILD_MEMBERS"};
  return {};
}

} // namespace

/// Members that somebody waits for.
struct guild_cache_state::fetching {
  cache::member_fetches requests;
  std::map<std::uint64_t, caf::typed_response_promise<member_page>> waiters;
  std::uint64_t last = 0;
  bool awake = false;
};

guild_cache_state::guild_cache_state(guild_actor::pointer self) : self{self} {
  // nop
}

guild_cache_state::~guild_cache_state() {
  if (auto directory = deps.directory.lock(); directory && gathered_)
    directory->end_resync();
}

void guild_cache_state::start() {
  state = std::make_unique<cache::guild_state>(deps.guild, deps.kept, deps.users);
  // Unless its first event is a GUILD_CREATE.
  state->mark_dirty("its actor started in the middle of a session");
  watch_over();
  account();
}

void guild_cache_state::on_change(const guild_change& what) {
  auto was_dirty = state->dirty();
  caf::message both;
  if (what.effect != nullptr)
    both = what.effect->apply(*state, what.event, !what.relay_to.empty());
  for (const auto& who : what.relay_to)
    who->enqueue(self->current_sender(), caf::make_message_id(), both.empty() ? what.event : both, self->context());
  if (what.effect == nullptr)
    return;
  if (fetching_)
    notice_chunks(what.event);
  if (deps.meter->gone)
    return leave();
  if (!was_dirty && state->dirty())
    watch_over();
  account();
}

void guild_cache_state::leave() {
  if (!std::exchange(leaving_, true))
    tell_after(self, farewell_patience, retry_due{end_due});
}

void guild_cache_state::on_shed(const shed_bytes& order) {
  state->shed(order.bytes);
  account();
}

void guild_cache_state::account() {
  deps.meter->dirty = state->dirty();
  auto directory = deps.directory.lock();
  if (directory && directory->account(*deps.meter, state->bytes()) && deps.guilds)
    self->send(deps.guilds, budget_exceeded{});
}

void guild_cache_state::on_due(const retry_due& msg) {
  if (msg.epoch == end_due)
    return self->quit(caf::exit_reason::user_shutdown);
  if (msg.epoch == resync_due)
    return resynchronise();
  if (!fetching_)
    return;
  fetching_->awake = false;
  for (auto& over : fetching_->requests.expired(self->clock().now()))
    settle(std::move(over));
  if (fetching_)
    wake_for_fetches();
}

// -- members from Discord -------------------------------------------------------------------------------

caf::result<member_page> guild_cache_state::fetch(const fetch_members& what) {
  if (auto wrong = check(what, deps.may_list_members))
    return make_error(wrong.code, wrong.detail);
  if (!deps.shards)
    return make_error(errc::actor_unreachable, "nobody can pass the request on");
  if (!fetching_)
    fetching_ = std::make_unique<fetching>();
  auto ticket = ++fetching_->last;
  auto promise = self->make_response_promise<member_page>();
  fetching_->waiters[ticket] = promise;
  auto nonce = fetching_->requests.begin(ticket, self->clock().now() + deps.fetch_patience);
  request_guild_members order{.guild_id = deps.guild,
                              .query = std::nullopt,
                              .limit = static_cast<std::int32_t>(what.limit),
                              .presences = what.presences ? std::optional{true} : std::nullopt,
                              .user_ids = std::nullopt,
                              .nonce = nonce};
  if (what.user_ids.empty())
    order.query = what.query;
  else
    order.user_ids = what.user_ids;
  auto refused = [this, nonce](error why) {
    if (fetching_)
      settle(fetching_->requests.on_refused(nonce, std::move(why)));
  };
  self->request(deps.shards, command_patience, submit_command{std::move(order)}, deps.guild)
    .then(
      [refused](const command_result& became) {
        if (became.outcome != command_outcome::sent)
          refused({became.reason, became.detail});
      },
      [refused](const caf::error& err) { refused(to_error(err)); });
  wake_for_fetches();
  return promise;
}

void guild_cache_state::notice_chunks(const caf::message& event) {
  if (event.match_elements<guild_members_chunk>())
    settle(fetching_->requests.on_chunk(event.get_as<guild_members_chunk>(0)));
  else if (event.match_elements<rate_limited>())
    settle(fetching_->requests.on_rate_limited(event.get_as<rate_limited>(0)));
}

void guild_cache_state::settle(std::optional<cache::member_fetches::outcome> over) {
  if (!over)
    return;
  auto waiter = fetching_->waiters.extract(over->ticket);
  if (waiter.empty())
    return;
  if (over->answer)
    waiter.mapped().deliver(std::move(*over->answer));
  else
    waiter.mapped().deliver(make_error(over->answer.error().code, over->answer.error().detail));
  if (fetching_->waiters.empty())
    fetching_.reset();
}

void guild_cache_state::wake_for_fetches() {
  auto next = fetching_->requests.next_deadline();
  if (!next || std::exchange(fetching_->awake, true))
    return;
  tell_after(self, *next - self->clock().now(), retry_due{fetches_due});
}

// -- what is missing --------------------------------------------------------------------------------------

void guild_cache_state::watch_over() {
  if (deps.rest)
    tell_after(self, deps.patience, retry_due{resync_due});
}

void guild_cache_state::resynchronise() {
  auto directory = deps.directory.lock();
  if (!directory || !state->dirty() || !state->available() || gathered_)
    return;
  if (!directory->begin_resync())
    return tell_after(self, busy_pause, retry_due{resync_due});
  gathered_ = std::make_unique<guild_create>();
  // A process that resumed another's session had no READY.
  if (deps.users->bot().value == 0)
    ask("/users/@me", &guild_cache_state::on_self);
  else
    ask(path_of_guild() + "?with_counts=true", &guild_cache_state::on_guild);
}

void guild_cache_state::ask(std::string path, void (guild_cache_state::*then)(const std::string& body)) {
  rest_request call{.method = "GET", .path = std::move(path), .body = {}};
  self->request(deps.rest, rest_patience, std::move(call))
    .then(
      [this, then](const rest_response& answer) {
        if (answer.status / 100 == 2)
          return (this->*then)(answer.body);
        if (answer.status == 403 || answer.status == 404)
          return on_left();
        log::warn("Guild {} stays dirty: Discord answered {}.", to_string(deps.guild), answer.status);
        end_resync();
      },
      [this](const caf::error& err) {
        log::warn("Guild {} stays dirty: {}", to_string(deps.guild), to_string(to_error(err)));
        end_resync();
      });
}

std::string guild_cache_state::path_of_guild() const {
  return "/guilds/" + to_string(deps.guild);
}

void guild_cache_state::on_self(const std::string& body) {
  auto found = codec::decode_copy<user>(body);
  if (!found)
    return end_resync();
  deps.users->set_bot(found->id);
  ask(path_of_guild() + "?with_counts=true", &guild_cache_state::on_guild);
}

void guild_cache_state::on_guild(const std::string& body) {
  auto found = codec::decode_copy<guild>(body);
  if (!found)
    return end_resync();
  static_cast<guild&>(*gathered_) = std::move(*found);
  if (gathered_->approximate_member_count)
    gathered_->member_count = *gathered_->approximate_member_count;
  ask(path_of_guild() + "/channels", &guild_cache_state::on_channels);
}

void guild_cache_state::on_channels(const std::string& body) {
  auto found = codec::decode_copy<channel_list>("{\"channels\":" + body + '}');
  if (!found)
    return end_resync();
  gathered_->channels = std::move(found->channels);
  ask(path_of_guild() + "/threads/active", &guild_cache_state::on_threads);
}

void guild_cache_state::on_threads(const std::string& body) {
  auto found = codec::decode_copy<thread_list_sync>(body);
  if (!found)
    return end_resync();
  gathered_->threads = std::move(found->threads);
  // A GUILD_CREATE that came meanwhile is newer.
  if (state->dirty()) {
    state->apply(*gathered_);
    if (deps.may_list_members && deps.kept.members && deps.shards) {
      // Nobody waits: the chunks go into the cache as they come.
      request_guild_members order;
      order.guild_id = deps.guild;
      order.query = "";
      order.presences = deps.kept.presences;
      self->request(deps.shards, command_patience, submit_command{std::move(order)}, deps.guild)
        .then([](const command_result&) {}, [](const caf::error&) {});
    }
    account();
    log::info("Guild {} is resynchronised.", to_string(deps.guild));
  }
  end_resync();
}

void guild_cache_state::on_left() {
  log::info("Guild {} is none of the bot's any more.", to_string(deps.guild));
  if (auto directory = deps.directory.lock())
    directory->forget(deps.guild);
  end_resync();
  leave();
}

void guild_cache_state::end_resync() {
  gathered_.reset();
  if (auto directory = deps.directory.lock())
    directory->end_resync();
  if (state->dirty() && !leaving_)
    watch_over();
}

// -- the actor --------------------------------------------------------------------------------------------

namespace {

// Set while an actor of a guild is at work in this thread.
thread_local guild_cache_state* guild_at_work = nullptr;

guild_actor::behavior_type behavior_of_guilds() {
  return {
    [](const guild_change& what) { guild_at_work->on_change(what); },
    [](const get_guild& what) { return guild_at_work->answer(what); },
    [](const get_guild_counts& what) { return guild_at_work->answer(what); },
    [](const get_channel& what) { return guild_at_work->answer(what); },
    [](const get_channels& what) { return guild_at_work->answer(what); },
    [](const get_threads& what) { return guild_at_work->answer(what); },
    [](const get_role& what) { return guild_at_work->answer(what); },
    [](const get_roles& what) { return guild_at_work->answer(what); },
    [](const get_member& what) { return guild_at_work->answer(what); },
    [](const get_members& what) { return guild_at_work->answer(what); },
    [](const get_presence& what) { return guild_at_work->answer(what); },
    [](const get_voice_state& what) { return guild_at_work->answer(what); },
    [](const get_voice_states& what) { return guild_at_work->answer(what); },
    [](const get_message& what) { return guild_at_work->answer(what); },
    [](const get_messages& what) { return guild_at_work->answer(what); },
    [](const get_emojis& what) { return guild_at_work->answer(what); },
    [](const get_stickers& what) { return guild_at_work->answer(what); },
    [](const get_scheduled_events& what) { return guild_at_work->answer(what); },
    [](const get_stage_instances& what) { return guild_at_work->answer(what); },
    [](const get_soundboard_sounds& what) { return guild_at_work->answer(what); },
    [](const get_permissions& what) { return guild_at_work->answer(what); },
    [](const compare_members& what) { return guild_at_work->answer(what); },
    [](const fetch_members& what) { return guild_at_work->fetch(what); },
    [](const shed_bytes& order) { guild_at_work->on_shed(order); },
    [](const retry_due& msg) { guild_at_work->on_due(msg); },
  };
}

} // namespace

guild_cache::guild_cache(caf::actor_config& cfg, guild_cache_dependencies deps) : stateful_actor{cfg} {
  state.deps = std::move(deps);
}

guild_cache::resume_result guild_cache::resume(caf::execution_unit* on, std::size_t most) {
  auto before = std::exchange(guild_at_work, &state);
  auto result = stateful_actor::resume(on, most);
  guild_at_work = before;
  return result;
}

guild_cache::behavior_type guild_cache::make_behavior() {
  carry_exceptions(this, guild_cache_state::name);
  attach_functor([known_in = state.deps.directory, guild = state.deps.guild, who = address()](const caf::error&) {
    if (auto directory = known_in.lock())
      directory->on_ended(guild, who);
  });
  state.start();
  static const auto shared = behavior_of_guilds();
  return shared;
}

} // namespace troupe
