// SPDX-License-Identifier: BSD-3-Clause
// One WebSocket over TLS (or plain, on loopback), with a deadline for everything. Steps run on the I/O thread in this
// order: resolve, connect, [CONNECT through a proxy], TLS handshake, upgrade, read and write, close.
#pragma once

#include "messages/connection.hpp"

#include "runtime/net/client_context.hpp"
#include "runtime/net/url.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace troupe::net {

/// Why and how a WebSocket ended.
struct websocket_end {
  /// The peer's close code; 1005 where its close frame had none, 0 where no close frame came.
  std::uint16_t code = 0;
  /// The peer's close reason, or what happened, as part of a sentence.
  std::string reason;
  /// Why it failed; `errc::none` where a close frame came or we asked for the end.
  errc failure = errc::none;
  /// Whether the upgrade had been done.
  bool was_open = false;
};

/// Called on the I/O thread, never after `ended`. Must not block: all connections wait meanwhile.
struct websocket_handlers {
  /// The upgrade is done.
  std::function<void()> opened;
  /// Everything that was complete in the buffers, 256 frames or about 1 MiB at most.
  std::function<void(std::shared_ptr<const frame_batch>)> received;
  /// The socket took all of the text with this ticket.
  std::function<void(std::uint64_t ticket)> written;
  /// Exactly once, unless the WebSocket or its context is dropped first.
  std::function<void(websocket_end)> ended;
};

/// A WebSocket in use. Thread-safe: each call is posted to the I/O thread.
class websocket {
public:
  virtual ~websocket() = default;
  /// Allows `frames` more frames to be read; without any the socket is left to fill (promise P6). Nothing is read then:
  /// pings go unanswered and the peer's close goes unnoticed until there is credit again, or until `close`.
  virtual void grant(std::uint32_t frames) = 0;
  /// Puts one text frame on the wire, in the order of the calls. Before `opened` it waits. A write that is blocked for
  /// longer than the write deadline ends the connection.
  virtual void write(std::uint64_t ticket, std::string text) = 0;
  /// Close handshake with `code`, or at once where it is 0. Nothing but `ended` follows, within the close deadline.
  virtual void close(std::uint16_t code) = 0;
};

/// Dials; `opened` or `ended` follows within the connect deadline.
/// Dropping the returned pointer ends the connection at once and silences the handlers; one that runs on the I/O thread
/// at that moment runs to its end.
[[nodiscard]] std::shared_ptr<websocket> dial_websocket(std::shared_ptr<client_context> context, const url& where,
                                                        websocket_handlers handlers);

} // namespace troupe::net
