// SPDX-License-Identifier: BSD-3-Clause
// The inside of a stage: what its three faces (stage, scripted_discord, recorded_rest) share. Separate so that users'
// tests do not compile the model.
#pragma once

#include "runtime/net/http_client.hpp"
#include "runtime/simulator/options.hpp"
#include "runtime/simulator/world.hpp"
#include "runtime/store/session_store.hpp"

#include "actors/run.hpp"
#include "actors/testing/memory_discord.hpp"
#include "actors/testing/stage.hpp"
#include "actors/tree.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace troupe::testing {

/// What happened, in order. Owned by the actors and callbacks that write into it, too.
struct recording {
  explicit recording(caf::actor_system& sys);

  [[nodiscard]] std::chrono::milliseconds elapsed() const;
  /// A line of the trace.
  void note(std::string_view line);

  caf::actor_system& system;
  simulator::clock::time_point start;
  std::string trace;
  std::vector<client_command> commands;
  /// Why the tree cannot go on.
  error run_failed;

  std::vector<rest_call> calls;
  /// How many calls were forgotten: the index of the first one that is there.
  std::size_t forgotten = 0;
  struct script {
    std::string method;
    std::string path;
    /// Nothing: no answer.
    std::optional<scripted_answer> answer;
    std::size_t times = 1;
  };
  std::deque<script> scripts;
};

/// A transport that records and follows the scripts, before `inner`.
[[nodiscard]] decltype(tree_dependencies::transport) recording_transport(std::shared_ptr<recording> to,
                                                                         decltype(tree_dependencies::transport) inner);

/// Writes what shards send into a recording.
void record_commands(memory_discord& discord, const std::shared_ptr<recording>& to);

/// An actor that writes lifecycle messages into a recording. It also plays the runner of the tree.
[[nodiscard]] caf::actor spawn_witness(caf::actor_system& sys, std::shared_ptr<recording> to);

/// What a stage owns.
struct stage_state {
  stage_state(caf::actor_system& sys, stage_options opts, std::function<void()> settle);

  caf::actor_system& system;
  stage_options options;
  /// Delivers all messages.
  std::function<void()> settle;
  /// As the model has it.
  simulator::options discord_options;
  simulator::world world;
  std::shared_ptr<recording> record;
  std::shared_ptr<memory_discord> discord;
  caf::actor witness;
  /// The lifecycle actor that the witness listens to.
  caf::actor_addr heard;
  std::uint64_t last_id = 0;

  // -- the process: what outlives it are the stores
  tree standing;
  bool running = false;
  std::vector<bot_spec> bots;
  std::uint64_t starts = 0;
  std::shared_ptr<store::identify_ledger> ledger;
  std::shared_ptr<store::session_memory> sessions;
};

} // namespace troupe::testing
