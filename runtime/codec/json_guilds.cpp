// SPDX-License-Identifier: BSD-3-Clause
#include "messages/discord/audit_log.hpp"
#include "messages/discord/emoji.hpp"
#include "messages/discord/guild.hpp"
#include "messages/discord/guild_events.hpp"
#include "messages/discord/role.hpp"
#include "messages/discord/scheduled_event.hpp"
#include "messages/discord/soundboard.hpp"
#include "messages/discord/voice.hpp"

#include "runtime/codec/describe_json.hpp"

namespace troupe::codec {

TROUPE_JSON(audit_log_change)
TROUPE_JSON(audit_log_options)
TROUPE_JSON(audit_log_entry)
TROUPE_JSON(scheduled_event_metadata)
TROUPE_JSON(n_weekday)
TROUPE_JSON(recurrence_rule)
TROUPE_JSON(scheduled_event)
TROUPE_JSON(voice_state)
TROUPE_JSON(stage_instance)
TROUPE_JSON(soundboard_sound)
TROUPE_JSON(emoji)
TROUPE_JSON(sticker)
TROUPE_JSON(sticker_item)
TROUPE_JSON(role_tags)
TROUPE_JSON(role_colors)
TROUPE_JSON(role)
TROUPE_JSON(unavailable_guild)
TROUPE_JSON(welcome_screen_channel)
TROUPE_JSON(welcome_screen)
TROUPE_JSON(incidents_data)
TROUPE_JSON(guild)
TROUPE_JSON(guild_create)
TROUPE_JSON(guild_update)
TROUPE_JSON(guild_delete)
TROUPE_JSON(guild_audit_log_entry_create)
TROUPE_JSON(guild_ban_add)
TROUPE_JSON(guild_ban_remove)
TROUPE_JSON(guild_emojis_update)
TROUPE_JSON(guild_stickers_update)
TROUPE_JSON(guild_role_create)
TROUPE_JSON(guild_role_update)
TROUPE_JSON(guild_role_delete)
TROUPE_JSON(guild_soundboard_sound_create)
TROUPE_JSON(guild_soundboard_sound_update)
TROUPE_JSON(guild_soundboard_sound_delete)
TROUPE_JSON(guild_soundboard_sounds_update)
TROUPE_JSON(soundboard_sounds)
TROUPE_JSON(webhooks_update)
TROUPE_JSON(application_command_permission)
TROUPE_JSON(application_command_permissions_update)

} // namespace troupe::codec
