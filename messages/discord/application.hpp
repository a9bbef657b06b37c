// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Application and Teams.
#pragma once

#include "messages/discord/user.hpp"
#include "messages/json_text.hpp"
#include "messages/optionality.hpp"
#include "messages/permissions.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// A person in a team.
struct team_member {
  std::int32_t membership_state = 0;
  snowflake team_id;
  troupe::user user;
  std::string role;

  friend bool operator==(const team_member&, const team_member&) = default;
};
BOOST_DESCRIBE_STRUCT(team_member, (), (membership_state, team_id, user, role))

/// The people who own an application.
struct team {
  nullable<std::string> icon;
  snowflake id;
  std::vector<team_member> members;
  std::string name;
  snowflake owner_user_id;

  friend bool operator==(const team&, const team&) = default;
};
BOOST_DESCRIBE_STRUCT(team, (), (icon, id, members, name, owner_user_id))

/// What an application asks for when it is added.
struct install_params {
  std::vector<std::string> scopes;
  troupe::permissions permissions;

  friend bool operator==(const install_params&, const install_params&) = default;
};
BOOST_DESCRIBE_STRUCT(install_params, (), (scopes, permissions))

/// The defaults of one way to install an application.
struct integration_type_config {
  std::optional<install_params> oauth2_install_params;

  friend bool operator==(const integration_type_config&, const integration_type_config&) = default;
};
BOOST_DESCRIBE_STRUCT(integration_type_config, (), (oauth2_install_params))

/// A bot's application. READY and messages tell a few fields only.
struct application {
  snowflake id;
  std::optional<std::string> name;
  maybe<std::string> icon;
  std::optional<std::string> description;
  std::optional<std::vector<std::string>> rpc_origins;
  std::optional<bool> bot_public;
  std::optional<bool> bot_require_code_grant;
  std::optional<user> bot;
  std::optional<std::string> terms_of_service_url;
  std::optional<std::string> privacy_policy_url;
  std::optional<user> owner;
  std::optional<std::string> verify_key;
  maybe<troupe::team> team;
  std::optional<snowflake> guild_id;
  /// A few fields of a guild; Discord does not say which.
  std::optional<json_text> guild;
  std::optional<snowflake> primary_sku_id;
  std::optional<std::string> slug;
  std::optional<std::string> cover_image;
  std::optional<std::uint64_t> flags;
  /// Also the flags above bit 30 (protocol 5.5), as a decimal text.
  std::optional<std::string> flags_new;
  std::optional<std::int32_t> approximate_guild_count;
  std::optional<std::int32_t> approximate_user_install_count;
  std::optional<std::int32_t> approximate_user_authorization_count;
  std::optional<std::vector<std::string>> redirect_uris;
  maybe<std::string> interactions_endpoint_url;
  maybe<std::string> role_connections_verification_url;
  maybe<std::string> event_webhooks_url;
  std::optional<std::int32_t> event_webhooks_status;
  std::optional<std::vector<std::string>> event_webhooks_types;
  std::optional<std::vector<std::string>> tags;
  std::optional<troupe::install_params> install_params;
  std::optional<std::map<std::string, integration_type_config>> integration_types_config;
  std::optional<std::string> custom_install_url;

  friend bool operator==(const application&, const application&) = default;
};
BOOST_DESCRIBE_STRUCT(application, (),
                      (id, name, icon, description, rpc_origins, bot_public, bot_require_code_grant, bot,
                       terms_of_service_url, privacy_policy_url, owner, verify_key, team, guild_id, guild,
                       primary_sku_id, slug, cover_image, flags, flags_new, approximate_guild_count,
                       approximate_user_install_count, approximate_user_authorization_count, redirect_uris,
                       interactions_endpoint_url, role_connections_verification_url, event_webhooks_url,
                       event_webhooks_status, event_webhooks_types, tags, install_params, integration_types_config,
                       custom_install_url))

} // namespace troupe
