// SPDX-License-Identifier: BSD-3-Clause
// What every shard reports about itself, to anyone who subscribed (`subscribe_lifecycle` in interfaces.hpp).
#pragma once

#include "messages/error.hpp"
#include "messages/phase.hpp"
#include "messages/shard_id.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace troupe {

/// The shard's actor was started. `start` counts the starts of this shard in this process, from 1.
struct shard_created {
  shard_id shard;
  std::uint32_t start = 1;
};
BOOST_DESCRIBE_STRUCT(shard_created, (), (shard, start))

/// The session moved to another phase; `reason` says why, `errc::none` on the normal way.
struct shard_status_changed {
  shard_id shard;
  phase from = phase::idle;
  phase to = phase::idle;
  errc reason = errc::none;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(shard_status_changed, (), (shard, from, to, reason, detail))

/// READY came: a new session.
struct shard_ready {
  shard_id shard;
  /// How many guilds Discord listed in READY.
  std::uint32_t guilds = 0;
};
BOOST_DESCRIBE_STRUCT(shard_ready, (), (shard, guilds))

/// RESUMED came: the old session goes on, `replayed` dispatches were caught up.
struct shard_resumed {
  shard_id shard;
  std::uint64_t replayed = 0;
};
BOOST_DESCRIBE_STRUCT(shard_resumed, (), (shard, replayed))

/// The shard gave up its connection and will try again after `delay_ms` milliseconds.
struct shard_restarting {
  shard_id shard;
  errc reason = errc::none;
  std::string detail;
  std::int64_t delay_ms = 0;
  /// Whether the next attempt resumes; otherwise it identifies.
  bool resumes = false;
};
BOOST_DESCRIBE_STRUCT(shard_restarting, (), (shard, reason, detail, delay_ms, resumes))

/// The shard's actor ended: by order (`errc::none`), by a fatal close code, or by a crash.
struct shard_exited {
  shard_id shard;
  errc reason = errc::none;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(shard_exited, (), (shard, reason, detail))

/// The shard is gone for good: nobody will restart it.
struct shard_destroyed {
  shard_id shard;
};
BOOST_DESCRIBE_STRUCT(shard_destroyed, (), (shard))

/// Discord sent something that is not a gateway payload. The shard survives or reconnects; this is for the log.
struct invalid_message_received {
  shard_id shard;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(invalid_message_received, (), (shard, detail))

/// A heartbeat was acknowledged after `latency_us` microseconds.
struct shard_ping {
  shard_id shard;
  std::int64_t latency_us = 0;
};
BOOST_DESCRIBE_STRUCT(shard_ping, (), (shard, latency_us))

/// What a watchdog found.
enum class alarm_kind : std::uint8_t {
  silent_session,   ///< The session lives and delivers nothing, though it used to.
  stuck_phase,      ///< The shard stays in a phase that passes normally.
  late_shard,       ///< The shard's own messages wait too long in its mailbox.
  stuck_subscriber, ///< A subscriber does not handle what it was sent; its shards stop reading.
};
BOOST_DESCRIBE_ENUM(alarm_kind, silent_session, stuck_phase, late_shard, stuck_subscriber)

/// Something is wrong with a shard that it cannot mend by itself; `detail` says what, and what to do.
struct shard_alarm {
  shard_id shard;
  alarm_kind kind = alarm_kind::silent_session;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(shard_alarm, (), (shard, kind, detail))

/// What an alarm was about is over.
struct shard_alarm_ended {
  shard_id shard;
  alarm_kind kind = alarm_kind::silent_session;
};
BOOST_DESCRIBE_STRUCT(shard_alarm_ended, (), (shard, kind))

/// The successor of a subscriber that crashed got `events` again.
struct events_redelivered {
  shard_id shard;
  std::string subscriber;
  std::uint64_t events = 0;
};
BOOST_DESCRIBE_STRUCT(events_redelivered, (), (shard, subscriber, events))

/// An event killed its subscriber three times and is not delivered to it any more.
struct event_set_aside {
  shard_id shard;
  std::uint64_t sequence = 0;
  std::string event;
  std::string subscriber;
};
BOOST_DESCRIBE_STRUCT(event_set_aside, (), (shard, sequence, event, subscriber))

/// A heartbeat was not acknowledged and nothing else came either: the connection is given up.
struct shard_ping_missed {
  shard_id shard;
};
BOOST_DESCRIBE_STRUCT(shard_ping_missed, (), (shard))

} // namespace troupe
