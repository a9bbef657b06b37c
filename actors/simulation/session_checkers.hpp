// SPDX-License-Identifier: BSD-3-Clause
// What is promised about sessions (promises P2 and P3), judged by what clients said to the local Discord.
#pragma once

#include "messages/shard_id.hpp"

#include "actors/simulation/checker.hpp"
#include "actors/simulation/trace.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
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

  /// A shard sent IDENTIFY.
  void on_identify(shard_id shard, time_point now);

private:
  std::uint32_t max_concurrency_;
  std::map<std::uint32_t, time_point> last_;
};

/// Discord's limits of what a connection says, counted by ourselves: 120 payloads in 60 s, 5 presences in 20 s.
class command_limits : public checker {
public:
  command_limits();

  /// @param opcode Of any payload that a client sent.
  void on_payload(std::uint64_t connection, std::uint64_t opcode, time_point now);
  void on_closed(std::uint64_t connection);

  /// Payloads of the connection in the last 60 s.
  [[nodiscard]] std::size_t used(std::uint64_t connection) const;

private:
  struct row {
    std::deque<time_point> payloads;
    std::deque<time_point> presences;
  };
  std::map<std::uint64_t, row> rows_;
};

/// What the ledger on disk counts is what Discord counts, and what crashes may have cost.
class permits_conserved : public checker {
public:
  permits_conserved();

  /// The ledger was written. @param window When the budget's window began, in any unit; 0 where there is none yet.
  void on_saved(std::int64_t window, std::uint32_t used);
  void on_identify();
  /// A crash, or a lapse: one permit may count though nobody used it.
  void on_excuse();
  /// Every message of this moment was handled, and the disk works: no IDENTIFY is uncounted.
  void on_settled();
  /// No shard waits for a permit.
  void on_quiet();

private:
  std::int64_t window_ = 0;
  std::uint32_t counted_ = 0;
  std::uint32_t seen_ = 0;
  std::uint32_t excused_ = 0;
};

/// No IDENTIFY while the shard has a session that Discord would resume and that was not given up by the rules.
class resumes_preferred : public checker {
public:
  resumes_preferred();

  /// READY or RESUMED: failures are forgotten.
  void on_attached(shard_id shard);
  /// The shard gave up a connection. @param ended Whether Discord had ended the session.
  void on_restarting(shard_id shard, bool ended);
  /// @param resumable Whether the store has a session of this shard that Discord knows and nobody uses.
  void on_identify(shard_id shard, bool resumable);
  /// Every message of this moment was handled: who identified without a reason has none.
  void on_settled();

private:
  /// Shards whose session Discord ended.
  std::set<shard_id> ended_;
  /// Shards that identified just now, and need a reason.
  std::set<shard_id> doubtful_;
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

  /// A heartbeat came.
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

  /// The shard reported a fatal close code.
  void on_fatal(shard_id shard);
  /// It sent IDENTIFY or RESUME.
  void on_attach(shard_id shard);
  /// A new process tries again.
  void on_process_restart();

private:
  std::set<shard_id> gone_;
};

/// Reconnects in a row wait longer and longer, at random, never more than the cap. Those that Discord asked for are not
/// among them.
class backoff_grows : public checker {
public:
  explicit backoff_grows(std::chrono::milliseconds cap);

  /// The shard will try again after this delay.
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
