// SPDX-License-Identifier: BSD-3-Clause
// What a role or a member may do (Discord Docs/Permissions). JSON carries it as a decimal string.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// One permission: its bit.
enum class permission : std::uint64_t {
  create_instant_invite = 1ull << 0,
  kick_members = 1ull << 1,
  ban_members = 1ull << 2,
  administrator = 1ull << 3,
  manage_channels = 1ull << 4,
  manage_guild = 1ull << 5,
  add_reactions = 1ull << 6,
  view_audit_log = 1ull << 7,
  priority_speaker = 1ull << 8,
  stream = 1ull << 9,
  view_channel = 1ull << 10,
  send_messages = 1ull << 11,
  send_tts_messages = 1ull << 12,
  manage_messages = 1ull << 13,
  embed_links = 1ull << 14,
  attach_files = 1ull << 15,
  read_message_history = 1ull << 16,
  mention_everyone = 1ull << 17,
  use_external_emojis = 1ull << 18,
  view_guild_insights = 1ull << 19,
  connect = 1ull << 20,
  speak = 1ull << 21,
  mute_members = 1ull << 22,
  deafen_members = 1ull << 23,
  move_members = 1ull << 24,
  use_vad = 1ull << 25,
  change_nickname = 1ull << 26,
  manage_nicknames = 1ull << 27,
  manage_roles = 1ull << 28,
  manage_webhooks = 1ull << 29,
  manage_guild_expressions = 1ull << 30,
  use_application_commands = 1ull << 31,
  request_to_speak = 1ull << 32,
  manage_events = 1ull << 33,
  manage_threads = 1ull << 34,
  create_public_threads = 1ull << 35,
  create_private_threads = 1ull << 36,
  use_external_stickers = 1ull << 37,
  send_messages_in_threads = 1ull << 38,
  use_embedded_activities = 1ull << 39,
  moderate_members = 1ull << 40,
  view_creator_monetization_analytics = 1ull << 41,
  use_soundboard = 1ull << 42,
  create_guild_expressions = 1ull << 43,
  create_events = 1ull << 44,
  use_external_sounds = 1ull << 45,
  send_voice_messages = 1ull << 46,
  set_voice_channel_status = 1ull << 48,
  send_polls = 1ull << 49,
  use_external_apps = 1ull << 50,
  pin_messages = 1ull << 51,
  bypass_slowmode = 1ull << 52,
};

/// A set of permissions. Bits without a name are kept.
struct permissions {
  std::uint64_t bits = 0;

  /// Reads decimal digits; nothing for anything else and for a number over 64 bits.
  [[nodiscard]] static std::optional<permissions> parse(std::string_view digits) noexcept;

  /// Every bit, as an administrator has them.
  [[nodiscard]] static constexpr permissions all() noexcept {
    return {~std::uint64_t{0}};
  }

  /// Whether this one is among them.
  [[nodiscard]] constexpr bool has(permission one) const noexcept {
    return (bits & static_cast<std::uint64_t>(one)) != 0;
  }

  /// These and those.
  friend constexpr permissions operator|(permissions a, permissions b) noexcept {
    return {a.bits | b.bits};
  }
  /// Those that are in both.
  friend constexpr permissions operator&(permissions a, permissions b) noexcept {
    return {a.bits & b.bits};
  }
  /// All others.
  friend constexpr permissions operator~(permissions a) noexcept {
    return {~a.bits};
  }

  friend bool operator==(const permissions&, const permissions&) = default;
};

/// In decimal, as JSON has it.
[[nodiscard]] std::string to_string(permissions what);

} // namespace troupe
