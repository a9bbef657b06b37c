// SPDX-License-Identifier: BSD-3-Clause
// One simulated machine and its Discord: the whole tree on CAF's test scheduler, where any actor that can run may be
// the next one; processes that are killed and started again on the same disk; and the judges of it all.
#pragma once

#include "messages/lifecycle.hpp"
#include "messages/shard.hpp"

#include "runtime/buggify.hpp"
#include "runtime/codec/compression.hpp"

#include "actors/bot.hpp"
#include "actors/simulation/event_checkers.hpp"
#include "actors/simulation/faults.hpp"
#include "actors/simulation/session_checkers.hpp"
#include "actors/simulation/sometimes.hpp"
#include "actors/simulation/stores.hpp"
#include "actors/simulation/trace.hpp"
#include "actors/simulation/tree_checkers.hpp"
#include "actors/testing/deterministic.hpp"
#include "actors/testing/memory_discord.hpp"
#include "actors/tree.hpp"

#include <caf/actor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::simulation {

/// Where its bot is; with `per_shard` and `per_guild`, what is above it.
inline constexpr const char* bot_path = "root/bots/observer";

/// What a world is like.
struct world_options {
  std::uint64_t seed = 1;
  std::uint32_t shards = 4;
  /// Of each shard.
  double events_per_second = 0.2;
  /// Of the bot.
  placement where = placement::per_node;
  /// How many lines of the trace are remembered.
  std::size_t trace_lines = 200;
};

/// What outlives every actor of a world: they refer to it until the actor system is gone.
struct world_record {
  explicit world_record(const world_options& options);

  /// Every checker, for reports.
  [[nodiscard]] std::vector<const checker*> checkers() const;

  /// What happened, what was reached, and the disk.
  simulation::trace trace;
  simulation::sometimes sometimes;
  disk machine;
  /// Of the local Discord.
  std::uint32_t max_concurrency;

  /// The judges, and what those of events look at.
  event_history history;
  no_event_lost lost;
  duplicates_are_marked marks;
  order_kept order;
  watermark_is_honest watermark{history};
  discords_rules rules;
  identify_spacing spacing{max_concurrency};
  command_limits commands;
  permits_conserved permits;
  resumes_preferred resumes;
  stale_generations_are_silent generations;
  sequences_never_fall sequences;
  fatal_codes_stop_for_good fatal;
  backoff_grows backoff{std::chrono::seconds{60}};
  restarts_within_intensity intensity;
  no_orphans orphans;
  memory_is_bounded memory;
  everyone_ready_again liveness;
  runs_end_with_reason ends;
  shutdown_is_clean shutdown;

  /// Events that the subscriber handled, all and by shard.
  std::uint64_t handled = 0;
  std::map<std::uint32_t, std::uint64_t> handled_by_shard;
  /// How often the subscriber still throws at the event that it met first since this was set.
  std::uint32_t poison = 0;
  std::string poisoned;
  /// Starts of the process.
  std::uint32_t starts = 0;
  /// Why the tree said that it cannot go on.
  error failed;
};

/// One world. Nothing in it depends on anything but its options.
class world : private world_record, private testing::deterministic {
public:
  explicit world(world_options options);
  ~world() override;

  /// Lets time pass, in random order of whoever can run.
  void run_for(std::chrono::milliseconds duration);

  /// Lets something go wrong now.
  void play(const planned_fault& what);

  /// Ends all that lasts, and lets time pass until every shard of [first, end) is ready or `bound` is over.
  void heal();
  void await_ready(std::uint32_t first, std::uint32_t end, std::chrono::seconds bound);

  /// Stops the traffic, waits until all was handled, and asks the checkers that can only judge then.
  void come_to_rest();

  /// Leaves as SIGTERM would, and judges how.
  void shut_down();

  /// Where the tree said that it cannot go on: ends the process, as `run` would, and starts the next one.
  void restart_if_failed();

  /// Looks at what has no message: breaches, queues, memory.
  void look();

  /// What broke a promise so far.
  [[nodiscard]] std::vector<std::string> violations() const;

  /// For reports.
  [[nodiscard]] world_record& record() noexcept {
    return *this;
  }
  /// Virtual time since the beginning.
  [[nodiscard]] std::chrono::milliseconds elapsed();

private:
  // -- the process
  void start_process();
  void kill_process();
  bool stop_process();
  void subscribe_witness();
  void crash(const planned_fault& what);

  // -- its bot
  caf::behavior observe(bot* self);
  [[nodiscard]] std::string path_of(const bot& one) const;
  [[nodiscard]] std::string any_bot();
  void on_event(const raw_event& event, const bot& by);

  // -- the judges' eyes
  void note(const std::string& text);
  void note_violations();
  void on_client(const simulator::model& model, std::uint64_t connection, const std::string& payload);
  void on_stored(const store::session_record& record);
  void on_ledger(const gateway::ledger_state& state);
  void take_dispatches();
  caf::behavior witness(caf::event_based_actor* self);
  void on_restarting(const shard_restarting& msg);
  void on_shard_exited(const shard_exited& msg);
  void on_child_restarting(const child_restarting& msg);
  void on_attached(shard_id shard);

  // -- time
  bool step();
  void after(std::chrono::milliseconds delay, std::function<void()> what);
  void run_due();
  [[nodiscard]] std::vector<shard_status> statuses();
  /// Sends commands now and again and again: mostly few, sometimes more than Discord takes.
  void send_commands();

  world_options options_;
  /// Wakes the rare paths of this run.
  buggify::run rare_{options_.seed};
  std::mt19937_64 random_;
  codec::compression compression_;
  time_point began_;
  std::shared_ptr<testing::memory_discord> discord_;
  tree tree_;
  bool up_ = false;
  /// By path: who was started there last.
  std::map<std::string, caf::actor_id> newest_bots_;
  caf::actor witness_;
  caf::actor_addr heard_;
  /// Not scheduled for the time being.
  caf::actor_id frozen_ = 0;
  /// What will happen, besides timers of actors.
  std::multimap<time_point, std::function<void()>> plans_;
  /// Connections that identified or resumed, and whose shard that was.
  std::map<std::uint64_t, shard_id> attached_;
  std::map<shard_id, std::string> session_before_restart_;
  /// Violations that the trace has already.
  std::size_t noted_ = 0;
  /// When each shard became ready or resumed last.
  std::map<shard_id, time_point> attached_at_;
  /// Shards that crashed and have not come back.
  std::set<shard_id> crashed_;
};

} // namespace troupe::simulation
