// SPDX-License-Identifier: BSD-3-Clause
// What all connections of a process share: the I/O thread, one TLS context with its trusted certificates and its
// sessions to resume, the proxy. Beast and Asio stay out of this header.
#pragma once

#include "messages/error.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace troupe::net {

/// How to dial.
struct client_options {
  /// A PEM file with certificates to trust instead of the system's.
  std::optional<std::string> ca_file;
  /// "http://host:port": everything but loopback goes through CONNECT. The proxy resolves the host names.
  std::optional<std::string> proxy;
  /// Loopback goes through the proxy too. For tests.
  bool proxy_loopback = false;
  /// From the dial to the end of the WebSocket's upgrade.
  std::chrono::milliseconds connect_timeout{10'000};
  /// For each write on a WebSocket.
  std::chrono::milliseconds write_timeout{10'000};
  /// For the close handshake of a WebSocket.
  std::chrono::milliseconds close_timeout{2'000};
  /// From `http_client::send` to the last byte of the answer.
  std::chrono::milliseconds http_timeout{15'000};
  /// A WebSocket message above this (compressed, as it comes) ends the connection.
  std::size_t max_frame_bytes = 64u << 20;
  /// The `User-Agent` of requests and upgrades (protocol 1.5).
  std::string user_agent = "DiscordBot (https://github.com/troupe/troupe, 0.1.0)";
};

/// Runs one I/O thread until it is destroyed. Thread-safe. Whoever dials keeps it alive.
class client_context {
public:
  /// @returns `errc::invalid_configuration` where the CA file has no certificate to read or the proxy is no URL.
  [[nodiscard]] static result<std::shared_ptr<client_context>> make(client_options options);

  ~client_context();
  client_context(const client_context&) = delete;
  client_context& operator=(const client_context&) = delete;

  /// As given to `make`.
  [[nodiscard]] const client_options& options() const noexcept;

  /// How many TLS handshakes so far resumed an earlier session with the same host.
  [[nodiscard]] std::uint64_t tls_sessions_resumed() const noexcept;

  /// Ends all connections and joins the thread. Nothing is called back afterwards, not even `ended`. On the I/O thread
  /// itself it does not wait. A host name that is being resolved can delay the destructor until the resolver gives up.
  void stop();

  /// What the other files of this folder use.
  class impl;
  /// For the other files of this folder.
  [[nodiscard]] impl& get() noexcept {
    return *impl_;
  }

private:
  explicit client_context(std::shared_ptr<impl> impl);
  std::shared_ptr<impl> impl_;
};

} // namespace troupe::net
