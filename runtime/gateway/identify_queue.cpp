// SPDX-License-Identifier: BSD-3-Clause
//
//   waiting ──prepare──▶ prepared ──request──▶ ready ──grant (ledger saved)──▶ granted ──commit──▶ committed ──spend──▶
//   gone
//      ▲                                                    │ leave, death: refunded
//      └──────────────── lease over: refunded ──────────────┘
#include "runtime/gateway/identify_queue.hpp"

#include <algorithm>
#include <iterator>

namespace troupe::gateway {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds store_retry_after{5'000};
// READY has a deadline of 120 s, and then the shard reports.
constexpr milliseconds trial_patience{180'000};

} // namespace

// -- what shards say ----------------------------------------------------------------------------------

void identify_queue::join(const join_identify_queue& who, wall_time now, queue_actions& out) {
  drop_shard(who.shard, now);
  insert({who.shard, who.ticket, who.recovery});
  advance(now, out);
}

void identify_queue::request(const request_permit& who, wall_time now, queue_actions& out) {
  if (auto* found = find_waiter(who.shard, who.ticket))
    found->wants_permit = true;
  advance(now, out);
}

void identify_queue::commit(const permit_committed& who, wall_time now, queue_actions& out) {
  auto found = find_permit(who.shard, who.ticket);
  if (found == permits_.end()) {
    count_unpermitted(who.shard, who.ticket, now);
  } else if (!found->committed) {
    found->committed = true;
    found->ends = now + committed_at_most;
    mark_identify(found->bucket, now);
    unanswered_.insert(who.shard);
  }
  advance(now, out);
}

void identify_queue::spend(const permit_spent& who, wall_time now, queue_actions& out) {
  if (auto found = find_permit(who.shard, who.ticket); found != permits_.end())
    use_up(found, now);
  advance(now, out);
}

void identify_queue::leave(const leave_identify_queue& who, wall_time now, queue_actions& out) {
  if (find_waiter(who.shard, who.ticket) != nullptr)
    drop_waiter(who.shard);
  if (auto found = find_permit(who.shard, who.ticket); found != permits_.end())
    end_permit(found, now);
  advance(now, out);
}

void identify_queue::forget(shard_id shard, wall_time now, queue_actions& out) {
  drop_shard(shard, now);
  advance(now, out);
}

void identify_queue::drop_shard(shard_id shard, wall_time now) {
  drop_waiter(shard);
  auto of_shard = [&](const permit& one) { return one.who.shard == shard; };
  for (auto i = std::find_if(permits_.begin(), permits_.end(), of_shard); i != permits_.end();
       i = std::find_if(permits_.begin(), permits_.end(), of_shard))
    end_permit(i, now);
  // A shard that dies of its own READY would identify for ever, were this not a refusal.
  if (unanswered_.erase(shard) != 0)
    fail(now);
}

void identify_queue::answered(const identify_answered& what, wall_time now, queue_actions& out) {
  unanswered_.erase(what.shard);
  if (what.ready) {
    failures_ = 0;
    breaker_ = false;
    pause_ = milliseconds{0};
    trial_.reset();
  } else {
    fail(now);
  }
  advance(now, out);
}

// -- permits ------------------------------------------------------------------------------------------

void identify_queue::give_back(permits::iterator unused) {
  auto& last = ledger_.last_identify;
  if (unused->last_identify)
    last[unused->bucket] = *unused->last_identify;
  else
    last.erase(unused->bucket);
  auto counted = unused->window == window_;
  if (trial_ == unused->who.shard)
    trial_.reset();
  permits_.erase(unused);
  if (counted && ledger_.used > 0)
    ledger_.used = std::max(ledger_.used - 1, discord_used_ + uncommitted());
}

void identify_queue::use_up(permits::iterator used, wall_time now) {
  if (!used->committed)
    unanswered_.insert(used->who.shard);
  auto bucket = used->bucket;
  permits_.erase(used);
  mark_identify(bucket, now);
}

void identify_queue::end_permit(permits::iterator one, wall_time now) {
  if (one->committed)
    use_up(one, now);
  else
    give_back(one);
}

void identify_queue::mark_identify(std::uint32_t bucket, wall_time now) {
  ledger_.last_identify[bucket] = now;
  buckets_[bucket].free_at = now + gap();
}

void identify_queue::count_unpermitted(shard_id shard, std::uint64_t ticket, wall_time now) {
  // Its lease was over, or it was thought dead.
  auto bucket = shard.bucket(settings_.limit.max_concurrency);
  if (find_waiter(shard, ticket) != nullptr)
    drop_waiter(shard);
  ++ledger_.used;
  if (!ledger_.window_start)
    ledger_.window_start = now;
  permits_.push_back({{shard, ticket}, bucket, true, now + committed_at_most, std::nullopt, window_});
  mark_identify(bucket, now);
  unanswered_.insert(shard);
}

void identify_queue::end_leases(wall_time now) {
  for (std::size_t i = 0; i < permits_.size();) {
    auto one = permits_.begin() + static_cast<std::ptrdiff_t>(i);
    if (one->ends > now) {
      ++i;
    } else if (one->committed) {
      use_up(one, now);
    } else {
      auto who = one->who;
      ++who.lapses;
      give_back(one);
      insert(who);
    }
  }
}

void identify_queue::grant(wall_time now) {
  for (auto& [number, bucket] : buckets_) {
    if (bucket.free_at > now || held(number))
      continue;
    auto next = bucket.waiting.end();
    for (auto i = bucket.waiting.begin(); i != bucket.waiting.end(); ++i)
      if (i->wants_permit && may_identify(*i, now) && (next == bucket.waiting.end() || i->lapses < next->lapses))
        next = i;
    if (next == bucket.waiting.end())
      continue;
    auto before = ledger_.last_identify.find(number);
    auto last = before == ledger_.last_identify.end() ? std::nullopt : std::optional{before->second};
    permits_.push_back({*next, number, false, now + settings_.permit_lease, last, window_});
    fresh_.emplace_back(next->shard, next->ticket);
    if (breaker_) {
      trial_ = next->shard;
      trial_ends_ = now + trial_patience;
    }
    bucket.waiting.erase(next);
    // Counted in advance: a crash after this may lose a session start, never win one.
    ledger_.last_identify[number] = now;
    ++ledger_.used;
    if (!ledger_.window_start)
      ledger_.window_start = now;
  }
}

void identify_queue::on_store_failed(wall_time now, queue_actions& out) {
  for (const auto& [shard, ticket] : fresh_) {
    auto taken = find_permit(shard, ticket);
    if (taken == permits_.end() || taken->committed)
      continue;
    auto who = taken->who;
    give_back(taken);
    insert(who);
  }
  fresh_.clear();
  // What the store has is unknown now: the next list saves all of it again.
  saved_ = {};
  store_retry_ = now + store_retry_after;
  update_hold(now, out);
}

// -- waiting ------------------------------------------------------------------------------------------

void identify_queue::insert(waiter who) {
  auto& waiting = buckets_[who.shard.bucket(settings_.limit.max_concurrency)].waiting;
  auto place = std::lower_bound(waiting.begin(), waiting.end(), who,
                                [](const waiter& a, const waiter& b) { return a.shard < b.shard; });
  waiting.insert(place, who);
}

void identify_queue::drop_waiter(shard_id shard) {
  auto& waiting = buckets_[shard.bucket(settings_.limit.max_concurrency)].waiting;
  std::erase_if(waiting, [&](const waiter& one) { return one.shard == shard; });
}

void identify_queue::prepare(wall_time now, queue_actions& out) {
  for (auto& [number, bucket] : buckets_) {
    std::uint32_t places = settings_.prepared;
    for (auto& one : bucket.waiting) {
      if (places == 0)
        break;
      // A connection that is not used soon is closed by Discord: those that are held back stay without one.
      if (!may_identify(one, now))
        continue;
      --places;
      if (!one.prepared)
        out.push_back(tell_prepare{one.shard, one.ticket});
      one.prepared = true;
    }
  }
}

bool identify_queue::held(std::uint32_t bucket) const {
  return std::any_of(permits_.begin(), permits_.end(), [&](const permit& one) { return one.bucket == bucket; });
}

identify_queue::waiter* identify_queue::find_waiter(shard_id shard, std::uint64_t ticket) {
  auto& waiting = buckets_[shard.bucket(settings_.limit.max_concurrency)].waiting;
  auto found = std::find_if(waiting.begin(), waiting.end(),
                            [&](const waiter& one) { return one.shard == shard && one.ticket == ticket; });
  return found == waiting.end() ? nullptr : &*found;
}

identify_queue::permits::iterator identify_queue::find_permit(shard_id shard, std::uint64_t ticket) {
  return std::find_if(permits_.begin(), permits_.end(),
                      [&](const permit& one) { return one.who.shard == shard && one.who.ticket == ticket; });
}

// -- time ---------------------------------------------------------------------------------------------

void identify_queue::tick(wall_time now, queue_actions& out) {
  advance(now, out);
}

void identify_queue::advance(wall_time now, queue_actions& out) {
  fresh_.clear();
  distrust_clock(now);
  end_window_if_due(now);
  end_leases(now);
  if (trial_ && trial_ends_ <= now) {
    unanswered_.erase(*trial_);
    fail(now);
  }
  if (store_retry_ && *store_retry_ <= now)
    store_retry_.reset();
  update_hold(now, out);
  prepare(now, out);
  grant(now);
  if (!fresh_.empty()) {
    update_hold(now, out); // The last permit of the budget may be among them.
    prepare(now, out);     // Those behind them move up.
  }
  // Every fsync costs: what differs by less than half the slack can wait for the next save.
  auto differs =
    ledger_.used != saved_.used || ledger_.window_start != saved_.window_start
    || ledger_.last_identify.size() != saved_.last_identify.size()
    || !std::equal(ledger_.last_identify.begin(), ledger_.last_identify.end(), saved_.last_identify.begin(),
                   [&](const auto& a, const auto& b) {
                     return a.first == b.first && a.second - b.second <= settings_.slack / 2 && b.second <= a.second;
                   });
  if (fresh_.empty() && (!differs || store_retry_))
    return;
  saved_ = ledger_;
  out.push_back(save_ledger{ledger_});
  for (const auto& [shard, ticket] : fresh_)
    out.push_back(tell_granted{shard, ticket});
}

void identify_queue::distrust_clock(wall_time now) {
  // The clock may have jumped back: nothing may wait longer than it would from now.
  for (auto& [number, bucket] : buckets_)
    bucket.free_at = std::min(bucket.free_at, now + gap());
  for (auto& one : permits_)
    one.ends = std::min(one.ends, now + (one.committed ? committed_at_most : settings_.permit_lease));
  breaker_until_ = std::min(breaker_until_, now + settings_.breaker_pause_max);
  trial_ends_ = std::min(trial_ends_, now + trial_patience);
  if (store_retry_)
    store_retry_ = std::min(*store_retry_, now + store_retry_after);
}

std::optional<wall_time> identify_queue::next_due(wall_time now) const {
  std::optional<wall_time> due;
  auto consider = [&](wall_time moment) { due = due ? std::min(*due, moment) : moment; };
  auto somebody_waits = false;
  for (const auto& [number, bucket] : buckets_) {
    somebody_waits = somebody_waits || !bucket.waiting.empty();
    auto free = !held(number) && std::any_of(bucket.waiting.begin(), bucket.waiting.end(), [&](const waiter& one) {
      return one.wants_permit && may_identify(one, now);
    });
    if (free)
      consider(bucket.free_at);
  }
  for (const auto& one : permits_)
    consider(one.ends);
  if (trial_)
    consider(trial_ends_);
  if (store_retry_)
    consider(*store_retry_);
  else if (somebody_waits && hold_ != hold_reason::none && hold_until_ > now)
    consider(hold_until_);
  return due;
}

identify_queue_status identify_queue::status(wall_time now) const {
  identify_queue_status result;
  result.hold = hold_;
  auto until = hold_ == hold_reason::none ? now : std::max(hold_until_, now);
  result.hold_ms = (until - now).count();
  result.budget = settings_.limit;
  result.budget.remaining = remaining();
  result.budget.reset_after = std::max(window_end(now) - now, milliseconds{0}).count();
  result.reserve = settings_.reserve;
  for (const auto& [number, bucket] : buckets_) {
    auto free = std::max(bucket.free_at, held(number) ? now + gap() : now);
    std::uint32_t position = 0;
    for (const auto& one : bucket.waiting) {
      auto passes = hold_ == hold_reason::reserve_reached && one.recovery;
      auto eta = (passes ? free : std::max(free, until)) + position * gap();
      result.waiting.push_back({one.shard, position++, (eta - now).count()});
    }
  }
  std::sort(result.waiting.begin(), result.waiting.end(),
            [](const queue_entry& a, const queue_entry& b) { return a.shard < b.shard; });
  return result;
}

const ledger_state& identify_queue::ledger() const noexcept {
  return ledger_;
}

milliseconds identify_queue::gap() const {
  return settings_.spacing + settings_.slack;
}

} // namespace troupe::gateway
