// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Auto Moderation.
#pragma once

#include "messages/optionality.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// What a rule looks for.
enum class auto_moderation_trigger : std::uint16_t {
  keyword = 1,
  spam = 3,
  keyword_preset = 4,
  mention_spam = 5,
  member_profile = 6,
};

/// Of a trigger; which fields there are depends on it.
struct auto_moderation_trigger_metadata {
  std::optional<std::vector<std::string>> keyword_filter;
  std::optional<std::vector<std::string>> regex_patterns;
  std::optional<std::vector<std::int32_t>> presets;
  std::optional<std::vector<std::string>> allow_list;
  std::optional<std::int32_t> mention_total_limit;
  std::optional<bool> mention_raid_protection_enabled;

  friend bool operator==(const auto_moderation_trigger_metadata&, const auto_moderation_trigger_metadata&) = default;
};
BOOST_DESCRIBE_STRUCT(auto_moderation_trigger_metadata, (),
                      (keyword_filter, regex_patterns, presets, allow_list, mention_total_limit,
                       mention_raid_protection_enabled))

/// Of an action.
struct auto_moderation_action_metadata {
  std::optional<snowflake> channel_id;
  /// In seconds.
  std::optional<std::int32_t> duration_seconds;
  maybe<std::string> custom_message;

  friend bool operator==(const auto_moderation_action_metadata&, const auto_moderation_action_metadata&) = default;
};
BOOST_DESCRIBE_STRUCT(auto_moderation_action_metadata, (), (channel_id, duration_seconds, custom_message))

/// What a rule does: 1 block, 2 alert, 3 timeout, 4 block the member's interaction.
struct auto_moderation_action {
  std::int32_t type = 0;
  std::optional<auto_moderation_action_metadata> metadata;

  friend bool operator==(const auto_moderation_action&, const auto_moderation_action&) = default;
};
BOOST_DESCRIBE_STRUCT(auto_moderation_action, (), (type, metadata))

/// A rule of automatic moderation.
struct auto_moderation_rule {
  snowflake id;
  snowflake guild_id;
  std::string name;
  snowflake creator_id;
  std::int32_t event_type = 0;
  auto_moderation_trigger trigger_type{};
  auto_moderation_trigger_metadata trigger_metadata;
  std::vector<auto_moderation_action> actions;
  bool enabled = false;
  std::vector<snowflake> exempt_roles;
  std::vector<snowflake> exempt_channels;

  friend bool operator==(const auto_moderation_rule&, const auto_moderation_rule&) = default;
};
BOOST_DESCRIBE_STRUCT(auto_moderation_rule, (),
                      (id, guild_id, name, creator_id, event_type, trigger_type, trigger_metadata, actions, enabled,
                       exempt_roles, exempt_channels))

} // namespace troupe
