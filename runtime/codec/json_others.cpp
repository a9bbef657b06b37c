// SPDX-License-Identifier: BSD-3-Clause
#include "messages/discord/auto_moderation.hpp"
#include "messages/discord/integration.hpp"
#include "messages/discord/interaction.hpp"
#include "messages/discord/monetization.hpp"
#include "messages/discord/other_events.hpp"

#include "runtime/codec/describe_json.hpp"

namespace troupe::codec {

TROUPE_JSON(auto_moderation_trigger_metadata)
TROUPE_JSON(auto_moderation_action_metadata)
TROUPE_JSON(auto_moderation_action)
TROUPE_JSON(auto_moderation_rule)
TROUPE_JSON(integration_account)
TROUPE_JSON(integration)
TROUPE_JSON(entitlement)
TROUPE_JSON(subscription)
TROUPE_JSON(interaction_option)
TROUPE_JSON(interaction_data)
TROUPE_JSON(interaction_guild)
TROUPE_JSON(interaction)
TROUPE_JSON(auto_moderation_rule_create)
TROUPE_JSON(auto_moderation_rule_update)
TROUPE_JSON(auto_moderation_rule_delete)
TROUPE_JSON(auto_moderation_action_execution)
TROUPE_JSON(entitlement_create)
TROUPE_JSON(entitlement_update)
TROUPE_JSON(entitlement_delete)
TROUPE_JSON(subscription_create)
TROUPE_JSON(subscription_update)
TROUPE_JSON(subscription_delete)
TROUPE_JSON(guild_integrations_update)
TROUPE_JSON(integration_create)
TROUPE_JSON(integration_update)
TROUPE_JSON(integration_delete)
TROUPE_JSON(guild_scheduled_event_create)
TROUPE_JSON(guild_scheduled_event_update)
TROUPE_JSON(guild_scheduled_event_delete)
TROUPE_JSON(guild_scheduled_event_user_add)
TROUPE_JSON(guild_scheduled_event_user_remove)
TROUPE_JSON(interaction_create)
TROUPE_JSON(invite_create)
TROUPE_JSON(invite_delete)
TROUPE_JSON(stage_instance_create)
TROUPE_JSON(stage_instance_update)
TROUPE_JSON(stage_instance_delete)
TROUPE_JSON(voice_channel_effect_send)
TROUPE_JSON(voice_state_update)
TROUPE_JSON(voice_server_update)

} // namespace troupe::codec
