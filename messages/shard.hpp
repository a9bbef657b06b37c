// SPDX-License-Identifier: BSD-3-Clause
// What a shard, its ratelimiter and the shard set understand beside lifecycle, connection and identify messages.
#pragma once

#include "messages/command.hpp"
#include "messages/phase.hpp"
#include "messages/shard_id.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace troupe {

/// INTERNAL to the shard: a session timer may be due. `timer` is a `gateway::timer`, `epoch` numbers the wake-up.
struct session_timer_due {
  std::uint8_t timer = 0;
  std::uint64_t epoch = 0;
};
BOOST_DESCRIBE_STRUCT(session_timer_due, (), (timer, epoch))

/// Asks a shard to put a command on the wire; answered by `command_result` once that is decided.
struct submit_command {
  command what;
};
BOOST_DESCRIBE_STRUCT(submit_command, (), (what))

/// Commands may flow on this connection.
struct window_opened {
  std::uint64_t generation = 0;
  std::int64_t heartbeat_interval_ms = 0;
};
BOOST_DESCRIBE_STRUCT(window_opened, (), (generation, heartbeat_interval_ms))

/// Commands may not flow any more.
struct window_closed {
  std::uint64_t generation = 0;
};
BOOST_DESCRIBE_STRUCT(window_closed, (), (generation))

/// INTERNAL to the ratelimiter: the next command may be due. `epoch` as for all timers.
struct limiter_due {
  std::uint64_t epoch = 0;
};
BOOST_DESCRIBE_STRUCT(limiter_due, (), (epoch))

/// Orders a shard to leave: resumably (4000) or for good (1000).
struct stop_shard {
  bool resumable = false;
};
BOOST_DESCRIBE_STRUCT(stop_shard, (), (resumable))

/// What RESUME needs; `gateway::resume_point` with the shard's name on it. `sequence` is the watermark: all events up
/// to it were handled by all who wanted them.
struct session_checkpoint {
  shard_id shard;
  /// Of the session, as bits: Discord resumes with the old ones.
  std::uint64_t intents = 0;
  /// Empty: there is nothing to resume.
  std::string session_id;
  std::string resume_url;
  std::uint64_t sequence = 0;
};
BOOST_DESCRIBE_STRUCT(session_checkpoint, (), (shard, intents, session_id, resume_url, sequence))

/// Asks for the session of a shard; answered by a `session_checkpoint`, without a session where there is none with
/// these intents and this shard count.
struct find_session {
  shard_id shard;
  std::uint64_t intents = 0;
};
BOOST_DESCRIBE_STRUCT(find_session, (), (shard, intents))

/// INTERNAL to the shard: it is time to ask the subscribers how far they are.
struct delivery_due {
  std::uint64_t epoch = 0;
};
BOOST_DESCRIBE_STRUCT(delivery_due, (), (epoch))

/// Tells the SHARD SET which shards run here.
struct shards_planned {
  std::uint32_t count = 0;
  std::uint32_t first = 0;
  /// Inclusive.
  std::uint32_t last = 0;
};
BOOST_DESCRIBE_STRUCT(shards_planned, (), (count, first, last))

/// Asks a shard how it is.
struct shard_status_request {};
BOOST_DESCRIBE_STRUCT(shard_status_request, (), ())

/// How one shard is.
struct shard_status {
  shard_id shard;
  troupe::phase phase = troupe::phase::idle;
  std::uint64_t generation = 0;
  std::uint64_t sequence = 0;
  /// Of the last acknowledged heartbeat; 0 before the first.
  std::int64_t latency_us = 0;
  std::uint64_t events = 0;
  /// Guilds that are known and available.
  std::uint32_t guilds = 0;
  /// READYs and RESUMEDs of this actor.
  std::uint32_t identifies = 0;
  std::uint32_t resumes = 0;
  /// Connections that were given up.
  std::uint32_t restarts = 0;
  /// All events up to this sequence were handled by all who wanted them.
  std::uint64_t watermark = 0;
  /// Events that a subscriber was sent and has not handled yet, as far as the shard knows.
  std::uint64_t outstanding = 0;
  /// Events that were delivered again to a successor, and that were set aside.
  std::uint64_t redelivered = 0;
  std::uint64_t set_aside = 0;
  /// How often a predicate of a subscription threw.
  std::uint64_t filter_failures = 0;
};
BOOST_DESCRIBE_STRUCT(shard_status, (),
                      (shard, phase, generation, sequence, latency_us, events, guilds, identifies, resumes, restarts,
                       watermark, outstanding, redelivered, set_aside, filter_failures))

/// Asks the shard set for all its shards; one that does not answer in time is reported by its last known status.
struct shard_set_status_request {};
BOOST_DESCRIBE_STRUCT(shard_set_status_request, (), ())

/// All shards of a set, in order.
struct shard_set_status {
  std::uint32_t count = 0;
  std::vector<shard_status> shards;
};
BOOST_DESCRIBE_STRUCT(shard_set_status, (), (count, shards))

/// Orders the shard set to stop all shards; answered by `shards_stopped` when the last one ended.
struct stop_shards {
  bool resumable = false;
};
BOOST_DESCRIBE_STRUCT(stop_shards, (), (resumable))

/// All shards ended.
struct shards_stopped {};
BOOST_DESCRIBE_STRUCT(shards_stopped, (), ())

/// The tree cannot go on: a fatal error that a person must fix. For `troupe::run`.
struct run_failed {
  errc code = errc::internal;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(run_failed, (), (code, detail))

/// INTERNAL to an actor that retries: the next attempt is due.
struct retry_due {
  std::uint64_t epoch = 0;
};
BOOST_DESCRIBE_STRUCT(retry_due, (), (epoch))

} // namespace troupe
