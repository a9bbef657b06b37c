// SPDX-License-Identifier: BSD-3-Clause
// One WebSocket from its dial to its end. Separate from websocket.hpp to keep Beast out of the rest of the project.
// Internal to runtime/net.
#pragma once

#include "runtime/net/dialer.hpp"
#include "runtime/net/websocket.hpp"

#include <boost/beast/websocket/stream.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace troupe::net {

/// One connection, from the dial to its end. Lives on the I/O thread.
class websocket_session final : public stoppable, public std::enable_shared_from_this<websocket_session> {
public:
  websocket_session(client_context::impl& context, url where, websocket_handlers handlers);
  ~websocket_session();

  /// What `net::websocket` promises, on the I/O thread.
  void dial();
  void grant(std::uint32_t frames);
  void write(std::uint64_t ticket, std::string text);
  void close(std::uint16_t code);
  void cut() override;

  /// No handler starts after this. Thread-safe.
  void silence() noexcept {
    silent_ = true;
  }

private:
  enum class phase { dialling, upgrading, open, closing, over };

  struct outgoing {
    std::uint64_t ticket;
    std::string text;
  };

  void on_dialled(result<std::unique_ptr<byte_stream>> dialled);
  void on_upgrade(boost::system::error_code ec);
  void read();
  void on_read(boost::system::error_code ec);
  void on_read_failed(boost::system::error_code ec);
  void take_frame();
  void schedule_flush();
  void on_flush();
  void flush();
  void write_next();
  void on_write(boost::system::error_code ec);
  void on_close(boost::system::error_code ec);
  void finish_closed();
  void finish_unclosed();
  void limit(boost::asio::steady_timer& timer, std::chrono::milliseconds time, errc failure);
  void on_limit(errc failure);
  void finish(websocket_end end);
  void release();

  /// Calls a copy: the handler may drop this connection, and itself with it.
  template <class... Args>
  void tell(std::function<void(Args...)> handler, std::type_identity_t<Args>... args) {
    if (handler && !silent_)
      handler(std::move(args)...);
  }

  [[nodiscard]] bool was_open() const noexcept {
    return phase_ == phase::open || phase_ == phase::closing;
  }

  client_context::impl& context_;
  const url where_;
  websocket_handlers handlers_;
  std::atomic<bool> silent_{false};
  phase phase_ = phase::dialling;

  std::shared_ptr<dialer> dialer_;
  std::unique_ptr<byte_stream> stream_;
  std::optional<boost::beast::websocket::stream<byte_stream&, false>> socket_;
  boost::beast::websocket::response_type upgrade_answer_;
  /// Limits dial and upgrade, later the close handshake.
  boost::asio::steady_timer deadline_;

  std::uint32_t credit_ = 0;
  bool reading_ = false;
  boost::beast::flat_buffer buffer_;
  std::shared_ptr<frame_batch> batch_;
  std::size_t batch_bytes_ = 0;
  bool flush_scheduled_ = false;
  /// The batch as the last turn of the loop saw it, and how many turns it has not grown.
  std::size_t seen_frames_ = 0;
  int quiet_turns_ = 0;

  std::deque<outgoing> outbox_;
  bool writing_ = false;
  bool close_pending_ = false;
  boost::asio::steady_timer write_deadline_;
};

} // namespace troupe::net
