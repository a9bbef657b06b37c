// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Soundboard.
#pragma once

#include "messages/discord/user.hpp"
#include "messages/optionality.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>

namespace troupe {

/// A sound of a guild or of Discord.
struct soundboard_sound {
  std::string name;
  /// A small number for Discord's own sounds (protocol 5.5).
  snowflake sound_id;
  /// From 0 to 1.
  double volume = 0;
  nullable<snowflake> emoji_id;
  nullable<std::string> emoji_name;
  std::optional<snowflake> guild_id;
  bool available = false;
  std::optional<troupe::user> user;

  friend bool operator==(const soundboard_sound&, const soundboard_sound&) = default;
};
BOOST_DESCRIBE_STRUCT(soundboard_sound, (), (name, sound_id, volume, emoji_id, emoji_name, guild_id, available, user))

} // namespace troupe
