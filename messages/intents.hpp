// SPDX-License-Identifier: BSD-3-Clause
// Gateway intents by name (Discord Docs/Gateway, "Gateway Intents"; protocol 6). Configuration never holds numbers.
#pragma once

#include "messages/error.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace troupe {

/// One gateway intent; the value is its bit.
enum class intent : std::uint32_t {
  guilds = 1u << 0,
  guild_members = 1u << 1, ///< Privileged.
  guild_moderation = 1u << 2,
  guild_expressions = 1u << 3,
  guild_integrations = 1u << 4,
  guild_webhooks = 1u << 5,
  guild_invites = 1u << 6,
  guild_voice_states = 1u << 7,
  guild_presences = 1u << 8, ///< Privileged.
  guild_messages = 1u << 9,
  guild_message_reactions = 1u << 10,
  guild_message_typing = 1u << 11,
  direct_messages = 1u << 12,
  direct_message_reactions = 1u << 13,
  direct_message_typing = 1u << 14,
  message_content = 1u << 15, ///< Privileged; fills fields, brings no events.
  guild_scheduled_events = 1u << 16,
  auto_moderation_configuration = 1u << 20,
  auto_moderation_execution = 1u << 21,
  guild_message_polls = 1u << 24,
  direct_message_polls = 1u << 25,
};

/// A set of intents: the `intents` of IDENTIFY.
struct intents {
  std::uint32_t bits = 0;

  constexpr intents() noexcept = default;
  /// The union of these.
  constexpr intents(std::initializer_list<intent> list) noexcept {
    for (auto one : list)
      bits |= static_cast<std::uint32_t>(one);
  }

  /// Every documented intent that needs no approval by Discord.
  [[nodiscard]] static intents unprivileged() noexcept;
  /// Every documented intent.
  [[nodiscard]] static intents all() noexcept;
  /// Those that Discord must have approved (else close code 4014).
  [[nodiscard]] static intents privileged() noexcept;

  /// Reads names, "guilds,guild_messages", or one of the words "unprivileged" and "all"; case does not matter.
  /// @returns `errc::unknown_intent` with the offending name and the nearest known one.
  [[nodiscard]] static result<intents> parse(std::string_view names);

  /// Whether this one is in the set.
  [[nodiscard]] constexpr bool has(intent one) const noexcept {
    return (bits & static_cast<std::uint32_t>(one)) != 0;
  }

  friend bool operator==(const intents&, const intents&) = default;
};

BOOST_DESCRIBE_STRUCT(intents, (), (bits))

/// The names in the order of their bits, joined by commas.
[[nodiscard]] std::string to_string(intents set);

} // namespace troupe
