// SPDX-License-Identifier: BSD-3-Clause
#include "messages/discord/member.hpp"
#include "messages/discord/member_events.hpp"
#include "messages/discord/presence.hpp"
#include "messages/discord/user.hpp"

#include "runtime/codec/describe_json.hpp"

namespace troupe::codec {

TROUPE_JSON(activity_timestamps)
TROUPE_JSON(activity_emoji)
TROUPE_JSON(activity_party)
TROUPE_JSON(activity_assets)
TROUPE_JSON(activity_secrets)
TROUPE_JSON(activity)
TROUPE_JSON(client_status)
TROUPE_JSON(presence)
TROUPE_JSON(avatar_decoration)
TROUPE_JSON(nameplate)
TROUPE_JSON(collectibles)
TROUPE_JSON(primary_guild)
TROUPE_JSON(user)
TROUPE_JSON(partial_user)
TROUPE_JSON(member)
TROUPE_JSON(guild_member_add)
TROUPE_JSON(guild_member_update)
TROUPE_JSON(guild_member_remove)
TROUPE_JSON(guild_members_chunk)
TROUPE_JSON(presence_update)
TROUPE_JSON(typing_start)
TROUPE_JSON(user_update)

} // namespace troupe::codec
