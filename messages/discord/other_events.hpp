// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Gateway Events: automod, entitlements, integrations, interactions, invites, scheduled events, stages,
// subscriptions, voice.
#pragma once

#include "messages/discord/application.hpp"
#include "messages/discord/auto_moderation.hpp"
#include "messages/discord/emoji.hpp"
#include "messages/discord/integration.hpp"
#include "messages/discord/interaction.hpp"
#include "messages/discord/member.hpp"
#include "messages/discord/monetization.hpp"
#include "messages/discord/scheduled_event.hpp"
#include "messages/discord/voice.hpp"
#include "messages/json_text.hpp"
#include "messages/optionality.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// AUTO_MODERATION_RULE_CREATE.
struct auto_moderation_rule_create : auto_moderation_rule {
  static constexpr std::string_view event_name = "AUTO_MODERATION_RULE_CREATE";

  friend bool operator==(const auto_moderation_rule_create&, const auto_moderation_rule_create&) = default;
};
BOOST_DESCRIBE_STRUCT(auto_moderation_rule_create, (auto_moderation_rule), ())

/// AUTO_MODERATION_RULE_UPDATE.
struct auto_moderation_rule_update : auto_moderation_rule {
  static constexpr std::string_view event_name = "AUTO_MODERATION_RULE_UPDATE";

  friend bool operator==(const auto_moderation_rule_update&, const auto_moderation_rule_update&) = default;
};
BOOST_DESCRIBE_STRUCT(auto_moderation_rule_update, (auto_moderation_rule), ())

/// AUTO_MODERATION_RULE_DELETE.
struct auto_moderation_rule_delete : auto_moderation_rule {
  static constexpr std::string_view event_name = "AUTO_MODERATION_RULE_DELETE";

  friend bool operator==(const auto_moderation_rule_delete&, const auto_moderation_rule_delete&) = default;
};
BOOST_DESCRIBE_STRUCT(auto_moderation_rule_delete, (auto_moderation_rule), ())

/// AUTO_MODERATION_ACTION_EXECUTION: the texts are empty without MESSAGE_CONTENT.
struct auto_moderation_action_execution {
  static constexpr std::string_view event_name = "AUTO_MODERATION_ACTION_EXECUTION";

  snowflake guild_id;
  auto_moderation_action action;
  snowflake rule_id;
  auto_moderation_trigger rule_trigger_type;
  snowflake user_id;
  std::optional<snowflake> channel_id;
  std::optional<snowflake> message_id;
  std::optional<snowflake> alert_system_message_id;
  std::string content;
  nullable<std::string> matched_keyword;
  nullable<std::string> matched_content;

  friend bool operator==(const auto_moderation_action_execution&, const auto_moderation_action_execution&) = default;
};
BOOST_DESCRIBE_STRUCT(auto_moderation_action_execution, (),
                      (guild_id, action, rule_id, rule_trigger_type, user_id, channel_id, message_id,
                       alert_system_message_id, content, matched_keyword, matched_content))

/// ENTITLEMENT_CREATE.
struct entitlement_create : entitlement {
  static constexpr std::string_view event_name = "ENTITLEMENT_CREATE";

  friend bool operator==(const entitlement_create&, const entitlement_create&) = default;
};
BOOST_DESCRIBE_STRUCT(entitlement_create, (entitlement), ())

/// ENTITLEMENT_UPDATE: only when a subscription ends.
struct entitlement_update : entitlement {
  static constexpr std::string_view event_name = "ENTITLEMENT_UPDATE";

  friend bool operator==(const entitlement_update&, const entitlement_update&) = default;
};
BOOST_DESCRIBE_STRUCT(entitlement_update, (entitlement), ())

/// ENTITLEMENT_DELETE: not sent at expiry.
struct entitlement_delete : entitlement {
  static constexpr std::string_view event_name = "ENTITLEMENT_DELETE";

  friend bool operator==(const entitlement_delete&, const entitlement_delete&) = default;
};
BOOST_DESCRIBE_STRUCT(entitlement_delete, (entitlement), ())

/// SUBSCRIPTION_CREATE.
struct subscription_create : subscription {
  static constexpr std::string_view event_name = "SUBSCRIPTION_CREATE";

  friend bool operator==(const subscription_create&, const subscription_create&) = default;
};
BOOST_DESCRIBE_STRUCT(subscription_create, (subscription), ())

