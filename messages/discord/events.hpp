// SPDX-License-Identifier: BSD-3-Clause
// The list of typed dispatch events: all 79 of Discord's (protocol 5.1). Everything that needs "for each event" derives
// from it: add a struct here, and it is decoded, registered with CAF and can be subscribed to.
#pragma once

#include "messages/discord/channel_events.hpp"
#include "messages/discord/guild_events.hpp"
#include "messages/discord/member_events.hpp"
#include "messages/discord/message_events.hpp"
#include "messages/discord/other_events.hpp"
#include "messages/discord/ready.hpp"
#include "messages/shard_id.hpp"

#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>

namespace troupe {

/// Each has a `static constexpr std::string_view event_name`: the `t` on the wire.
using dispatch_events = boost::mp11::mp_list<
  ready, resumed, rate_limited, channel_create, channel_update, channel_delete, channel_info, channel_pins_update,
  voice_channel_status_update, voice_channel_start_time_update, thread_create, thread_update, thread_delete,
  thread_list_sync, thread_member_update, thread_members_update, guild_create, guild_update, guild_delete,
  guild_audit_log_entry_create, guild_ban_add, guild_ban_remove, guild_emojis_update, guild_stickers_update,
  guild_role_create, guild_role_update, guild_role_delete, guild_soundboard_sound_create, guild_soundboard_sound_update,
  guild_soundboard_sound_delete, guild_soundboard_sounds_update, soundboard_sounds, webhooks_update,
  application_command_permissions_update, guild_member_add, guild_member_update, guild_member_remove,
  guild_members_chunk, presence_update, typing_start, user_update, message_create, message_update, message_delete,
  message_delete_bulk, message_reaction_add, message_reaction_remove, message_reaction_remove_all,
  message_reaction_remove_emoji, message_poll_vote_add, message_poll_vote_remove, auto_moderation_rule_create,
  auto_moderation_rule_update, auto_moderation_rule_delete, auto_moderation_action_execution, entitlement_create,
  entitlement_update, entitlement_delete, subscription_create, subscription_update, subscription_delete,
  guild_integrations_update, integration_create, integration_update, integration_delete, guild_scheduled_event_create,
  guild_scheduled_event_update, guild_scheduled_event_delete, guild_scheduled_event_user_add,
  guild_scheduled_event_user_remove, interaction_create, invite_create, invite_delete, stage_instance_create,
  stage_instance_update, stage_instance_delete, voice_channel_effect_send, voice_state_update, voice_server_update>;

/// A type that `subscribe<T>()` takes.
template <class T>
concept dispatch_event = boost::mp11::mp_contains<dispatch_events, T>::value;

/// Any event as it came, for those who want the JSON or an event without a struct.
struct raw_event {
  shard_id shard;
  /// `s`: counts the dispatches of one session.
  std::uint64_t sequence = 0;
  /// `t`.
  std::string name;
  /// The text of `d`. Shared among all subscribers; never leaves the process.
  std::shared_ptr<const std::string> json;
  /// Sent by Discord for a RESUME: the subscriber may have handled it before.
  bool replayed = false;
  /// Sent again to the successor of a subscriber that crashed, which may have handled it.
  bool redelivered = false;
};

} // namespace troupe
