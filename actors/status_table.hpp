// SPDX-License-Identifier: BSD-3-Clause
// The table of shards that people watch in a terminal. Plain: numbers in, text out; `troupe demo` asks the shard set
// and draws.
#pragma once

#include "messages/shard.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace troupe {

/// Turns one status of the shard set after another into text. Remembers the last one, for rates. Not thread-safe.
class status_table {
public:
  /// Takes the newest status.
  void update(const shard_set_status& status, std::chrono::steady_clock::time_point now);

  /// Header, a row per shard and a row of totals, 80 columns wide, each line ending in a line break.
  [[nodiscard]] std::string table() const;

  /// The totals in one line without a line break.
  [[nodiscard]] std::string line() const;

  /// How many shards are ready.
  [[nodiscard]] std::size_t ready() const;

  /// How many shards there are.
  [[nodiscard]] std::size_t size() const noexcept {
    return status_.shards.size();
  }

  /// All shards together.
  struct totals {
    std::uint64_t events = 0;
    std::uint64_t guilds = 0;
    std::uint64_t identifies = 0;
    std::uint64_t resumes = 0;
    std::uint64_t restarts = 0;
    std::uint64_t events_per_second = 0;
    /// Of the slowest shard, in microseconds.
    std::int64_t latency_us = 0;
  };
  [[nodiscard]] totals sum() const;

private:
  [[nodiscard]] std::uint64_t rate_of(std::uint32_t shard) const;

  shard_set_status status_;
  std::chrono::steady_clock::time_point taken_at_;
  /// By shard index: events per second between the last two statuses.
  std::map<std::uint32_t, std::uint64_t> rates_;
};

} // namespace troupe
