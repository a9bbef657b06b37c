// SPDX-License-Identifier: BSD-3-Clause
// The guilds that the bot is in, with their channels and members. Nothing is stored: everything follows from a guild's
// index and the seed, so that ten thousand guilds cost no memory.
#pragma once

#include "messages/shard_id.hpp"
#include "messages/snowflake.hpp"

#include "runtime/simulator/options.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::simulator {

/// A member by its place in its guild.
struct member_ref {
  std::uint32_t guild = 0;
  std::uint32_t member = 0;
};

/// What a session sees of a guild.
struct guild_view {
  /// Intent GUILD_PRESENCES.
  bool presences = false;
  std::uint32_t large_threshold = 50;
};

/// The world of one model.
class world {
public:
  /// Text channels per guild; one voice channel comes on top.
  static constexpr std::uint32_t text_channels = 4;

  explicit world(const options& opts);

  /// How many guilds there are; they are counted from 0.
  [[nodiscard]] std::uint32_t guild_count() const noexcept {
    return count_;
  }

  /// Consecutive guilds are on consecutive shards, whatever the shard count.
  [[nodiscard]] snowflake guild_id(std::uint32_t guild) const noexcept;
  [[nodiscard]] std::optional<std::uint32_t> find_guild(snowflake id) const noexcept;
  [[nodiscard]] snowflake text_channel(std::uint32_t guild, std::uint32_t channel) const noexcept;
  [[nodiscard]] snowflake voice_channel(std::uint32_t guild) const noexcept;
  /// The guild of a text or voice channel.
  [[nodiscard]] std::optional<std::uint32_t> find_channel(snowflake id) const noexcept;
  /// The bot's direct messages with a user.
  [[nodiscard]] snowflake direct_channel(member_ref who) const noexcept;
  /// Somebody with this user id, in whatever guild; and the far end of a direct channel.
  [[nodiscard]] std::optional<member_ref> find_user(snowflake id) const noexcept;
  [[nodiscard]] std::optional<member_ref> find_direct(snowflake channel) const noexcept;
  [[nodiscard]] std::vector<std::uint32_t> guilds_of(shard_id shard) const;
  [[nodiscard]] std::uint32_t guilds_on(shard_id shard) const noexcept;

  /// Members of one guild, who are counted from 0, and their users.
  [[nodiscard]] std::uint32_t member_count(std::uint32_t guild) const noexcept;
  [[nodiscard]] snowflake user_id(member_ref who) const noexcept;
  [[nodiscard]] std::string user_name(member_ref who) const;
  /// Which member of `guild` a user is.
  [[nodiscard]] std::optional<std::uint32_t> find_member(std::uint32_t guild, snowflake user) const noexcept;

  /// Objects of the API as JSON.
  [[nodiscard]] std::string user(member_ref who) const;
  /// As in MESSAGE_CREATE: without `user`.
  [[nodiscard]] std::string member(member_ref who) const;
  [[nodiscard]] std::string member_with_user(member_ref who) const;
  [[nodiscard]] std::string bot_user() const;
  [[nodiscard]] std::string bot_member() const;
  /// `d` of GUILD_CREATE.
  [[nodiscard]] std::string guild_create(std::uint32_t guild, const guild_view& view) const;

  /// Whether the guild is in an outage.
  [[nodiscard]] bool unavailable(std::uint32_t guild) const {
    return unavailable_.contains(guild);
  }
  void set_unavailable(std::uint32_t guild, bool value);

private:
  std::uint32_t count_;
  std::uint32_t members_min_;
  std::uint32_t members_spread_;
  std::uint64_t seed_;
  snowflake bot_;
  std::set<std::uint32_t> unavailable_;
};

} // namespace troupe::simulator
