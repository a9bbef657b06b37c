// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Gateway Events, "Presence". Discord validates none of it: every field may be missing.
#pragma once

#include "messages/discord/user.hpp"
#include "messages/json_text.hpp"
#include "messages/optionality.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// What somebody does.
enum class activity_type : std::uint16_t {
  playing = 0,
  streaming = 1,
  listening = 2,
  watching = 3,
  custom = 4,
  competing = 5,
};

/// When an activity began and ends, in Unix milliseconds.
struct activity_timestamps {
  std::optional<std::int64_t> start;
  std::optional<std::int64_t> end;

  friend bool operator==(const activity_timestamps&, const activity_timestamps&) = default;
};
BOOST_DESCRIBE_STRUCT(activity_timestamps, (), (start, end))

/// The emoji of a custom status.
struct activity_emoji {
  std::string name;
  std::optional<snowflake> id;
  std::optional<bool> animated;

  friend bool operator==(const activity_emoji&, const activity_emoji&) = default;
};
BOOST_DESCRIBE_STRUCT(activity_emoji, (), (name, id, animated))

/// The people with whom somebody plays.
struct activity_party {
  std::optional<std::string> id;
  /// Present and largest number.
  std::optional<std::vector<std::int64_t>> size;

  friend bool operator==(const activity_party&, const activity_party&) = default;
};
BOOST_DESCRIBE_STRUCT(activity_party, (), (id, size))

/// Pictures and their texts.
struct activity_assets {
  std::optional<std::string> large_image;
  std::optional<std::string> large_text;
  std::optional<std::string> large_url;
  std::optional<std::string> small_image;
  std::optional<std::string> small_text;
  std::optional<std::string> small_url;
  std::optional<std::string> invite_cover_image;

  friend bool operator==(const activity_assets&, const activity_assets&) = default;
};
BOOST_DESCRIBE_STRUCT(activity_assets, (),
                      (large_image, large_text, large_url, small_image, small_text, small_url, invite_cover_image))

/// For joining and watching.
struct activity_secrets {
  std::optional<std::string> join;
  std::optional<std::string> spectate;
  std::optional<std::string> match;

  friend bool operator==(const activity_secrets&, const activity_secrets&) = default;
};
BOOST_DESCRIBE_STRUCT(activity_secrets, (), (join, spectate, match))

/// What somebody does, as others see it.
struct activity {
  std::string name;
  activity_type type{};
  maybe<std::string> url;
  /// In Unix milliseconds.
  std::optional<std::int64_t> created_at;
  std::optional<activity_timestamps> timestamps;
  std::optional<snowflake> application_id;
  maybe<std::int32_t> status_display_type;
  maybe<std::string> details;
  maybe<std::string> details_url;
  maybe<std::string> state;
  maybe<std::string> state_url;
  maybe<activity_emoji> emoji;
  std::optional<activity_party> party;
  std::optional<activity_assets> assets;
  std::optional<activity_secrets> secrets;
  std::optional<bool> instance;
  std::optional<std::uint64_t> flags;
  /// Received as texts, sent as objects (protocol 5.5).
  std::optional<std::vector<json_text>> buttons;
  /// Not documented, but always there.
  std::optional<std::string> id;

  friend bool operator==(const activity&, const activity&) = default;
};
BOOST_DESCRIBE_STRUCT(activity, (),
                      (name, type, url, created_at, timestamps, application_id, status_display_type, details,
                       details_url, state, state_url, emoji, party, assets, secrets, instance, flags, buttons, id))

/// Where somebody is online: each absent, or a status.
struct client_status {
  std::optional<std::string> desktop;
  std::optional<std::string> mobile;
  std::optional<std::string> web;
  std::optional<std::string> vr;
  /// Not documented.
  std::optional<std::string> embedded;

  friend bool operator==(const client_status&, const client_status&) = default;
};
BOOST_DESCRIBE_STRUCT(client_status, (), (desktop, mobile, web, vr, embedded))

/// A user's status in a guild.
struct presence {
  partial_user user;
  std::optional<snowflake> guild_id;
  /// idle, dnd, online or offline.
  std::optional<std::string> status;
  std::optional<std::vector<activity>> activities;
  std::optional<troupe::client_status> client_status;

  friend bool operator==(const presence&, const presence&) = default;
};
BOOST_DESCRIBE_STRUCT(presence, (), (user, guild_id, status, activities, client_status))

} // namespace troupe
