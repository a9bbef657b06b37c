// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Permissions, "Role Object".
#pragma once

#include "messages/optionality.hpp"
#include "messages/permissions.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace troupe {

/// What a role is there for. The last three are marks: present as null, or absent.
struct role_tags {
  std::optional<snowflake> bot_id;
  std::optional<snowflake> integration_id;
  maybe<bool> premium_subscriber;
  std::optional<snowflake> subscription_listing_id;
  maybe<bool> available_for_purchase;
  maybe<bool> guild_connections;

  friend bool operator==(const role_tags&, const role_tags&) = default;
};
BOOST_DESCRIBE_STRUCT(role_tags, (),
                      (bot_id, integration_id, premium_subscriber, subscription_listing_id, available_for_purchase,
                       guild_connections))

/// The colours of a role, as RGB numbers.
struct role_colors {
  std::int32_t primary_color = 0;
  nullable<std::int32_t> secondary_color;
  nullable<std::int32_t> tertiary_color;

  friend bool operator==(const role_colors&, const role_colors&) = default;
};
BOOST_DESCRIBE_STRUCT(role_colors, (), (primary_color, secondary_color, tertiary_color))

/// A role of a guild; @everyone has the guild's id.
struct role {
  snowflake id;
  std::string name;
  std::int32_t color = 0;
  std::optional<role_colors> colors;
  bool hoist = false;
  maybe<std::string> icon;
  maybe<std::string> unicode_emoji;
  std::int32_t position = 0;
  troupe::permissions permissions;
  bool managed = false;
  bool mentionable = false;
  std::optional<role_tags> tags;
  std::optional<std::uint64_t> flags;

  friend bool operator==(const role&, const role&) = default;
};
BOOST_DESCRIBE_STRUCT(role, (),
                      (id, name, color, colors, hoist, icon, unicode_emoji, position, permissions, managed, mentionable,
                       tags, flags))

} // namespace troupe
