// SPDX-License-Identifier: BSD-3-Clause
// dial ─▶ on_dialled ─▶ on_upgrade ─▶ opened
//                                        │  grant ─▶ read ─▶ on_read ─▶ on_flush ─▶ received
//                                        │  write ─▶ write_next ─▶ on_write ─▶ written
// ended ◀─ finish ◀─ any failure ◀───────┴─ close ─▶ on_close
#include "runtime/net/websocket.hpp"

#include "runtime/net/dialer.hpp"
#include "runtime/net/failures.hpp"

#include <boost/beast/websocket/stream.hpp>

#include <atomic>
#include <deque>
#include <type_traits>
#include <utility>

namespace troupe::net {

namespace {

namespace asio = boost::asio;
namespace ws = boost::beast::websocket;
using boost::system::error_code;

/// A batch is handed over at the latest when it has this many frames or bytes.
constexpr std::size_t max_batch_frames = 256;
constexpr std::size_t max_batch_bytes = 1u << 20;
/// The read buffer is given back above this, so that one large guild does not cost memory for days.
constexpr std::size_t max_idle_buffer_bytes = 64u << 10;
/// How many turns of the I/O loop a batch waits for its next frame. Reading a frame that lies decrypted in a buffer
/// takes Beast and Asio a few turns; where nothing lies there, the turns pass within microseconds.
constexpr auto patience = 4;

/// One connection, from the dial to its end. Lives on the I/O thread.
class session : public stoppable, public std::enable_shared_from_this<session> {
public:
  session(client_context::impl& context, url where, websocket_handlers handlers);
  ~session();

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
  void on_upgrade(error_code ec);
  void read();
  void on_read(error_code ec);
  void on_read_failed(error_code ec);
  void take_frame();
  void schedule_flush();
  void on_flush();
  void flush();
  void write_next();
  void on_write(error_code ec);
  void on_close(error_code ec);
  void finish_closed();
  void finish_unclosed();
  void limit(asio::steady_timer& timer, std::chrono::milliseconds time, errc failure);
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
  std::optional<ws::stream<byte_stream&, false>> socket_;
  ws::response_type upgrade_answer_;
  /// Limits dial and upgrade, later the close handshake.
  asio::steady_timer deadline_;

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
  asio::steady_timer write_deadline_;
};

session::session(client_context::impl& context, url where, websocket_handlers handlers)
  : context_{context}, where_{std::move(where)}, handlers_{std::move(handlers)}, deadline_{context.io}, write_deadline_{
                                                                                                          context.io} {
  // nop
}

session::~session() {
  context_.open.erase(this);
}

void session::dial() {
  if (phase_ != phase::dialling)
    return;
  context_.open.insert(this);
  limit(deadline_, context_.options.connect_timeout, errc::connect_timeout);
  dialer_ = std::make_shared<dialer>(context_, where_);
  dialer_->start([self = shared_from_this()](auto dialled) { self->on_dialled(std::move(dialled)); });
}

void session::on_dialled(result<std::unique_ptr<byte_stream>> dialled) {
  if (!dialled)
    return finish({.reason = dialled.error().detail, .failure = dialled.error().code});
  phase_ = phase::upgrading;
  stream_ = std::move(*dialled);
  socket_.emplace(*stream_);
  // All deadlines are ours: Beast's would close the socket without telling which step was late.
  socket_->set_option(ws::stream_base::timeout{ws::stream_base::none(), ws::stream_base::none(), false});
  socket_->set_option(ws::stream_base::decorator{[agent = context_.options.user_agent](ws::request_type& request) {
    request.set(boost::beast::http::field::user_agent, agent);
  }});
  socket_->read_message_max(context_.options.max_frame_bytes);
  socket_->auto_fragment(false);
  socket_->text(true);
  socket_->async_handshake(upgrade_answer_, host_header(where_), where_.target,
                           [self = shared_from_this()](error_code ec) { self->on_upgrade(ec); });
}

void session::on_upgrade(error_code ec) {
  if (phase_ != phase::upgrading)
    return;
  if (ec == ws::error::upgrade_declined)
    return finish({.reason = where_.host + " answered HTTP " + std::to_string(upgrade_answer_.result_int()),
                   .failure = errc::upgrade_refused});
  if (ec)
    return finish({.reason = where_.host + ": " + sentence(ec),
                   .failure = is_lost(ec) ? errc::connection_lost : errc::upgrade_refused});
  deadline_.cancel();
  phase_ = phase::open;
  upgrade_answer_ = {};
  tell(handlers_.opened);
  read();
  write_next();
}

void session::grant(std::uint32_t frames) {
  credit_ += std::min(frames, UINT32_MAX - credit_);
  read();
}

void session::read() {
  if (phase_ != phase::open || reading_ || credit_ == 0)
    return;
  reading_ = true;
  socket_->async_read(buffer_, [self = shared_from_this()](error_code ec, std::size_t) { self->on_read(ec); });
}

void session::on_read(error_code ec) {
  reading_ = false;
  if (phase_ == phase::over)
    return;
  if (ec)
    return on_read_failed(ec);
  if (phase_ == phase::closing) {
    // The close handshake takes over the reading.
    buffer_.consume(buffer_.size());
    return;
  }
  take_frame();
  if (credit_ == 0 || batch_->size() >= max_batch_frames || batch_bytes_ >= max_batch_bytes)
    flush();
  read();
  schedule_flush();
}

void session::take_frame() {
  --credit_;
  if (!batch_)
    batch_ = std::make_shared<frame_batch>();
  auto data = buffer_.cdata();
  batch_->push_back({{static_cast<const char*>(data.data()), data.size()}, socket_->got_binary()});
  batch_bytes_ += data.size();
  buffer_.consume(data.size());
  if (buffer_.capacity() > max_idle_buffer_bytes)
    buffer_.shrink_to_fit();
}

void session::on_read_failed(error_code ec) {
  flush();
  if (phase_ == phase::over)
    return;
  if (ec == ws::error::closed)
    return finish_closed();
  if (phase_ == phase::closing)
    return close_pending_ ? void() : finish_unclosed(); // Beast aborts the read where `async_close` got the answer.
  auto too_large = ec == ws::error::message_too_big || ec == ws::error::buffer_overflow;
  if (too_large)
    return finish({.reason = "the limit is " + std::to_string(context_.options.max_frame_bytes) + " bytes",
                   .failure = errc::message_too_large,
                   .was_open = true});
  finish({.reason = sentence(ec), .failure = errc::connection_lost, .was_open = true});
}

void session::schedule_flush() {
  if (!batch_ || flush_scheduled_)
    return;
  flush_scheduled_ = true;
  seen_frames_ = 0;
  quiet_turns_ = 0;
  asio::post(context_.io, [self = shared_from_this()] { self->on_flush(); });
}

// Everything that is complete already becomes one batch: as long as frames keep coming out of the buffers, it grows.
void session::on_flush() {
  auto frames = batch_ ? batch_->size() : 0;
  quiet_turns_ = frames == seen_frames_ ? quiet_turns_ + 1 : 0;
  seen_frames_ = frames;
  if (frames != 0 && quiet_turns_ < patience && phase_ == phase::open) {
    asio::post(context_.io, [self = shared_from_this()] { self->on_flush(); });
    return;
  }
  flush_scheduled_ = false;
  flush();
}

void session::flush() {
  if (!batch_ || phase_ != phase::open)
    return;
  batch_bytes_ = 0;
  tell(handlers_.received, std::exchange(batch_, nullptr));
}

void session::write(std::uint64_t ticket, std::string text) {
  if (phase_ == phase::closing || phase_ == phase::over)
    return;
  outbox_.push_back({ticket, std::move(text)});
  write_next();
}

void session::write_next() {
  if (phase_ != phase::open || writing_ || outbox_.empty())
    return;
  writing_ = true;
  limit(write_deadline_, context_.options.write_timeout, errc::write_timeout);
  socket_->async_write(asio::buffer(outbox_.front().text),
                       [self = shared_from_this()](error_code ec, std::size_t) { self->on_write(ec); });
}

void session::on_write(error_code ec) {
  writing_ = false;
  if (phase_ == phase::over)
    return outbox_.clear();
  write_deadline_.cancel();
  if (ec) {
    // While a close frame is being answered, Beast aborts writes: the reading side is about to say why.
    if (ec == asio::error::operation_aborted || phase_ == phase::closing) {
      writing_ = true; // No more of them.
      return limit(write_deadline_, context_.options.close_timeout, errc::connection_lost);
    }
    return finish({.reason = sentence(ec), .failure = errc::connection_lost, .was_open = true});
  }
  auto ticket = outbox_.front().ticket;
  outbox_.pop_front();
  if (phase_ == phase::open)
    tell(handlers_.written, ticket);
  write_next();
}

void session::close(std::uint16_t code) {
  if (phase_ == phase::closing || phase_ == phase::over)
    return;
  if (code == 0 || phase_ != phase::open)
    return finish({.reason = "closed on request", .was_open = was_open()});
  flush();
  if (phase_ != phase::open)
    return;
  phase_ = phase::closing;
  limit(deadline_, context_.options.close_timeout, errc::none);
  close_pending_ = true;
  socket_->async_close(ws::close_reason{code}, [self = shared_from_this()](error_code ec) { self->on_close(ec); });
}

// The peer's answer reaches either the pending read or `async_close`; the other one is aborted, sometimes first.
void session::on_close(error_code ec) {
  close_pending_ = false;
  if (phase_ == phase::over)
    return;
  if (!ec)
    return finish_closed();
  if (!reading_)
    finish_unclosed();
}

void session::finish_closed() {
  auto& reason = socket_->reason();
  std::uint16_t code = reason.code;
  if (code == ws::close_code::none)
    code = ws::close_code::no_status; // RFC 6455 7.1.5: a close frame without a code counts as 1005.
  finish({.code = code, .reason = {reason.reason.data(), reason.reason.size()}, .was_open = true});
}

void session::finish_unclosed() {
  if (socket_->reason().code != ws::close_code::none)
    return finish_closed();
  finish({.reason = "the connection ended during the close handshake", .was_open = true});
}

void session::cut() {
  if (phase_ == phase::over)
    return;
  auto self = shared_from_this(); // The handlers may hold the last owner.
  silence();
  finish({});
}

void session::limit(asio::steady_timer& timer, std::chrono::milliseconds time, errc failure) {
  timer.expires_after(time);
  timer.async_wait([self = shared_from_this(), &timer, failure](error_code ec) {
    // A timer that was set again while this was on its way is not due.
    if (!ec && timer.expiry() <= std::chrono::steady_clock::now())
      self->on_limit(failure);
  });
}

void session::on_limit(errc failure) {
  if (phase_ == phase::over)
    return;
  auto& options = context_.options;
  auto after = [](std::chrono::milliseconds time) { return " after " + std::to_string(time.count()) + " ms"; };
  switch (failure) {
  case errc::connect_timeout: {
    if (was_open())
      return;
    std::string step{phase_ == phase::upgrading ? "waiting for the upgrade to a WebSocket" : dialer_->step()};
    return finish(
      {.reason = where_.host + ": given up" + after(options.connect_timeout) + " while " + step, .failure = failure});
  }
  case errc::write_timeout:
    if (!writing_)
      return;
    return finish({.reason = "given up" + after(options.write_timeout), .failure = failure, .was_open = true});
  case errc::connection_lost:
    return finish({.reason = "the socket takes no more writes", .failure = failure, .was_open = true});
  default:
    return finish({.reason = "the peer did not answer the close" + after(options.close_timeout), .was_open = true});
  }
}

void session::finish(websocket_end end) {
  phase_ = phase::over;
  // Handlers may own what owns this connection: letting go of them breaks the circle.
  auto ended = std::exchange(handlers_, {}).ended;
  release();
  tell(std::move(ended), std::move(end));
}

void session::release() {
  context_.open.erase(this);
  deadline_.cancel();
  write_deadline_.cancel();
  if (dialer_)
    dialer_->cancel();
  if (stream_)
    stream_->close();
  batch_.reset();
  // A write that is under way refers to its text until it is aborted.
  if (!writing_)
    outbox_.clear();
}

/// What the owner holds: every call goes to the I/O thread.
class handle : public websocket {
public:
  handle(std::shared_ptr<client_context> context, const url& where, websocket_handlers handlers)
    : context_{std::move(context)}, session_{std::make_shared<session>(context_->get(), where, std::move(handlers))} {
    post([](session& self) { self.dial(); });
  }

  ~handle() override {
    session_->silence();
    // The session moves into the call: it dies on the I/O thread.
    asio::post(context_->get().io, [session = std::move(session_)] { session->cut(); });
  }

  void grant(std::uint32_t frames) override {
    post([frames](session& self) { self.grant(frames); });
  }

  void write(std::uint64_t ticket, std::string text) override {
    post([ticket, text = std::move(text)](session& self) mutable { self.write(ticket, std::move(text)); });
  }

  void close(std::uint16_t code) override {
    post([code](session& self) { self.close(code); });
  }

private:
  template <class Call>
  void post(Call call) {
    asio::post(context_->get().io, [session = session_, call = std::move(call)]() mutable { call(*session); });
  }

  std::shared_ptr<client_context> context_;
  std::shared_ptr<session> session_;
};

} // namespace

std::shared_ptr<websocket> dial_websocket(std::shared_ptr<client_context> context, const url& where,
                                          websocket_handlers handlers) {
  return std::make_shared<handle>(std::move(context), where, std::move(handlers));
}

} // namespace troupe::net
