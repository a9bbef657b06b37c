// SPDX-License-Identifier: BSD-3-Clause
// A server on loopback that follows a script, on plain blocking sockets: the far end of the tests. It speaks HTTP and
// WebSocket byte by byte, so that it can do what no library does, and shares no code with what is tested.
#pragma once

#include "runtime/net/self_signed.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace troupe::test {

/// One frame as a client sent it, unmasked.
struct client_frame {
  int opcode = 0;
  bool masked = false;
  std::string payload;

  /// The code of a close frame.
  [[nodiscard]] int close_code() const;
};

/// One accepted connection. Everything blocks and throws where the connection ends.
class peer {
public:
  virtual ~peer() = default;

  virtual std::string read_some() = 0;
  virtual void send(std::string_view bytes) = 0;
  /// Ends the TCP connection with a reset.
  virtual void reset() = 0;
  /// Ends the sending direction: the client reads what was sent, then the end.
  virtual void end() = 0;
  /// Makes `send` throw where it is blocked for longer.
  virtual void limit_sending(std::chrono::milliseconds time) = 0;

  /// Reads an HTTP head, up to and with the empty line.
  std::string read_head();
  /// Reads an HTTP head and its body, by content-length. Returns both.
  std::string read_request();
  /// Accepts a WebSocket. Returns the request.
  std::string upgrade();
  client_frame read_frame();
  /// Reads until the client is gone.
  void drain();

private:
  std::string take(std::size_t bytes);
  std::string buffer_;
};

std::string text_frame(std::string_view payload);
std::string binary_frame(std::string_view payload);
std::string close_frame(std::uint16_t code, std::string_view reason);
std::string http_answer(int status, std::string_view body, std::string_view more_headers = "");

/// Carries bytes between a client and the server on this port of 127.0.0.1, both ways and as they are, until either
/// ends: what a proxy does after CONNECT.
void tunnel(peer& client, std::uint16_t port);

/// Accepts until it is destroyed; runs the script for each connection on a thread of its own.
class local_server {
public:
  using script = std::function<void(peer&)>;

  explicit local_server(script play, std::optional<net::certificate_pair> tls = {});
  ~local_server();
  local_server(const local_server&) = delete;
  local_server& operator=(const local_server&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept {
    return port_;
  }
  /// For example url("ws") is "ws://127.0.0.1:port".
  [[nodiscard]] std::string url(std::string_view scheme, std::string_view host = "127.0.0.1") const;
  /// How many connections were accepted so far.
  [[nodiscard]] int accepted() const noexcept {
    return accepted_;
  }

private:
  struct running {
    int socket;
    std::thread thread;
  };

  void accept_all();
  void serve(int socket);

  script play_;
  std::shared_ptr<void> tls_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> accepted_{0};
  std::mutex mutex_;
  bool stopping_ = false;
  std::list<running> running_;
  std::thread acceptor_;
};

} // namespace troupe::test
