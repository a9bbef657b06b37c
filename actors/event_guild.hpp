// SPDX-License-Identifier: BSD-3-Clause
// From an event's name to the function that finds the guild of one (protocol 5.2): one table over all of
// `dispatch_events`.
#pragma once

#include "messages/snowflake.hpp"

#include <caf/message.hpp>

#include <string_view>

namespace troupe {

/// The guild of a decoded event, given the message that its decoder made; 0 outside of guilds.
using event_guild = snowflake (*)(const caf::message& event);

/// The function for "MESSAGE_CREATE" and so on; null where there is no struct for the event.
[[nodiscard]] event_guild find_event_guild(std::string_view name) noexcept;

/// The guild of an event that is not decoded; 0 outside of guilds.
/// @param data the text of `d`, which `codec::padding` readable bytes follow.
[[nodiscard]] snowflake find_guild(std::string_view name, std::string_view data);

} // namespace troupe
