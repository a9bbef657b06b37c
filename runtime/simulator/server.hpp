// SPDX-License-Identifier: BSD-3-Clause
// The local Discord on real sockets: REST, gateway and control endpoint on one port, the resume host on a second one.
// One I/O thread of its own runs the model; Beast stays out of this header.
#pragma once

#include "messages/error.hpp"

#include "runtime/simulator/faults.hpp"
#include "runtime/simulator/options.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe::simulator {

/// How to serve. Only loopback is listened on.
struct server_options {
  /// The rules; `gateway_url`, `resume_url` and `unix_start_ms` are filled in by the server.
  options model;
  /// 0: any free port. The resume host's port is always a free one.
  std::uint16_t port = 0;
  /// Without TLS: http and ws.
  bool plain = false;
  /// Where ca.pem is written; not set: nowhere.
  std::optional<std::string> tls_dir;
  /// A certificate chain and key of your own (PEM files) instead of ones made at start.
  std::string cert_file;
  std::string key_file;
  /// Bytes that may wait for a slow client: above it the model holds events back for it.
  std::size_t queue_high = 1u << 20;
  std::vector<timed_fault> script;
};

/// A running local Discord. Thread-safe. Stops when it is destroyed.
class server {
public:
  /// @returns `errc::invalid_configuration` or `errc::connect_failed` with the reason.
  [[nodiscard]] static result<std::unique_ptr<server>> start(server_options opts);

  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// "https://127.0.0.1:PORT/api/v10"
  [[nodiscard]] const std::string& api_url() const noexcept;
  /// "https://127.0.0.1:PORT/_control"
  [[nodiscard]] const std::string& control_url() const noexcept;
  /// The authority to trust; empty with `plain` or a certificate of one's own.
  [[nodiscard]] const std::string& ca_pem() const noexcept;
  /// Where it was written; empty without `tls_dir`.
  [[nodiscard]] const std::string& ca_file() const noexcept;

  /// Plays a fault now. Thread-safe.
  void inject(const fault& what);
  /// See `model::summary`.
  [[nodiscard]] std::string summary();
  /// How many breaches were recorded.
  [[nodiscard]] std::size_t breaches();
  /// Ends all connections and the thread; the summary stays available.
  void stop();

  /// For the other sources of this folder.
  class impl;

private:
  explicit server(std::shared_ptr<impl> impl);
  std::shared_ptr<impl> impl_;
};

} // namespace troupe::simulator
