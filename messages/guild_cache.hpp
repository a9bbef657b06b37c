// SPDX-License-Identifier: BSD-3-Clause
// What one asks a guild's actor, and what it answers: snapshots, which never change afterwards (docs/caches.md).
//
// Everybody asks through the GUILDS actor, which knows where each guild is: `request(guilds, 5s, get_member{user},
// guild)`. What a guild does not have is answered by `errc::not_cached`.
#pragma once

#include "messages/discord/guild.hpp"
#include "messages/discord/message.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

// -- questions ----------------------------------------------------------------------------------------

/// Asks for the guild itself, with its roles, emojis and stickers; answered by a `guild`.
struct get_guild {};
BOOST_DESCRIBE_STRUCT(get_guild, (), ())

/// Asks how much there is; answered by `guild_counts`.
struct get_guild_counts {};
BOOST_DESCRIBE_STRUCT(get_guild_counts, (), ())

/// Asks for a channel or a thread; answered by a `channel`.
struct get_channel {
  snowflake channel;
};
BOOST_DESCRIBE_STRUCT(get_channel, (), (channel))

/// Asks for all channels, without threads, in the order of their ids; answered by a `channel_list`.
struct get_channels {};
BOOST_DESCRIBE_STRUCT(get_channels, (), ())

/// Asks for the threads of a channel, or of all; answered by a `channel_list`.
struct get_threads {
  std::optional<snowflake> parent;
};
BOOST_DESCRIBE_STRUCT(get_threads, (), (parent))

/// Asks for a role; answered by a `role`.
struct get_role {
  snowflake role;
};
BOOST_DESCRIBE_STRUCT(get_role, (), (role))

/// Asks for all roles, the highest first; answered by a `role_list`.
struct get_roles {};
BOOST_DESCRIBE_STRUCT(get_roles, (), ())

/// Asks for a member with its user; answered by a `member`.
struct get_member {
  snowflake user;
};
BOOST_DESCRIBE_STRUCT(get_member, (), (user))

/// Asks for the members whose user id is above `after`, in the order of ids; answered by a `member_page`.
struct get_members {
  snowflake after;
  /// 1 to 1,000.
  std::uint32_t limit = 100;
};
BOOST_DESCRIBE_STRUCT(get_members, (), (after, limit))

/// Asks for a presence; answered by a `presence`. Who is offline has none.
struct get_presence {
  snowflake user;
};
BOOST_DESCRIBE_STRUCT(get_presence, (), (user))

/// Asks where somebody is in voice; answered by a `voice_state`.
struct get_voice_state {
  snowflake user;
};
BOOST_DESCRIBE_STRUCT(get_voice_state, (), (user))

/// Asks who is in a voice channel, or in any; answered by a `voice_state_list`.
struct get_voice_states {
  std::optional<snowflake> channel;
};
BOOST_DESCRIBE_STRUCT(get_voice_states, (), (channel))

/// Asks for a message; answered by a `message`.
struct get_message {
  snowflake channel;
  snowflake message;
};
BOOST_DESCRIBE_STRUCT(get_message, (), (channel, message))

/// Asks for the newest messages of a channel below the id `before` (0: the newest of all), newest first; answered by a
/// `message_page`.
struct get_messages {
  snowflake channel;
  snowflake before;
  /// 1 to 1,000.
  std::uint32_t limit = 50;
};
BOOST_DESCRIBE_STRUCT(get_messages, (), (channel, before, limit))

/// Asks for the emojis; answered by an `emoji_list`.
struct get_emojis {};
BOOST_DESCRIBE_STRUCT(get_emojis, (), ())

/// Asks for the stickers; answered by a `sticker_list`.
struct get_stickers {};
BOOST_DESCRIBE_STRUCT(get_stickers, (), ())

/// Asks for the scheduled events; answered by a `scheduled_event_list`.
struct get_scheduled_events {};
BOOST_DESCRIBE_STRUCT(get_scheduled_events, (), ())

/// Asks for the stages that are live; answered by a `stage_instance_list`.
struct get_stage_instances {};
BOOST_DESCRIBE_STRUCT(get_stage_instances, (), ())

/// Asks for the guild's own sounds; answered by a `soundboard_sound_list`.
struct get_soundboard_sounds {};
BOOST_DESCRIBE_STRUCT(get_soundboard_sounds, (), ())

/// Asks what a member may do in a channel or a thread; answered by `permissions` in a `permissions_answer`.
struct get_permissions {
  snowflake channel;
  snowflake user;
};
BOOST_DESCRIBE_STRUCT(get_permissions, (), (channel, user))

/// Asks which of two members stands higher by their roles; answered by a `members_compared`.
struct compare_members {
  snowflake first;
  snowflake second;
};
BOOST_DESCRIBE_STRUCT(compare_members, (), (first, second))

/// Asks Discord for members (op 8), keeps them in the cache and answers with them, by a `member_page`. Either
/// `user_ids` (at most 100) or a `query` with a `limit`; an empty query without a limit asks for all, which Discord
/// allows once per guild in 30 s (protocol 4.5): later ones fail with `errc::rate_limited`.
struct fetch_members {
  std::vector<snowflake> user_ids;
  std::string query;
  std::uint32_t limit = 0;
  bool presences = false;
};
BOOST_DESCRIBE_STRUCT(fetch_members, (), (user_ids, query, limit, presences))

// -- answers ------------------------------------------------------------------------------------------

