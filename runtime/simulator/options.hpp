// SPDX-License-Identifier: BSD-3-Clause
// Every knob of the local Discord, in one documented struct. The defaults are Discord's own numbers.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace troupe::simulator {

/// The model never reads a clock: each input says what time it is.
using clock = std::chrono::steady_clock;

/// How often each kind of event comes, relative to the others. Zero switches it off.
struct traffic_mix {
  std::uint32_t message_create = 30;
  std::uint32_t presence_update = 30;
  std::uint32_t typing_start = 14;
  std::uint32_t guild_member_update = 4;
  std::uint32_t voice_state_update = 5;
  std::uint32_t message_reaction_add = 8;
  std::uint32_t message_reaction_remove = 2;
  std::uint32_t message_update = 5;
  std::uint32_t message_delete = 2;
};

/// What a local Discord is like.
struct options {
  /// Everything random follows from it.
  std::uint64_t seed = 1;
  /// The one bot token that is accepted, without "Bot ".
  std::string token = "local-discord-token";
  /// The bot's user and application id.
  std::uint64_t bot_id = 555'555'555'555'555'555;

  /// The bot's guilds.
  std::uint32_t guilds = 10;
  /// Members per guild: each guild has a number of its own in this range.
  std::uint32_t members_min = 20;
  std::uint32_t members_max = 60;

  /// Of all guilds together.
  double events_per_second = 10;
  traffic_mix mix;
  /// The share of messages that say "!ping".
  double ping_share = 0.05;
  /// The share of new messages that go to the bot alone, and so to shard 0.
  double direct_share = 0;
  /// The share of the events that change the guilds or are rare: every kind that Discord has. Above 0 the rest of the
  /// traffic changes them too, and GUILD_CREATE tells what became of a guild.
  double churn = 0;

  /// `shards` of GET /gateway/bot.
  std::uint32_t recommended_shards = 1;
  /// `session_start_limit` (protocol 4.3).
  std::uint32_t session_starts_total = 1000;
  std::uint32_t session_starts_remaining = 1000;
  std::chrono::milliseconds session_start_window{86'400'000};
  std::uint32_t max_concurrency = 1;
  /// The distance of two IDENTIFYs with the same rate limit key (protocol 4.2).
  std::chrono::milliseconds identify_interval{5'000};

  /// `heartbeat_interval` of HELLO. A beat later than one and a half of it ends the connection.
  std::chrono::milliseconds heartbeat_interval{41'250};
  /// How long a session waits for RESUME after its connection is gone.
  std::chrono::milliseconds session_lifetime{180'000};
  /// Events kept for RESUME; 0: max(100, min(3500, guilds * 75)) (protocol 3.7).
  std::uint32_t replay_buffer = 0;

  /// More guilds on one session are close code 4011.
  std::uint32_t guild_limit = 2500;
  /// For large bots: the shard count must be a multiple of it; 0 for others.
  std::uint32_t shard_multiple = 0;
  /// The bits of the privileged intents that the bot may use; others are close code 4014.
  std::uint32_t allowed_privileged = 0;

  /// Client payloads per connection and minute.
  std::uint32_t command_limit = 120;
  /// The largest client payload, in bytes.
  std::size_t payload_limit = 4096;

  /// Payloads of this size are compressed for clients that ask for it in IDENTIFY.
  std::size_t compress_from = 1024;

  /// GUILD_CREATEs follow READY in batches of this size...
  std::uint32_t guild_batch = 25;
  /// ... at this distance.
  std::chrono::milliseconds guild_batch_interval{20};

  /// "wss://host:port", for GET /gateway and `resume_gateway_url`.
  std::string gateway_url = "ws://localhost";
  std::string resume_url = "ws://resume.localhost";
  /// The Unix time of the model's start: ids and timestamps are counted from it. Fixed, so that runs can be repeated.
  std::int64_t unix_start_ms = 1'767'225'600'000;
  /// Keeps a record of every dispatch (`model::dispatch_log`), for tests.
  bool log_dispatches = false;
  /// Begins the data of every dispatch with `"_session"` and the session's id, for tests: two sessions of a shard begin
  /// with the same guilds.
  bool mark_sessions = false;
};

} // namespace troupe::simulator
