// SPDX-License-Identifier: BSD-3-Clause
// The tree of actors of one process, written as data (design 4). Separate from `run`, so that simulations and the test
// kit raise the same tree over a virtual clock and the local Discord in memory.
#pragma once

#include "runtime/config/config.hpp"
#include "runtime/gateway/identify_queue.hpp"
#include "runtime/store/identify_ledger.hpp"
#include "runtime/store/session_store.hpp"

#include "actors/bot.hpp"
#include "actors/rest.hpp"
#include "actors/shard.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// One bot of a tree.
struct bot_plan {
  std::string name;
  /// Runs inside the bot's actors.
  std::function<caf::behavior(bot*)> start;
  placement where = placement::per_node;
  /// With `per_guild`: how long an actor is kept without an event.
  std::chrono::milliseconds idle_after{600'000};
};

/// Restarts within a period that are taken of all shards together, and of the bots of all shards: one machine's trouble
/// crashes many.
inline constexpr std::uint32_t shards_intensity = 50;

/// What a tree stands on: everything that a simulation replaces.
struct tree_dependencies {
  /// `intents` must be set.
  config::settings settings;
  /// Their names differ.
  std::vector<bot_plan> bots;
  /// Carries REST requests.
  decltype(rest_dependencies::transport) transport;
  /// Starts the connection of a shard.
  connection_factory connect;
  /// Opens the identify ledger; called at each start of the identify queue.
  std::function<result<std::unique_ptr<store::identify_ledger>>()> ledger;
  /// Opens the session store; called at each start of the sessions actor.
  std::function<result<std::unique_ptr<store::session_store>>()> sessions;
  /// The wall clock of the stores.
  std::function<gateway::wall_time()> wall_clock;
  /// Whether the actors that write to disk get threads of their own.
  bool detached_stores = true;
  /// How much may wait for subscribers, per shard.
  delivery_limits window = {};
  /// Told `run_failed` when the tree cannot go on. May be null.
  caf::actor runner = {};
  /// Everything random in the tree follows from it.
  std::uint64_t seed = 0;
};

class tree_places;

/// A handle to a tree. Cheap to copy; thread-safe.
class tree {
public:
  /// Spawns the root. It answers `await_children` when everything runs, or says why it does not; whoever raised the
  /// tree ends it with `exit_reason::user_shutdown`: sessions are then left to be resumed.
  [[nodiscard]] static tree raise(caf::actor_system& sys, tree_dependencies deps);

  /// No tree.
  tree() = default;

  /// The supervisor of all. Whoever keeps it beyond its end keeps only its memory.
  [[nodiscard]] const supervisor_actor& root() const noexcept {
    return root_;
  }

  /// The actors that a bot works with, as they are now: a restart replaces them.
  [[nodiscard]] bot_services services() const;

  /// The actor that runs at a path such as "root/bots/ping" or "root/shards/3/connection"; null where none does. The
  /// actors of a bot per shard are at "root/bots/NAME/3", of a bot per guild at "root/bots/NAME/GUILD".
  [[nodiscard]] caf::actor find(std::string_view path) const;

  /// Every path where an actor runs, sorted.
  [[nodiscard]] std::vector<std::string> paths() const;

private:
  supervisor_actor root_;
  std::shared_ptr<tree_places> places_;
};

} // namespace troupe
