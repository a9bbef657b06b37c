// SPDX-License-Identifier: BSD-3-Clause
#include "actors/simulation/simulate.hpp"

#include "actors/simulation/world.hpp"

#include <random>

namespace troupe::simulation {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

// The longest backoff, a few failed connections, and everyone's turn in the queue.
constexpr auto ready_bound = 10min;
// How often the healed half must have made progress.
constexpr auto progress_every = 10min;

/// One run: plays faults from its own dice.
class director {
public:
  explicit director(const run_options& options)
    : options_{options}, random_{options.seed * 0x9e3779b97f4a7c15 + 1}, world_{{options.seed, options.shards,
                                                                                 options.events_per_second,
                                                                                 options.where, options.trace_lines}} {
    // nop
  }

  outcome run() {
    if (options_.mode == mode::safety)
      run_safety();
    else
      run_liveness();
    world_.heal();
    world_.await_ready(0, options_.shards, ready_bound);
    world_.come_to_rest();
    world_.shut_down();
    return result();
  }

private:
  void run_safety() {
    auto fatal = options_.seed % 8 == 0 && options_.shards > 1;
    trouble(fatal ? options_.length * 3 / 4 : options_.length, 0);
    if (!fatal)
      return;
    // A person took an intent away; the next process has it back.
    world_.play({.text = "close code=4014", .shard = options_.shards - 1});
    trouble(options_.length / 8, 0);
    world_.play({.source = fault_source::restart_process, .length = 1s});
    trouble(options_.length / 8, 0);
  }

  void run_liveness() {
    auto healed = options_.shards / 2;
    trouble(options_.length / 2, 0);
    world_.heal();
    // What Discord was told to do to all goes on for a minute at most.
    trouble(2min, healed);
    world_.await_ready(0, healed, ready_bound);
    for (milliseconds gone{0}; gone < options_.length / 2; gone += progress_every) {
      auto before = world_.record().handled_by_shard;
      trouble(progress_every, healed);
      for (std::uint32_t index = 0; index < healed; ++index)
        if (world_.record().handled_by_shard[index] == before[index])
          world_.record().liveness.on_standstill({index, options_.shards});
    }
  }

  /// Faults for a while, to the shards from `first` on.
  void trouble(milliseconds length, std::uint32_t first) {
    auto calm = options_.calm.count();
    for (auto end = world_.elapsed() + length; world_.elapsed() < end;) {
      std::uniform_int_distribution<std::int64_t> pause{1, 2 * calm};
      world_.run_for(std::min(milliseconds{pause(random_)}, end - world_.elapsed()));
      if (first < options_.shards)
        world_.play(draw_fault(random_, first, options_.shards));
      ++faults_;
      world_.look();
      world_.restart_if_failed();
    }
  }

  outcome result() {
    auto& record = world_.record();
    const auto& lines = record.trace.lines();
    return {.violations = world_.violations(),
            .trace = {lines.begin(), lines.end()},
            .digest = record.trace.digest(),
            .sometimes = record.sometimes,
            .handled = record.handled,
            .duplicates = record.marks.marked(),
            .faults = faults_,
            .elapsed = world_.elapsed()};
  }

  run_options options_;
  std::mt19937_64 random_;
  world world_;
  std::uint64_t faults_ = 0;
};

} // namespace

outcome simulate(const run_options& options) {
  return director{options}.run();
}

} // namespace troupe::simulation
