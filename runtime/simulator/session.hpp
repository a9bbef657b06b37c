// SPDX-License-Identifier: BSD-3-Clause
// The two halves of a gateway client as the server sees them: the session, which survives its socket, and the
// connection, which does not.
#pragma once

#include "messages/connection.hpp"
#include "messages/intents.hpp"
#include "messages/shard_id.hpp"
#include "messages/snowflake.hpp"

#include "runtime/codec/compression.hpp"
#include "runtime/simulator/faults.hpp"
#include "runtime/simulator/limits.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace troupe::simulator {

/// Names a gateway connection to the shell.
using connection_id = std::uint64_t;

/// A GUILD_MEMBERS_CHUNK series that is under way. Built piece by piece, so that a huge guild fills no memory.
struct member_request {
  std::uint32_t guild = 0;
  /// Everybody: the members by index, then the bot, then `members`. Otherwise `members` alone.
  bool all = false;
  std::vector<snowflake> members;
  bool presences = false;
  std::uint32_t next_chunk = 0;
  std::uint32_t chunk_count = 1;
  /// JSON array content.
  std::string not_found;
  /// JSON; empty for none.
  std::string nonce;
};

/// One gateway session (protocol 3). Collects events in its replay buffer whether it is connected or not.
struct session {
  std::string id;
  shard_id shard;
  troupe::intents intents;
  std::uint32_t large_threshold = 50;
  /// Of the last dispatch.
  std::uint64_t sequence = 0;
  /// Complete payloads of the latest dispatches; the last one has `sequence`.
  std::deque<std::string> replay;
  std::size_t replay_limit = 0;
  /// 0 while it waits for RESUME.
  connection_id attached = 0;
  /// When it is forgotten, while it is not attached.
  clock::time_point expires;
  /// Guilds whose GUILD_CREATE is still to come, in rising order.
  std::deque<std::uint32_t> stubs;
  clock::time_point next_stubs;
  std::deque<member_request> member_requests;
  clock::time_point next_chunk;
  sliding_window presences{5, std::chrono::seconds{20}};
  /// Full member lists: one per guild in 30 s.
  std::map<std::uint32_t, clock::time_point> full_lists;

  /// Whether GUILD_CREATE of this guild has not been sent.
  [[nodiscard]] bool awaits(std::uint32_t guild) const {
    return !stubs.empty() && guild >= stubs.front();
  }
  /// The sequence of the oldest payload in `replay`.
  [[nodiscard]] std::uint64_t oldest() const noexcept {
    return sequence - replay.size() + 1;
  }
};

/// One gateway socket.
struct connection {
  connection_id id = 0;
  std::unique_ptr<codec::compressor> packer;
  codec::compression how = codec::compression::none;
  /// IDENTIFY asked for the compression of single payloads.
  bool compresses = false;
  std::uint32_t version = 10;
  /// When HELLO is due; `time_point::max()` for never, and once it was sent.
  clock::time_point hello_at;
  bool hello_sent = false;
  clock::time_point last_beat;
  sliding_window commands;
  /// Null before IDENTIFY and RESUME.
  troupe::simulator::session* session = nullptr;
  /// The sequence that is sent next.
  std::uint64_t cursor = 1;
  /// The shell's queue is full.
  bool held = false;
  /// Op 9 was sent: commands from before it was read are no breach.
  bool invalidated = false;
  /// A fault: nothing is sent any more.
  bool silent = false;
  /// Faults that wait for the next message: how many.
  std::uint32_t half_frame = 0;
  std::uint32_t split = 0;
  std::uint32_t missing_suffix = 0;
  std::uint32_t corrupt = 0;
};

} // namespace troupe::simulator
