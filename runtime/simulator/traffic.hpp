// SPDX-License-Identifier: BSD-3-Clause
// What the people in the guilds do: a seeded mix of events in realistic sizes.
#pragma once

#include "messages/intents.hpp"
#include "messages/snowflake.hpp"

#include "runtime/simulator/random.hpp"
#include "runtime/simulator/world.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::simulator {

/// Which sessions may get an event.
enum class audience : std::uint8_t {
  guild,    ///< Those of the guild's shard.
  shard_0,  ///< Of no guild: those of shard 0 (protocol 4.4).
  everyone, ///< All, of whatever shard.
};

/// An event, before it is known who gets it.
struct event {
  std::string_view type;
  /// Does not count where it is of no guild.
  std::uint32_t guild = 0;
  /// The intents that it needs, all of them.
  troupe::intents needs = {intent::guilds};
  /// `d`. Empty for GUILD_CREATE, which each session gets as its intents want it.
  std::string data;
  /// `d` for sessions without MESSAGE_CONTENT; empty where it makes no difference.
  std::string without_content;
  audience to = audience::guild;
  /// With it an outage of the guild begins; 0 for none.
  std::chrono::milliseconds outage{0};
};

/// What POST /channels/{id}/messages and the traffic know of a message.
struct message_draft {
  snowflake channel;
  std::string content;
  /// Verbatim JSON; empty for none.
  std::string nonce;
};

/// Makes events. Deterministic from the seed and the calls.
class traffic {
public:
  traffic(const options& opts, const world& where);

  /// The next thing that happens. Nothing where all guilds are unavailable or the mix is empty.
  [[nodiscard]] std::optional<event> next(std::int64_t unix_ms);

  /// A message that somebody writes to the bot alone.
  [[nodiscard]] event direct_message(member_ref who, std::int64_t unix_ms);

  /// A message that the bot wrote: its MESSAGE_CREATE. Without a guild in a direct channel.
  [[nodiscard]] event bot_message(std::optional<std::uint32_t> guild, const message_draft& draft, std::int64_t unix_ms);

  /// What somebody might write.
  [[nodiscard]] std::string chatter();

  /// A guild in which something may happen now. Nothing where chance finds none.
  [[nodiscard]] std::optional<std::uint32_t> pick_guild();

  /// A fresh id for something made now.
  [[nodiscard]] snowflake make_id(std::int64_t unix_ms) noexcept;

  /// How many messages said "!ping".
  [[nodiscard]] std::uint64_t pings() const noexcept {
    return pings_;
  }
  /// One came from elsewhere.
  void count_ping() noexcept {
    ++pings_;
  }

private:
  struct old_message {
    std::uint32_t guild = 0;
    snowflake channel;
    snowflake id;
    member_ref author;
    std::string content;
    std::int64_t unix_ms = 0;
  };

  [[nodiscard]] event message_create(std::uint32_t guild, std::int64_t unix_ms);
  [[nodiscard]] event presence_update(std::uint32_t guild);
  [[nodiscard]] event typing_start(std::uint32_t guild, std::int64_t unix_ms);
  [[nodiscard]] event member_update(std::uint32_t guild);
  [[nodiscard]] event voice_state(std::uint32_t guild);
  [[nodiscard]] event reaction(std::string_view type, const old_message& on);
  [[nodiscard]] event message_update(const old_message& what, std::int64_t unix_ms);
  [[nodiscard]] event message_delete(const old_message& what);

  const world& world_;
  traffic_mix mix_;
  double ping_share_;
  double direct_share_;
  snowflake bot_;
  random random_;
  std::uint64_t last_id_ = 0;
  std::uint64_t pings_ = 0;
  /// Recent messages, which others react to.
  std::deque<old_message> recent_;
};

} // namespace troupe::simulator
