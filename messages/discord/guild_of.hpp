// SPDX-License-Identifier: BSD-3-Clause
// To which guild an event belongs (protocol 5.2).
#pragma once

#include "messages/discord/guild_events.hpp"
#include "messages/discord/ready.hpp"

#include <concepts>
#include <optional>

namespace troupe {

/// The guild of a dispatch event; none where it happened outside of guilds.
template <class Event>
[[nodiscard]] std::optional<snowflake> guild_of(const Event& event) {
  if constexpr (std::same_as<Event,
                             guild_create> || std::same_as<Event, guild_update> || std::same_as<Event, guild_delete>)
    return event.id;
  else if constexpr (std::same_as<Event, rate_limited>)
    return event.meta.guild_id;
  else if constexpr (requires { event.guild_id; })
    return event.guild_id;
  else
    return std::nullopt;
}

} // namespace troupe
