// SPDX-License-Identifier: BSD-3-Clause
// What all connections of a process share: the I/O thread, one TLS context with its trusted certificates and its
// sessions to resume, the proxy. Beast and Asio stay out of this header.
#pragma once

#include "messages/error.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace troupe::net {

/// How to dial.
struct client_options {
  /// A PEM file with certificates to trust instead of the system's.
  std::optional<std::string> ca_file;
  /// "http://host:port": everything but loopback goes through CONNECT.
  std::optional<std::string> proxy;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds write_timeout{10'000};
  std::chrono::milliseconds close_timeout{2'000};
  std::chrono::milliseconds http_timeout{15'000};
  /// A compressed frame above this ends the connection.
  std::size_t max_frame_bytes = 64u << 20;
  std::string user_agent = "DiscordBot (https://github.com/troupe/troupe, 0.1.0)";
};

/// Runs one I/O thread until it is destroyed. Thread-safe.
class client_context {
public:
  /// @returns `errc::invalid_configuration` where the CA file cannot be read or the proxy is no URL.
  [[nodiscard]] static result<std::shared_ptr<client_context>> make(client_options options);

  ~client_context();
  client_context(const client_context&) = delete;
  client_context& operator=(const client_context&) = delete;

  [[nodiscard]] const client_options& options() const noexcept;

  /// Ends all connections and joins the thread. Nothing is called back afterwards.
  void stop();

  class impl;
  [[nodiscard]] impl& get() noexcept {
    return *impl_;
  }

private:
  explicit client_context(std::unique_ptr<impl> impl);
  std::unique_ptr<impl> impl_;
};

} // namespace troupe::net
