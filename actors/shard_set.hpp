// SPDX-License-Identifier: BSD-3-Clause
// SHARD SET: plans which shards run in this process, starts them, restarts those that crash, and keeps their sessions
// meanwhile. Separate from the shards, because what it keeps must outlive them.
#pragma once

#include "messages/identify.hpp"
#include "messages/interfaces.hpp"
#include "messages/shard.hpp"

#include "runtime/config/config.hpp"
#include "runtime/gateway/session.hpp"

#include <caf/error.hpp>
#include <caf/result.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>

namespace troupe {

/// What a new shard is to be.
struct shard_plan {
  shard_id shard;
  /// What its predecessor left behind.
  std::optional<gateway::resume_point> resume;
  /// Counts the starts of this shard, from 1.
  std::uint32_t start = 1;
  /// From GET /gateway/bot.
  std::string main_url;
  identify_queue_actor queue;
  shard_owner_actor owner;
  std::uint64_t seed = 0;
};

/// What a shard set needs. The factories are parameters, so that a test can play shards.
struct shard_set_dependencies {
  config::shard_selection selection;
  rest_actor rest;
  /// May be null.
  lifecycle_actor lifecycle;
  std::function<identify_queue_actor(caf::actor_system&, const session_start_limit&)> start_queue;
  std::function<shard_actor(caf::actor_system&, shard_plan)> start_shard;
  /// Told `run_failed` when the set cannot go on. May be null.
  caf::actor runner;
  std::uint64_t seed = 0;
  /// How long GET /gateway/bot is tried before it first answered. Later nothing gives up.
  std::chrono::milliseconds first_contact{15'000};
  /// How long shards may take to leave.
  std::chrono::milliseconds farewell{10'000};
};

/// All shards of this process.
struct shard_set_state {
  static inline const char* name = "shard_set";

  explicit shard_set_state(shard_set_actor::pointer self);

  void start();
  void on_due(std::uint64_t what);
  void on_checkpoint(const session_checkpoint& msg);
  void on_fatal(const shard_exited& msg);
  void on_down(const caf::down_msg& msg);
  [[nodiscard]] caf::result<command_result> submit(const submit_command& order, std::uint32_t index);
  [[nodiscard]] caf::result<command_result> submit(const submit_command& order, snowflake guild);
  [[nodiscard]] caf::result<shard_set_status> status();
  [[nodiscard]] caf::result<shards_stopped> stop(const stop_shards& order);

  /// One shard, whether it runs or not.
  struct member {
    /// Null between a crash and the restart, and after the end.
    shard_actor actor;
    std::optional<gateway::resume_point> resume;
    std::uint32_t starts = 0;
    /// Crashes in a row; forgotten after five stable minutes.
    std::uint32_t crashes = 0;
    std::chrono::steady_clock::time_point started_at;
    /// Met a fatal close code: is not started again.
    std::optional<error> fatal;
    /// As it last answered.
    shard_status last;
  };

  shard_set_actor::pointer self;
  /// As given to `shard_set`; `random` makes jitter and the seeds of shards of its seed.
  shard_set_dependencies deps;
  std::mt19937_64 random;
  std::string main_url;
  identify_queue_actor queue;
  /// By index. Never shrinks.
  std::map<std::uint32_t, member> members;
  std::uint32_t count = 0;
  /// Tries of GET /gateway/bot so far, and when the first was.
  std::uint32_t tries = 0;
  std::chrono::steady_clock::time_point asked_first;
  bool any_ready = false;
  bool stopping = false;
  std::optional<caf::typed_response_promise<shards_stopped>> stopped;

private:
  void ask_gateway();
  void on_gateway(const rest_response& answer);
  void retry_or_fail(error reason);
  void fail(const error& reason);
  [[nodiscard]] result<config::shard_selection> selected(const gateway_bot& gateway) const;
  void start_member(std::uint32_t index);
  void restart_later(std::uint32_t index, member& crashed, const caf::error& reason);
  void finish_if_empty();
  [[nodiscard]] std::chrono::milliseconds backoff(std::uint32_t attempt);
};

/// Waits for `start_shards`. Ends when `stop_shards` was answered.
shard_set_actor::behavior_type shard_set(shard_set_actor::stateful_pointer<shard_set_state> self,
                                         shard_set_dependencies deps);

} // namespace troupe