/// SUBSCRIPTION_UPDATE.
struct subscription_update : subscription {
  static constexpr std::string_view event_name = "SUBSCRIPTION_UPDATE";

  friend bool operator==(const subscription_update&, const subscription_update&) = default;
};
BOOST_DESCRIBE_STRUCT(subscription_update, (subscription), ())

/// SUBSCRIPTION_DELETE.
struct subscription_delete : subscription {
  static constexpr std::string_view event_name = "SUBSCRIPTION_DELETE";

  friend bool operator==(const subscription_delete&, const subscription_delete&) = default;
};
BOOST_DESCRIBE_STRUCT(subscription_delete, (subscription), ())

/// GUILD_INTEGRATIONS_UPDATE: something changed.
struct guild_integrations_update {
  static constexpr std::string_view event_name = "GUILD_INTEGRATIONS_UPDATE";

  snowflake guild_id;

  friend bool operator==(const guild_integrations_update&, const guild_integrations_update&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_integrations_update, (), (guild_id))

/// INTEGRATION_CREATE.
struct integration_create : integration {
  static constexpr std::string_view event_name = "INTEGRATION_CREATE";

  snowflake guild_id;

  friend bool operator==(const integration_create&, const integration_create&) = default;
};
BOOST_DESCRIBE_STRUCT(integration_create, (integration), (guild_id))

/// INTEGRATION_UPDATE.
struct integration_update : integration {
  static constexpr std::string_view event_name = "INTEGRATION_UPDATE";

  snowflake guild_id;

  friend bool operator==(const integration_update&, const integration_update&) = default;
};
BOOST_DESCRIBE_STRUCT(integration_update, (integration), (guild_id))

/// INTEGRATION_DELETE.
struct integration_delete {
  static constexpr std::string_view event_name = "INTEGRATION_DELETE";

  snowflake id;
  snowflake guild_id;
  std::optional<snowflake> application_id;

  friend bool operator==(const integration_delete&, const integration_delete&) = default;
};
BOOST_DESCRIBE_STRUCT(integration_delete, (), (id, guild_id, application_id))

/// GUILD_SCHEDULED_EVENT_CREATE.
struct guild_scheduled_event_create : scheduled_event {
  static constexpr std::string_view event_name = "GUILD_SCHEDULED_EVENT_CREATE";

  friend bool operator==(const guild_scheduled_event_create&, const guild_scheduled_event_create&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_scheduled_event_create, (scheduled_event), ())

/// GUILD_SCHEDULED_EVENT_UPDATE.
struct guild_scheduled_event_update : scheduled_event {
  static constexpr std::string_view event_name = "GUILD_SCHEDULED_EVENT_UPDATE";

  friend bool operator==(const guild_scheduled_event_update&, const guild_scheduled_event_update&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_scheduled_event_update, (scheduled_event), ())

/// GUILD_SCHEDULED_EVENT_DELETE.
struct guild_scheduled_event_delete : scheduled_event {
  static constexpr std::string_view event_name = "GUILD_SCHEDULED_EVENT_DELETE";

  friend bool operator==(const guild_scheduled_event_delete&, const guild_scheduled_event_delete&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_scheduled_event_delete, (scheduled_event), ())

/// GUILD_SCHEDULED_EVENT_USER_ADD.
struct guild_scheduled_event_user_add {
  static constexpr std::string_view event_name = "GUILD_SCHEDULED_EVENT_USER_ADD";

  snowflake guild_scheduled_event_id;
  snowflake user_id;
  snowflake guild_id;

  friend bool operator==(const guild_scheduled_event_user_add&, const guild_scheduled_event_user_add&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_scheduled_event_user_add, (), (guild_scheduled_event_id, user_id, guild_id))

/// GUILD_SCHEDULED_EVENT_USER_REMOVE.
struct guild_scheduled_event_user_remove {
  static constexpr std::string_view event_name = "GUILD_SCHEDULED_EVENT_USER_REMOVE";

  snowflake guild_scheduled_event_id;
  snowflake user_id;
  snowflake guild_id;

  friend bool operator==(const guild_scheduled_event_user_remove&, const guild_scheduled_event_user_remove&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_scheduled_event_user_remove, (), (guild_scheduled_event_id, user_id, guild_id))

/// INTERACTION_CREATE: to be answered within three seconds.
struct interaction_create : interaction {
  static constexpr std::string_view event_name = "INTERACTION_CREATE";

