// SPDX-License-Identifier: BSD-3-Clause
// The way from a shard to the actors of its guilds: which events go there, to whom, and which went there before.
#pragma once

#include "messages/discord/ready.hpp"
#include "messages/shard_id.hpp"

#include "actors/guild_change.hpp"
#include "actors/guild_directory.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe {

/// Part of one shard's actor, not thread-safe.
class guild_router {
public:
  /// An order for one guild.
  struct order {
    guild_actor to;
    guild_change change;
  };

  /// No guilds: nothing goes anywhere.
  guild_router() = default;

  /// @param directory null where the caches are off.
  guild_router(std::shared_ptr<guild_directory> directory, shard_id shard);

  /// Whether an event of a session must be decoded for its guild: what it means there. Null where nothing is kept that
  /// it could change, and where it went to its guild before, by a predecessor of this shard's actor.
  [[nodiscard]] const guild_effect* effect_of(std::string_view event, std::string_view session_id,
                                              std::uint64_t sequence) const;

  /// The order for an event that `effect_of` is not null for; none where it is of no guild.
  [[nodiscard]] std::optional<order> route(const guild_effect& effect, const caf::message& event);

  /// Another session begins. @returns what that means to each guild: those that are in it wait for their GUILD_CREATE,
  /// and those that are not were left meanwhile.
  [[nodiscard]] std::vector<order> begin_session(const ready& event);

  /// All orders of a session up to here were sent.
  void passed(std::string_view session_id, std::uint64_t sequence);

  /// The guild's actor, if it has one: it hears of all events of the guild in their order.
  [[nodiscard]] guild_actor find(snowflake guild);

private:
  [[nodiscard]] guild_actor at(snowflake guild, bool joins);

  std::shared_ptr<guild_directory> directory_;
  std::shared_ptr<shard_progress> progress_;
  shard_id shard_;
  /// Those that this shard met. An entry whose meter is gone is void.
  std::unordered_map<snowflake, guild_place> known_;
};

} // namespace troupe
