// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Channel.
#pragma once

#include "messages/discord/member.hpp"
#include "messages/discord/presence.hpp"
#include "messages/optionality.hpp"
#include "messages/permissions.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// The kind of a channel.
enum class channel_type : std::uint16_t {
  guild_text = 0,
  dm = 1,
  guild_voice = 2,
  group_dm = 3,
  guild_category = 4,
  guild_announcement = 5,
  announcement_thread = 10,
  public_thread = 11,
  private_thread = 12,
  guild_stage_voice = 13,
  guild_directory = 14,
  guild_forum = 15,
  guild_media = 16,
};

/// Whom an overwrite is about.
enum class overwrite_type : std::uint16_t {
  role = 0,
  member = 1,
};

/// What a role or a member may do in one channel, against what they may elsewhere.
struct permission_overwrite {
  snowflake id;
  overwrite_type type{};
  permissions allow;
  permissions deny;

  friend bool operator==(const permission_overwrite&, const permission_overwrite&) = default;
};
BOOST_DESCRIBE_STRUCT(permission_overwrite, (), (id, type, allow, deny))

/// A tag that posts of a forum may have.
struct forum_tag {
  snowflake id;
  std::string name;
  bool moderated = false;
  nullable<snowflake> emoji_id;
  nullable<std::string> emoji_name;

  friend bool operator==(const forum_tag&, const forum_tag&) = default;
};
BOOST_DESCRIBE_STRUCT(forum_tag, (), (id, name, moderated, emoji_id, emoji_name))

/// The emoji under every post of a forum.
struct default_reaction {
  nullable<snowflake> emoji_id;
  nullable<std::string> emoji_name;

  friend bool operator==(const default_reaction&, const default_reaction&) = default;
};
BOOST_DESCRIBE_STRUCT(default_reaction, (), (emoji_id, emoji_name))

/// What only threads have.
struct thread_metadata {
  bool archived = false;
  /// In minutes.
  std::int32_t auto_archive_duration = 0;
  timestamp archive_timestamp;
  bool locked = false;
  std::optional<bool> invitable;
  maybe<timestamp> create_timestamp;

  friend bool operator==(const thread_metadata&, const thread_metadata&) = default;
};
BOOST_DESCRIBE_STRUCT(thread_metadata, (),
                      (archived, auto_archive_duration, archive_timestamp, locked, invitable, create_timestamp))

/// A user in a thread. Inside of a thread in GUILD_CREATE without its ids.
struct thread_member {
  std::optional<snowflake> id;
  std::optional<snowflake> user_id;
  timestamp join_timestamp;
  std::uint64_t flags = 0;
  std::optional<troupe::member> member;
  /// Only in THREAD_MEMBERS_UPDATE.
  maybe<troupe::presence> presence;

  friend bool operator==(const thread_member&, const thread_member&) = default;
};
BOOST_DESCRIBE_STRUCT(thread_member, (), (id, user_id, join_timestamp, flags, member, presence))

/// Any channel: of a guild, a thread, or a direct one. Which fields there are depends on the type.
struct channel {
  snowflake id;
  channel_type type{};
  std::optional<snowflake> guild_id;
  std::optional<std::int32_t> position;
  std::optional<std::vector<permission_overwrite>> permission_overwrites;
  maybe<std::string> name;
  maybe<std::string> topic;
  std::optional<bool> nsfw;
  maybe<snowflake> last_message_id;
  std::optional<std::int32_t> bitrate;
  std::optional<std::int32_t> user_limit;
  std::optional<std::int32_t> rate_limit_per_user;
  std::optional<std::vector<user>> recipients;
  maybe<std::string> icon;
  std::optional<snowflake> owner_id;
  maybe<snowflake> application_id;
  std::optional<bool> managed;
  maybe<snowflake> parent_id;
  maybe<timestamp> last_pin_timestamp;
  maybe<std::string> rtc_region;
  std::optional<std::int32_t> video_quality_mode;
  std::optional<std::int32_t> message_count;
  std::optional<std::int32_t> member_count;
  std::optional<troupe::thread_metadata> thread_metadata;
  /// Of the bot itself.
  std::optional<thread_member> member;
  std::optional<std::int32_t> default_auto_archive_duration;
  std::optional<troupe::permissions> permissions;
  /// Of the bot itself; inside of interactions.
  std::optional<troupe::permissions> app_permissions;
  std::optional<std::uint64_t> flags;
  std::optional<std::int32_t> total_message_sent;
  std::optional<std::vector<forum_tag>> available_tags;
  std::optional<std::vector<snowflake>> applied_tags;
  maybe<default_reaction> default_reaction_emoji;
  std::optional<std::int32_t> default_thread_rate_limit_per_user;
  maybe<std::int32_t> default_sort_order;
  std::optional<std::int32_t> default_forum_layout;
  /// Of a voice channel; in GUILD_CREATE only with op 43 (protocol 5.1).
  maybe<std::string> status;
  /// In Unix seconds.
  maybe<std::int64_t> voice_start_time;

  friend bool operator==(const channel&, const channel&) = default;
};
BOOST_DESCRIBE_STRUCT(channel, (),
                      (id, type, guild_id, position, permission_overwrites, name, topic, nsfw, last_message_id, bitrate,
                       user_limit, rate_limit_per_user, recipients, icon, owner_id, application_id, managed, parent_id,
                       last_pin_timestamp, rtc_region, video_quality_mode, message_count, member_count, thread_metadata,
                       member, default_auto_archive_duration, permissions, app_permissions, flags, total_message_sent,
                       available_tags, applied_tags, default_reaction_emoji, default_thread_rate_limit_per_user,
                       default_sort_order, default_forum_layout, status, voice_start_time))

} // namespace troupe
