// SPDX-License-Identifier: BSD-3-Clause
#include "actors/tree.hpp"

#include "messages/inspect.hpp"
#include "messages/shard.hpp"

#include "actors/identify_queue.hpp"
#include "actors/lifecycle.hpp"
#include "actors/shard_set.hpp"
#include "actors/subscriptions.hpp"

#include <caf/send.hpp>

#include <utility>

namespace troupe {

namespace {

// A part of the session starts is kept for sessions that were lost.
constexpr std::uint32_t reserve_share = 10;

identify_queue_actor spawn_queue(caf::actor_system& sys, const tree_dependencies& deps,
                                 const session_start_limit& limit) {
  gateway::identify_queue_settings settings{.limit = limit};
  settings.reserve = deps.settings.identify_reserve.value_or(limit.total / reserve_share);
  identify_queue_dependencies queue{.settings = settings, .ledger = deps.ledger(), .now = deps.wall_clock};
  if (deps.detached_queue)
    return sys.spawn<caf::detached>(identify_queue, std::move(queue));
  return sys.spawn(identify_queue, std::move(queue));
}

shard_actor spawn_shard(caf::actor_system& sys, const tree_dependencies& deps, const lifecycle_actor& lifecycle,
                        const subscriptions_actor& subscriptions, shard_plan plan) {
  shard_dependencies with;
  with.settings.shard = plan.shard;
  with.settings.token = deps.settings.token;
  with.settings.intents = *deps.settings.intents;
  with.settings.compression = deps.settings.compress;
  with.settings.main_url = std::move(plan.main_url);
  with.settings.large_threshold = deps.settings.large_threshold;
  with.settings.presence = deps.settings.presence;
  with.settings.seed = plan.seed;
  with.resume = std::move(plan.resume);
  with.connect = deps.connect;
  with.queue = std::move(plan.queue);
  with.lifecycle = lifecycle;
  with.subscriptions = subscriptions;
  with.owner = std::move(plan.owner);
  with.start = plan.start;
  return sys.spawn(shard, std::move(with));
}

} // namespace

bot_services spawn_tree(caf::actor_system& sys, tree_dependencies deps) {
  bot_services services;
  services.lifecycle = sys.spawn(lifecycle);
  services.subscriptions = sys.spawn(subscriptions);
  services.rest = caf::actor_cast<rest_actor>(sys.spawn(rest, rest_dependencies{.transport = deps.transport,
                                                                                .api_url = deps.settings.api_url,
                                                                                .token = deps.settings.token,
                                                                                .seed = deps.seed}));
  auto shared = std::make_shared<const tree_dependencies>(std::move(deps));
  services.shards =
    sys.spawn(shard_set,
              shard_set_dependencies{.selection = shared->settings.shards,
                                     .rest = services.rest,
                                     .lifecycle = services.lifecycle,
                                     .start_queue =
                                       [shared](caf::actor_system& system, const session_start_limit& limit) {
                                         return spawn_queue(system, *shared, limit);
                                       },
                                     .start_shard =
                                       [shared, lifecycle = services.lifecycle, subscriptions = services.subscriptions](
                                         caf::actor_system& system, shard_plan plan) {
                                         return spawn_shard(system, *shared, lifecycle, subscriptions, std::move(plan));
                                       },
                                     .runner = shared->runner,
                                     .seed = shared->seed + 1});
  return services;
}

caf::actor spawn_bot(caf::actor_system& sys, std::string name, std::function<caf::behavior(bot*)> start,
                     bot_services services) {
  return sys.spawn([name = std::move(name), start = std::move(start), services = std::move(services)](bot* self) {
    self->attach(name, services);
    return start(self);
  });
}

void end_tree(const bot_services& services) {
  caf::anon_send_exit(services.shards, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(services.rest, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(services.subscriptions, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(services.lifecycle, caf::exit_reason::user_shutdown);
}

} // namespace troupe
