// SPDX-License-Identifier: BSD-3-Clause
// What is said to a supervisor and by it: OTP's words and OTP's semantics (docs/supervision.md).
#pragma once

#include "messages/error.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace troupe {

/// When a child that ended is started again.
enum class restart_type : std::uint8_t {
  permanent, ///< Always.
  transient, ///< Only after an abnormal end: not after a normal one, nor after a shutdown.
  temporary, ///< Never, not even when its siblings are; its spec is forgotten.
};
BOOST_DESCRIBE_ENUM(restart_type, permanent, transient, temporary)

/// What a child is.
enum class child_type : std::uint8_t {
  worker,
  supervisor, ///< Answers `await_children` and `which_children`.
};
BOOST_DESCRIBE_ENUM(child_type, worker, supervisor)

/// Where a child is.
enum class child_phase : std::uint8_t {
  stopped,  ///< Not started, or ended and not to be started again.
  starting, ///< Started, and has not handled its first message yet.
  running,
  waiting, ///< Its next start waits for the backoff.
  stopping,
};
BOOST_DESCRIBE_ENUM(child_phase, stopped, starting, running, waiting, stopping)

/// One child, as `which_children` reports it.
struct child_info {
  /// From the root, "root/shards/3".
  std::string path;
  child_type type = child_type::worker;
  restart_type restart = restart_type::permanent;
  child_phase phase = child_phase::stopped;
  /// Starts of this child by this supervisor.
  std::uint32_t starts = 0;
  /// Why it ended last; `errc::none` where it never did, or normally.
  errc last_reason = errc::none;
  std::string last_detail;
};
BOOST_DESCRIBE_STRUCT(child_info, (), (path, type, restart, phase, starts, last_reason, last_detail))

/// Asks a supervisor for its children.
struct which_children {
  /// Whether to ask the children that are supervisors, too.
  bool deep = true;
};
BOOST_DESCRIBE_STRUCT(which_children, (), (deep))

/// The children in start order, each followed by its own. A child supervisor that does not answer in time is reported
/// without its children.
struct children_report {
  std::vector<child_info> children;
};
BOOST_DESCRIBE_STRUCT(children_report, (), (children))

/// Asks a supervisor to say when all its children have started.
struct await_children {};
BOOST_DESCRIBE_STRUCT(await_children, (), ())

/// A supervisor did what it was asked to.
struct children_done {};
BOOST_DESCRIBE_STRUCT(children_done, (), ())

/// Adds a child and starts it (actors/supervision/child_spec.hpp). Never leaves the process.
struct start_child;

/// Stops a child. Its spec stays for `restart_child`, unless it is temporary or the strategy is `simple`.
struct terminate_child {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(terminate_child, (), (id))

/// Starts a child that was stopped. (To restart one that runs, end it.)
struct restart_child {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(restart_child, (), (id))

/// Forgets the spec of a child that was stopped.
struct delete_child {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(delete_child, (), (id))

/// INTERNAL to a supervisor: one of its timers. `what` is the child's index or its own meaning, `epoch` as for all
/// timers.
struct supervision_due {
  std::uint8_t what = 0;
  std::uint64_t child = 0;
  std::uint64_t epoch = 0;
};
BOOST_DESCRIBE_STRUCT(supervision_due, (), (what, child, epoch))

// -- what supervisors report to everyone who subscribed to lifecycle messages -----------------------------------------

/// A child runs. `start` counts its starts by this supervisor, from 1.
struct child_started {
  std::string path;
  std::uint32_t start = 1;
};
BOOST_DESCRIBE_STRUCT(child_started, (), (path, start))

/// A child ended; `reason` is `errc::none` where it was stopped, or ended normally.
struct child_exited {
  std::string path;
  errc reason = errc::none;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(child_exited, (), (path, reason, detail))

/// A child will be started again after `delay_ms` milliseconds.
struct child_restarting {
  std::string path;
  std::int64_t delay_ms = 0;
};
BOOST_DESCRIBE_STRUCT(child_restarting, (), (path, delay_ms))

/// More restarts than the intensity allows, and the supervisor retries slowly for ever instead of giving up. An alarm.
struct supervisor_degraded {
  std::string path;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(supervisor_degraded, (), (path, detail))

/// The children of a degraded supervisor have run for a whole period without a crash.
struct supervisor_recovered {
  std::string path;
};
BOOST_DESCRIBE_STRUCT(supervisor_recovered, (), (path))

/// More restarts than the intensity allows: the supervisor stops its children and ends, for its parent to decide.
struct supervisor_gave_up {
  std::string path;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(supervisor_gave_up, (), (path, detail))

} // namespace troupe
