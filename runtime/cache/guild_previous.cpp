// SPDX-License-Identifier: BSD-3-Clause
// What was there before an event.
#include "runtime/cache/guild_state.hpp"

namespace troupe::cache {

std::optional<guild> guild_state::before(const guild_create&) const {
  return find_guild();
}

std::optional<guild> guild_state::before(const guild_update&) const {
  return find_guild();
}

std::optional<guild> guild_state::before(const guild_delete&) const {
  return find_guild();
}

std::optional<channel> guild_state::before(const channel_update& event) const {
  return find_channel(event.id);
}

std::optional<channel> guild_state::before(const channel_delete& event) const {
  return find_channel(event.id);
}

std::optional<channel> guild_state::before(const voice_channel_status_update& event) const {
  return find_channel(event.id);
}

std::optional<channel> guild_state::before(const voice_channel_start_time_update& event) const {
  return find_channel(event.id);
}

std::optional<channel> guild_state::before(const thread_create& event) const {
  return find_channel(event.id);
}

std::optional<channel> guild_state::before(const thread_update& event) const {
  return find_channel(event.id);
}

std::optional<channel> guild_state::before(const thread_delete& event) const {
  return find_channel(event.id);
}

std::optional<channel> guild_state::before(const thread_members_update& event) const {
  return find_channel(event.id);
}

std::optional<channel> guild_state::before(const channel_pins_update& event) const {
  return find_channel(event.channel_id);
}

std::optional<channel> guild_state::before(const thread_member_update& event) const {
  return find_channel(event.id.value_or(snowflake{}));
}

std::optional<member> guild_state::before(const guild_member_add& event) const {
  return event.user ? find_member(event.user->id) : std::nullopt;
}

std::optional<member> guild_state::before(const guild_member_update& event) const {
  return event.user ? find_member(event.user->id) : std::nullopt;
}

std::optional<member> guild_state::before(const guild_member_remove& event) const {
  return find_member(event.user.id);
}

std::optional<presence> guild_state::before(const presence_update& event) const {
  return find_presence(event.user.id);
}

std::optional<voice_state> guild_state::before(const voice_state_update& event) const {
  return find_voice_state(event.user_id);
}

std::optional<message> guild_state::before(const message_update& event) const {
  return messages_.get(event.channel_id, event.id);
}

std::optional<message> guild_state::before(const message_delete& event) const {
  return messages_.get(event.channel_id, event.id);
}

std::optional<message> guild_state::before(const message_reaction_add& event) const {
  return messages_.get(event.channel_id, event.message_id);
}

std::optional<message> guild_state::before(const message_reaction_remove& event) const {
  return messages_.get(event.channel_id, event.message_id);
}

std::optional<message> guild_state::before(const message_reaction_remove_all& event) const {
  return messages_.get(event.channel_id, event.message_id);
}

std::optional<message> guild_state::before(const message_reaction_remove_emoji& event) const {
  return messages_.get(event.channel_id, event.message_id);
}

std::optional<message> guild_state::before(const message_poll_vote_add& event) const {
  return messages_.get(event.channel_id, event.message_id);
}

std::optional<message> guild_state::before(const message_poll_vote_remove& event) const {
  return messages_.get(event.channel_id, event.message_id);
}

std::optional<role> guild_state::before(const guild_role_update& event) const {
  return roles_.get(event.role.id);
}

std::optional<role> guild_state::before(const guild_role_delete& event) const {
  return roles_.get(event.role_id);
}

std::optional<emoji_list> guild_state::before(const guild_emojis_update&) const {
  return find_emojis();
}

std::optional<sticker_list> guild_state::before(const guild_stickers_update&) const {
  return find_stickers();
}

std::optional<soundboard_sound> guild_state::before(const guild_soundboard_sound_update& event) const {
  return sounds_.get(event.sound_id);
}

std::optional<soundboard_sound> guild_state::before(const guild_soundboard_sound_delete& event) const {
  return sounds_.get(event.sound_id);
}

std::optional<stage_instance> guild_state::before(const stage_instance_update& event) const {
  return stages_.get(event.id);
}

std::optional<stage_instance> guild_state::before(const stage_instance_delete& event) const {
  return stages_.get(event.id);
}

std::optional<scheduled_event> guild_state::before(const guild_scheduled_event_update& event) const {
  return scheduled_events_.get(event.id);
}

std::optional<scheduled_event> guild_state::before(const guild_scheduled_event_delete& event) const {
  return scheduled_events_.get(event.id);
}

std::optional<scheduled_event> guild_state::before(const guild_scheduled_event_user_add& event) const {
  return scheduled_events_.get(event.guild_scheduled_event_id);
}

std::optional<scheduled_event> guild_state::before(const guild_scheduled_event_user_remove& event) const {
  return scheduled_events_.get(event.guild_scheduled_event_id);
}

} // namespace troupe::cache
