// SPDX-License-Identifier: BSD-3-Clause
// NODE AGENT: asks GET /gateway/bot which shards are to run here, and has them started. Separate from the supervisor of
// the shards, which only keeps them alive, and from the shard set, which only knows where they are.
#pragma once

#include "messages/identify.hpp"
#include "messages/interfaces.hpp"
#include "messages/rest.hpp"

#include "runtime/config/config.hpp"

#include "actors/supervision/child_spec.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// What a node agent needs.
struct node_agent_dependencies {
  config::shard_selection selection;
  rest_actor rest;
  identify_queue_actor queue;
  /// Told the plan.
  shard_set_actor shard_set;
  /// The supervisor of the shards.
  supervisor_actor shards;
  /// Makes the order for one shard; none where it left for good.
  std::function<std::optional<start_child>(shard_id shard, const std::string& main_url)> make_shard;
  /// Makes the orders for the bots that a shard has of its own: they run before it starts. May be empty.
  std::function<std::vector<std::pair<supervisor_actor, start_child>>(shard_id shard)> make_bots;
  /// Told `run_failed` where Discord or the plan makes a start impossible. May be null.
  caf::actor runner;
  std::uint64_t seed = 0;
  /// Whether GET /gateway/bot ever answered in this process: shared by all successors of a node agent.
  std::shared_ptr<std::atomic<bool>> contacted = std::make_shared<std::atomic<bool>>(false);
  /// How long GET /gateway/bot is tried before it first answered. Later nothing gives up.
  std::chrono::milliseconds first_contact{15'000};
};

/// The plan for this process.
struct node_agent_state {
  static inline const char* name = "node_agent";

  explicit node_agent_state(node_agent_actor::pointer self);

  void start(node_agent_dependencies with);
  void ask_gateway();

  node_agent_actor::pointer self;
  /// As given to `node_agent`; `random` makes jitter of its seed.
  node_agent_dependencies deps;
  std::mt19937_64 random;
  /// Tries of GET /gateway/bot so far, and when the first was.
  std::uint32_t tries = 0;
  std::chrono::steady_clock::time_point asked_first;

private:
  void on_gateway(const rest_response& answer);
  void retry_or_fail(error reason);
  void fail(const error& reason);
  [[nodiscard]] result<config::shard_selection> selected(const gateway_bot& gateway) const;
  void start_shards(const config::shard_selection& selection, const std::string& main_url);
  void start_bots(shard_id shard, start_child then);
  void start_shard(shard_id shard, start_child order);
};

/// Begins at once. Its end leaves the shards running; its successor finds them there.
node_agent_actor::behavior_type node_agent(node_agent_actor::stateful_pointer<node_agent_state> self,
                                           node_agent_dependencies deps);

} // namespace troupe
