// SPDX-License-Identifier: BSD-3-Clause
// How an actor asks for events, and how shards learn who wants what.
#pragma once

#include "messages/shard_id.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace troupe {

/// Asks for events. An actor's later requests add to its earlier ones, and each is a rule of its own: an event comes
/// where one of them lets it pass. With a predicate: `subscribe_where` (messages/event_filter.hpp).
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
  /// Only events of these guilds (protocol 5.2); 0 stands for those outside of guilds, such as direct messages. Empty:
  /// all.
  std::vector<snowflake> guilds = {};
  /// Only events of the shards with these indexes. Empty: all.
  std::vector<std::uint32_t> shards = {};
  /// Typed events that change a cached object come as (event, `previous<Object>`), through their guild's actor. Refused
  /// where nothing is cached.
  bool previous = false;
  /// The actor hands events on to others: a shard asks it by `await_handled`, which it must answer by `handled` once
  /// all that it got before is handled.
  bool relays = false;
  /// When so many events wait for this subscriber at a shard, the shard stops reading until half of them are handled.
  /// The newest request that says a number holds for the whole subscription; 0 says none.
  std::uint32_t window = 0;
  /// These events overtake all others in the actor's mailbox, as INTERACTION_CREATE always does.
  bool own_lane = false;
  /// What the actor asked for before under these names, or at all where `events` is empty, ends with this request: no
  /// event is missed in between.
  bool replace = false;
};
BOOST_DESCRIBE_STRUCT(subscribe, (),
                      (events, raw, name, marks, guilds, shards, previous, relays, window, own_lane, replace))

/// Takes events out of all requests of the actor, typed and raw; all events where there are no names. What it was sent
/// before is still looked after. Answered by `subscribed`.
struct unsubscribe {
  /// Names as on the wire.
  std::vector<std::string> events;
};
BOOST_DESCRIBE_STRUCT(unsubscribe, (), (events))

/// From here on events by this sender (a shard) may be duplicates, or are none any more. Sent only where that changes,
/// and to a subscriber that `relays` before its first event.
struct event_marks {
  shard_id shard;
  /// Sent by Discord for a RESUME.
  bool replayed = false;
  /// Sent again to the successor of a subscriber that crashed.
  bool redelivered = false;
  /// Holds for the events that overtake others: they have marks of their own.
  bool lane = false;
};
BOOST_DESCRIBE_STRUCT(event_marks, (), (shard, replayed, redelivered, lane))

/// Asks a subscriber that `relays` to answer by `handled` when everything that the shard sent it before is handled, by
/// itself and by those that it handed events on to.
struct await_handled {
  /// Asks about the events that overtake others, and about no others.
  bool lane = false;
};
BOOST_DESCRIBE_STRUCT(await_handled, (), (lane))

/// It is.
struct handled {};
BOOST_DESCRIBE_STRUCT(handled, (), ())

/// The subscription stands, or has ended: every shard that is attached has the new table, or it is in its mailbox.
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
