// SPDX-License-Identifier: BSD-3-Clause
// What a bot may say to the gateway, and what became of it (Discord Docs/Gateway Events, "Send Events";
// protocol 3.10, 4.5).
#pragma once

#include "messages/error.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace troupe {

/// One line of a bot's presence. Bots may set only these four fields.
struct bot_activity {
  std::string name;
  /// 0 playing, 1 streaming, 2 listening, 3 watching, 4 custom, 5 competing.
  std::int32_t type = 0;
  /// The text of a custom status (type 4).
  std::optional<std::string> state;
  /// The stream's address (type 1).
  std::optional<std::string> url;

  friend bool operator==(const bot_activity&, const bot_activity&) = default;
};
BOOST_DESCRIBE_STRUCT(bot_activity, (), (name, type, state, url))

/// Op 3. Latest wins: a presence that still waits is replaced by a newer one.
struct update_presence {
  /// Unix time in milliseconds since when the bot is idle; null where it is not.
  std::optional<std::int64_t> since;
  std::vector<bot_activity> activities;
  /// online, dnd, idle, invisible or offline.
  std::string status = "online";
  bool afk = false;

  friend bool operator==(const update_presence&, const update_presence&) = default;
};
BOOST_DESCRIBE_STRUCT(update_presence, (), (since, activities, status, afk))

/// Op 4. Without a channel it leaves voice.
struct update_voice_state {
  snowflake guild_id;
  std::optional<snowflake> channel_id;
  bool self_mute = false;
  bool self_deaf = false;

  friend bool operator==(const update_voice_state&, const update_voice_state&) = default;
};
BOOST_DESCRIBE_STRUCT(update_voice_state, (), (guild_id, channel_id, self_mute, self_deaf))

/// Op 8. Either `query` with `limit`, or `user_ids` (at most 100).
struct request_guild_members {
  snowflake guild_id;
  std::optional<std::string> query;
  std::int32_t limit = 0;
  std::optional<bool> presences;
  std::optional<std::vector<snowflake>> user_ids;
  /// At most 32 bytes; comes back in each chunk.
  std::optional<std::string> nonce;

  friend bool operator==(const request_guild_members&, const request_guild_members&) = default;
};
BOOST_DESCRIBE_STRUCT(request_guild_members, (), (guild_id, query, limit, presences, user_ids, nonce))

/// Op 31.
struct request_soundboard_sounds {
  std::vector<snowflake> guild_ids;

  friend bool operator==(const request_soundboard_sounds&, const request_soundboard_sounds&) = default;
};
BOOST_DESCRIBE_STRUCT(request_soundboard_sounds, (), (guild_ids))

/// Op 43. Fields: "status", "voice_start_time".
struct request_channel_info {
  snowflake guild_id;
  std::vector<std::string> fields;

  friend bool operator==(const request_channel_info&, const request_channel_info&) = default;
};
BOOST_DESCRIBE_STRUCT(request_channel_info, (), (guild_id, fields))

/// Any command. Its opcode follows from the alternative: 3, 4, 8, 31, 43.
using command = std::variant<update_presence, update_voice_state, request_guild_members, request_soundboard_sounds,
                             request_channel_info>;

/// What became of a command.
enum class command_outcome : std::uint8_t {
  sent,    ///< It is on the wire.
  refused, ///< It never left: wrong, too large, or the queue was full. `reason` says which.
  dropped, ///< It waited when the connection was lost, or was replaced by a newer presence.
};
BOOST_DESCRIBE_ENUM(command_outcome, sent, refused, dropped)

/// The answer to every command.
struct command_result {
  command_outcome outcome = command_outcome::sent;
  errc reason = errc::none;
  std::string detail;

  friend bool operator==(const command_result&, const command_result&) = default;
};
BOOST_DESCRIBE_STRUCT(command_result, (), (outcome, reason, detail))

} // namespace troupe
