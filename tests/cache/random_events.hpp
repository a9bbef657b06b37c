// SPDX-License-Identifier: BSD-3-Clause
// State-changing events of one guild by chance: valid in shape, with anything in them, about few objects, so that they
// meet each other often.
#pragma once

#include "messages/discord/events.hpp"

#include "tests/cache/random_object.hpp"

#include <boost/mp11/algorithm.hpp>

#include <variant>

namespace troupe::testing {

/// The events that a guild's state listens to. Some are listed again: they happen more often.
using any_event = std::variant<
  guild_create, guild_update, guild_delete, channel_create, channel_update, channel_delete, channel_info,
  channel_pins_update, voice_channel_status_update, voice_channel_start_time_update, thread_create, thread_update,
  thread_delete, thread_list_sync, thread_member_update, thread_members_update, guild_member_add, guild_member_update,
  guild_member_remove, guild_members_chunk, presence_update, voice_state_update, interaction_create, typing_start,
  message_create, message_update, message_delete, message_delete_bulk, message_reaction_add, message_reaction_remove,
  message_reaction_remove_all, message_reaction_remove_emoji, message_poll_vote_add, message_poll_vote_remove,
  guild_role_create, guild_role_update, guild_role_delete, guild_emojis_update, guild_stickers_update,
  guild_soundboard_sound_create, guild_soundboard_sound_update, guild_soundboard_sound_delete,
  guild_soundboard_sounds_update, soundboard_sounds, stage_instance_create, stage_instance_update,
  stage_instance_delete, guild_scheduled_event_create, guild_scheduled_event_update, guild_scheduled_event_delete,
  guild_scheduled_event_user_add, guild_scheduled_event_user_remove, invite_create, invite_delete>;

/// Makes events. The same seed makes the same events.
class event_maker {
public:
  explicit event_maker(std::uint64_t seed) : any_{seed} {
    // nop
  }

  /// The next event of the guild 100. Channels are 11 to 16, threads 21 to 26, users 1 to 12, roles 51 to 55.
  [[nodiscard]] any_event next();

private:
  filler any_;
  std::uint64_t newest_message_ = 1000;
};

} // namespace troupe::testing
