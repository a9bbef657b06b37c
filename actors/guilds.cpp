// SPDX-License-Identifier: BSD-3-Clause
#include "actors/guilds.hpp"

#include "messages/guild_cache.hpp"
#include "messages/inspect.hpp"

#include "runtime/log/log.hpp"

#include "actors/supervision/carry_exceptions.hpp"
#include "actors/system.hpp"

#include <utility>

namespace troupe {

caf::error guilds_state::find(snowflake guild, guild_actor& found) const {
  if (!directory)
    return make_error(errc::cache_disabled);
  found = directory->find(guild);
  return found ? caf::error{} : make_error(errc::not_cached, "no guild " + to_string(guild) + " on this node");
}

void guilds_state::on_exceeded() {
  if (!directory)
    return;
  auto orders = directory->shed();
  if (!orders.empty())
    log::info("The caches exceed their budget: {} guilds give something up.", orders.size());
  for (auto& [who, bytes] : orders)
    self->send(who, shed_bytes{bytes});
}

guilds_status guilds_state::status() const {
  return directory ? directory->status() : guilds_status{};
}

guilds_actor::behavior_type guilds(guilds_actor::stateful_pointer<guilds_state> self,
                                   std::shared_ptr<guild_directory> directory) {
  carry_exceptions(self, guilds_state::name);
  self->set_exit_handler([self](const caf::exit_msg& msg) {
    if (!msg.reason)
      return;
    if (self->state.directory)
      self->state.directory->end_all();
    self->quit(msg.reason);
  });
  self->state.self = self;
  self->state.directory = std::move(directory);
  return {
    [self](const get_guild& what, snowflake guild) { return self->state.pass_on<troupe::guild>(what, guild); },
    [self](const get_guild_counts& what, snowflake guild) { return self->state.pass_on<guild_counts>(what, guild); },
    [self](const get_channel& what, snowflake guild) { return self->state.pass_on<channel>(what, guild); },
    [self](const get_channels& what, snowflake guild) { return self->state.pass_on<channel_list>(what, guild); },
    [self](const get_threads& what, snowflake guild) { return self->state.pass_on<channel_list>(what, guild); },
    [self](const get_role& what, snowflake guild) { return self->state.pass_on<role>(what, guild); },
    [self](const get_roles& what, snowflake guild) { return self->state.pass_on<role_list>(what, guild); },
    [self](const get_member& what, snowflake guild) { return self->state.pass_on<member>(what, guild); },
    [self](const get_members& what, snowflake guild) { return self->state.pass_on<member_page>(what, guild); },
    [self](const get_presence& what, snowflake guild) { return self->state.pass_on<presence>(what, guild); },
    [self](const get_voice_state& what, snowflake guild) { return self->state.pass_on<voice_state>(what, guild); },
    [self](const get_voice_states& what, snowflake guild) {
      return self->state.pass_on<voice_state_list>(what, guild);
    },
    [self](const get_message& what, snowflake guild) { return self->state.pass_on<message>(what, guild); },
    [self](const get_messages& what, snowflake guild) { return self->state.pass_on<message_page>(what, guild); },
    [self](const get_emojis& what, snowflake guild) { return self->state.pass_on<emoji_list>(what, guild); },
    [self](const get_stickers& what, snowflake guild) { return self->state.pass_on<sticker_list>(what, guild); },
    [self](const get_scheduled_events& what, snowflake guild) {
      return self->state.pass_on<scheduled_event_list>(what, guild);
    },
    [self](const get_stage_instances& what, snowflake guild) {
      return self->state.pass_on<stage_instance_list>(what, guild);
    },
    [self](const get_soundboard_sounds& what, snowflake guild) {
      return self->state.pass_on<soundboard_sound_list>(what, guild);
    },
    [self](const get_permissions& what, snowflake guild) {
      return self->state.pass_on<permissions_answer>(what, guild);
    },
    [self](const compare_members& what, snowflake guild) { return self->state.pass_on<members_compared>(what, guild); },
    [self](const fetch_members& what, snowflake guild) { return self->state.pass_on<member_page>(what, guild); },
    [self](const guilds_status_request&) { return self->state.status(); },
    [self](const budget_exceeded&) { self->state.on_exceeded(); },
  };
}

} // namespace troupe
