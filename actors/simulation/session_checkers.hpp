// SPDX-License-Identifier: BSD-3-Clause
// What is promised about sessions (promises P2 and P3), judged by what clients said to the local Discord.
#pragma once

#include "messages/shard_id.hpp"

#include "actors/simulation/checker.hpp"
#include "actors/simulation/trace.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::simulation {

/// What Discord itself records as broken rules: identify spacing and budget, 120 commands, sizes, heartbeats.
class discords_rules : public checker {
public:
  discords_rules();

  /// @param sentences All breaches so far.
  void on_breaches(const std::vector<std::string>& sentences);
};

/// Per bucket one IDENTIFY in five seconds, counted by ourselves: over restarts of the process, too.
class identify_spacing : public checker {
public:
  explicit identify_spacing(std::uint32_t max_concurrency);

  void on_identify(shard_id shard, time_point now);

private:
  std::uint32_t max_concurrency_;
  std::map<std::uint32_t, time_point> last_;
};

/// No IDENTIFY while the shard has a session that Discord would resume and that was not given up by the rules.
class resumes_preferred : public checker {
public:
  resumes_preferred();

  /// READY or RESUMED: failures are forgotten.
  void on_attached(shard_id shard);
  /// The shard gave up a connection.
  void on_restarting(shard_id shard);
  /// @param resumable Whether the store has a session of this shard that Discord knows and nobody uses.
  void on_identify(shard_id shard, bool resumable);

private:
  /// Connections given up since the last READY or RESUMED.
  std::map<shard_id, std::uint32_t> failures_;
};

/// A connection that was replaced says nothing any more.
class stale_generations_are_silent : public checker {
public:
  stale_generations_are_silent();

  /// IDENTIFY or RESUME: from now on this connection speaks for the shard.
  void on_attach(shard_id shard, std::uint64_t connection);
  /// Any other payload.
  void on_payload(std::uint64_t connection);

private:
  std::map<std::uint64_t, shard_id> shard_of_;
  std::map<shard_id, std::uint64_t> newest_;
};

/// Heartbeats carry sequences that never go back within a connection.
class sequences_never_fall : public checker {
public:
  sequences_never_fall();

  void on_heartbeat(std::uint64_t connection, std::uint64_t sequence);
  /// IDENTIFY: a new count.
  void on_identify(std::uint64_t connection);

private:
  std::map<std::uint64_t, std::uint64_t> last_;
};

/// After a fatal close code a shard never comes back, in this process.
class fatal_codes_stop_for_good : public checker {
public:
  fatal_codes_stop_for_good();

  void on_fatal(shard_id shard);
  void on_attach(shard_id shard);
  /// A new process tries again.
  void on_process_restart();

private:
  std::set<shard_id> gone_;
};

/// Reconnects in a row wait longer and longer, at random, never more than the cap.
class backoff_grows : public checker {
public:
  explicit backoff_grows(std::chrono::milliseconds cap);

  void on_restarting(shard_id shard, std::chrono::milliseconds delay);
  /// The shard was stable for five minutes, or its actor is new.
  void on_forgotten(shard_id shard);

private:
  struct row {
    std::uint32_t tries = 0;
    std::chrono::milliseconds sum{0};
  };
  std::chrono::milliseconds cap_;
  std::map<shard_id, row> rows_;
};

} // namespace troupe::simulation
