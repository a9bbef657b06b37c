// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Guild, "Guild Member Object".
#pragma once

#include "messages/discord/user.hpp"
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

/// A user in a guild. Absent is "unchanged" in updates, null is "none" (protocol 5.5).
struct member {
  /// Absent in the members inside of messages.
  std::optional<troupe::user> user;
  maybe<std::string> nick;
  maybe<std::string> avatar;
  maybe<std::string> banner;
  std::vector<snowflake> roles;
  /// Null for guests of voice channels.
  nullable<timestamp> joined_at;
  maybe<timestamp> premium_since;
  std::optional<bool> deaf;
  std::optional<bool> mute;
  std::optional<std::uint64_t> flags;
  std::optional<bool> pending;
  /// Inside of interactions: with all overwrites of the channel.
  std::optional<troupe::permissions> permissions;
  maybe<timestamp> communication_disabled_until;
  maybe<avatar_decoration> avatar_decoration_data;
  maybe<troupe::collectibles> collectibles;

  friend bool operator==(const member&, const member&) = default;
};
BOOST_DESCRIBE_STRUCT(member, (),
                      (user, nick, avatar, banner, roles, joined_at, premium_since, deaf, mute, flags, pending,
                       permissions, communication_disabled_until, avatar_decoration_data, collectibles))

} // namespace troupe
