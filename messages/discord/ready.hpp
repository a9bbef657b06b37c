// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Gateway Events, "Ready" and "Resumed"; protocol 3.5, 3.7.
#pragma once

#include "messages/discord/user.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// A guild that is known only by its id so far.
struct unavailable_guild {
  snowflake id;
  std::optional<bool> unavailable;

  friend bool operator==(const unavailable_guild&, const unavailable_guild&) = default;
};
BOOST_DESCRIBE_STRUCT(unavailable_guild, (), (id, unavailable))

/// The bot's application, as far as READY tells it.
struct partial_application {
  snowflake id;
  std::optional<std::int64_t> flags;

  friend bool operator==(const partial_application&, const partial_application&) = default;
};
BOOST_DESCRIBE_STRUCT(partial_application, (), (id, flags))

/// READY: a new session began.
struct ready {
  static constexpr std::string_view event_name = "READY";

  std::int32_t v = 0;
  troupe::user user;
  std::vector<unavailable_guild> guilds;
  std::string session_id;
  std::string resume_gateway_url;
  /// [index, count]; absent without sharding.
  std::optional<std::vector<std::uint32_t>> shard;
  partial_application application;

  friend bool operator==(const ready&, const ready&) = default;
};
BOOST_DESCRIBE_STRUCT(ready, (), (v, user, guilds, session_id, resume_gateway_url, shard, application))

/// RESUMED: all that was missed has been replayed.
struct resumed {
  static constexpr std::string_view event_name = "RESUMED";

  friend bool operator==(const resumed&, const resumed&) = default;
};
BOOST_DESCRIBE_STRUCT(resumed, (), ())

} // namespace troupe
