// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Interactions.
#pragma once

#include "messages/boxed.hpp"
#include "messages/discord/message.hpp"
#include "messages/discord/monetization.hpp"
#include "messages/discord/resolved.hpp"
#include "messages/json_text.hpp"
#include "messages/permissions.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// What somebody did.
enum class interaction_type : std::uint16_t {
  ping = 1,
  application_command = 2,
  message_component = 3,
  application_command_autocomplete = 4,
  modal_submit = 5,
};

/// An option of a command, with what the user put in; or a subcommand with its options.
struct interaction_option {
  std::string name;
  std::int32_t type = 0;
  /// A text, a number, true or false.
  std::optional<json_text> value;
  std::optional<std::vector<interaction_option>> options;
  std::optional<bool> focused;

  friend bool operator==(const interaction_option&, const interaction_option&) = default;
};
BOOST_DESCRIBE_STRUCT(interaction_option, (), (name, type, value, options, focused))

/// Of a command, a component or a modal; which fields there are depends on the interaction.
struct interaction_data {
  std::optional<snowflake> id;
  std::optional<std::string> name;
  std::optional<std::int32_t> type;
  std::optional<resolved_data> resolved;
  std::optional<std::vector<interaction_option>> options;
  std::optional<snowflake> guild_id;
  std::optional<snowflake> target_id;
  std::optional<std::string> custom_id;
  std::optional<troupe::component_type> component_type;
  std::optional<std::vector<std::string>> values;
  std::optional<std::vector<component>> components;

  friend bool operator==(const interaction_data&, const interaction_data&) = default;
};
BOOST_DESCRIBE_STRUCT(interaction_data, (),
                      (id, name, type, resolved, options, guild_id, target_id, custom_id, component_type, values,
                       components))

/// The guild of an interaction, in short.
struct interaction_guild {
  snowflake id;
  std::optional<std::string> locale;
  std::optional<std::vector<std::string>> features;

  friend bool operator==(const interaction_guild&, const interaction_guild&) = default;
};
BOOST_DESCRIBE_STRUCT(interaction_guild, (), (id, locale, features))

/// A user used a command, a button, a menu or a modal: to be answered within three seconds.
struct interaction {
  snowflake id;
  snowflake application_id;
  interaction_type type{};
  std::optional<interaction_data> data;
  std::optional<interaction_guild> guild;
  std::optional<snowflake> guild_id;
  std::optional<boxed<troupe::channel>> channel;
  std::optional<snowflake> channel_id;
  std::optional<troupe::member> member;
  std::optional<troupe::user> user;
  std::string token;
  std::int32_t version = 0;
  std::optional<boxed<troupe::message>> message;
  std::optional<permissions> app_permissions;
  std::optional<std::string> locale;
  std::optional<std::string> guild_locale;
  std::optional<std::vector<entitlement>> entitlements;
  std::optional<std::map<std::string, json_text>> authorizing_integration_owners;
  std::optional<std::int32_t> context;
  std::optional<std::int32_t> attachment_size_limit;

  friend bool operator==(const interaction&, const interaction&) = default;
};
BOOST_DESCRIBE_STRUCT(interaction, (),
                      (id, application_id, type, data, guild, guild_id, channel, channel_id, member, user, token,
                       version, message, app_permissions, locale, guild_locale, entitlements,
                       authorizing_integration_owners, context, attachment_size_limit))

} // namespace troupe
