// SPDX-License-Identifier: BSD-3-Clause
// An event as a subscriber finds it in its mailbox: what it is, and whose. For subscribers that hand events on.
#pragma once

#include "messages/snowflake.hpp"

#include <caf/message.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// What a message is that came as an event.
struct relayed_event {
  /// On the wire, "MESSAGE_CREATE". As long-lived as the message.
  std::string_view name;
  /// A `raw_event`; else the event's struct, perhaps with the previous state.
  bool raw = false;
  /// 0 outside of guilds.
  snowflake guild;
};

/// Tells events from other messages. Not thread-safe: it has a buffer of its own.
class event_recognizer {
public:
  /// The event in this message; nothing where it is none.
  [[nodiscard]] std::optional<relayed_event> operator()(const caf::message& what);

private:
  /// The text of a raw event, with the bytes behind it that a parser may read.
  std::string text_;
};

} // namespace troupe
