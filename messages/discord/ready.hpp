// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Gateway Events, "Connecting and Resuming" and "Rate Limited"; protocol 3.5, 3.7.
#pragma once

#include "messages/discord/application.hpp"
#include "messages/discord/guild.hpp"
#include "messages/discord/user.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

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
  troupe::application application;

  friend bool operator==(const ready&, const ready&) = default;
};
BOOST_DESCRIBE_STRUCT(ready, (), (v, user, guilds, session_id, resume_gateway_url, shard, application))

/// RESUMED: all that was missed has been replayed.
struct resumed {
  static constexpr std::string_view event_name = "RESUMED";
  friend bool operator==(const resumed&, const resumed&) = default;
};
BOOST_DESCRIBE_STRUCT(resumed, (), ())

/// Which request was refused.
struct rate_limited_meta {
  snowflake guild_id;
  std::optional<std::string> nonce;

  friend bool operator==(const rate_limited_meta&, const rate_limited_meta&) = default;
};
BOOST_DESCRIBE_STRUCT(rate_limited_meta, (), (guild_id, nonce))

/// RATE_LIMITED: a request to the gateway was refused; nothing else answers it.
struct rate_limited {
  static constexpr std::string_view event_name = "RATE_LIMITED";

  std::int32_t opcode = 0;
  /// In seconds.
  double retry_after = 0;
  rate_limited_meta meta;

  friend bool operator==(const rate_limited&, const rate_limited&) = default;
};
BOOST_DESCRIBE_STRUCT(rate_limited, (), (opcode, retry_after, meta))

} // namespace troupe
