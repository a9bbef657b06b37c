// SPDX-License-Identifier: BSD-3-Clause
#include "actors/simulation/tree_checkers.hpp"

namespace troupe::simulation {

namespace {

std::string supervisor_of(const std::string& child) {
  return child.substr(0, child.rfind('/'));
}

std::string list(const std::vector<shard_id>& shards) {
  std::string text;
  for (const auto& shard : shards)
    text += (text.empty() ? "" : ", ") + to_string(shard);
  return text;
}

} // namespace

restarts_within_intensity::restarts_within_intensity(std::uint32_t intensity, std::chrono::milliseconds period)
  : checker{"restarts_within_intensity"}, intensity_{intensity}, period_{period} {
  // nop
}

void restarts_within_intensity::allow(const std::string& supervisor, std::uint32_t intensity) {
  own_intensity_[supervisor] = intensity;
}

void restarts_within_intensity::on_restarting(const std::string& child, time_point now) {
  auto supervisor = supervisor_of(child);
  auto& restarts = restarts_[supervisor];
  if (restarts.empty() || restarts.back() != now)
    restarts.push_back(now);
  while (restarts.front() < now - period_)
    restarts.pop_front();
  auto own = own_intensity_.find(supervisor);
  auto allowed = own == own_intensity_.end() ? intensity_ : own->second;
  if (restarts.size() > allowed && !degraded_.contains(supervisor))
    violated(supervisor + " restarted its children " + std::to_string(restarts.size()) + " times within a period");
}

void restarts_within_intensity::on_degraded(const std::string& supervisor) {
  degraded_.insert(supervisor);
}

void restarts_within_intensity::on_recovered(const std::string& supervisor) {
  degraded_.erase(supervisor);
}

void restarts_within_intensity::on_gave_up(const std::string& supervisor) {
  violated(supervisor + " gave up");
}

void restarts_within_intensity::on_started(const std::string& supervisor) {
  restarts_.erase(supervisor);
  degraded_.erase(supervisor);
}

void restarts_within_intensity::on_process_restart() {
  restarts_.clear();
  degraded_.clear();
}

no_orphans::no_orphans() : checker{"no_orphans"} {
  // nop
}

void no_orphans::on_quiet(std::size_t running, std::size_t expected) {
  if (running > expected)
    violated(std::to_string(running) + " actors run where " + std::to_string(expected) + " have a place");
}

memory_is_bounded::memory_is_bounded(std::uint64_t limit) : checker{"memory_is_bounded"}, limit_{limit} {
  // nop
}

void memory_is_bounded::on_outstanding(shard_id shard, std::uint64_t events) {
  if (events > limit_)
    violated("shard " + to_string(shard) + " holds " + std::to_string(events) + " events, " + std::to_string(limit_)
             + " are allowed");
}

everyone_ready_again::everyone_ready_again() : checker{"everyone_ready_again"} {
  // nop
}

void everyone_ready_again::on_bound(const std::vector<shard_id>& who, std::chrono::seconds bound) {
  if (!who.empty())
    violated("shards " + list(who) + " are not ready " + std::to_string(bound.count()) + " s after their world healed");
}

void everyone_ready_again::on_standstill(shard_id shard) {
  violated("shard " + to_string(shard) + " delivers nothing though its world is whole");
}

runs_end_with_reason::runs_end_with_reason() : checker{"runs_end_with_reason"} {
  // nop
}

void runs_end_with_reason::on_failed(const error& reason) {
  if (remedy_for(reason.code) == remedy::caller)
    violated("the run failed: " + to_string(reason));
}

shutdown_is_clean::shutdown_is_clean() : checker{"shutdown_is_clean"} {
  // nop
}

void shutdown_is_clean::on_end(bool in_time, const std::vector<shard_id>& without_session) {
  if (!in_time)
    violated("the tree did not end in time");
  if (!without_session.empty())
    violated("the sessions of shards " + list(without_session) + " were not stored");
}

} // namespace troupe::simulation
