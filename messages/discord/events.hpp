// SPDX-License-Identifier: BSD-3-Clause
// The list of typed dispatch events. Everything that needs "for each event" derives from it: add a struct here, and it
// is decoded, registered with CAF and can be subscribed to.
#pragma once

#include "messages/discord/guild.hpp"
#include "messages/discord/message.hpp"
#include "messages/discord/ready.hpp"
#include "messages/shard_id.hpp"

#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>

namespace troupe {

/// Each has a `static constexpr std::string_view event_name`: the `t` on the wire.
using dispatch_events =
  boost::mp11::mp_list<ready, resumed, guild_create, guild_delete, message_create, message_delete>;

/// A type that `subscribe<T>()` takes.
template <class T>
concept dispatch_event = boost::mp11::mp_contains<dispatch_events, T>::value;

/// Any event as it came, for those who want the JSON or an event without a struct.
struct raw_event {
  shard_id shard;
  /// `s`: counts the dispatches of one session.
  std::uint64_t sequence = 0;
  /// `t`.
  std::string name;
  /// The text of `d`. Shared among all subscribers; never leaves the process.
  std::shared_ptr<const std::string> json;
  /// Sent by Discord for a RESUME: the subscriber may have handled it before.
  bool replayed = false;
  /// Sent again to the successor of a subscriber that crashed, which may have handled it.
  bool redelivered = false;
};

} // namespace troupe
