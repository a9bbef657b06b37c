// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Guild.
#pragma once

#include "messages/discord/channel.hpp"
#include "messages/discord/emoji.hpp"
#include "messages/discord/member.hpp"
#include "messages/discord/presence.hpp"
#include "messages/discord/role.hpp"
#include "messages/discord/scheduled_event.hpp"
#include "messages/discord/soundboard.hpp"
#include "messages/discord/voice.hpp"
#include "messages/optionality.hpp"
#include "messages/permissions.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// A guild that is known only by its id so far.
struct unavailable_guild {
  snowflake id;
  std::optional<bool> unavailable;

  friend bool operator==(const unavailable_guild&, const unavailable_guild&) = default;
};
BOOST_DESCRIBE_STRUCT(unavailable_guild, (), (id, unavailable))

/// A channel that newcomers are shown.
struct welcome_screen_channel {
  snowflake channel_id;
  std::string description;
  nullable<snowflake> emoji_id;
  nullable<std::string> emoji_name;

  friend bool operator==(const welcome_screen_channel&, const welcome_screen_channel&) = default;
};
BOOST_DESCRIBE_STRUCT(welcome_screen_channel, (), (channel_id, description, emoji_id, emoji_name))

/// What newcomers see first.
struct welcome_screen {
  nullable<std::string> description;
  std::vector<welcome_screen_channel> welcome_channels;

  friend bool operator==(const welcome_screen&, const welcome_screen&) = default;
};
BOOST_DESCRIBE_STRUCT(welcome_screen, (), (description, welcome_channels))

/// What is paused because of a raid, until when.
struct incidents_data {
  nullable<timestamp> invites_disabled_until;
  nullable<timestamp> dms_disabled_until;
  maybe<timestamp> dm_spam_detected_at;
  maybe<timestamp> raid_detected_at;

  friend bool operator==(const incidents_data&, const incidents_data&) = default;
};
BOOST_DESCRIBE_STRUCT(incidents_data, (),
                      (invites_disabled_until, dms_disabled_until, dm_spam_detected_at, raid_detected_at))

/// A server, without what lives in it.
struct guild {
  snowflake id;
  std::string name;
  nullable<std::string> icon;
  maybe<std::string> icon_hash;
  nullable<std::string> splash;
  nullable<std::string> discovery_splash;
  std::optional<bool> owner;
  snowflake owner_id;
  std::optional<troupe::permissions> permissions;
  maybe<std::string> region;
  nullable<snowflake> afk_channel_id;
  /// In seconds.
  std::int32_t afk_timeout = 0;
  std::optional<bool> widget_enabled;
  maybe<snowflake> widget_channel_id;
  std::int32_t verification_level = 0;
  std::int32_t default_message_notifications = 0;
  std::int32_t explicit_content_filter = 0;
  std::vector<role> roles;
  std::vector<emoji> emojis;
  std::vector<std::string> features;
  std::int32_t mfa_level = 0;
  nullable<snowflake> application_id;
  nullable<snowflake> system_channel_id;
  std::uint64_t system_channel_flags = 0;
  nullable<snowflake> rules_channel_id;
  maybe<std::int32_t> max_presences;
  std::optional<std::int32_t> max_members;
  nullable<std::string> vanity_url_code;
  nullable<std::string> description;
  nullable<std::string> banner;
  std::int32_t premium_tier = 0;
  std::optional<std::int32_t> premium_subscription_count;
  std::string preferred_locale;
  nullable<snowflake> public_updates_channel_id;
  std::optional<std::int32_t> max_video_channel_users;
  std::optional<std::int32_t> max_stage_video_channel_users;
  std::optional<std::int32_t> approximate_member_count;
  std::optional<std::int32_t> approximate_presence_count;
  std::optional<troupe::welcome_screen> welcome_screen;
  std::int32_t nsfw_level = 0;
  std::optional<std::vector<sticker>> stickers;
  bool premium_progress_bar_enabled = false;
  nullable<snowflake> safety_alerts_channel_id;
  nullable<troupe::incidents_data> incidents_data;

  friend bool operator==(const guild&, const guild&) = default;
};
BOOST_DESCRIBE_STRUCT(guild, (),
                      (id, name, icon, icon_hash, splash, discovery_splash, owner, owner_id, permissions, region,
                       afk_channel_id, afk_timeout, widget_enabled, widget_channel_id, verification_level,
                       default_message_notifications, explicit_content_filter, roles, emojis, features, mfa_level,
                       application_id, system_channel_id, system_channel_flags, rules_channel_id, max_presences,
                       max_members, vanity_url_code, description, banner, premium_tier, premium_subscription_count,
                       preferred_locale, public_updates_channel_id, max_video_channel_users,
                       max_stage_video_channel_users, approximate_member_count, approximate_presence_count,
                       welcome_screen, nsfw_level, stickers, premium_progress_bar_enabled, safety_alerts_channel_id,
                       incidents_data))

} // namespace troupe
