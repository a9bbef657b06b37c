// SPDX-License-Identifier: BSD-3-Clause
// What TLS needs beyond Asio: which authorities to trust, how a host proves its name, and sessions to resume. Internal
// to runtime/net.
#pragma once

#include "messages/error.hpp"

#include "runtime/net/url.hpp"

#include <boost/asio/ssl/context.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace troupe::net {

/// Trusts the certificates in the PEM file `ca_file`, or the system's where there is none.
/// @returns `errc::invalid_configuration` naming the path where nothing can be read from it.
[[nodiscard]] result<void> trust(boost::asio::ssl::context& context, const std::optional<std::string>& ca_file);

/// The newest TLS session of each host. A thousand shards dial few hosts: resuming spares each a full handshake. Lives
/// on the I/O thread; only the counter is read elsewhere.
class tls_sessions {
public:
  /// Makes `context` store the sessions of its connections here.
  void attach(boost::asio::ssl::context& context);

  /// Prepares a client's `ssl` before its handshake: server name, name check, session to resume. `key` (a "host:port")
  /// must outlive `ssl`.
  void prepare(SSL* ssl, const url& where, const std::string& key);

  /// Counts the handshake that `ssl` just ended where it resumed a session.
  void count(SSL* ssl) noexcept;

  /// How many handshakes resumed a session.
  [[nodiscard]] std::uint64_t resumed() const noexcept {
    return resumed_.load(std::memory_order_relaxed);
  }

private:
  struct free_session {
    void operator()(SSL_SESSION* session) const noexcept {
      SSL_SESSION_free(session);
    }
  };

  static int on_new_session(SSL* ssl, SSL_SESSION* session);

  std::map<std::string, std::unique_ptr<SSL_SESSION, free_session>, std::less<>> by_host_;
  std::atomic<std::uint64_t> resumed_{0};
};

} // namespace troupe::net
