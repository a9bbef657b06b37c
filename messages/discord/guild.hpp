// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Gateway Events, "Guild Create" and "Guild Delete": the fields that the examples need.
#pragma once

#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// GUILD_CREATE: a guild became known, came back from an outage, or was joined.
struct guild_create {
  static constexpr std::string_view event_name = "GUILD_CREATE";

  snowflake id;
  std::optional<std::string> name;
  std::optional<bool> unavailable;
  std::optional<std::int64_t> member_count;
  std::optional<bool> large;

  friend bool operator==(const guild_create&, const guild_create&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_create, (), (id, name, unavailable, member_count, large))

/// GUILD_DELETE: an outage where `unavailable` is true; otherwise the bot was removed.
struct guild_delete {
  static constexpr std::string_view event_name = "GUILD_DELETE";

  snowflake id;
  std::optional<bool> unavailable;

  friend bool operator==(const guild_delete&, const guild_delete&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_delete, (), (id, unavailable))

} // namespace troupe
