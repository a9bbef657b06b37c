// SPDX-License-Identifier: BSD-3-Clause
#include "actors/status_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace troupe {

namespace {

// A latency that was never measured is not zero.
std::string milliseconds(std::int64_t microseconds) {
  return microseconds == 0 ? "-" : fmt::format("{:.1f} ms", static_cast<double>(microseconds) / 1000);
}

} // namespace

void status_table::update(const shard_set_status& status, std::chrono::steady_clock::time_point now) {
  auto seconds = std::chrono::duration<double>(now - taken_at_).count();
  std::map<std::uint32_t, std::uint64_t> before;
  for (const auto& one : status_.shards)
    before[one.shard.index] = one.events;
  rates_.clear();
  for (const auto& one : status.shards) {
    // A restarted shard counts from zero again.
    auto last = std::min(before[one.shard.index], one.events);
    if (!status_.shards.empty() && seconds > 0)
      rates_[one.shard.index] = static_cast<std::uint64_t>(static_cast<double>(one.events - last) / seconds + 0.5);
  }
  status_ = status;
  taken_at_ = now;
}

std::uint64_t status_table::rate_of(std::uint32_t shard) const {
  auto found = rates_.find(shard);
  return found == rates_.end() ? 0 : found->second;
}

std::size_t status_table::ready() const {
  return static_cast<std::size_t>(std::count_if(status_.shards.begin(), status_.shards.end(),
                                                [](const auto& one) { return one.phase == phase::ready; }));
}

status_table::totals status_table::sum() const {
  totals all;
  for (const auto& one : status_.shards) {
    all.events += one.events;
    all.guilds += one.guilds;
    all.identifies += one.identifies;
    all.resumes += one.resumes;
    all.restarts += one.restarts;
    all.events_per_second += rate_of(one.shard.index);
    all.latency_us = std::max(all.latency_us, one.latency_us);
  }
  return all;
}

std::string status_table::table() const {
  auto row = [](auto&&... cells) { return fmt::format("{:>6}  {:<16}{:>10}{:>10}{:>10}{:>8}{:>9}{:>9}\n", cells...); };
  auto text = row("shard", "phase", "latency", "events/s", "events", "guilds", "resumes", "restarts");
  for (const auto& one : status_.shards)
    text += row(to_string(one.shard), to_string(one.phase), milliseconds(one.latency_us), rate_of(one.shard.index),
                one.events, one.guilds, one.resumes, one.restarts);
  auto all = sum();
  text += row("all", fmt::format("{} of {} ready", ready(), size()), milliseconds(all.latency_us),
              all.events_per_second, all.events, all.guilds, all.resumes, all.restarts);
  return text;
}

std::string status_table::line() const {
  auto all = sum();
  return fmt::format("{} of {} shards ready, {} guilds, {} events/s, {} events, latency up to {}, {} identifies, {} "
                     "resumes, {} restarts",
                     ready(), size(), all.guilds, all.events_per_second, all.events, milliseconds(all.latency_us),
                     all.identifies, all.resumes, all.restarts);
}

} // namespace troupe
