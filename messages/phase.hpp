// SPDX-License-Identifier: BSD-3-Clause
// Where a shard is in the life of its session. Shared by the session, the shard's reports and the status table.
#pragma once

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string_view>

namespace troupe {

/// The phases of a session (design 6). `runtime/gateway/session.hpp` lists the transitions.
enum class phase : std::uint8_t {
  idle,            ///< Not started, or stopped for good by its owner.
  queued,          ///< Waits, without a socket, for its turn in the identify queue.
  connecting,      ///< Resolving, TCP, TLS and WebSocket upgrade.
  awaiting_hello,  ///< The socket is open, HELLO has not come.
  awaiting_permit, ///< HELLO came; IDENTIFY waits for the queue's permit.
  identifying,     ///< IDENTIFY is on its way; READY has not come.
  resuming,        ///< RESUME is on its way; nothing was replayed yet.
  replaying,       ///< Missed dispatches arrive; RESUMED has not come.
  ready,           ///< READY or RESUMED came.
  closing,         ///< The close handshake runs.
  backing_off,     ///< Waits before the next attempt.
  failed,          ///< A fatal close code ended it; only a person can help.
};

BOOST_DESCRIBE_ENUM(phase, idle, queued, connecting, awaiting_hello, awaiting_permit, identifying, resuming, replaying,
                    ready, closing, backing_off, failed)

/// The name of the enumerator, for logs and people.
[[nodiscard]] std::string_view to_string(phase value) noexcept;

} // namespace troupe
