// SPDX-License-Identifier: BSD-3-Clause
// SESSIONS: keeps every shard's session, in memory and in a store, so that the shard's successor resumes, in this
// process or the next (promise P3). Separate from the shards, because what it keeps must outlive them.
#pragma once

#include "messages/interfaces.hpp"
#include "messages/shard.hpp"

#include "runtime/gateway/identify_queue.hpp"
#include "runtime/store/session_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>

namespace troupe {

/// What a sessions actor needs.
struct sessions_dependencies {
  /// Not null.
  std::unique_ptr<store::session_store> store;
  /// The wall clock, because the store outlives the process. Simulations derive it from their virtual clock.
  std::function<gateway::wall_time()> now;
  /// Watermarks are written this often; a new session, and the end of one, at once.
  std::chrono::milliseconds batch_period{1'000};
};

/// The sessions, and which of them the store does not have yet.
struct sessions_state {
  static inline const char* name = "sessions";

  explicit sessions_state(sessions_actor::pointer self);

  void start(sessions_dependencies with);
  void on_checkpoint(const session_checkpoint& msg);
  [[nodiscard]] session_checkpoint find(const find_session& asked) const;
  void on_due(std::uint64_t due_epoch);
  /// Writes all that the store does not have.
  void flush();

  sessions_actor::pointer self;
  /// As given to `sessions`.
  sessions_dependencies deps;
  /// By shard and count.
  std::map<shard_id, store::session_record> known;
  std::set<shard_id> unsaved;
  /// Numbers timers: an older one is stale.
  std::uint64_t epoch = 0;
  bool armed = false;
  /// Whether the last save failed: said once.
  bool failing = false;
};

/// Writing waits for the disk, not for long: the spawner decides whether that is worth a thread (`caf::detached`,
/// impossible in simulations). Ordered to end it writes the rest. A store that fails is reported, and never stops it.
sessions_actor::behavior_type sessions(sessions_actor::stateful_pointer<sessions_state> self,
                                       sessions_dependencies deps);

} // namespace troupe
