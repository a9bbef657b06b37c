// SPDX-License-Identifier: BSD-3-Clause
// A TCP socket with or without TLS, behind one type: Beast's WebSocket and HTTP code is compiled once for both.
// Internal to runtime/net.
#pragma once

#include "runtime/net/tls_stream.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <optional>
#include <string>
#include <utility>

namespace troupe::net {

/// Meets Beast's AsyncStream. Not thread-safe; not movable, since TLS refers to the socket.
class byte_stream {
public:
  using executor_type = boost::asio::ip::tcp::socket::executor_type;

  /// @param key "host:port" of the far end, under which TLS sessions are kept.
  byte_stream(boost::asio::io_context& io, std::string key) : key_{std::move(key)}, socket_{io} {
    // nop
  }
  ~byte_stream();
  byte_stream(const byte_stream&) = delete;
  byte_stream& operator=(const byte_stream&) = delete;

  /// As Asio and Beast ask of a stream.
  executor_type get_executor() {
    return socket_.get_executor();
  }

  /// The TCP socket below, for options and for closing.
  [[nodiscard]] boost::asio::ip::tcp::socket& socket() noexcept {
    return socket_;
  }

  /// Under which the TLS session is kept.
  [[nodiscard]] const std::string& key() const noexcept {
    return key_;
  }

  /// Turns TLS on; the handshake is up to the caller.
  tls_stream& encrypt(boost::asio::ssl::context& context) {
    return tls_.emplace(socket_, context);
  }

  /// OpenSSL's handle; null without TLS.
  [[nodiscard]] SSL* ssl() noexcept {
    return tls_ ? tls_->native_handle() : nullptr;
  }

  /// Reads from TLS where it is on, else from the socket.
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    if (tls_)
      return tls_->async_read_some(buffers, std::forward<Token>(token));
    return socket_.async_read_some(buffers, std::forward<Token>(token));
  }

  /// Writes to TLS where it is on, else to the socket.
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    if (tls_)
      return tls_->async_write_some(buffers, std::forward<Token>(token));
    return socket_.async_write_some(buffers, std::forward<Token>(token));
  }

  /// Closes the socket at once; pending operations are aborted.
  void close() noexcept;

  /// Ends the sending direction: the far end reads everything, then the end.
  void shut_down() noexcept;

private:
  std::string key_;
  boost::asio::ip::tcp::socket socket_;
  std::optional<tls_stream> tls_;
};

/// Beast calls this where an operation was cancelled half-way.
inline void beast_close_socket(byte_stream& stream) noexcept {
  stream.close();
}

/// Beast calls this after both close frames. The WebSocket's own handshake already proved that nothing is missing, so
/// there is no second one by TLS to wait for.
template <class Handler>
void async_teardown(boost::beast::role_type, byte_stream& stream, Handler&& handler) {
  stream.shut_down();
  boost::asio::post(stream.get_executor(),
                    boost::beast::bind_front_handler(std::forward<Handler>(handler), boost::beast::error_code{}));
}

} // namespace troupe::net
