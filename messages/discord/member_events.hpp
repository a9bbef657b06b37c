// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Gateway Events, "Guild Members", "Presence" and users.
#pragma once

#include "messages/discord/member.hpp"
#include "messages/discord/presence.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// GUILD_MEMBER_ADD: perhaps of somebody who was there (protocol 5.5).
struct guild_member_add : member {
  static constexpr std::string_view event_name = "GUILD_MEMBER_ADD";

  snowflake guild_id;

  friend bool operator==(const guild_member_add&, const guild_member_add&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_member_add, (member), (guild_id))

/// GUILD_MEMBER_UPDATE: what is absent is unchanged.
struct guild_member_update : member {
  static constexpr std::string_view event_name = "GUILD_MEMBER_UPDATE";

  snowflake guild_id;

  friend bool operator==(const guild_member_update&, const guild_member_update&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_member_update, (member), (guild_id))

/// GUILD_MEMBER_REMOVE: left, kicked or banned.
struct guild_member_remove {
  static constexpr std::string_view event_name = "GUILD_MEMBER_REMOVE";

  snowflake guild_id;
  troupe::user user;

  friend bool operator==(const guild_member_remove&, const guild_member_remove&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_member_remove, (), (guild_id, user))

/// GUILD_MEMBERS_CHUNK: one of the answers to op 8.
struct guild_members_chunk {
  static constexpr std::string_view event_name = "GUILD_MEMBERS_CHUNK";

  snowflake guild_id;
  std::vector<member> members;
  std::int32_t chunk_index = 0;
  std::int32_t chunk_count = 0;
  std::optional<std::vector<snowflake>> not_found;
  std::optional<std::vector<presence>> presences;
  std::optional<std::string> nonce;

  friend bool operator==(const guild_members_chunk&, const guild_members_chunk&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_members_chunk, (),
                      (guild_id, members, chunk_index, chunk_count, not_found, presences, nonce))

/// PRESENCE_UPDATE.
struct presence_update : presence {
  static constexpr std::string_view event_name = "PRESENCE_UPDATE";

  friend bool operator==(const presence_update&, const presence_update&) = default;
};
BOOST_DESCRIBE_STRUCT(presence_update, (presence), ())

/// TYPING_START.
struct typing_start {
  static constexpr std::string_view event_name = "TYPING_START";

  snowflake channel_id;
  std::optional<snowflake> guild_id;
  snowflake user_id;
  /// In Unix seconds.
  std::int64_t timestamp = 0;
  std::optional<troupe::member> member;

  friend bool operator==(const typing_start&, const typing_start&) = default;
};
BOOST_DESCRIBE_STRUCT(typing_start, (), (channel_id, guild_id, user_id, timestamp, member))

/// USER_UPDATE: of the bot itself, never of others.
struct user_update : user {
  static constexpr std::string_view event_name = "USER_UPDATE";

  friend bool operator==(const user_update&, const user_update&) = default;
};
BOOST_DESCRIBE_STRUCT(user_update, (user), ())

} // namespace troupe