  friend bool operator==(const interaction_create&, const interaction_create&) = default;
};
BOOST_DESCRIBE_STRUCT(interaction_create, (interaction), ())

/// INVITE_CREATE: the uses are always 0.
struct invite_create {
  static constexpr std::string_view event_name = "INVITE_CREATE";

  snowflake channel_id;
  std::string code;
  timestamp created_at;
  std::optional<snowflake> guild_id;
  std::optional<user> inviter;
  /// In seconds.
  std::int32_t max_age = 0;
  std::int32_t max_uses = 0;
  std::optional<std::int32_t> target_type;
  std::optional<user> target_user;
  std::optional<application> target_application;
  bool temporary = false;
  std::int32_t uses = 0;
  maybe<timestamp> expires_at;
  std::optional<std::vector<snowflake>> role_ids;

  friend bool operator==(const invite_create&, const invite_create&) = default;
};
BOOST_DESCRIBE_STRUCT(invite_create, (),
                      (channel_id, code, created_at, guild_id, inviter, max_age, max_uses, target_type, target_user,
                       target_application, temporary, uses, expires_at, role_ids))

/// INVITE_DELETE.
struct invite_delete {
  static constexpr std::string_view event_name = "INVITE_DELETE";

  snowflake channel_id;
  std::optional<snowflake> guild_id;
  std::string code;

  friend bool operator==(const invite_delete&, const invite_delete&) = default;
};
BOOST_DESCRIBE_STRUCT(invite_delete, (), (channel_id, guild_id, code))

/// STAGE_INSTANCE_CREATE.
struct stage_instance_create : stage_instance {
  static constexpr std::string_view event_name = "STAGE_INSTANCE_CREATE";

  friend bool operator==(const stage_instance_create&, const stage_instance_create&) = default;
};
BOOST_DESCRIBE_STRUCT(stage_instance_create, (stage_instance), ())

/// STAGE_INSTANCE_UPDATE.
struct stage_instance_update : stage_instance {
  static constexpr std::string_view event_name = "STAGE_INSTANCE_UPDATE";

  friend bool operator==(const stage_instance_update&, const stage_instance_update&) = default;
};
BOOST_DESCRIBE_STRUCT(stage_instance_update, (stage_instance), ())

/// STAGE_INSTANCE_DELETE.
struct stage_instance_delete : stage_instance {
  static constexpr std::string_view event_name = "STAGE_INSTANCE_DELETE";

  friend bool operator==(const stage_instance_delete&, const stage_instance_delete&) = default;
};
BOOST_DESCRIBE_STRUCT(stage_instance_delete, (stage_instance), ())

/// VOICE_CHANNEL_EFFECT_SEND: only in channels where the bot is.
struct voice_channel_effect_send {
  static constexpr std::string_view event_name = "VOICE_CHANNEL_EFFECT_SEND";

  snowflake channel_id;
  snowflake guild_id;
  snowflake user_id;
  maybe<troupe::emoji> emoji;
  maybe<std::int32_t> animation_type;
  std::optional<std::int32_t> animation_id;
  /// A number for Discord's own sounds.
  std::optional<number_or_text> sound_id;
  std::optional<double> sound_volume;

  friend bool operator==(const voice_channel_effect_send&, const voice_channel_effect_send&) = default;
};
BOOST_DESCRIBE_STRUCT(voice_channel_effect_send, (),
                      (channel_id, guild_id, user_id, emoji, animation_type, animation_id, sound_id, sound_volume))

/// VOICE_STATE_UPDATE.
struct voice_state_update : voice_state {
  static constexpr std::string_view event_name = "VOICE_STATE_UPDATE";

  friend bool operator==(const voice_state_update&, const voice_state_update&) = default;
};
BOOST_DESCRIBE_STRUCT(voice_state_update, (voice_state), ())

/// VOICE_SERVER_UPDATE.
struct voice_server_update {
  static constexpr std::string_view event_name = "VOICE_SERVER_UPDATE";

  std::string token;
  snowflake guild_id;
  /// Null while no server is there.
  nullable<std::string> endpoint;

  friend bool operator==(const voice_server_update&, const voice_server_update&) = default;
};
BOOST_DESCRIBE_STRUCT(voice_server_update, (), (token, guild_id, endpoint))

} // namespace troupe
