// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Message and Gateway Events, "Messages": the fields that the examples need.
#pragma once

#include "messages/discord/user.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// MESSAGE_CREATE.
struct message_create {
  static constexpr std::string_view event_name = "MESSAGE_CREATE";

  snowflake id;
  snowflake channel_id;
  /// Absent in direct messages.
  std::optional<snowflake> guild_id;
  user author;
  /// Empty without the MESSAGE_CONTENT intent, but for mentions, direct messages and the bot's own.
  std::string content;
  std::string timestamp;
  std::optional<snowflake> webhook_id;

  friend bool operator==(const message_create&, const message_create&) = default;
};
BOOST_DESCRIBE_STRUCT(message_create, (), (id, channel_id, guild_id, author, content, timestamp, webhook_id))

/// MESSAGE_DELETE: only ids.
struct message_delete {
  static constexpr std::string_view event_name = "MESSAGE_DELETE";

  snowflake id;
  snowflake channel_id;
  std::optional<snowflake> guild_id;

  friend bool operator==(const message_delete&, const message_delete&) = default;
};
BOOST_DESCRIBE_STRUCT(message_delete, (), (id, channel_id, guild_id))

} // namespace troupe
