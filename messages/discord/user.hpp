// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/User.
#pragma once

#include "messages/optionality.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace troupe {

/// The picture around an avatar.
struct avatar_decoration {
  std::string asset;
  snowflake sku_id;

  friend bool operator==(const avatar_decoration&, const avatar_decoration&) = default;
};
BOOST_DESCRIBE_STRUCT(avatar_decoration, (), (asset, sku_id))

/// The background of a name in the member list.
struct nameplate {
  snowflake sku_id;
  std::string asset;
  std::string label;
  std::string palette;

  friend bool operator==(const nameplate&, const nameplate&) = default;
};
BOOST_DESCRIBE_STRUCT(nameplate, (), (sku_id, asset, label, palette))

/// What a user bought and shows.
struct collectibles {
  std::optional<troupe::nameplate> nameplate;

  friend bool operator==(const collectibles&, const collectibles&) = default;
};
BOOST_DESCRIBE_STRUCT(collectibles, (), (nameplate))

/// The server whose tag a user shows.
struct primary_guild {
  nullable<snowflake> identity_guild_id;
  nullable<bool> identity_enabled;
  nullable<std::string> tag;
  nullable<std::string> badge;

  friend bool operator==(const primary_guild&, const primary_guild&) = default;
};
BOOST_DESCRIBE_STRUCT(primary_guild, (), (identity_guild_id, identity_enabled, tag, badge))

/// A person or a bot.
struct user {
  snowflake id;
  std::string username;
  /// "0" for those who have a unique username.
  std::string discriminator;
  nullable<std::string> global_name;
  nullable<std::string> avatar;
  std::optional<bool> bot;
  std::optional<bool> system;
  std::optional<bool> mfa_enabled;
  maybe<std::string> banner;
  maybe<std::int32_t> accent_color;
  std::optional<std::string> locale;
  std::optional<bool> verified;
  maybe<std::string> email;
  std::optional<std::uint64_t> flags;
  std::optional<std::int32_t> premium_type;
  std::optional<std::uint64_t> public_flags;
  maybe<avatar_decoration> avatar_decoration_data;
  maybe<troupe::collectibles> collectibles;
  maybe<troupe::primary_guild> primary_guild;

  friend bool operator==(const user&, const user&) = default;
};
BOOST_DESCRIBE_STRUCT(user, (),
                      (id, username, discriminator, global_name, avatar, bot, system, mfa_enabled, banner, accent_color,
                       locale, verified, email, flags, premium_type, public_flags, avatar_decoration_data, collectibles,
                       primary_guild))

/// A user of whom only the id is sure, as in PRESENCE_UPDATE (protocol 5.5).
struct partial_user {
  snowflake id;
  std::optional<std::string> username;
  std::optional<std::string> discriminator;
  maybe<std::string> global_name;
  maybe<std::string> avatar;
  std::optional<bool> bot;
  std::optional<std::uint64_t> public_flags;
  maybe<avatar_decoration> avatar_decoration_data;
  maybe<troupe::collectibles> collectibles;
  maybe<troupe::primary_guild> primary_guild;

  friend bool operator==(const partial_user&, const partial_user&) = default;
};
BOOST_DESCRIBE_STRUCT(partial_user, (),
                      (id, username, discriminator, global_name, avatar, bot, public_flags, avatar_decoration_data,
                       collectibles, primary_guild))

} // namespace troupe
