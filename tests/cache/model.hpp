// SPDX-License-Identifier: BSD-3-Clause
// What a guild's state must answer, kept in the plainest way: the API's own objects in maps, nothing packed, shared or
// counted. Written from the protocol's page and the promises of guild_state.hpp, not from its sources.
#pragma once

#include "messages/discord/events.hpp"
#include "messages/guild_cache.hpp"

#include "runtime/cache/settings.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe::testing {

/// A member, and when it was seen.
struct seen_member {
  member who;
  std::uint64_t seen = 0;
};

/// One guild.
struct model {
  snowflake id;
  snowflake bot;
  cache::settings keep;

  bool available = true;
  bool removed = false;
  std::optional<guild> the_guild;
  snowflake owner;
  std::int64_t member_count = 0;
  std::map<snowflake, role> roles;
  std::map<snowflake, channel> channels;
  std::map<snowflake, channel> threads;
  std::map<snowflake, seen_member> members;
  std::map<snowflake, presence> presences;
  std::map<snowflake, voice_state> voice_states;
  std::map<snowflake, std::map<snowflake, message>> messages;
  std::optional<std::vector<emoji>> emojis;
  std::optional<std::vector<sticker>> stickers;
  std::map<snowflake, stage_instance> stages;
  std::map<snowflake, scheduled_event> scheduled_events;
  std::map<snowflake, soundboard_sound> sounds;
  std::map<std::string, invite_create> invites;
  std::uint64_t evicted_members = 0;
  std::uint64_t evicted_messages = 0;
  std::uint64_t clock = 0;

  // -- what happens ------------------------------------------------------------------------------------

  void apply(const guild_create& e);
  void apply(const guild_update& e);
  void apply(const guild_delete& e);
  void apply(const channel_create& e);
  void apply(const channel_update& e);
  void apply(const channel_delete& e);
  void apply(const channel_info& e);
  void apply(const channel_pins_update& e);
  void apply(const voice_channel_status_update& e);
  void apply(const voice_channel_start_time_update& e);
  void apply(const thread_create& e);
  void apply(const thread_update& e);
  void apply(const thread_delete& e);
  void apply(const thread_list_sync& e);
  void apply(const thread_member_update& e);
  void apply(const thread_members_update& e);
  void apply(const guild_member_add& e);
  void apply(const guild_member_update& e);
  void apply(const guild_member_remove& e);
  void apply(const guild_members_chunk& e);
  void apply(const presence_update& e);
  void apply(const voice_state_update& e);
  void apply(const interaction_create& e);
  void apply(const typing_start& e);
  void apply(const message_create& e);
  void apply(const message_update& e);
  void apply(const message_delete& e);
  void apply(const message_delete_bulk& e);
  void apply(const message_reaction_add& e);
  void apply(const message_reaction_remove& e);
  void apply(const message_reaction_remove_all& e);
  void apply(const message_reaction_remove_emoji& e);
  void apply(const message_poll_vote_add& e);
  void apply(const message_poll_vote_remove& e);
  void apply(const guild_role_create& e);
  void apply(const guild_role_update& e);
  void apply(const guild_role_delete& e);
  void apply(const guild_emojis_update& e);
  void apply(const guild_stickers_update& e);
  void apply(const guild_soundboard_sound_create& e);
  void apply(const guild_soundboard_sound_update& e);
  void apply(const guild_soundboard_sound_delete& e);
  void apply(const guild_soundboard_sounds_update& e);
  void apply(const soundboard_sounds& e);
  void apply(const stage_instance_create& e);
  void apply(const stage_instance_update& e);
  void apply(const stage_instance_delete& e);
  void apply(const guild_scheduled_event_create& e);
  void apply(const guild_scheduled_event_update& e);
  void apply(const guild_scheduled_event_delete& e);
  void apply(const guild_scheduled_event_user_add& e);
  void apply(const guild_scheduled_event_user_remove& e);
  void apply(const invite_create& e);
  void apply(const invite_delete& e);

  // -- what is answered ----------------------------------------------------------------------------------

  std::optional<guild> find_guild() const;
  std::optional<channel> find_channel(snowflake which) const;
  std::optional<member> find_member(snowflake user) const;
  std::optional<presence> find_presence(snowflake user) const;
  std::optional<voice_state> find_voice_state(snowflake user) const;
  std::optional<message> find_message(snowflake channel, snowflake which) const;
  std::vector<role> roles_highest_first() const;

  // -- inside --------------------------------------------------------------------------------------------

  channel finished(channel what) const;
  void see(const member& what, bool whole, const user* author = nullptr);
  void set_presence(const presence& what);
  void set_voice_state(const voice_state& what);
  void set_channel(const channel& what, bool keep_absent);
  void set_thread(const channel& what, bool keep_absent);
  void remove_thread(snowflake which);
  void remove_channel(snowflake which);
  void set_sound(const soundboard_sound& what);
  void set_scheduled_event(const scheduled_event& what);
  void set_stage(const stage_instance& what);
  void set_stickers(std::vector<sticker> what);
  void set_guild(const guild& what, bool whole);
  message* known_message(snowflake channel, snowflake which);
  void vote(snowflake channel, snowflake which, std::int32_t answer, int difference, bool mine);
};

} // namespace troupe::testing
