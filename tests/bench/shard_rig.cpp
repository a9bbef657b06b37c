// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/shard_rig.hpp"

#include "messages/discord/events.hpp"
#include "messages/inspect.hpp"
#include "messages/subscription.hpp"

#include "actors/guild_cache.hpp"
#include "actors/shard.hpp"
#include "actors/subscriptions.hpp"
#include "actors/system.hpp"

#include "tests/bench/feeder.hpp"
#include "tests/bench/measuring.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace troupe::bench {

using namespace std::chrono_literals;

namespace {

// As a bot: with a handler for all that it asks for. What has none costs more, and is answered with an error.
template <class... Events>
caf::behavior handlers_of() {
  return {[](const raw_event&) {}, [](const Events&) {}...};
}

caf::behavior subscriber(caf::event_based_actor* self) {
  self->set_default_handler([](caf::scheduled_actor*, caf::message_view&) -> caf::result<caf::message> {
    std::fputs("the traffic has an event that the benchmarks' subscriber does not handle\n", stderr);
    std::abort();
  });
  return handlers_of<guild_create, message_create, message_update, message_delete, message_reaction_add,
                     message_reaction_remove, presence_update, typing_start, guild_member_update, voice_state_update>();
}

} // namespace

shard_rig::shard_rig(caf::actor_system& sys, rig_options options)
  : sys_{sys}, options_{std::move(options)}, self_{sys}, table_{sys.spawn(subscriptions)} {
  for (std::size_t i = 0; i < options_.subscribers; ++i)
    subscribers_.push_back(sys.spawn(subscriber));
  if (options_.caches)
    guilds_ = make_directory(sys);
}

shard_rig::~shard_rig() {
  if (shard_)
    self_->send_exit(shard_, caf::exit_reason::kill);
  *connection_ = nullptr;
  for (const auto& one : subscribers_)
    self_->send_exit(one, caf::exit_reason::kill);
  self_->send_exit(table_, caf::exit_reason::kill);
  if (guilds_)
    guilds_->end_all();
}

void shard_rig::subscribe_all() {
  for (const auto& one : subscribers_)
    caf::anon_send(table_, subscribe{.events = options_.names, .raw = options_.raw}, one);
}

void shard_rig::start(batch_source source) {
  shard_dependencies deps;
  deps.settings.token = secret{"bench"};
  deps.settings.compression = options_.how;
  deps.settings.main_url = "wss://localhost";
  deps.resume = gateway::resume_point{"session", "wss://localhost", 1};
  deps.subscriptions = table_;
  deps.guilds = guilds_;
  deps.connect = [source = std::move(source), place = connection_](caf::actor_system& system,
                                                                   connection_owner_actor owner) {
    return *place = system.spawn(feeder, source, std::move(owner));
  };
  // Its question for the table comes behind the subscriptions.
  shard_ = sys_.spawn(shard, std::move(deps));
}

void shard_rig::go_on() {
  caf::anon_send(*connection_, grant_credit{});
}

// Questions have no time limit: a limit of CAF's stays in its clock until it is due, though the answer came, and then
// in the mailbox of a scoped actor for good. In a soak that is a leak of its own.
std::uint64_t shard_rig::events() {
  std::uint64_t seen = 0;
  self_->request(shard_, caf::infinite, shard_status_request{})
    .receive([&](const shard_status& status) { seen = status.events; }, [](const caf::error&) { std::abort(); });
  return seen;
}

void shard_rig::await(const caf::actor& who) {
  self_->request(who, caf::infinite, caf::sys_atom::value, caf::get_atom::value, "info")
    .receive([](caf::ok_atom, const std::string&, const caf::strong_actor_ptr&, const std::string&) {},
             [](const caf::error&) { std::abort(); });
}

void shard_rig::await_events(std::uint64_t wanted) {
  while (events() < wanted)
    self_->receive(caf::after(5ms) >> [] {});
  for (const auto& one : subscribers_)
    await(one);
  if (guilds_)
    for (auto guild : guilds_->guilds())
      await(caf::actor_cast<caf::actor>(guilds_->find(guild)));
}

double runtime_path(const recording& from, rig_options options) {
  actor_config config;
  caf::actor_system sys{config};
  options.how = from.how;
  shard_rig rig{sys, std::move(options)};
  rig.subscribe_all();
  auto start = process_cpu_seconds();
  rig.start(play(from));
  rig.await_events(from.events);
  return process_cpu_seconds() - start;
}

std::shared_ptr<guild_directory> make_directory(caf::actor_system& sys) {
  auto made = std::make_shared<std::weak_ptr<guild_directory>>();
  auto start = [&sys, made](snowflake guild, std::shared_ptr<guild_meter> meter) {
    guild_cache_dependencies with;
    with.guild = guild;
    with.directory = *made;
    with.kept = made->lock()->kept();
    with.users = made->lock()->users();
    with.meter = std::move(meter);
    return sys.spawn<guild_cache>(std::move(with));
  };
  auto directory = std::make_shared<guild_directory>(cache::settings::parse("all").value(), start);
  *made = directory;
  return directory;
}

} // namespace troupe::bench
