// SPDX-License-Identifier: BSD-3-Clause
// Decides who may identify, and when (design 7; protocol 4.2, 4.3). Plain: the actor of the same name carries messages
// and timers, the store keeps the ledger. Time is wall-clock milliseconds, because the ledger outlives the process.
#pragma once

#include "messages/identify.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
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
  /// Who.
  shard_id shard;
  /// From its `join`.
  std::uint64_t ticket;
};
/// Give the shard the permit.
struct tell_granted {
  /// Who.
  shard_id shard;
  /// From its `join`.
  std::uint64_t ticket;
};
/// Make the ledger durable before anything else happens. If that fails call `on_store_failed` and drop the actions that
/// follow: it takes back the permits of this list, which it counts. There is at most one in a list, and only
/// `tell_granted` follows it.
struct save_ledger {
  /// All of it.
  ledger_state state;
};
/// The hold changed; for the log and the alarm.
struct hold_changed {
  /// Why nobody gets a permit; `none` where the hold ended.
  hold_reason reason;
  /// How long it lasts, from now.
  std::chrono::milliseconds until;
};
using queue_action = std::variant<tell_prepare, tell_granted, save_ledger, hold_changed>;
using queue_actions = std::vector<queue_action>;

/// One bot's identifies. A bucket is held from grant until the IDENTIFY is on the wire, then for spacing plus slack.
/// Not thread-safe.
class identify_queue {
public:
  /// @param ledger As it was saved last. A bucket whose last identify is so young that it may have been later than
  ///   the ledger knows is free when the spacing is over from `now`.
  identify_queue(identify_queue_settings settings, ledger_state ledger, wall_time now);

  /// A shard waits; replaces an earlier place of the same shard, whose unused permit goes back.
  void join(const join_identify_queue& who, wall_time now, queue_actions& out);
  /// The shard is at HELLO.
  void request(const request_permit& who, wall_time now, queue_actions& out);
  /// The shard uses its permit. One without a permit is counted nevertheless: its IDENTIFY goes out.
  void commit(const permit_committed& who, wall_time now, queue_actions& out);
  /// IDENTIFY is on the wire: the spacing starts.
  void spend(const permit_spent& who, wall_time now, queue_actions& out);
  /// The shard gives up: an uncommitted permit goes back unused, a committed one counts as spent now.
  void leave(const leave_identify_queue& who, wall_time now, queue_actions& out);
  /// The shard's actor died: as `leave`; an IDENTIFY that was not answered counts as refused for the breaker.
  void forget(shard_id shard, wall_time now, queue_actions& out);
  /// READY or a refusal, for the breaker.
  void answered(const identify_answered& what, wall_time now, queue_actions& out);
  /// GET /gateway/bot was asked again: Discord's own count corrects ours, downwards and at a reset.
  void use_limit(const session_start_limit& limit, wall_time now, queue_actions& out);
  /// The ledger of the last list could not be saved: its permits are taken back, and nobody gets one for 5 s.
  void on_store_failed(wall_time now, queue_actions& out);
  /// Time passed.
  void tick(wall_time now, queue_actions& out);

  /// When `tick` is due; nothing while nothing can change by time.
  [[nodiscard]] std::optional<wall_time> next_due(wall_time now) const;
  /// Positions and ETAs, the budget and the hold.
  [[nodiscard]] identify_queue_status status(wall_time now) const;
  /// What the next `save_ledger` would save.
  [[nodiscard]] const ledger_state& ledger() const noexcept;

private:
  /// A write is given up earlier, and then reported: this is for a report that is lost.
  static constexpr std::chrono::milliseconds committed_at_most{60'000};

  struct waiter {
    shard_id shard;
    std::uint64_t ticket = 0;
    bool recovery = false;
    bool prepared = false;
    bool wants_permit = false;
    /// Permits that it let lapse: others go first.
    std::uint32_t lapses = 0;
  };
  struct bucket {
    /// In shard order.
    std::vector<waiter> waiting;
    wall_time free_at{};
  };
  /// A permit that was granted and not yet spent. It holds its bucket.
  struct permit {
    waiter who;
    std::uint32_t bucket = 0;
    bool committed = false;
    /// When it goes back, or counts as spent where it is committed.
    wall_time ends{};
    /// Of the bucket, to be restored if the permit comes back unused.
    std::optional<wall_time> last_identify;
    /// The budget's window that it was counted in.
    std::uint64_t window = 0;
  };
  using permits = std::vector<permit>;

  void advance(wall_time now, queue_actions& out);
  void distrust_clock(wall_time now);
  void end_window_if_due(wall_time now);
  void count_as_discord(const session_start_limit& limit, wall_time now, bool trusts_reset);
  void end_leases(wall_time now);
  void give_back(permits::iterator unused);
  void use_up(permits::iterator used, wall_time now);
  void end_permit(permits::iterator one, wall_time now);
  void mark_identify(std::uint32_t bucket, wall_time now);
  void count_unpermitted(shard_id shard, std::uint64_t ticket, wall_time now);
  void drop_waiter(shard_id shard);
  void drop_shard(shard_id shard, wall_time now);
  void fail(wall_time now);
  void update_hold(wall_time now, queue_actions& out);
  void prepare(wall_time now, queue_actions& out);
  void grant(wall_time now);
  void change_concurrency(std::uint32_t max_concurrency, bool grows);
  void insert(waiter who);
  [[nodiscard]] bool may_identify(const waiter& who, wall_time now) const;
  [[nodiscard]] bool held(std::uint32_t bucket) const;
  [[nodiscard]] waiter* find_waiter(shard_id shard, std::uint64_t ticket);
  [[nodiscard]] permits::iterator find_permit(shard_id shard, std::uint64_t ticket);
  [[nodiscard]] std::chrono::milliseconds gap() const;
  [[nodiscard]] std::uint32_t remaining() const;
  [[nodiscard]] std::uint32_t uncommitted() const;
  [[nodiscard]] wall_time window_end(wall_time now) const;

  identify_queue_settings settings_;
  ledger_state ledger_;
  /// The ledger as the caller was told to save it last.
  ledger_state saved_;
  std::map<std::uint32_t, bucket> buckets_;
  permits permits_;
  /// Tickets granted by the call that runs, or ran last: they are taken back if their ledger cannot be saved.
  std::vector<std::pair<shard_id, std::uint64_t>> fresh_;
  /// IDENTIFYs on the wire whose answer has not come.
  std::set<shard_id> unanswered_;
  hold_reason hold_ = hold_reason::none;
  wall_time hold_until_{};
  /// Identifies in a row without READY; the breaker is open or half-open where it is at the threshold.
  std::uint32_t failures_ = 0;
  std::chrono::milliseconds pause_{};
  wall_time breaker_until_{};
  bool breaker_ = false;
  /// The one shard that tries while the breaker is half-open, and how long it is waited for.
  std::optional<shard_id> trial_;
  wall_time trial_ends_{};
  std::optional<wall_time> store_retry_;
  /// Numbers the budget's windows.
  std::uint64_t window_ = 0;
  /// What Discord itself counted in this window when it was asked last.
  std::uint32_t discord_used_ = 0;
};

} // namespace troupe::gateway
