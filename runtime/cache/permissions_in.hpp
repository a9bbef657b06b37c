// SPDX-License-Identifier: BSD-3-Clause
// What a member may do, and who stands above whom: Discord's published algorithm over plain objects (Discord
// Docs/Permissions), without any cache.
#pragma once

#include "messages/discord/channel.hpp"
#include "messages/discord/role.hpp"
#include "messages/optionality.hpp"
#include "messages/permissions.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <optional>
#include <span>
#include <vector>

namespace troupe::cache {

/// A member, as far as permissions depend on it.
struct permission_holder {
  /// Of the member's user.
  snowflake user;
  /// The guild: the id of @everyone, too.
  snowflake guild;
  /// Of the guild.
  snowflake owner;
  /// Those that the member has, and @everyone. Others are ignored.
  std::vector<role> roles;
  /// Until when the member is in timeout. Nothing tells when it passes (protocol 5.5).
  std::optional<timestamp> timeout_until;
};

/// What the member may do in the guild, whatever channels say. A timeout is not looked at.
[[nodiscard]] permissions base_permissions(const permission_holder& who) noexcept;

/// What the member may do in a channel.
/// @param overwrites of the channel; of the parent where it is a thread.
/// @param now for timeouts.
[[nodiscard]] permissions permissions_in(const permission_holder& who, std::span<const permission_overwrite> overwrites,
                                         bool is_thread, timestamp now) noexcept;

/// Whether the first role stands above the second: by position, then the lower id.
[[nodiscard]] bool is_higher(const role& first, const role& second) noexcept;

/// Whether channels of this type are threads.
[[nodiscard]] bool is_thread(channel_type type) noexcept;

} // namespace troupe::cache
