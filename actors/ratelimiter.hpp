// SPDX-License-Identifier: BSD-3-Clause
// The RATELIMITER of one shard: holds the askers of commands while `gateway::command_queue` decides when each goes.
// Separate from the shard, so that waiting commands and their promises never mix with the session.
#pragma once

#include "messages/interfaces.hpp"
#include "messages/shard.hpp"

#include "runtime/gateway/command_queue.hpp"

#include <caf/error.hpp>
#include <caf/result.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace troupe {

/// What waits, and for whom.
struct ratelimiter_state {
  static inline const char* name = "ratelimiter";

  explicit ratelimiter_state(ratelimiter_actor::pointer self);

  [[nodiscard]] caf::result<command_result> submit(const submit_command& order);
  void open_window(const window_opened& msg);
  void close_window(const window_closed& msg);
  void on_due(limiter_due msg);

  /// Answers everyone who still waits: the shard is gone.
  void abandon();

  ratelimiter_actor::pointer self;
  /// Where commands are written.
  connection_actor connection;
  /// Decides which is next, and when.
  gateway::command_queue queue;
  /// Who waits for which ticket, also while it is being written.
  std::map<std::uint64_t, caf::typed_response_promise<command_result>> askers;
  std::uint64_t last_ticket = 0;
  /// Of the connection whose window is open.
  std::uint64_t generation = 0;
  /// Numbers timers: an older one is stale.
  std::uint64_t epoch = 0;
  /// When the newest timer fires; none where none is armed.
  std::optional<std::chrono::steady_clock::time_point> wakes_at;

private:
  void pump();
  void write(gateway::outgoing next);
  void arm();
  void settle(std::uint64_t ticket, command_result result);
  void settle(std::vector<gateway::settled> ended);
};

/// @param connection Where commands are written; their order is the order of the decisions.
/// @param limits The bounds of one shard's commands.
ratelimiter_actor::behavior_type ratelimiter(ratelimiter_actor::stateful_pointer<ratelimiter_state> self,
                                             connection_actor connection, gateway::command_limits limits);

} // namespace troupe
