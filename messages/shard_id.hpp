// SPDX-License-Identifier: BSD-3-Clause
// Which part of a bot's guilds a session receives (Discord Docs/Gateway, "Sharding"; protocol 4.4).
#pragma once

#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <compare>
#include <cstdint>
#include <string>

namespace troupe {

/// A shard's place among all: `index` of `count`, 0-based, as in IDENTIFY's `shard`.
struct shard_id {
  std::uint32_t index = 0;
  std::uint32_t count = 1;

  /// The identify bucket that this shard belongs to (protocol 4.2). `max_concurrency` is at least 1.
  [[nodiscard]] constexpr std::uint32_t bucket(std::uint32_t max_concurrency) const noexcept {
    return index % (max_concurrency == 0 ? 1 : max_concurrency);
  }

  /// Whether this shard receives the events of `guild`.
  [[nodiscard]] constexpr bool owns(snowflake guild) const noexcept {
    return (guild.value >> 22) % count == index;
  }

  friend auto operator<=>(const shard_id&, const shard_id&) = default;
};

BOOST_DESCRIBE_STRUCT(shard_id, (), (index, count))

/// "3/16"
[[nodiscard]] std::string to_string(shard_id id);

} // namespace troupe
