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
  std::uint16_t code = 0;
  std::string reason;
  errc failure = errc::none;
  bool was_open = false;
};

/// Called on the I/O thread, never after `ended`.
struct websocket_handlers {
  std::function<void()> opened;
  /// Everything that was complete in the buffer.
  std::function<void(std::shared_ptr<const frame_batch>)> received;
  std::function<void(std::uint64_t ticket)> written;
  /// Exactly once.
  std::function<void(websocket_end)> ended;
};

/// A WebSocket in use. Thread-safe: each call is posted to the I/O thread.
class websocket {
public:
  virtual ~websocket() = default;
  /// Allows `frames` more frames to be read; without any the socket is left to fill (promise P6).
  virtual void grant(std::uint32_t frames) = 0;
  virtual void write(std::uint64_t ticket, std::string text) = 0;
  /// Close handshake with `code`, or at once where it is 0. `ended` follows within the close deadline.
  virtual void close(std::uint16_t code) = 0;
};

/// Dials; `opened` or `ended` follows within the connect deadline.
/// Dropping the returned pointer ends the connection at once and silences the handlers.
[[nodiscard]] std::shared_ptr<websocket> dial_websocket(std::shared_ptr<client_context> context, const url& where,
                                                        websocket_handlers handlers);

} // namespace troupe::net
