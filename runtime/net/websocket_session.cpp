// SPDX-License-Identifier: BSD-3-Clause
// dial ─▶ on_dialled ─▶ on_upgrade ─▶ opened
//                                        │  grant ─▶ read ─▶ on_read ─▶ on_flush ─▶ received
//                                        │  write ─▶ write_next ─▶ on_write ─▶ written
// ended ◀─ finish ◀─ any failure ◀───────┴─ close ─▶ on_close
#include "runtime/net/websocket_session.hpp"

#include "runtime/net/failures.hpp"

#include <algorithm>

namespace troupe::net {

namespace asio = boost::asio;
namespace ws = boost::beast::websocket;
using boost::system::error_code;

namespace {

/// A batch is handed over at the latest when it has this many frames or bytes.
constexpr std::size_t max_batch_frames = 256;
constexpr std::size_t max_batch_bytes = 1u << 20;
/// The read buffer is given back above this, so that one large guild does not cost memory for days.
constexpr std::size_t max_idle_buffer_bytes = 4u << 10;
/// How many turns of the I/O loop a batch waits for its next frame. Reading a frame that lies decrypted in a buffer
/// takes Beast and Asio a few turns; where nothing lies there, the turns pass within microseconds.
constexpr auto patience = 4;

} // namespace

websocket_session::websocket_session(client_context::impl& context, url where, websocket_handlers handlers)
  : context_{context}, where_{std::move(where)}, handlers_{std::move(handlers)}, deadline_{context.io}, write_deadline_{
                                                                                                          context.io} {
  // nop
}

websocket_session::~websocket_session() {
  context_.open.erase(this);
}

void websocket_session::dial() {
  if (phase_ != phase::dialling)
    return;
  context_.open.insert(this);
  limit(deadline_, context_.options.connect_timeout, errc::connect_timeout);
  dialer_ = std::make_shared<dialer>(context_, where_);
  dialer_->start([self = shared_from_this()](auto dialled) { self->on_dialled(std::move(dialled)); });
}

void websocket_session::on_dialled(result<std::unique_ptr<byte_stream>> dialled) {
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

void websocket_session::on_upgrade(error_code ec) {
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

void websocket_session::grant(std::uint32_t frames) {
  credit_ += std::min(frames, UINT32_MAX - credit_);
  read();
}

void websocket_session::read() {
  if (phase_ != phase::open || reading_ || credit_ == 0)
    return;
  reading_ = true;
  socket_->async_read(buffer_, [self = shared_from_this()](error_code ec, std::size_t) { self->on_read(ec); });
}

void websocket_session::on_read(error_code ec) {
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

void websocket_session::take_frame() {
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

void websocket_session::on_read_failed(error_code ec) {
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

void websocket_session::schedule_flush() {
  if (!batch_ || flush_scheduled_)
    return;
  flush_scheduled_ = true;
  seen_frames_ = 0;
  quiet_turns_ = 0;
  asio::post(context_.io, [self = shared_from_this()] { self->on_flush(); });
}

// Everything that is complete already becomes one batch: as long as frames keep coming out of the buffers, it grows.
void websocket_session::on_flush() {
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

void websocket_session::flush() {
  if (!batch_ || phase_ != phase::open)
    return;
  batch_bytes_ = 0;
  tell(handlers_.received, std::exchange(batch_, nullptr));
}

void websocket_session::write(std::uint64_t ticket, std::string text) {
  if (phase_ == phase::closing || phase_ == phase::over)
    return;
  outbox_.push_back({ticket, std::move(text)});
  write_next();
}

void websocket_session::write_next() {
  if (phase_ != phase::open || writing_ || outbox_.empty())
    return;
  writing_ = true;
  limit(write_deadline_, context_.options.write_timeout, errc::write_timeout);
  socket_->async_write(asio::buffer(outbox_.front().text),
                       [self = shared_from_this()](error_code ec, std::size_t) { self->on_write(ec); });
}

void websocket_session::on_write(error_code ec) {
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

void websocket_session::close(std::uint16_t code) {
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
void websocket_session::on_close(error_code ec) {
  close_pending_ = false;
  if (phase_ == phase::over)
    return;
  if (!ec)
    return finish_closed();
  if (!reading_)
    finish_unclosed();
}

void websocket_session::finish_closed() {
  auto& reason = socket_->reason();
  std::uint16_t code = reason.code;
  if (code == ws::close_code::none)
    code = ws::close_code::no_status; // RFC 6455 7.1.5: a close frame without a code counts as 1005.
  finish({.code = code, .reason = {reason.reason.data(), reason.reason.size()}, .was_open = true});
}

void websocket_session::finish_unclosed() {
  if (socket_->reason().code != ws::close_code::none)
    return finish_closed();
  finish({.reason = "the connection ended during the close handshake", .was_open = true});
}

void websocket_session::cut() {
  if (phase_ == phase::over)
    return;
  auto self = shared_from_this(); // The handlers may hold the last owner.
  silence();
  finish({});
}

void websocket_session::limit(asio::steady_timer& timer, std::chrono::milliseconds time, errc failure) {
  timer.expires_after(time);
  timer.async_wait([self = shared_from_this(), &timer, failure](error_code ec) {
    // A timer that was set again while this was on its way is not due.
    if (!ec && timer.expiry() <= std::chrono::steady_clock::now())
      self->on_limit(failure);
  });
}

void websocket_session::on_limit(errc failure) {
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

void websocket_session::finish(websocket_end end) {
  phase_ = phase::over;
  // Handlers may own what owns this connection: letting go of them breaks the circle.
  auto ended = std::exchange(handlers_, {}).ended;
  release();
  tell(std::move(ended), std::move(end));
}

void websocket_session::release() {
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

} // namespace troupe::net
