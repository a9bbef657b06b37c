// SPDX-License-Identifier: BSD-3-Clause
#include "messages/discord/other_events.hpp"
#include "messages/guild_cache.hpp"

#include "runtime/cache/packing_impl.hpp"

TROUPE_PACKS(user);
TROUPE_PACKS(member);
TROUPE_PACKS(guild);
TROUPE_PACKS(role);
TROUPE_PACKS(channel);
TROUPE_PACKS(presence);
TROUPE_PACKS(voice_state);
TROUPE_PACKS(stage_instance);
TROUPE_PACKS(scheduled_event);
TROUPE_PACKS(soundboard_sound);
TROUPE_PACKS(emoji_list);
TROUPE_PACKS(sticker_list);
TROUPE_PACKS(invite_create);
