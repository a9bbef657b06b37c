// SPDX-License-Identifier: BSD-3-Clause
// The tree of actors of one process, as data and factories. Separate from `run`, so that simulations raise the same
// tree over a virtual clock and the local Discord in memory.
#pragma once

#include "runtime/config/config.hpp"
#include "runtime/gateway/identify_queue.hpp"
#include "runtime/store/identify_ledger.hpp"

#include "actors/bot.hpp"
#include "actors/rest.hpp"
#include "actors/shard.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace troupe {

/// What a tree stands on: everything that a simulation replaces.
struct tree_dependencies {
  /// `intents` must be set.
  config::settings settings;
  /// Carries REST requests.
  decltype(rest_dependencies::transport) transport;
  /// Starts the connection of a shard.
  connection_factory connect;
  /// Opens the identify ledger; called when the identify queue starts.
  std::function<std::unique_ptr<store::identify_ledger>()> ledger;
  /// The wall clock of the identify queue.
  std::function<gateway::wall_time()> wall_clock;
  /// Whether the identify queue gets a thread of its own, because writing the ledger waits for the disk.
  bool detached_queue = true;
  /// Told `run_failed` when the tree cannot go on. May be null.
  caf::actor runner = {};
  /// Everything random in the tree follows from it.
  std::uint64_t seed = 0;
};

/// Spawns lifecycle, subscriptions, REST and the shard set, which waits for `start_shards`. Whoever gets them ends
/// them: `stop_shards` first, then the rest.
[[nodiscard]] bot_services spawn_tree(caf::actor_system& sys, tree_dependencies deps);

/// Spawns a bot's actor over the services of a tree.
[[nodiscard]] caf::actor spawn_bot(caf::actor_system& sys, std::string name, std::function<caf::behavior(bot*)> start,
                                   bot_services services);

/// Ends what `spawn_tree` spawned, after `stop_shards` was answered.
void end_tree(const bot_services& services);

} // namespace troupe
