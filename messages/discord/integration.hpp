// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Guild, "Integration Object".
#pragma once

#include "messages/discord/application.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// The account of an integration.
struct integration_account {
  std::string id;
  std::string name;

  friend bool operator==(const integration_account&, const integration_account&) = default;
};
BOOST_DESCRIBE_STRUCT(integration_account, (), (id, name))

/// A service or a bot that a guild added.
struct integration {
  snowflake id;
  std::string name;
  std::string type;
  bool enabled = false;
  std::optional<bool> syncing;
  std::optional<snowflake> role_id;
  std::optional<bool> enable_emoticons;
  std::optional<std::int32_t> expire_behavior;
  std::optional<std::int32_t> expire_grace_period;
  std::optional<troupe::user> user;
  integration_account account;
  std::optional<timestamp> synced_at;
  std::optional<std::int32_t> subscriber_count;
  std::optional<bool> revoked;
  std::optional<troupe::application> application;
  std::optional<std::vector<std::string>> scopes;

  friend bool operator==(const integration&, const integration&) = default;
};
BOOST_DESCRIBE_STRUCT(integration, (),
                      (id, name, type, enabled, syncing, role_id, enable_emoticons, expire_behavior,
                       expire_grace_period, user, account, synced_at, subscriber_count, revoked, application, scopes))

} // namespace troupe
