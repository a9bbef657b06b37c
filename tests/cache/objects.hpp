// SPDX-License-Identifier: BSD-3-Clause
// Objects as Discord sends them, and a guild to put them in.
#pragma once

#include "messages/discord/events.hpp"

#include "runtime/cache/guild_state.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace troupe::testing {

/// Ids of the guild below, and of the bot in it.
inline constexpr snowflake guild_id{100};
inline constexpr snowflake bot_id{99};

/// The time of guilds below.
inline timestamp fixed_now() {
  return {1'800'000'000'000'000};
}

/// A user as most are: ten letters, a picture, nothing bought.
inline user typical_user(std::uint64_t id) {
  auto digits = std::to_string(id);
  user who;
  who.id = {id};
  who.username = std::string(10 - digits.size(), 'u') + digits;
  who.discriminator = "0";
  who.global_name = std::string(10 - digits.size(), 'N') + digits;
  std::string hash = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
  who.avatar = hash.substr(id % 32) + hash.substr(0, id % 32);
  who.public_flags = 1 << id % 20;
  who.flags = who.public_flags;
  who.avatar_decoration_data.set_null();
  who.collectibles.set_null();
  who.primary_guild.set_null();
  who.banner.set_null();
  who.accent_color.set_null();
  return who;
}

/// A member as most are: no nick, two roles.
inline member typical_member(std::uint64_t id) {
  member who;
  who.user = typical_user(id);
  who.nick.set_null();
  who.avatar.set_null();
  who.banner.set_null();
  who.roles = {{1'000'000'000'000'001}, {1'000'000'000'000'002}};
  who.joined_at = timestamp{1'600'000'000'123'456 + static_cast<std::int64_t>(id)};
  who.premium_since.set_null();
  who.deaf = false;
  who.mute = false;
  who.flags = 0;
  who.pending = false;
  who.communication_disabled_until.set_null();
  who.avatar_decoration_data.set_null();
  who.collectibles.set_null();
  return who;
}

/// A role. @param position from 0, the lowest.
inline role make_role(std::uint64_t id, std::int32_t position = 0, std::uint64_t bits = 0) {
  role what;
  what.id = {id};
  what.name = "role " + std::to_string(id);
  what.position = position;
  what.permissions = {bits};
  return what;
}

/// A channel; a thread where there is a parent and the type of one.
inline channel make_channel(std::uint64_t id, channel_type type = channel_type::guild_text, std::uint64_t parent = 0) {
  channel what;
  what.id = {id};
  what.type = type;
  what.name = "channel " + std::to_string(id);
  if (parent != 0)
    what.parent_id = snowflake{parent};
  return what;
}

/// A thread that is active, with nothing in it.
inline channel make_thread(std::uint64_t id, std::uint64_t parent) {
  auto what = make_channel(id, channel_type::public_thread, parent);
  what.thread_metadata.emplace();
  what.message_count = 0;
  what.total_message_sent = 0;
  what.member_count = 1;
  return what;
}

/// A message.
inline message_create make_message(std::uint64_t id, std::uint64_t channel, std::uint64_t author = 1) {
  message_create what;
  what.id = {id};
  what.channel_id = {channel};
  what.guild_id = guild_id;
  what.author = typical_user(author);
  what.content = "message " + std::to_string(id);
  return what;
}

/// Everything is kept.
inline cache::settings keep_all() {
  cache::settings all;
  all.presences = true;
  all.messages = true;
  all.invites = true;
  return all;
}

/// A guild with channels 10 (text), 11 (voice), 12 (forum), thread 20 below 10, roles 100 (@everyone), 50 and 51, and
/// members 1, 2 and the bot; 1 owns it.
inline guild_create make_guild() {
  guild_create what;
  what.id = guild_id;
  what.name = "guild";
  what.owner_id = {1};
  what.joined_at = timestamp{1};
  what.member_count = 3;
  what.roles = {make_role(100), make_role(50, 1), make_role(51, 2)};
  what.channels = {make_channel(10), make_channel(11, channel_type::guild_voice),
                   make_channel(12, channel_type::guild_forum)};
  what.threads = {make_thread(20, 10)};
  what.members.emplace();
  for (auto id : {1, 2, 99}) {
    auto who = typical_member(static_cast<std::uint64_t>(id));
    who.roles = {{50}};
    what.members->push_back(who);
  }
  what.presences.emplace();
  what.voice_states.emplace();
  what.stage_instances.emplace();
  what.guild_scheduled_events.emplace();
  what.soundboard_sounds.emplace();
  what.stickers.emplace();
  return what;
}

/// A guild's state with that guild in it.
struct known_guild {
  explicit known_guild(const cache::settings& keep = keep_all()) : state{guild_id, keep, users, &fixed_now} {
    users->set_bot(bot_id);
    state.apply(make_guild());
  }

  std::shared_ptr<cache::user_table> users = std::make_shared<cache::user_table>();
  cache::guild_state state;
};

} // namespace troupe::testing
