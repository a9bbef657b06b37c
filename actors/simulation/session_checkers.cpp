// SPDX-License-Identifier: BSD-3-Clause
#include "actors/simulation/session_checkers.hpp"

#include <algorithm>
#include <utility>

namespace troupe::simulation {

using namespace std::chrono_literals;

discords_rules::discords_rules() : checker{"discords_rules"} {
  // nop
}

void discords_rules::on_breaches(const std::vector<std::string>& sentences) {
  for (const auto& sentence : sentences)
    violated(sentence);
}

identify_spacing::identify_spacing(std::uint32_t max_concurrency)
  : checker{"identify_spacing"}, max_concurrency_{max_concurrency} {
  // nop
}

void identify_spacing::on_identify(shard_id shard, time_point now) {
  auto bucket = shard.bucket(max_concurrency_);
  auto found = last_.find(bucket);
  if (found != last_.end() && now - found->second < 5s)
    violated("shard " + to_string(shard) + " identified "
             + std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now - found->second).count())
             + " ms after the last of its bucket");
  last_[bucket] = now;
}

command_limits::command_limits() : checker{"command_limits"} {
  // nop
}

void command_limits::on_payload(std::uint64_t connection, std::uint64_t opcode, time_point now) {
  constexpr std::size_t payloads_max = 120;
  constexpr std::size_t presences_max = 5;
  auto count = [now](std::deque<time_point>& log, std::chrono::seconds window) {
    while (!log.empty() && log.front() + window <= now)
      log.pop_front();
    log.push_back(now);
    return log.size();
  };
  auto& row = rows_[connection];
  if (auto all = count(row.payloads, 60s); all > payloads_max)
    violated("connection " + std::to_string(connection) + " sent " + std::to_string(all) + " payloads in 60 s");
  if (opcode != 3)
    return;
  if (auto all = count(row.presences, 20s); all > presences_max)
    violated("connection " + std::to_string(connection) + " sent " + std::to_string(all) + " presences in 20 s");
}

void command_limits::on_closed(std::uint64_t connection) {
  rows_.erase(connection);
}

std::size_t command_limits::used(std::uint64_t connection) const {
  auto found = rows_.find(connection);
  return found == rows_.end() ? 0 : found->second.payloads.size();
}

permits_conserved::permits_conserved() : checker{"permits_conserved"} {
  // nop
}

void permits_conserved::on_saved(std::int64_t window, std::uint32_t used) {
  // A new window: Discord counts anew, too.
  if (window != window_ && used < counted_ && used < seen_) {
    seen_ = 0;
    excused_ = used;
  }
  window_ = window;
  counted_ = used;
}

void permits_conserved::on_identify() {
  ++seen_;
}

void permits_conserved::on_excuse() {
  ++excused_;
}

void permits_conserved::on_settled() {
  if (seen_ > counted_)
    violated(std::to_string(seen_) + " shards identified and the ledger counts " + std::to_string(counted_));
}

void permits_conserved::on_quiet() {
  if (counted_ > seen_ + excused_)
    violated("the ledger counts " + std::to_string(counted_) + ", only " + std::to_string(seen_)
             + " shards identified, and crashes excuse no more than " + std::to_string(excused_));
}

resumes_preferred::resumes_preferred() : checker{"resumes_preferred"} {
  // nop
}

void resumes_preferred::on_attached(shard_id shard) {
  ended_.erase(shard);
  failures_.erase(shard);
}

void resumes_preferred::on_restarting(shard_id shard, bool ended) {
  if (ended) {
    ended_.insert(shard);
    doubtful_.erase(shard);
  }
  ++failures_[shard];
}

void resumes_preferred::on_identify(shard_id shard, bool resumable) {
  constexpr std::uint32_t patience = 3; // Failed resumes that give up a session (design 6).
  if (resumable && failures_[shard] < patience && !ended_.contains(shard))
    doubtful_.insert(shard);
}

void resumes_preferred::on_settled() {
  for (const auto& shard : std::exchange(doubtful_, {}))
    violated("shard " + to_string(shard) + " identified though its session could be resumed");
}

stale_generations_are_silent::stale_generations_are_silent() : checker{"stale_generations_are_silent"} {
  // nop
}

void stale_generations_are_silent::on_attach(shard_id shard, std::uint64_t connection) {
  shard_of_[connection] = shard;
  auto& newest = newest_[shard];
  if (connection < newest)
    violated("shard " + to_string(shard) + " attached an older connection than its newest");
  newest = std::max(newest, connection);
}

void stale_generations_are_silent::on_payload(std::uint64_t connection) {
  auto found = shard_of_.find(connection);
  if (found != shard_of_.end() && newest_[found->second] > connection)
    violated("shard " + to_string(found->second) + " spoke on a connection that it had replaced");
}

sequences_never_fall::sequences_never_fall() : checker{"sequences_never_fall"} {
  // nop
}

void sequences_never_fall::on_heartbeat(std::uint64_t connection, std::uint64_t sequence) {
  auto& last = last_[connection];
  if (sequence < last)
    violated("a heartbeat said " + std::to_string(sequence) + " after " + std::to_string(last));
  last = std::max(last, sequence);
}

void sequences_never_fall::on_identify(std::uint64_t connection) {
  last_.erase(connection);
}

fatal_codes_stop_for_good::fatal_codes_stop_for_good() : checker{"fatal_codes_stop_for_good"} {
  // nop
}

void fatal_codes_stop_for_good::on_fatal(shard_id shard) {
  gone_.insert(shard);
}

void fatal_codes_stop_for_good::on_attach(shard_id shard) {
  if (gone_.contains(shard))
    violated("shard " + to_string(shard) + " came back after a fatal close code");
}

void fatal_codes_stop_for_good::on_process_restart() {
  gone_.clear();
}

backoff_grows::backoff_grows(std::chrono::milliseconds cap) : checker{"backoff_grows"}, cap_{cap} {
  // nop
}

void backoff_grows::on_restarting(shard_id shard, std::chrono::milliseconds delay) {
  if (delay > cap_)
    violated("shard " + to_string(shard) + " waits " + std::to_string(delay.count()) + " ms");
  auto& row = rows_[shard];
  ++row.tries;
  row.sum += delay;
  // The first comes at once, each later one after half a second on average or more: ten in a row take seconds.
  if (row.tries >= 10 && row.sum < 2s)
    violated("shard " + to_string(shard) + " reconnected " + std::to_string(row.tries) + " times within "
             + std::to_string(row.sum.count()) + " ms of waiting");
}

void backoff_grows::on_forgotten(shard_id shard) {
  rows_.erase(shard);
}

} // namespace troupe::simulation
