// SPDX-License-Identifier: BSD-3-Clause
// The IDENTIFY QUEUE, one per bot token: carries messages, timers and the ledger for `gateway::identify_queue`, which
// decides. Separate from all shards, because the rules hold over all of them.
#pragma once

#include "messages/identify.hpp"
#include "messages/interfaces.hpp"

#include "runtime/gateway/identify_queue.hpp"
#include "runtime/store/identify_ledger.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace troupe {

/// What an identify queue needs.
struct identify_queue_dependencies {
  /// Where `limit.total` is 0 Discord has not been asked yet: the first `session_start_limit` begins the work, and
  /// nothing is queued before.
  gateway::identify_queue_settings settings;
  /// Session starts that only recoveries may use; not set: a tenth of the total.
  std::optional<std::uint32_t> reserve = std::nullopt;
  /// Written before each permit is used. Not null.
  std::unique_ptr<store::identify_ledger> ledger;
  /// The wall clock, because the ledger outlives the process. Simulations derive it from their virtual clock.
  std::function<gateway::wall_time()> now;
};

/// Who waits, and the timer for the next decision.
struct identify_queue_state {
  static inline const char* name = "identify_queue";

  explicit identify_queue_state(identify_queue_actor::pointer self);

  void start(identify_queue_dependencies deps);
  void on_limit(const session_start_limit& limit);
  void join(const join_identify_queue& msg, const identify_client_actor& client);
  [[nodiscard]] identify_queue_status status() const;
  void on_client_down(const caf::down_msg& msg);
  void on_due(std::uint64_t due_epoch);

  /// Calls one method of the queue with the time and its arguments, then does what it decided.
  template <class Method, class Argument>
  void decide(Method method, const Argument& argument) {
    if (!queue)
      return;
    gateway::queue_actions actions;
    (*queue.*method)(argument, now(), actions);
    perform(actions);
  }
  /// As above, for methods that take only the time.
  template <class Method>
  void decide(Method method) {
    if (!queue)
      return;
    gateway::queue_actions actions;
    (*queue.*method)(now(), actions);
    perform(actions);
  }

  identify_queue_actor::pointer self;
  std::function<gateway::wall_time()> now;
  /// Saved to before a permit is told.
  std::unique_ptr<store::identify_ledger> ledger;
  gateway::identify_queue_settings settings;
  std::optional<std::uint32_t> reserve;
  /// As read at the start.
  gateway::ledger_state remembered;
  /// Decides; there is one once the limit is known.
  std::optional<gateway::identify_queue> queue;
  /// The newest actor of each shard; answers go there.
  std::map<shard_id, identify_client_actor> clients;
  /// Numbers timers: an older one is stale.
  std::uint64_t epoch = 0;
  /// When the newest timer fires; none where none is armed.
  std::optional<gateway::wall_time> wakes_at;
  /// The hold as the log has it.
  hold_reason told = hold_reason::none;

private:
  void perform(const gateway::queue_actions& actions);
  [[nodiscard]] bool save(const gateway::ledger_state& state);
  void report(const gateway::hold_changed& change);
  void arm();
};

/// Saving the ledger blocks for the length of an fsync, about once per bucket in five seconds: the spawner decides
/// whether that is worth a thread (`caf::detached`, impossible in simulations). Ends with `errc::store_unavailable`
/// where the ledger cannot be read at the start.
identify_queue_actor::behavior_type identify_queue(identify_queue_actor::stateful_pointer<identify_queue_state> self,
                                                   identify_queue_dependencies deps);

} // namespace troupe
