// SPDX-License-Identifier: BSD-3-Clause
// Decides who may identify, and when (design 7; protocol 4.2, 4.3). Plain: the actor of the same name carries messages
// and timers, the store keeps the ledger. Time is wall-clock milliseconds, because the ledger outlives the process.
#pragma once

#include "messages/identify.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace troupe::gateway {

/// Milliseconds since the Unix epoch.
using wall_time = std::chrono::sys_time<std::chrono::milliseconds>;

/// What must survive a crash: written before a permit is used.
struct ledger_state {
  /// When each bucket's last IDENTIFY left, or was about to.
  std::map<std::uint32_t, wall_time> last_identify;
  /// When the budget's window began; IDENTIFYs counted in it.
  std::optional<wall_time> window_start;
  std::uint32_t used = 0;

  friend bool operator==(const ledger_state&, const ledger_state&) = default;
};

/// Settings of the queue.
struct identify_queue_settings {
  session_start_limit limit;
  std::chrono::milliseconds spacing{5'000};
  /// Added to the spacing against jitter on the way.
  std::chrono::milliseconds slack{150};
  /// Session starts that only recoveries may use.
  std::uint32_t reserve = 0;
  /// How many shards of a bucket are told to connect ahead of their turn.
  std::uint32_t prepared = 2;
  /// A permit that is neither committed nor returned in this time goes back.
  std::chrono::milliseconds permit_lease{10'000};
  /// So many identifies in a row without READY open the breaker; a shard's own answer closes it.
  std::uint32_t breaker_threshold = 10;
  std::chrono::milliseconds breaker_pause{60'000};
  std::chrono::milliseconds breaker_pause_max{3'600'000};
};

/// Tell the shard to connect.
struct tell_prepare {
  shard_id shard;
  std::uint64_t ticket;
};
/// Give the shard the permit.
struct tell_granted {
  shard_id shard;
  std::uint64_t ticket;
};
/// Make the ledger durable before anything else happens. If that fails call `on_store_failed`.
struct save_ledger {
  ledger_state state;
};
/// The hold changed; for the log and the alarm.
struct hold_changed {
  hold_reason reason;
  std::chrono::milliseconds until;
};
using queue_action = std::variant<tell_prepare, tell_granted, save_ledger, hold_changed>;
using queue_actions = std::vector<queue_action>;

/// One bot's identifies. A bucket is held from grant until the IDENTIFY is on the wire, then for spacing plus slack.
/// Not thread-safe.
class identify_queue {
public:
  identify_queue(identify_queue_settings settings, ledger_state ledger, wall_time now);

  void join(const join_identify_queue& who, wall_time now, queue_actions& out);
  void request(const request_permit& who, wall_time now, queue_actions& out);
  void commit(const permit_committed& who, wall_time now, queue_actions& out);
  void spend(const permit_spent& who, wall_time now, queue_actions& out);
  void leave(const leave_identify_queue& who, wall_time now, queue_actions& out);
  /// The shard's actor died: an uncommitted permit goes back, a committed one counts as spent now.
  void forget(shard_id shard, wall_time now, queue_actions& out);
  void answered(const identify_answered& what, wall_time now, queue_actions& out);
  /// GET /gateway/bot was asked again: Discord's own count corrects ours, downwards and at a reset.
  void use_limit(const session_start_limit& limit, wall_time now, queue_actions& out);
  void on_store_failed(wall_time now, queue_actions& out);
  /// Time passed.
  void tick(wall_time now, queue_actions& out);

  /// When `tick` is due; nothing while nothing can change by time.
  [[nodiscard]] std::optional<wall_time> next_due(wall_time now) const;
  [[nodiscard]] identify_queue_status status(wall_time now) const;
  [[nodiscard]] const ledger_state& ledger() const noexcept;

private:
  struct waiter {
    shard_id shard;
    std::uint64_t ticket = 0;
    bool recovery = false;
    bool prepared = false;
    bool wants_permit = false;
  };
  enum class permit_stage : std::uint8_t { granted, committed };
  struct bucket {
    /// In shard order.
    std::vector<waiter> waiting;
    std::optional<waiter> holder;
    permit_stage stage = permit_stage::granted;
    wall_time lease_ends{};
    wall_time free_at{};
  };

  void advance(wall_time now, queue_actions& out);

  identify_queue_settings settings_;
  ledger_state ledger_;
  std::map<std::uint32_t, bucket> buckets_;
  hold_reason hold_ = hold_reason::none;
  wall_time hold_until_{};
  std::uint32_t failures_ = 0;
  wall_time reset_at_{};
};

} // namespace troupe::gateway
