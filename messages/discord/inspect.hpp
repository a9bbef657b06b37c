// SPDX-License-Identifier: BSD-3-Clause
// CAF's inspection of Discord's objects and events: they travel as JSON. One table per struct serves both, the compiler
// is spared some two hundred serialisations, and nodes of different versions understand each other, because unknown
// fields are ignored (docs/decisions/0024).
#pragma once

#include "messages/discord/fwd.hpp"

#include <caf/error.hpp>
#include <caf/fwd.hpp>

#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <string>

namespace caf::detail {

class stringification_inspector;

} // namespace caf::detail

namespace troupe {

struct activity;
struct activity_assets;
struct activity_emoji;
struct activity_party;
struct activity_secrets;
struct activity_timestamps;
struct application;
struct application_command_permission;
struct attachment;
struct audit_log_change;
struct audit_log_entry;
struct audit_log_options;
struct auto_moderation_action;
struct auto_moderation_action_metadata;
struct auto_moderation_rule;
struct auto_moderation_trigger_metadata;
struct avatar_decoration;
struct channel;
struct channel_info_entry;
struct channel_mention;
struct client_status;
struct collectibles;
struct component;
struct default_reaction;
struct embed;
struct embed_author;
struct embed_field;
struct embed_footer;
struct embed_media;
struct embed_provider;
struct emoji;
struct entitlement;
struct forum_tag;
struct guild;
struct incidents_data;
struct install_params;
struct integration;
struct integration_account;
struct integration_type_config;
struct interaction;
struct interaction_data;
struct interaction_guild;
struct interaction_option;
struct media_gallery_item;
struct member;
struct message;
struct message_activity;
struct message_call;
struct message_interaction;
struct message_interaction_metadata;
struct message_reference;
struct message_snapshot;
struct n_weekday;
struct nameplate;
struct partial_user;
struct permission_overwrite;
struct poll;
struct poll_answer;
struct poll_answer_count;
struct poll_media;
struct poll_results;
struct presence;
struct primary_guild;
struct rate_limited_meta;
struct reaction;
struct reaction_counts;
struct recurrence_rule;
struct resolved_data;
struct role;
struct role_colors;
struct role_subscription_data;
struct role_tags;
struct scheduled_event;
struct scheduled_event_metadata;
struct select_default;
struct select_option;
struct shared_client_theme;
struct soundboard_sound;
struct stage_instance;
struct sticker;
struct sticker_item;
struct subscription;
struct team;
struct team_member;
struct thread_member;
struct thread_metadata;
struct unavailable_guild;
struct unfurled_media;
struct user;
struct user_mention;
struct voice_state;
struct welcome_screen;
struct welcome_screen_channel;

/// All structs of messages/discord.
using discord_structs = boost::mp11::mp_list<
  activity, activity_assets, activity_emoji, activity_party, activity_secrets, activity_timestamps, application,
  application_command_permission, application_command_permissions_update, attachment, audit_log_change, audit_log_entry,
  audit_log_options, auto_moderation_action, auto_moderation_action_execution, auto_moderation_action_metadata,
  auto_moderation_rule, auto_moderation_rule_create, auto_moderation_rule_delete, auto_moderation_rule_update,
  auto_moderation_trigger_metadata, avatar_decoration, channel, channel_create, channel_delete, channel_info,
  channel_info_entry, channel_mention, channel_pins_update, channel_update, client_status, collectibles, component,
  default_reaction, embed, embed_author, embed_field, embed_footer, embed_media, embed_provider, emoji, entitlement,
  entitlement_create, entitlement_delete, entitlement_update, forum_tag, guild, guild_audit_log_entry_create,
  guild_ban_add, guild_ban_remove, guild_create, guild_delete, guild_emojis_update, guild_integrations_update,
  guild_member_add, guild_member_remove, guild_member_update, guild_members_chunk, guild_role_create, guild_role_delete,
  guild_role_update, guild_scheduled_event_create, guild_scheduled_event_delete, guild_scheduled_event_update,
  guild_scheduled_event_user_add, guild_scheduled_event_user_remove, guild_soundboard_sound_create,
  guild_soundboard_sound_delete, guild_soundboard_sound_update, guild_soundboard_sounds_update, guild_stickers_update,
  guild_update, incidents_data, install_params, integration, integration_account, integration_create,
  integration_delete, integration_type_config, integration_update, interaction, interaction_create, interaction_data,
  interaction_guild, interaction_option, invite_create, invite_delete, media_gallery_item, member, message,
  message_activity, message_call, message_create, message_delete, message_delete_bulk, message_interaction,
  message_interaction_metadata, message_poll_vote_add, message_poll_vote_remove, message_reaction_add,
  message_reaction_remove, message_reaction_remove_all, message_reaction_remove_emoji, message_reference,
  message_snapshot, message_update, n_weekday, nameplate, partial_user, permission_overwrite, poll, poll_answer,
  poll_answer_count, poll_media, poll_results, presence, presence_update, primary_guild, rate_limited,
  rate_limited_meta, reaction, reaction_counts, ready, recurrence_rule, resolved_data, resumed, role, role_colors,
  role_subscription_data, role_tags, scheduled_event, scheduled_event_metadata, select_default, select_option,
  shared_client_theme, soundboard_sound, soundboard_sounds, stage_instance, stage_instance_create,
  stage_instance_delete, stage_instance_update, sticker, sticker_item, subscription, subscription_create,
  subscription_delete, subscription_update, team, team_member, thread_create, thread_delete, thread_list_sync,
  thread_member, thread_member_update, thread_members_update, thread_metadata, thread_update, typing_start,
  unavailable_guild, unfurled_media, user, user_mention, user_update, voice_channel_effect_send,
  voice_channel_start_time_update, voice_channel_status_update, voice_server_update, voice_state, voice_state_update,
  webhooks_update, welcome_screen, welcome_screen_channel>;

/// One of them.
template <class T>
concept discord_struct = boost::mp11::mp_contains<discord_structs, T>::value;

namespace codec {

struct struct_codec;
/// How a struct is decoded and encoded.
template <class T>
const struct_codec& codec_of();

} // namespace codec

/// Writes a struct as JSON, reads it again, and shows it to people. Defined in actors/discord_json.cpp.
[[nodiscard]] caf::error save_json(caf::serializer& f, const void* from, const codec::struct_codec& how);
[[nodiscard]] caf::error load_json(caf::deserializer& f, void* into, const codec::struct_codec& how);
void show_json(caf::detail::stringification_inspector& f, const void* from, const codec::struct_codec& how);

/// As JSON.
template <discord_struct T>
caf::error inspect(caf::serializer& f, T& x) {
  return save_json(f, &x, codec::codec_of<T>());
}

/// As JSON.
template <discord_struct T>
caf::error inspect(caf::deserializer& f, T& x) {
  x = T{};
  return load_json(f, &x, codec::codec_of<T>());
}

/// As JSON.
template <discord_struct T>
void inspect(caf::detail::stringification_inspector& f, T& x) {
  show_json(f, &x, codec::codec_of<T>());
}

} // namespace troupe
