// SPDX-License-Identifier: BSD-3-Clause
// What a shard tells a guild's actor: one state-changing event, which subscribers share, and what to do with it. A
// table over all events says which of them change a guild's state and how; it derives from the overloads of
// `cache::guild_state::apply`.
#pragma once

#include "messages/guild_cache.hpp"
#include "messages/snowflake.hpp"

#include <caf/actor.hpp>
#include <caf/message.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace troupe {

namespace cache {
class guild_state;
} // namespace cache

/// What one kind of event means to the caches. Lives as long as the process.
struct guild_effect {
  /// The guild of an event of this kind; none where it happened outside of guilds.
  std::optional<snowflake> (*guild)(const caf::message& event) = nullptr;
  /// Changes the state. Where `previous` is asked for: @returns (event, `previous<Object>`), else an empty message.
  caf::message (*apply)(cache::guild_state& state, const caf::message& event, bool previous) = nullptr;
  /// Whether subscribers may ask for the previous state.
  bool has_previous = false;
  /// @returns (event, `previous<Object>`) where nothing is known of it any more. Null where there is no previous state.
  caf::message (*without_previous)(const caf::message& event) = nullptr;
};

/// The effect of "GUILD_CREATE" and so on; null for an event that changes nothing in a guild.
[[nodiscard]] const guild_effect* find_guild_effect(std::string_view event) noexcept;

/// That of the READY of another session: from here on until its GUILD_CREATE comes, something may be missing.
[[nodiscard]] const guild_effect& new_session_effect() noexcept;

/// One state-changing event on its way to its guild.
struct guild_change {
  /// Null: changes nothing, and is only passed on, so that it stays in order with those that do.
  const guild_effect* effect = nullptr;
  /// Exactly the event, as it also goes to subscribers.
  caf::message event;
  /// Who gets (event, `previous<Object>`) once the change is made, or the event where there is no previous state; from
  /// the shard, which acknowledges for them.
  std::vector<caf::actor> relay_to;
};

} // namespace troupe
