// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Emoji and Sticker.
#pragma once

#include "messages/boxed.hpp"
#include "messages/discord/user.hpp"
#include "messages/optionality.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// An emoji; a standard one has no id, and its characters as its name.
struct emoji {
  nullable<snowflake> id;
  /// Null where a custom emoji of a reaction is gone.
  nullable<std::string> name;
  std::optional<std::vector<snowflake>> roles;
  std::optional<boxed<troupe::user>> user;
  std::optional<bool> require_colons;
  std::optional<bool> managed;
  std::optional<bool> animated;
  std::optional<bool> available;

  friend bool operator==(const emoji&, const emoji&) = default;
};
BOOST_DESCRIBE_STRUCT(emoji, (), (id, name, roles, user, require_colons, managed, animated, available))

/// Whose a sticker is.
enum class sticker_type : std::uint16_t {
  standard = 1,
  guild = 2,
};

/// The file format of a sticker.
enum class sticker_format : std::uint16_t {
  png = 1,
  apng = 2,
  lottie = 3,
  gif = 4,
};

/// A sticker of a guild or of Discord.
struct sticker {
  snowflake id;
  std::optional<snowflake> pack_id;
  std::string name;
  nullable<std::string> description;
  std::string tags;
  sticker_type type{};
  sticker_format format_type{};
  std::optional<bool> available;
  std::optional<snowflake> guild_id;
  std::optional<boxed<troupe::user>> user;
  std::optional<std::int32_t> sort_value;

  friend bool operator==(const sticker&, const sticker&) = default;
};
BOOST_DESCRIBE_STRUCT(sticker, (),
                      (id, pack_id, name, description, tags, type, format_type, available, guild_id, user, sort_value))

/// What it takes to show a sticker.
struct sticker_item {
  snowflake id;
  std::string name;
  sticker_format format_type{};

  friend bool operator==(const sticker_item&, const sticker_item&) = default;
};
BOOST_DESCRIBE_STRUCT(sticker_item, (), (id, name, format_type))

} // namespace troupe
