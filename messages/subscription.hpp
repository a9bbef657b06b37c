// SPDX-License-Identifier: BSD-3-Clause
// How an actor asks for events, and how shards learn who wants what.
#pragma once

#include "messages/shard_id.hpp"

#include <boost/describe/class.hpp>

#include <memory>
#include <string>
#include <vector>

namespace troupe {

/// Asks for events. An actor's later request adds to its earlier ones.
struct subscribe {
  /// Names as on the wire, "MESSAGE_CREATE". Empty: every event (raw only).
  std::vector<std::string> events;
  /// Whether to receive `raw_event` instead of the event's struct.
  bool raw = false;
  /// A subscription with a name outlives a crash of its actor: what the actor had not handled waits for the next one
  /// that subscribes under the name, and is marked as redelivered. Without a name, and after a normal end, it ends with
  /// the actor.
  std::string name = {};
  /// Whether to be told by `event_marks` which typed events may be duplicates.
  bool marks = false;
};
BOOST_DESCRIBE_STRUCT(subscribe, (), (events, raw, name, marks))

/// From here on events by this sender (a shard) may be duplicates, or are none any more. Sent only where that changes.
struct event_marks {
  shard_id shard;
  /// Sent by Discord for a RESUME.
  bool replayed = false;
  /// Sent again to the successor of a subscriber that crashed.
  bool redelivered = false;
};
BOOST_DESCRIBE_STRUCT(event_marks, (), (shard, replayed, redelivered))

/// The subscription stands: every shard that is attached has the new table, or it is in its mailbox.
struct subscribed {};
BOOST_DESCRIBE_STRUCT(subscribed, (), ())

/// Asks for all lifecycle messages.
struct subscribe_lifecycle {};
BOOST_DESCRIBE_STRUCT(subscribe_lifecycle, (), ())

/// Who wants what: immutable, shared by all shards (actors/subscription_table.hpp).
class subscription_table;

/// The table changed. Never leaves the process.
struct subscriptions_changed {
  std::shared_ptr<const subscription_table> table;
};

} // namespace troupe
