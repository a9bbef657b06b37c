// SPDX-License-Identifier: BSD-3-Clause
#include "messages/discord/channel.hpp"
#include "messages/discord/channel_events.hpp"
#include "messages/guild_cache.hpp"

#include "runtime/codec/describe_json.hpp"

namespace troupe::codec {

TROUPE_JSON(permission_overwrite)
TROUPE_JSON(forum_tag)
TROUPE_JSON(default_reaction)
TROUPE_JSON(thread_metadata)
TROUPE_JSON(thread_member)
TROUPE_JSON(channel)
TROUPE_JSON(channel_create)
TROUPE_JSON(channel_update)
TROUPE_JSON(channel_delete)
TROUPE_JSON(channel_info_entry)
TROUPE_JSON(channel_info)
TROUPE_JSON(channel_pins_update)
TROUPE_JSON(voice_channel_status_update)
TROUPE_JSON(voice_channel_start_time_update)
TROUPE_JSON(thread_create)
TROUPE_JSON(thread_update)
TROUPE_JSON(thread_delete)
TROUPE_JSON(thread_list_sync)
TROUPE_JSON(thread_member_update)
TROUPE_JSON(thread_members_update)
TROUPE_JSON(channel_list)

} // namespace troupe::codec
