// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Gateway Events, "Channels" and "Threads".
#pragma once

#include "messages/discord/channel.hpp"
#include "messages/optionality.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// CHANNEL_CREATE: a channel of a guild is new, or became visible.
struct channel_create : channel {
  static constexpr std::string_view event_name = "CHANNEL_CREATE";

  friend bool operator==(const channel_create&, const channel_create&) = default;
};
BOOST_DESCRIBE_STRUCT(channel_create, (channel), ())

/// CHANNEL_UPDATE.
struct channel_update : channel {
  static constexpr std::string_view event_name = "CHANNEL_UPDATE";

  friend bool operator==(const channel_update&, const channel_update&) = default;
};
BOOST_DESCRIBE_STRUCT(channel_update, (channel), ())

/// CHANNEL_DELETE: the channel and, without a word, its threads are gone.
struct channel_delete : channel {
  static constexpr std::string_view event_name = "CHANNEL_DELETE";

  friend bool operator==(const channel_delete&, const channel_delete&) = default;
};
BOOST_DESCRIBE_STRUCT(channel_delete, (channel), ())

/// What op 43 asked for, of one voice channel.
struct channel_info_entry {
  snowflake id;
  maybe<std::string> status;
  /// In Unix seconds.
  maybe<std::int64_t> voice_start_time;

  friend bool operator==(const channel_info_entry&, const channel_info_entry&) = default;
};
BOOST_DESCRIBE_STRUCT(channel_info_entry, (), (id, status, voice_start_time))

/// CHANNEL_INFO: the answer to op 43.
struct channel_info {
  static constexpr std::string_view event_name = "CHANNEL_INFO";

  snowflake guild_id;
  std::vector<channel_info_entry> channels;

  friend bool operator==(const channel_info&, const channel_info&) = default;
};
BOOST_DESCRIBE_STRUCT(channel_info, (), (guild_id, channels))

/// CHANNEL_PINS_UPDATE: not sent when a pinned message is deleted.
struct channel_pins_update {
  static constexpr std::string_view event_name = "CHANNEL_PINS_UPDATE";

  std::optional<snowflake> guild_id;
  snowflake channel_id;
  maybe<timestamp> last_pin_timestamp;

  friend bool operator==(const channel_pins_update&, const channel_pins_update&) = default;
};
BOOST_DESCRIBE_STRUCT(channel_pins_update, (), (guild_id, channel_id, last_pin_timestamp))

/// VOICE_CHANNEL_STATUS_UPDATE; the id is the channel's.
struct voice_channel_status_update {
  static constexpr std::string_view event_name = "VOICE_CHANNEL_STATUS_UPDATE";

  snowflake id;
  snowflake guild_id;
  nullable<std::string> status;

  friend bool operator==(const voice_channel_status_update&, const voice_channel_status_update&) = default;
};
BOOST_DESCRIBE_STRUCT(voice_channel_status_update, (), (id, guild_id, status))

/// VOICE_CHANNEL_START_TIME_UPDATE; the id is the channel's.
struct voice_channel_start_time_update {
  static constexpr std::string_view event_name = "VOICE_CHANNEL_START_TIME_UPDATE";

  snowflake id;
  snowflake guild_id;
  /// In Unix seconds; null: everybody left.
  maybe<std::int64_t> voice_start_time;

  friend bool operator==(const voice_channel_start_time_update&, const voice_channel_start_time_update&) = default;
};
BOOST_DESCRIBE_STRUCT(voice_channel_start_time_update, (), (id, guild_id, voice_start_time))

/// THREAD_CREATE: a thread is new, or the bot was added to it.
struct thread_create : channel {
  static constexpr std::string_view event_name = "THREAD_CREATE";

  std::optional<bool> newly_created;

  friend bool operator==(const thread_create&, const thread_create&) = default;
};
BOOST_DESCRIBE_STRUCT(thread_create, (channel), (newly_created))

/// THREAD_UPDATE: perhaps of a thread that nobody knew, when it comes out of the archive.
struct thread_update : channel {
  static constexpr std::string_view event_name = "THREAD_UPDATE";

  friend bool operator==(const thread_update&, const thread_update&) = default;
};
BOOST_DESCRIBE_STRUCT(thread_update, (channel), ())

/// THREAD_DELETE: only ids.
struct thread_delete {
  static constexpr std::string_view event_name = "THREAD_DELETE";

  snowflake id;
  std::optional<snowflake> guild_id;
  std::optional<snowflake> parent_id;
  channel_type type;

  friend bool operator==(const thread_delete&, const thread_delete&) = default;
};
BOOST_DESCRIBE_STRUCT(thread_delete, (), (id, guild_id, parent_id, type))

/// THREAD_LIST_SYNC: all active threads of some channels, or of the whole guild.
struct thread_list_sync {
  static constexpr std::string_view event_name = "THREAD_LIST_SYNC";

  snowflake guild_id;
  /// Absent: of all channels.
  std::optional<std::vector<snowflake>> channel_ids;
  std::vector<channel> threads;
  /// Of the bot.
  std::vector<thread_member> members;

  friend bool operator==(const thread_list_sync&, const thread_list_sync&) = default;
};
BOOST_DESCRIBE_STRUCT(thread_list_sync, (), (guild_id, channel_ids, threads, members))

/// THREAD_MEMBER_UPDATE: the bot's own.
struct thread_member_update : thread_member {
  static constexpr std::string_view event_name = "THREAD_MEMBER_UPDATE";

  snowflake guild_id;

  friend bool operator==(const thread_member_update&, const thread_member_update&) = default;
};
BOOST_DESCRIBE_STRUCT(thread_member_update, (thread_member), (guild_id))

/// THREAD_MEMBERS_UPDATE; the id is the thread's.
struct thread_members_update {
  static constexpr std::string_view event_name = "THREAD_MEMBERS_UPDATE";

  snowflake id;
  snowflake guild_id;
  /// Stops at 50.
  std::int32_t member_count = 0;
  std::optional<std::vector<thread_member>> added_members;
  std::optional<std::vector<snowflake>> removed_member_ids;

  friend bool operator==(const thread_members_update&, const thread_members_update&) = default;
};
BOOST_DESCRIBE_STRUCT(thread_members_update, (), (id, guild_id, member_count, added_members, removed_member_ids))

} // namespace troupe
