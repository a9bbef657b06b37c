// SPDX-License-Identifier: BSD-3-Clause
// Gets from a URL to a connected stream: resolve, connect, [CONNECT through a proxy], TLS handshake. Shared by the
// WebSocket and the HTTP client, which own the deadline. Internal to runtime/net.
#pragma once

#include "messages/error.hpp"

#include "runtime/net/byte_stream.hpp"
#include "runtime/net/client_context_impl.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::net {

/// One dial. Lives on the I/O thread.
class dialer : public std::enable_shared_from_this<dialer> {
public:
  using completion = std::function<void(result<std::unique_ptr<byte_stream>>)>;

  dialer(client_context::impl& context, url where);

  /// Calls `done` once, unless `cancel` comes first.
  void start(completion done);

  /// Gives up; `done` is not called any more.
  void cancel();

  /// What it is waiting for, as in "timed out while <step>".
  [[nodiscard]] std::string_view step() const noexcept {
    return step_;
  }

private:
  using error_code = boost::system::error_code;
  using endpoint = boost::asio::ip::tcp::endpoint;

  void resolve();
  void on_resolve(error_code ec, std::vector<endpoint> found);
  void connect_next();
  void on_connect(error_code ec);
  void ask_proxy();
  void on_proxy_asked(error_code ec);
  void on_proxy_connect(error_code ec);
  void tls_handshake();
  void on_tls_handshake(error_code ec);
  void fail(errc code, std::string detail);
  void succeed();

  client_context::impl& context_;
  const url where_;
  /// Where the socket goes: the proxy, or the host itself.
  const url first_hop_;
  const bool through_proxy_;
  completion done_;
  std::string_view step_;
  boost::asio::ip::tcp::resolver resolver_;
  std::vector<endpoint> endpoints_;
  std::size_t next_endpoint_ = 0;
  error_code last_failure_;
  /// Limits one address where there are more to try.
  boost::asio::steady_timer attempt_;
  std::unique_ptr<byte_stream> stream_;
  boost::beast::http::request<boost::beast::http::empty_body> proxy_request_;
  std::optional<boost::beast::http::response_parser<boost::beast::http::empty_body>> proxy_answer_;
  boost::beast::flat_buffer proxy_buffer_;
};

} // namespace troupe::net