/// How much a guild's actor has.
struct guild_counts {
  snowflake guild;
  /// False in an outage: what is known is kept.
  bool available = false;
  /// Something may be missing or old; a resynchronisation is under way.
  bool dirty = false;
  /// Of Discord, whatever is cached.
  std::uint64_t member_count = 0;
  std::uint64_t members = 0;
  std::uint64_t channels = 0;
  std::uint64_t threads = 0;
  std::uint64_t roles = 0;
  std::uint64_t presences = 0;
  std::uint64_t voice_states = 0;
  std::uint64_t messages = 0;
  /// What it costs, without the users, which all guilds of the node share.
  std::uint64_t bytes = 0;
  /// What had to go for the bounds.
  std::uint64_t evicted_members = 0;
  std::uint64_t evicted_messages = 0;

  friend bool operator==(const guild_counts&, const guild_counts&) = default;
};
BOOST_DESCRIBE_STRUCT(guild_counts, (),
                      (guild, available, dirty, member_count, members, channels, threads, roles, presences,
                       voice_states, messages, bytes, evicted_members, evicted_messages))

/// Channels or threads.
struct channel_list {
  std::vector<channel> channels;

  friend bool operator==(const channel_list&, const channel_list&) = default;
};
BOOST_DESCRIBE_STRUCT(channel_list, (), (channels))

/// Roles.
struct role_list {
  std::vector<role> roles;

  friend bool operator==(const role_list&, const role_list&) = default;
};
BOOST_DESCRIBE_STRUCT(role_list, (), (roles))

/// Some of the members.
struct member_page {
  std::vector<member> members;
  /// Whether more follow.
  bool more = false;
  /// Ids that Discord knows no member for; of `fetch_members` only.
  std::vector<snowflake> not_found;

  friend bool operator==(const member_page&, const member_page&) = default;
};
BOOST_DESCRIBE_STRUCT(member_page, (), (members, more, not_found))

/// Who is in voice.
struct voice_state_list {
  std::vector<voice_state> voice_states;

  friend bool operator==(const voice_state_list&, const voice_state_list&) = default;
};
BOOST_DESCRIBE_STRUCT(voice_state_list, (), (voice_states))

/// Some of the messages.
struct message_page {
  std::vector<message> messages;
  /// Whether older ones follow.
  bool more = false;

  friend bool operator==(const message_page&, const message_page&) = default;
};
BOOST_DESCRIBE_STRUCT(message_page, (), (messages, more))

/// Emojis.
struct emoji_list {
  std::vector<emoji> emojis;

  friend bool operator==(const emoji_list&, const emoji_list&) = default;
};
BOOST_DESCRIBE_STRUCT(emoji_list, (), (emojis))

/// Stickers.
struct sticker_list {
  std::vector<sticker> stickers;

  friend bool operator==(const sticker_list&, const sticker_list&) = default;
};
BOOST_DESCRIBE_STRUCT(sticker_list, (), (stickers))

/// Scheduled events.
struct scheduled_event_list {
  std::vector<scheduled_event> events;

  friend bool operator==(const scheduled_event_list&, const scheduled_event_list&) = default;
};
BOOST_DESCRIBE_STRUCT(scheduled_event_list, (), (events))

/// Stages.
struct stage_instance_list {
  std::vector<stage_instance> stages;

  friend bool operator==(const stage_instance_list&, const stage_instance_list&) = default;
};
BOOST_DESCRIBE_STRUCT(stage_instance_list, (), (stages))

/// Sounds.
struct soundboard_sound_list {
  std::vector<soundboard_sound> sounds;

  friend bool operator==(const soundboard_sound_list&, const soundboard_sound_list&) = default;
};
BOOST_DESCRIBE_STRUCT(soundboard_sound_list, (), (sounds))

/// What a member may do.
struct permissions_answer {
  troupe::permissions permissions;

  friend bool operator==(const permissions_answer&, const permissions_answer&) = default;
};
BOOST_DESCRIBE_STRUCT(permissions_answer, (), (permissions))

/// Where a member stands against another.
enum class standing : std::uint8_t { lower, equal, higher };
BOOST_DESCRIBE_ENUM(standing, lower, equal, higher)

/// Where the first member stands. The owner is above all.
struct members_compared {
  standing first = standing::equal;

  friend bool operator==(const members_compared&, const members_compared&) = default;
};
BOOST_DESCRIBE_STRUCT(members_compared, (), (first))

// -- between the runtime's own actors -------------------------------------------------------------------

/// INTERNAL to a shard and its guilds: a state-changing event (actors/guild_change.hpp). Never leaves the process.
struct guild_change;

/// INTERNAL to the GUILDS actor and its guilds: the node's budget is exceeded; whoever gets this gives up so much.
struct shed_bytes {
  std::uint64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(shed_bytes, (), (bytes))

/// INTERNAL to the GUILDS actor: somebody noticed that all guilds together exceed the budget.
struct budget_exceeded {};
BOOST_DESCRIBE_STRUCT(budget_exceeded, (), ())

/// Asks the GUILDS actor how it stands; answered by `guilds_status`.
struct guilds_status_request {};
BOOST_DESCRIBE_STRUCT(guilds_status_request, (), ())

/// All guilds of the node.
struct guilds_status {
  std::uint64_t guilds = 0;
  std::uint64_t dirty = 0;
  /// Of all guilds, and of the users that they share.
  std::uint64_t bytes = 0;
  std::uint64_t user_bytes = 0;
  std::uint64_t users = 0;
  /// 0: none.
  std::uint64_t budget = 0;
  /// How often guilds were told to give something up, and how much they gave.
  std::uint64_t sheds = 0;
  std::uint64_t bytes_shed = 0;
};
BOOST_DESCRIBE_STRUCT(guilds_status, (), (guilds, dirty, bytes, user_bytes, users, budget, sheds, bytes_shed))

} // namespace troupe
