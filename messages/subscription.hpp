// SPDX-License-Identifier: BSD-3-Clause
// How an actor asks for events, and how shards learn who wants what.
#pragma once

#include <boost/describe/class.hpp>

#include <memory>
#include <string>
#include <vector>

namespace troupe {

/// Asks for events. An actor's later request adds to its earlier ones; when it dies, all end.
struct subscribe {
  /// Names as on the wire, "MESSAGE_CREATE". Empty: every event (raw only).
  std::vector<std::string> events;
  /// Whether to receive `raw_event` instead of the event's struct.
  bool raw = false;
};
BOOST_DESCRIBE_STRUCT(subscribe, (), (events, raw))

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
