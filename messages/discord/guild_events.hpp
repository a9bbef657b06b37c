// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Gateway Events, "Guilds".
#pragma once

#include "messages/discord/audit_log.hpp"
#include "messages/discord/guild.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace troupe {

/// GUILD_CREATE: a guild became known, came back from an outage, or was joined. A stub where `unavailable` is true.
struct guild_create : guild {
  static constexpr std::string_view event_name = "GUILD_CREATE";

  std::optional<timestamp> joined_at;
  std::optional<bool> large;
  std::optional<bool> unavailable;
  std::optional<std::int32_t> member_count;
  std::optional<std::vector<voice_state>> voice_states;
  std::optional<std::vector<member>> members;
  std::optional<std::vector<channel>> channels;
  std::optional<std::vector<channel>> threads;
  std::optional<std::vector<presence>> presences;
  std::optional<std::vector<stage_instance>> stage_instances;
  std::optional<std::vector<scheduled_event>> guild_scheduled_events;
  std::optional<std::vector<soundboard_sound>> soundboard_sounds;

  friend bool operator==(const guild_create&, const guild_create&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_create, (guild),
                      (joined_at, large, unavailable, member_count, voice_states, members, channels, threads, presences,
                       stage_instances, guild_scheduled_events, soundboard_sounds))

/// GUILD_UPDATE: without channels, members and so on.
struct guild_update : guild {
  static constexpr std::string_view event_name = "GUILD_UPDATE";

  friend bool operator==(const guild_update&, const guild_update&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_update, (guild), ())

/// GUILD_DELETE: an outage where `unavailable` is true; otherwise the bot was removed (but see protocol 5.5).
struct guild_delete {
  static constexpr std::string_view event_name = "GUILD_DELETE";

  snowflake id;
  std::optional<bool> unavailable;

  friend bool operator==(const guild_delete&, const guild_delete&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_delete, (), (id, unavailable))

/// GUILD_AUDIT_LOG_ENTRY_CREATE.
struct guild_audit_log_entry_create : audit_log_entry {
  static constexpr std::string_view event_name = "GUILD_AUDIT_LOG_ENTRY_CREATE";

  snowflake guild_id;

  friend bool operator==(const guild_audit_log_entry_create&, const guild_audit_log_entry_create&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_audit_log_entry_create, (audit_log_entry), (guild_id))

/// GUILD_BAN_ADD: GUILD_MEMBER_REMOVE comes apart.
struct guild_ban_add {
  static constexpr std::string_view event_name = "GUILD_BAN_ADD";

  snowflake guild_id;
  troupe::user user;

  friend bool operator==(const guild_ban_add&, const guild_ban_add&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_ban_add, (), (guild_id, user))

/// GUILD_BAN_REMOVE.
struct guild_ban_remove {
  static constexpr std::string_view event_name = "GUILD_BAN_REMOVE";

  snowflake guild_id;
  troupe::user user;

  friend bool operator==(const guild_ban_remove&, const guild_ban_remove&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_ban_remove, (), (guild_id, user))

/// GUILD_EMOJIS_UPDATE: the whole list.
struct guild_emojis_update {
  static constexpr std::string_view event_name = "GUILD_EMOJIS_UPDATE";

  snowflake guild_id;
  std::vector<emoji> emojis;

  friend bool operator==(const guild_emojis_update&, const guild_emojis_update&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_emojis_update, (), (guild_id, emojis))

/// GUILD_STICKERS_UPDATE: the whole list.
struct guild_stickers_update {
  static constexpr std::string_view event_name = "GUILD_STICKERS_UPDATE";

  snowflake guild_id;
  std::vector<sticker> stickers;

  friend bool operator==(const guild_stickers_update&, const guild_stickers_update&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_stickers_update, (), (guild_id, stickers))

/// GUILD_ROLE_CREATE.
struct guild_role_create {
  static constexpr std::string_view event_name = "GUILD_ROLE_CREATE";

  snowflake guild_id;
  troupe::role role;

  friend bool operator==(const guild_role_create&, const guild_role_create&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_role_create, (), (guild_id, role))

/// GUILD_ROLE_UPDATE.
struct guild_role_update {
  static constexpr std::string_view event_name = "GUILD_ROLE_UPDATE";

