// SPDX-License-Identifier: BSD-3-Clause
// SHARD SET: knows where each shard of this process is: passes commands to them, reports them, sends them away.
// Separate from their supervisor, which does not know what they are.
#pragma once

#include "messages/interfaces.hpp"
#include "messages/lifecycle.hpp"
#include "messages/shard.hpp"

#include <caf/actor.hpp>
#include <caf/result.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>

namespace troupe {

/// What a shard set needs.
struct shard_set_dependencies {
  /// Told `run_failed` when a fatal close code leaves nobody who serves. May be null.
  caf::actor runner;
  /// How long shards may take to leave after `stop_shards`, before it is answered nevertheless.
  std::chrono::milliseconds farewell{10'000};
};

/// All shards of this process.
struct shard_set_state {
  static inline const char* name = "shard_set";

  explicit shard_set_state(shard_set_actor::pointer self);

  void on_plan(const shards_planned& plan);
  void on_created(const shard_created& msg, const shard_actor& shard);
  void on_down(const caf::actor_addr& who);
  void give_up_waiting();
  void on_fatal(const shard_exited& msg);
  [[nodiscard]] caf::result<command_result> submit(const submit_command& order, std::uint32_t index);
  [[nodiscard]] caf::result<command_result> submit(const submit_command& order, snowflake guild);
  [[nodiscard]] caf::result<shard_set_status> status();
  [[nodiscard]] caf::result<shards_stopped> stop(const stop_shards& order);

  /// One shard, whether it runs or not.
  struct member {
    /// Null before its start and after its end.
    shard_actor actor;
    /// As it last answered.
    shard_status last;
    /// Met a fatal close code: it is not started again.
    bool fatal = false;
  };

  shard_set_actor::pointer self;
  /// By index. Never shrinks.
  std::map<std::uint32_t, member> members;
  std::uint32_t count = 0;
  /// As given to `shard_set`.
  shard_set_dependencies deps;
  /// Set once `stop_shards` came: shards that start later are sent away, too.
  std::optional<stop_shards> stopping;
  std::optional<caf::typed_response_promise<shards_stopped>> stopped;

private:
  /// Asks all shards how they are, then calls `done` with this state up to date.
  template <class Done>
  void refresh(Done done);
  void finish_if_empty();
};

/// Ends by order only: its successor finds no shards, and needs new ones.
shard_set_actor::behavior_type shard_set(shard_set_actor::stateful_pointer<shard_set_state> self,
                                         shard_set_dependencies deps);

} // namespace troupe
