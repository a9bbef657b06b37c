// SPDX-License-Identifier: BSD-3-Clause
// Discord's rules for the arguments of commands (protocol 3.10, 4.5). Separate from the queue, which knows only time:
// a wrong command is refused before it costs a place, because Discord would close the connection or stay silent.
#pragma once

#include "messages/command.hpp"
#include "messages/error.hpp"

namespace troupe::gateway {

/// Checks everything but the size of the payload.
/// @returns `errc::invalid_argument` with a sentence that says what to change, or `errc::none`.
[[nodiscard]] error check_command(const command& what);

/// Whether it asks for all members of a guild, which Discord limits per guild.
[[nodiscard]] bool is_full_list(const command& what) noexcept;

} // namespace troupe::gateway
