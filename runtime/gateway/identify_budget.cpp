// SPDX-License-Identifier: BSD-3-Clause
// The rest of the identify queue: what holds permits back. Budget, reserve, breaker, the store, and what Discord says.
#include "runtime/gateway/identify_queue.hpp"

#include <algorithm>

namespace troupe::gateway {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds window_length{86'400'000};
constexpr milliseconds unknown_reset{60'000};
// Two answers about the same window differ by the time they take.
constexpr milliseconds same_window{60'000};
// Far above any that Discord gives; there may be a bucket for each. Less concurrency than allowed is only slower.
constexpr std::uint32_t concurrency_max = 4'096;

std::uint32_t usable_concurrency(const session_start_limit& limit) {
  return std::clamp(limit.max_concurrency, 1u, concurrency_max);
}

} // namespace

identify_queue::identify_queue(identify_queue_settings settings, ledger_state ledger, wall_time now)
  : settings_{std::move(settings)}, ledger_{std::move(ledger)}, saved_{ledger_} {
  settings_.limit.max_concurrency = usable_concurrency(settings_.limit);
  settings_.prepared = std::max(settings_.prepared, 1u);
  settings_.breaker_threshold = std::max(settings_.breaker_threshold, 1u);
  if (ledger_.window_start && *ledger_.window_start > now)
    ledger_.window_start = now;
  // Buckets of a greater concurrency: which shards were in them is unknown, so they count for all.
  auto limit = settings_.limit.max_concurrency;
  wall_time unknown{};
  std::erase_if(ledger_.last_identify, [&](const auto& one) {
    if (one.first >= limit)
      unknown = std::max(unknown, one.second);
    return one.first >= limit;
  });
  for (std::uint32_t number = 0; unknown != wall_time{} && number < limit; ++number)
    ledger_.last_identify[number] = std::max(ledger_.last_identify[number], unknown);
  for (auto& [number, last] : ledger_.last_identify) {
    last = std::min(last, now);
    // The last save may know only the grant, and not how late its IDENTIFY was: the process died, or the save failed.
    auto is_sure = now - last > settings_.permit_lease + committed_at_most;
    buckets_[number].free_at = (is_sure ? last : now) + gap();
  }
  end_window_if_due(now);
  // It may be a default or older than the ledger: it takes from what is left, but is no proof of a reset.
  count_as_discord(session_start_limit{settings_.limit}, now, false);
}

// -- the budget ---------------------------------------------------------------------------------------

void identify_queue::use_limit(const session_start_limit& limit, wall_time now, queue_actions& out) {
  distrust_clock(now);
  end_window_if_due(now);
  auto grows = usable_concurrency(limit) > settings_.limit.max_concurrency;
  settings_.limit = limit;
  settings_.limit.max_concurrency = usable_concurrency(limit);
  count_as_discord(settings_.limit, now, true);
  change_concurrency(settings_.limit.max_concurrency, grows);
  advance(now, out);
}

void identify_queue::count_as_discord(const session_start_limit& limit, wall_time now, bool trusts_reset) {
  auto used = limit.total - std::min(limit.remaining, limit.total);
  // Without a session start in it there is no window yet, whatever `reset_after` says.
  if (used > 0 || (ledger_.window_start && limit.reset_after > 0)) {
    auto start = now + milliseconds{std::max<std::int64_t>(limit.reset_after, 1'000)} - window_length;
    if (trusts_reset && ledger_.window_start && start > *ledger_.window_start + same_window) {
      // A window that began later than the one we count in: Discord has reset since.
      ++window_;
      ledger_.used = used + static_cast<std::uint32_t>(permits_.size());
      for (auto& one : permits_)
        one.window = window_;
      ledger_.window_start = start;
    } else if (!ledger_.window_start || start < *ledger_.window_start - same_window) {
      ledger_.window_start = start;
    }
  }
  discord_used_ = used;
  ledger_.used = std::max(ledger_.used, used + uncommitted());
}

void identify_queue::end_window_if_due(wall_time now) {
  if (!ledger_.window_start)
    return;
  ledger_.window_start = std::min(*ledger_.window_start, now);
  if (window_end(now) > now)
    return;
  ++window_;
  discord_used_ = 0;
  ledger_.window_start.reset();
  ledger_.used = 0;
  // What is under way is counted by Discord in the window in which it arrives.
  for (auto& one : permits_) {
    one.window = window_;
    ++ledger_.used;
    ledger_.window_start = now;
  }
}

wall_time identify_queue::window_end(wall_time now) const {
  if (ledger_.window_start)
    return *ledger_.window_start + window_length;
  return now + (remaining() == 0 ? unknown_reset : window_length);
}

std::uint32_t identify_queue::remaining() const {
  auto total = settings_.limit.total;
  return total - std::min(ledger_.used, total);
}

std::uint32_t identify_queue::uncommitted() const {
  return static_cast<std::uint32_t>(
    std::count_if(permits_.begin(), permits_.end(), [](const permit& one) { return !one.committed; }));
}

void identify_queue::change_concurrency(std::uint32_t max_concurrency, bool grows) {
  auto fits = [&](const auto& map) { return map.empty() || map.rbegin()->first < max_concurrency; };
  auto moves = [&](const waiter& who, std::uint32_t bucket) { return who.shard.bucket(max_concurrency) != bucket; };
  // A last identify of fewer buckets may have been of a shard that is in another bucket now.
  auto same = fits(buckets_) && fits(ledger_.last_identify) && (!grows || ledger_.last_identify.empty());
  for (const auto& [number, bucket] : buckets_)
    for (const auto& one : bucket.waiting)
      same = same && !moves(one, number);
  for (const auto& one : permits_)
    same = same && !moves(one.who, one.bucket);
  if (same)
    return;
  // Which shards the old buckets had is not known any more, so the newest identify counts for all: five seconds, once.
  wall_time last{};
  for (const auto& [number, moment] : ledger_.last_identify)
    last = std::max(last, moment);
  auto old = std::exchange(buckets_, {});
  ledger_.last_identify.clear();
  for (auto& one : permits_) {
    one.bucket = one.who.shard.bucket(max_concurrency);
    one.last_identify = last;
  }
  for (std::uint32_t number = 0; last != wall_time{} && number < max_concurrency; ++number) {
    ledger_.last_identify[number] = last;
    buckets_[number].free_at = last + gap();
  }
  for (auto& [number, bucket] : old)
    for (auto& one : bucket.waiting)
      insert(one);
}

// -- holds --------------------------------------------------------------------------------------------

void identify_queue::fail(wall_time now) {
  ++failures_;
  auto pausing = breaker_ && breaker_until_ > now;
  if (pausing || (!breaker_ && failures_ < settings_.breaker_threshold))
    return; // Answers to what was under way when it opened do not count twice.
  pause_ = breaker_ ? std::min(pause_ * 2, settings_.breaker_pause_max) : settings_.breaker_pause;
  breaker_ = true;
  breaker_until_ = now + pause_;
  trial_.reset();
  hold_ = hold_reason::none; // So that the new pause is told.
}

void identify_queue::update_hold(wall_time now, queue_actions& out) {
  auto reason = hold_reason::none;
  auto until = now;
  if (store_retry_) {
    reason = hold_reason::store_failed;
    until = *store_retry_;
  } else if (remaining() == 0) {
    reason = hold_reason::budget_exhausted;
    until = window_end(now);
  } else if (breaker_) {
    reason = hold_reason::breaker_open;
    until = breaker_until_;
  } else if (remaining() <= settings_.reserve) {
    reason = hold_reason::reserve_reached;
    until = window_end(now);
  }
  hold_until_ = until;
  if (reason == hold_)
    return;
  hold_ = reason;
  out.push_back(hold_changed{reason, std::max(until - now, milliseconds{0})});
}

bool identify_queue::may_identify(const waiter& who, wall_time now) const {
  if (store_retry_ || remaining() == 0)
    return false;
  if (remaining() <= settings_.reserve && !who.recovery)
    return false;
  // Half-open: one at a time, until one is ready.
  return !breaker_ || (!trial_ && breaker_until_ <= now);
}

} // namespace troupe::gateway