  snowflake guild_id;
  troupe::role role;

  friend bool operator==(const guild_role_update&, const guild_role_update&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_role_update, (), (guild_id, role))

/// GUILD_ROLE_DELETE: nothing tells that members and overwrites lost it.
struct guild_role_delete {
  static constexpr std::string_view event_name = "GUILD_ROLE_DELETE";

  snowflake guild_id;
  snowflake role_id;

  friend bool operator==(const guild_role_delete&, const guild_role_delete&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_role_delete, (), (guild_id, role_id))

/// GUILD_SOUNDBOARD_SOUND_CREATE.
struct guild_soundboard_sound_create : soundboard_sound {
  static constexpr std::string_view event_name = "GUILD_SOUNDBOARD_SOUND_CREATE";

  friend bool operator==(const guild_soundboard_sound_create&, const guild_soundboard_sound_create&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_soundboard_sound_create, (soundboard_sound), ())

/// GUILD_SOUNDBOARD_SOUND_UPDATE.
struct guild_soundboard_sound_update : soundboard_sound {
  static constexpr std::string_view event_name = "GUILD_SOUNDBOARD_SOUND_UPDATE";

  friend bool operator==(const guild_soundboard_sound_update&, const guild_soundboard_sound_update&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_soundboard_sound_update, (soundboard_sound), ())

/// GUILD_SOUNDBOARD_SOUND_DELETE.
struct guild_soundboard_sound_delete {
  static constexpr std::string_view event_name = "GUILD_SOUNDBOARD_SOUND_DELETE";

  snowflake sound_id;
  snowflake guild_id;

  friend bool operator==(const guild_soundboard_sound_delete&, const guild_soundboard_sound_delete&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_soundboard_sound_delete, (), (sound_id, guild_id))

/// GUILD_SOUNDBOARD_SOUNDS_UPDATE: those that changed.
struct guild_soundboard_sounds_update {
  static constexpr std::string_view event_name = "GUILD_SOUNDBOARD_SOUNDS_UPDATE";

  snowflake guild_id;
  std::vector<soundboard_sound> soundboard_sounds;

  friend bool operator==(const guild_soundboard_sounds_update&, const guild_soundboard_sounds_update&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_soundboard_sounds_update, (), (guild_id, soundboard_sounds))

/// SOUNDBOARD_SOUNDS: the answer to op 31, the whole list.
struct soundboard_sounds {
  static constexpr std::string_view event_name = "SOUNDBOARD_SOUNDS";

  snowflake guild_id;
  std::vector<soundboard_sound> soundboard_sounds_;

  friend bool operator==(const soundboard_sounds&, const soundboard_sounds&) = default;
};
BOOST_DESCRIBE_STRUCT(soundboard_sounds, (), (guild_id, soundboard_sounds_))

/// WEBHOOKS_UPDATE: something about a channel's webhooks changed.
struct webhooks_update {
  static constexpr std::string_view event_name = "WEBHOOKS_UPDATE";

  snowflake guild_id;
  snowflake channel_id;

  friend bool operator==(const webhooks_update&, const webhooks_update&) = default;
};
BOOST_DESCRIBE_STRUCT(webhooks_update, (), (guild_id, channel_id))

/// Who may use a command: 1 role, 2 user, 3 channel.
struct application_command_permission {
  snowflake id;
  std::int32_t type = 0;
  bool permission = false;

  friend bool operator==(const application_command_permission&, const application_command_permission&) = default;
};
BOOST_DESCRIBE_STRUCT(application_command_permission, (), (id, type, permission))

/// APPLICATION_COMMAND_PERMISSIONS_UPDATE; the id is a command's, or the application's for all commands.
struct application_command_permissions_update {
  static constexpr std::string_view event_name = "APPLICATION_COMMAND_PERMISSIONS_UPDATE";

  snowflake id;
  snowflake application_id;
  snowflake guild_id;
  std::vector<application_command_permission> permissions;

  friend bool operator==(const application_command_permissions_update&,
                         const application_command_permissions_update&) = default;
};
BOOST_DESCRIBE_STRUCT(application_command_permissions_update, (), (id, application_id, guild_id, permissions))

} // namespace troupe
