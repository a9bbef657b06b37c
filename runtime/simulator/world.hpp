// SPDX-License-Identifier: BSD-3-Clause
// The guilds that the bot is in, with their channels and members. A guild in which nothing changed is not stored:
// everything follows from its index and the seed, so that ten thousand guilds cost no memory. Churn makes records.
#pragma once

#include "messages/shard_id.hpp"
#include "messages/snowflake.hpp"

#include "runtime/simulator/guild_record.hpp"
#include "runtime/simulator/options.hpp"

#include <cstdint>
#include <map>
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

/// Whether a member by index is online as it all begins.
[[nodiscard]] bool begins_online(std::uint32_t member) noexcept;

/// What a session sees of a guild.
struct guild_view {
  /// Intent GUILD_PRESENCES.
  bool presences = false;
  std::uint32_t large_threshold = 50;

  /// All there is: every member and every presence.
  [[nodiscard]] static guild_view everything() noexcept {
    return {true, 0xffffffff};
  }
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
  /// The guild of a channel or thread.
  [[nodiscard]] std::optional<std::uint32_t> find_channel(snowflake id) const noexcept;
  /// The bot's direct messages with a user.
  [[nodiscard]] snowflake direct_channel(member_ref who) const noexcept;
  /// Somebody with this user id, in whatever guild; and the far end of a direct channel.
  [[nodiscard]] std::optional<member_ref> find_user(snowflake id) const noexcept;
  [[nodiscard]] std::optional<member_ref> find_direct(snowflake channel) const noexcept;
  [[nodiscard]] std::vector<std::uint32_t> guilds_of(shard_id shard) const;
  [[nodiscard]] std::uint32_t guilds_on(shard_id shard) const noexcept;
  /// The guilds in READY of a shard: its guilds, with churn also some that were deleted long ago (protocol 5.5). Those
  /// have indices from `guild_count()` on.
  [[nodiscard]] std::vector<std::uint32_t> stubs_of(shard_id shard) const;

  /// Members by index of one guild, who are counted from 0, and their users; as it all began.
  [[nodiscard]] std::uint32_t member_count(std::uint32_t guild) const noexcept;
  [[nodiscard]] snowflake user_id(member_ref who) const noexcept;
  [[nodiscard]] std::string user_name(member_ref who) const;
  /// Which member of `guild` a user is.
  [[nodiscard]] std::optional<std::uint32_t> find_member(std::uint32_t guild, snowflake user) const noexcept;

  /// Objects of the API as JSON. Users are as they are now; members by index as it all began.
  [[nodiscard]] std::string user(member_ref who) const;
  [[nodiscard]] std::string user(snowflake id) const;
  /// As in MESSAGE_CREATE: without `user`.
  [[nodiscard]] std::string member(member_ref who) const;
  [[nodiscard]] std::string member_with_user(member_ref who) const;
  [[nodiscard]] std::string bot_user() const;
  [[nodiscard]] std::string bot_member() const;
  /// `d` of GUILD_CREATE, as it is now.
  [[nodiscard]] std::string guild_create(std::uint32_t guild, const guild_view& view) const;

  /// Whether the guild is in an outage.
  [[nodiscard]] bool unavailable(std::uint32_t guild) const {
    return unavailable_.contains(guild);
  }
  [[nodiscard]] const std::set<std::uint32_t>& unavailable() const noexcept {
    return unavailable_;
  }
  void set_unavailable(std::uint32_t guild, bool value);

  // -- world_state.cpp: what churn changes -------------------------------------------------------

  /// Whether things change at all (`options::churn`).
  [[nodiscard]] bool changes() const noexcept {
    return changes_;
  }
  /// Nothing where the guild is as it began.
  [[nodiscard]] const guild_record* record(std::uint32_t guild) const noexcept;
  /// The guild's record, for a change. Made where there is none.
  [[nodiscard]] guild_record& change(std::uint32_t guild);
  /// A channel or thread came into being, or is no more.
  void add_channel(std::uint32_t guild, snowflake id);
  void remove_channel(snowflake id);
  /// From now on the user (or the bot's own one) looks like this.
  void change_user(snowflake id, const json_object& user);
  /// Whether the bot left this guild, or was thrown out.
  [[nodiscard]] bool absent(std::uint32_t guild) const {
    return absent_.contains(guild);
  }
  [[nodiscard]] const std::set<std::uint32_t>& absent() const noexcept {
    return absent_;
  }
  void set_absent(std::uint32_t guild, bool value);

  /// The bot's user.
  [[nodiscard]] snowflake bot() const noexcept {
    return bot_;
  }
  /// Without `user`; nothing for somebody who is not a member.
  [[nodiscard]] std::optional<json_object> member(std::uint32_t guild, snowflake user) const;
  /// With `user`; empty for somebody who is not a member.
  [[nodiscard]] std::string member_text(std::uint32_t guild, snowflake user) const;
  /// Empty for nobody and for "offline".
  [[nodiscard]] std::string presence(std::uint32_t guild, snowflake user) const;
  /// With the bot.
  [[nodiscard]] std::uint32_t present_member_count(std::uint32_t guild) const;
  /// The guild object of REST and GUILD_UPDATE.
  [[nodiscard]] json_object guild_object(std::uint32_t guild) const;
  /// The guild's record; one made for the occasion where the guild is as it began.
  [[nodiscard]] guild_record look_at(std::uint32_t guild) const;

private:
  [[nodiscard]] std::string create_changed(std::uint32_t guild, const guild_record& state,
                                           const guild_view& view) const;
  [[nodiscard]] std::string create_unchanged(std::uint32_t guild, const guild_view& view) const;

  std::uint32_t count_;
  std::uint32_t members_min_;
  std::uint32_t members_spread_;
  std::uint64_t seed_;
  snowflake bot_;
  std::set<std::uint32_t> unavailable_;
  bool changes_;
  std::set<std::uint32_t> absent_;
  std::map<std::uint32_t, guild_record> records_;
  /// Those that are not as it began: a guild, or nothing where the channel was deleted.
  std::map<snowflake, std::optional<std::uint32_t>> channels_;
  /// Users who changed, in full.
  std::map<snowflake, std::string> users_;
};

} // namespace troupe::simulator
