// SPDX-License-Identifier: BSD-3-Clause
// One guild that is not as it began: what churn changed, and all that belongs to it. The world makes a record of a
// guild when something happens there for the first time; guilds without one still follow from their index and the seed.
#pragma once

#include "messages/snowflake.hpp"

#include "runtime/simulator/json_object.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace troupe::simulator {

/// A thread, archived or not.
struct thread_record {
  /// The channel object, without `member` and `member_count`.
  json_object channel;
  /// Everyone in it but the bot. Discord shows 50 at most in `member_count`.
  std::set<snowflake> members;
  /// The bot's own thread member (`join_timestamp`, `flags`), while it is in the thread.
  std::optional<json_object> own;
};

/// A message that others may react to, edit or delete.
struct message_record {
  /// The message object, with content.
  json_object message;
  snowflake channel;
  /// Emoji (JSON) and user, by who reacted with what.
  std::vector<std::pair<std::string, snowflake>> reactions;
  /// User and answer of a poll's votes.
  std::vector<std::pair<snowflake, std::int64_t>> votes;
};

/// One guild's state. Objects are as GUILD_CREATE has them, without `guild_id`.
struct guild_record {
  /// The guild object, without the lists and counts below.
  json_object guild;
  /// JSON text; of the bot.
  std::string joined_at;
  std::map<snowflake, json_object> roles;
  std::map<snowflake, json_object> channels;
  std::map<snowflake, thread_record> threads;
  std::map<snowflake, json_object> emojis;
  std::map<snowflake, json_object> stickers;
  std::map<snowflake, json_object> sounds;
  std::map<snowflake, json_object> stages;
  std::map<snowflake, json_object> scheduled_events;
  /// By user, without `member`.
  std::map<snowflake, json_object> voice_states;

  /// Members, the bot too.
  std::uint32_t member_count = 0;
  /// Members who differ from what the index says, and new ones; without `user`. The bot is always here.
  std::map<snowflake, json_object> members;
  /// New ones.
  std::set<snowflake> joined;
  /// Members by index who are gone.
  std::set<snowflake> left;
  /// Presences that differ from what the index says, without `guild_id`; nothing for "offline".
  std::map<snowflake, std::optional<json_object>> presences;

  /// What is not part of GUILD_CREATE: code and channel of invites, `status` and `voice_start_time` of voice channels
  /// (JSON, by channel), subscribers of scheduled events, and things that have ids only.
  std::map<std::string, snowflake> invites;
  std::map<snowflake, std::pair<std::string, std::string>> voice_info;
  std::map<snowflake, std::set<snowflake>> subscribers;
  std::set<snowflake> banned;
  std::map<snowflake, json_object> rules;
  std::map<snowflake, json_object> integrations;
  /// The latest messages, oldest first.
  std::deque<message_record> messages;

  /// Reads `d` of a GUILD_CREATE, of which `members` has the bot alone and `presences` nobody.
  [[nodiscard]] static guild_record read(std::string_view guild_create, snowflake bot);

  /// Whether the bot may see a channel: VIEW_CHANNEL after overwrites (Discord Docs/Permissions).
  [[nodiscard]] bool bot_sees(const json_object& channel, snowflake guild, snowflake bot) const;
  /// Whether it sees a thread: its parent, and private ones only from inside.
  [[nodiscard]] bool bot_sees(const thread_record& thread, snowflake guild, snowflake bot) const;
  /// The threads of GUILD_CREATE: active ones that the bot sees.
  [[nodiscard]] std::vector<snowflake> visible_threads(snowflake guild, snowflake bot) const;

  /// The guild object with roles, emojis and stickers: `d` of GUILD_UPDATE.
  [[nodiscard]] json_object guild_object() const;
  /// The parts of GUILD_CREATE that neither members nor intents change: `"channels":[..],..` without braces.
  [[nodiscard]] std::string lists(snowflake guild, snowflake bot) const;
};

/// The thread as a channel object, with `member_count`, and with `member` where the bot is in it.
[[nodiscard]] json_object thread_object(const thread_record& thread);

/// The values, in the order of their ids, as a JSON array.
[[nodiscard]] std::string json_array(const std::map<snowflake, json_object>& objects);

/// Whether a channel object's type is that of a thread.
[[nodiscard]] bool is_thread(const json_object& channel);
/// Whether people can talk in a voice or stage channel like this.
[[nodiscard]] bool is_voice(const json_object& channel);
/// Whether messages can be written into a channel like this.
[[nodiscard]] bool has_messages(const json_object& channel);

} // namespace troupe::simulator
