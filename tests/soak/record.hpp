// SPDX-License-Identifier: BSD-3-Clause
// What a bot wrote down, against what the local Discord says that it sent. Plain, so that it is tested without a
// process.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::soak {

/// One line of a bot's record: an event that it has handled.
struct sighting {
  std::uint32_t shard = 0;
  std::uint64_t sequence = 0;
  std::string name;
  bool replayed = false;
  bool redelivered = false;
  /// Which process wrote it, from 1.
  std::uint32_t start = 0;
  /// The session as READY told its id; empty where another process had that READY.
  std::string session = {};
};

/// A line as `read_record` reads it, with its line feed.
[[nodiscard]] std::string to_line(const sighting& what);

/// A bot's record.
struct record {
  std::vector<sighting> lines;
  /// Lines that a kill cut off.
  std::size_t torn = 0;
};

/// Reads what is complete. Each process begins its part with a line feed.
[[nodiscard]] record read_record(std::string_view text);

/// One dispatch of the local Discord.
struct dispatch {
  std::uint32_t shard = 0;
  std::uint64_t sequence = 0;
  std::string name;
  std::string session;
};

/// What a comparison found.
struct verdict {
  /// Sent and never seen. RESUMED does not count: who resumes again gets another one.
  std::size_t lost = 0;
  /// Seen again. Allowed where the line is marked...
  std::size_t duplicates = 0;
  /// ... and these are not.
  std::size_t unmarked = 0;
  /// Seen for the first time after a later one of the same shard.
  std::size_t out_of_order = 0;
  /// Seen and never sent.
  std::size_t unknown = 0;
  /// Sessions beyond one per shard.
  std::size_t extra_sessions = 0;
  /// Events of sessions that were lost, from the first one that was not seen on: nobody will send them again.
  std::size_t gone = 0;
  /// A sentence for each of the first offences.
  std::vector<std::string> findings;

  /// Whether the guarantee held.
  [[nodiscard]] bool holds() const noexcept {
    return lost + unmarked + out_of_order + unknown + extra_sessions == 0;
  }
};

/// What a run is meant to go through.
enum class sessions {
  /// One per shard: another one is an offence.
  kept,
  /// Discord ends some. Of all but the newest of a shard the end may be missing, never the middle.
  may_be_lost,
};

/// Compares. Sequences count per session. Where a line does not say its session, it is the only one of the shard.
[[nodiscard]] verdict compare(const std::vector<dispatch>& sent, const std::vector<sighting>& seen,
                              sessions expected = sessions::kept);

} // namespace troupe::soak
