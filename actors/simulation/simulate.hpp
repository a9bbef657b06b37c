// SPDX-License-Identifier: BSD-3-Clause
// One run from one seed: a world, faults, and the verdict.
#pragma once

#include "actors/bot.hpp"
#include "actors/simulation/sometimes.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace troupe::simulation {

/// How faults come.
enum class mode : std::uint8_t {
  safety,   ///< Uniformly, to everything.
  liveness, ///< After a while half of the shards is left in peace for good, and must make progress though the rest
            ///< stays broken.
};

/// What to run.
struct run_options {
  std::uint64_t seed = 1;
  simulation::mode mode = simulation::mode::safety;
  std::uint32_t shards = 4;
  /// Virtual time under faults.
  std::chrono::milliseconds length = std::chrono::hours{1};
  /// Of each shard.
  double events_per_second = 0.2;
  /// Of the bot.
  placement where = placement::per_node;
  /// The mean distance of two faults.
  std::chrono::milliseconds calm = std::chrono::seconds{40};
  /// How many of the last lines of the trace to keep.
  std::size_t trace_lines = 200;
};

/// What became of it.
struct outcome {
  /// Broken promises; empty: the run passed.
  std::vector<std::string> violations;
  /// The last lines of the trace, and a digest of all: equal for equal options.
  std::vector<std::string> trace;
  std::uint64_t digest = 0;
  simulation::sometimes sometimes;
  /// Events that the subscriber handled; those of them that it had handled before, all marked.
  std::uint64_t handled = 0;
  std::uint64_t duplicates = 0;
  /// Faults that were played.
  std::uint64_t faults = 0;
  /// Virtual time from beginning to end.
  std::chrono::milliseconds elapsed{0};
};

/// Runs. Uses the calling thread only.
[[nodiscard]] outcome simulate(const run_options& options);

} // namespace troupe::simulation
