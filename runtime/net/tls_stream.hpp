// SPDX-License-Identifier: BSD-3-Clause
// TLS on a connected socket. OpenSSL reads and writes the socket itself and gives its buffers back when nothing is in
// them, so that an idle connection costs a third of what it would with `boost::asio::ssl::stream`, which keeps four
// buffers of a TLS record's size (docs/decisions/0027-tls-on-the-socket.md). Internal to runtime/net.
#pragma once

#include <boost/asio/compose.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/beast/core/buffers_range.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace troupe::net {

/// Meets Beast's AsyncStream. One read and one write may be under way at a time. Not thread-safe; not movable, and the
/// socket must outlive it. An end without a TLS goodbye is `boost::asio::ssl::error::stream_truncated`, a proper one
/// `boost::asio::error::eof`.
class tls_stream {
public:
  using executor_type = boost::asio::ip::tcp::socket::executor_type;

  /// Makes `socket` non-blocking; it must be open.
  tls_stream(boost::asio::ip::tcp::socket& socket, boost::asio::ssl::context& context);
  tls_stream(const tls_stream&) = delete;
  tls_stream& operator=(const tls_stream&) = delete;

  /// As Asio and Beast ask of a stream.
  executor_type get_executor() {
    return socket_.get_executor();
  }

  /// OpenSSL's handle.
  [[nodiscard]] SSL* native_handle() noexcept {
    return ssl_.get();
  }

  /// Comes before all else. @param token for `void(error_code, std::size_t)`; the size means nothing.
  template <class Token>
  auto async_handshake(boost::asio::ssl::stream_base::handshake_type side, Token&& token) {
    if (side == boost::asio::ssl::stream_base::client)
      SSL_set_connect_state(native_handle());
    else
      SSL_set_accept_state(native_handle());
    return run([this] { return handshake(); }, std::forward<Token>(token));
  }

  /// Reads into the first buffer that is not empty.
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return run([this, buffers] { return read(first_of<boost::asio::mutable_buffer>(buffers)); },
               std::forward<Token>(token));
  }

  /// Writes one TLS record: small buffers together, a large one for itself.
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return run([this, buffers] { return write_together(buffers); }, std::forward<Token>(token));
  }

private:
  enum class wait { none, readable, writable };

  /// What came of one call of OpenSSL's. It is repeated after the wait.
  struct attempt {
    wait before_next = wait::none;
    boost::system::error_code failure{};
    std::size_t bytes = 0;
  };

  struct free_ssl {
    void operator()(SSL* ssl) const noexcept {
      SSL_free(ssl);
    }
  };

  /// Repeats `step` until it need not wait. Asio's intermediate handler, and its state.
  template <class Step>
  struct operation {
    tls_stream& stream;
    Step step;
    bool waited = false;
    std::optional<attempt> done{};

    template <class Self>
    void operator()(Self& self, boost::system::error_code ec = {}) {
      if (done)
        return self.complete(done->failure, done->bytes);
      if (ec)
        return self.complete(ec, 0);
      auto last = step();
      if (last.before_next == wait::none && waited)
        return self.complete(last.failure, last.bytes);
      if (last.before_next == wait::none) { // A handler never runs inside of the call that it was given to.
        done = last;
        return boost::asio::post(stream.get_executor(), std::move(self));
      }
      waited = true;
      auto& socket = stream.socket_;
      socket.async_wait(last.before_next == wait::readable ? socket.wait_read : socket.wait_write, std::move(self));
    }
  };

  template <class Step, class Token>
  auto run(Step step, Token&& token) {
    return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
      operation<Step>{*this, std::move(step)}, token, socket_);
  }

  template <class Buffer, class Buffers>
  static Buffer first_of(const Buffers& buffers) {
    for (Buffer buffer : boost::beast::buffers_range_ref(buffers))
      if (buffer.size() > 0)
        return buffer;
    return {};
  }

  // The header of a WebSocket frame and what is in it are buffers of their own.
  template <class Buffers>
  attempt write_together(const Buffers& buffers) {
    std::array<std::byte, 4096> together;
    auto first = first_of<boost::asio::const_buffer>(buffers);
    if (first.size() >= together.size())
      return write(first);
    // OpenSSL wants to see the same bytes again after a wait, not at the same place.
    return write({together.data(), boost::asio::buffer_copy(boost::asio::buffer(together), buffers)});
  }

  attempt handshake();
  attempt read(boost::asio::mutable_buffer into);
  attempt write(boost::asio::const_buffer from);
  [[nodiscard]] attempt judge(int result, std::size_t bytes) const;

  static int on_socket_read(BIO* bio, char* into, int size);
  static int on_socket_write(BIO* bio, const char* from, int size);
  static BIO_METHOD* socket_method();

  boost::asio::ip::tcp::socket& socket_;
  /// Why the socket failed; OpenSSL does not keep it.
  boost::system::error_code socket_failure_;
  std::unique_ptr<SSL, free_ssl> ssl_;
};

} // namespace troupe::net
