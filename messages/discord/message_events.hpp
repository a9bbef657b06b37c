// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Gateway Events, "Messages" and "Polls".
#pragma once

#include "messages/discord/message.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// MESSAGE_CREATE. The content is empty without the MESSAGE_CONTENT intent, but for mentions, direct messages and
/// the bot's own.
struct message_create : message {
  static constexpr std::string_view event_name = "MESSAGE_CREATE";

  /// Absent in direct messages.
  std::optional<snowflake> guild_id;
  std::optional<troupe::member> member;

  friend bool operator==(const message_create&, const message_create&) = default;
};
BOOST_DESCRIBE_STRUCT(message_create, (message), (guild_id, member))

/// MESSAGE_UPDATE: the whole message; also for embeds, pins and flags (protocol 5.5).
struct message_update : message {
  static constexpr std::string_view event_name = "MESSAGE_UPDATE";

  std::optional<snowflake> guild_id;
  std::optional<troupe::member> member;

  friend bool operator==(const message_update&, const message_update&) = default;
};
BOOST_DESCRIBE_STRUCT(message_update, (message), (guild_id, member))

/// MESSAGE_DELETE: only ids.
struct message_delete {
  static constexpr std::string_view event_name = "MESSAGE_DELETE";

  snowflake id;
  snowflake channel_id;
  std::optional<snowflake> guild_id;

  friend bool operator==(const message_delete&, const message_delete&) = default;
};
BOOST_DESCRIBE_STRUCT(message_delete, (), (id, channel_id, guild_id))

/// MESSAGE_DELETE_BULK: only ids.
struct message_delete_bulk {
  static constexpr std::string_view event_name = "MESSAGE_DELETE_BULK";

  std::vector<snowflake> ids;
  snowflake channel_id;
  std::optional<snowflake> guild_id;

  friend bool operator==(const message_delete_bulk&, const message_delete_bulk&) = default;
};
BOOST_DESCRIBE_STRUCT(message_delete_bulk, (), (ids, channel_id, guild_id))

/// MESSAGE_REACTION_ADD.
struct message_reaction_add {
  static constexpr std::string_view event_name = "MESSAGE_REACTION_ADD";

  snowflake user_id;
  snowflake channel_id;
  snowflake message_id;
  std::optional<snowflake> guild_id;
  std::optional<troupe::member> member;
  troupe::emoji emoji;
  std::optional<snowflake> message_author_id;
  bool burst = false;
  std::optional<std::vector<std::string>> burst_colors;
  std::int32_t type = 0;

  friend bool operator==(const message_reaction_add&, const message_reaction_add&) = default;
};
BOOST_DESCRIBE_STRUCT(message_reaction_add, (),
                      (user_id, channel_id, message_id, guild_id, member, emoji, message_author_id, burst, burst_colors,
                       type))

/// MESSAGE_REACTION_REMOVE.
struct message_reaction_remove {
  static constexpr std::string_view event_name = "MESSAGE_REACTION_REMOVE";

  snowflake user_id;
  snowflake channel_id;
  snowflake message_id;
  std::optional<snowflake> guild_id;
  troupe::emoji emoji;
  bool burst = false;
  std::int32_t type = 0;

  friend bool operator==(const message_reaction_remove&, const message_reaction_remove&) = default;
};
BOOST_DESCRIBE_STRUCT(message_reaction_remove, (), (user_id, channel_id, message_id, guild_id, emoji, burst, type))

/// MESSAGE_REACTION_REMOVE_ALL.
struct message_reaction_remove_all {
  static constexpr std::string_view event_name = "MESSAGE_REACTION_REMOVE_ALL";

  snowflake channel_id;
  snowflake message_id;
  std::optional<snowflake> guild_id;

  friend bool operator==(const message_reaction_remove_all&, const message_reaction_remove_all&) = default;
};
BOOST_DESCRIBE_STRUCT(message_reaction_remove_all, (), (channel_id, message_id, guild_id))

/// MESSAGE_REACTION_REMOVE_EMOJI.
struct message_reaction_remove_emoji {
  static constexpr std::string_view event_name = "MESSAGE_REACTION_REMOVE_EMOJI";

  snowflake channel_id;
  snowflake message_id;
  std::optional<snowflake> guild_id;
  troupe::emoji emoji;

  friend bool operator==(const message_reaction_remove_emoji&, const message_reaction_remove_emoji&) = default;
};
BOOST_DESCRIBE_STRUCT(message_reaction_remove_emoji, (), (channel_id, message_id, guild_id, emoji))

/// MESSAGE_POLL_VOTE_ADD: one event per answer.
struct message_poll_vote_add {
  static constexpr std::string_view event_name = "MESSAGE_POLL_VOTE_ADD";

  snowflake user_id;
  snowflake channel_id;
  snowflake message_id;
  std::optional<snowflake> guild_id;
  std::int32_t answer_id = 0;

  friend bool operator==(const message_poll_vote_add&, const message_poll_vote_add&) = default;
};
BOOST_DESCRIBE_STRUCT(message_poll_vote_add, (), (user_id, channel_id, message_id, guild_id, answer_id))

/// MESSAGE_POLL_VOTE_REMOVE.
struct message_poll_vote_remove {
  static constexpr std::string_view event_name = "MESSAGE_POLL_VOTE_REMOVE";

  snowflake user_id;
  snowflake channel_id;
  snowflake message_id;
  std::optional<snowflake> guild_id;
  std::int32_t answer_id = 0;

  friend bool operator==(const message_poll_vote_remove&, const message_poll_vote_remove&) = default;
};
BOOST_DESCRIBE_STRUCT(message_poll_vote_remove, (), (user_id, channel_id, message_id, guild_id, answer_id))

} // namespace troupe
