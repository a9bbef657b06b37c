// SPDX-License-Identifier: BSD-3-Clause
// What a guild's state keeps, and how much of it. Apart from the state, because shards ask it for each event.
#pragma once

#include "messages/error.hpp"

#include <cstdint>
#include <string_view>

namespace troupe::cache {

/// Switches per resource, and bounds. What is switched off costs nothing and is answered by `errc::not_cached`.
struct settings {
  /// The guild itself; its owner and its member count are kept anyway.
  bool guilds = true;
  bool roles = true;
  bool channels = true;
  bool threads = true;
  bool members = true;
  /// Of members. Without them a member's user has nothing but its id.
  bool users = true;
  bool presences = false;
  bool voice_states = true;
  bool messages = false;
  bool emojis = true;
  bool stickers = true;
  bool stage_instances = true;
  bool scheduled_events = true;
  bool soundboard_sounds = true;
  bool invites = false;

  /// Where messages are kept: the newest so many of each channel and thread.
  std::uint32_t messages_per_channel = 100;
  /// Beyond it those go who were not seen for longest, but never the bot. 0: unbounded.
  std::uint32_t members_per_guild = 0;
  /// Of all guilds of the node together. 0: unbounded.
  std::uint64_t budget_bytes = 0;

  /// Switches by name, with commas between them: the members above, "usual" for what is kept unless something else is
  /// said, "all", or "none". The bounds keep their defaults.
  /// @returns `errc::invalid_configuration` that names what is unknown.
  [[nodiscard]] static result<settings> parse(std::string_view resources);

  /// Whether anything is kept at all.
  [[nodiscard]] bool any() const noexcept;

  /// Whether an event ("GUILD_CREATE") can change anything that is kept.
  [[nodiscard]] bool wants(std::string_view event) const noexcept;

  friend bool operator==(const settings&, const settings&) = default;
};

} // namespace troupe::cache
