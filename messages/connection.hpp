// SPDX-License-Identifier: BSD-3-Clause
// What a shard and its connection say to each other. Generations number a shard's sockets: everything carries one, and
// what belongs to an older one is dropped. None of these ever leaves the process.
#pragma once

#include "messages/error.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace troupe {

/// Opens the WebSocket of this generation; an older socket is dropped first.
struct open_connection {
  std::uint64_t generation = 0;
  /// Complete, with query parameters.
  std::string url;
};
BOOST_DESCRIBE_STRUCT(open_connection, (), (generation, url))

/// Puts one text frame on the wire, in order of arrival. `ticket` comes back in `payload_written`.
struct write_payload {
  std::uint64_t generation = 0;
  std::uint64_t ticket = 0;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(write_payload, (), (generation, ticket, text))

/// Allows `frames` more frames to be read. A connection starts with none.
struct grant_credit {
  std::uint64_t generation = 0;
  std::uint32_t frames = 0;
};
BOOST_DESCRIBE_STRUCT(grant_credit, (), (generation, frames))

/// Ends the connection: by a close handshake with `code` (2 s at most), or at once where `code` is 0.
struct close_connection {
  std::uint64_t generation = 0;
  std::uint16_t code = 0;
};
BOOST_DESCRIBE_STRUCT(close_connection, (), (generation, code))

/// The upgrade is done; frames may flow.
struct connection_opened {
  std::uint64_t generation = 0;
};
BOOST_DESCRIBE_STRUCT(connection_opened, (), (generation))

/// One WebSocket message as it came.
struct frame {
  std::string bytes;
  bool binary = false;
};

/// All frames that were complete in the buffer: one message, however many there are.
using frame_batch = std::vector<frame>;

/// Frames came in this order.
struct frames_received {
  std::uint64_t generation = 0;
  std::shared_ptr<const frame_batch> frames;
};

/// The payload is on the wire: the socket took all of it.
struct payload_written {
  std::uint64_t generation = 0;
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(payload_written, (), (generation, ticket))

/// The connection is over, or never came to be. Sent exactly once for each generation that was opened.
struct connection_closed {
  std::uint64_t generation = 0;
  /// The close code that the peer sent; 0 where no close frame came.
  std::uint16_t code = 0;
  /// The peer's close reason, or the text of the socket's error.
  std::string reason;
  /// Why, where the connection itself failed; `errc::none` where a close frame came or we asked for the end.
  errc failure = errc::none;
  /// Whether the upgrade had been done.
  bool was_open = false;
};
BOOST_DESCRIBE_STRUCT(connection_closed, (), (generation, code, reason, failure, was_open))

} // namespace troupe
