// SPDX-License-Identifier: BSD-3-Clause
// The gateway's opcodes that a bot meets (Discord Docs/Opcodes and Status Codes; protocol 2.1).
#pragma once

#include <cstdint>

namespace troupe {

/// The `op` of a gateway payload. Values outside this list are legal on the wire and ignored.
enum class opcode : std::uint8_t {
  dispatch = 0,
  heartbeat = 1,
  identify = 2,
  presence_update = 3,
  voice_state_update = 4,
  resume = 6,
  reconnect = 7,
  request_guild_members = 8,
  invalid_session = 9,
  hello = 10,
  heartbeat_ack = 11,
  request_soundboard_sounds = 31,
  request_channel_info = 43,
};

} // namespace troupe
