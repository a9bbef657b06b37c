// SPDX-License-Identifier: BSD-3-Clause
// One socket of the local Discord: TLS, HTTP requests one after the other, and the WebSocket of a gateway connection.
#include "runtime/net/byte_stream.hpp"
#include "runtime/simulator/server_impl.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <utility>

namespace troupe::simulator {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using error_code = boost::system::error_code;

// The beginning of an unmasked frame: half of what it announces.
std::string half_of(const frame& what) {
  std::string out(1, static_cast<char>(what.binary ? 0x82 : 0x81));
  auto size = what.bytes.size();
  if (size < 126) {
    out += static_cast<char>(size);
  } else {
    out += static_cast<char>(size < 65'536 ? 126 : 127);
    for (int shift = size < 65'536 ? 8 : 56; shift >= 0; shift -= 8)
      out += static_cast<char>((size >> shift) & 0xff);
  }
  return out + what.bytes.substr(0, size / 2);
}

class socket_peer : public peer, public std::enable_shared_from_this<socket_peer> {
public:
  socket_peer(server::impl& owner, asio::ip::tcp::socket socket, host_kind host)
    : owner_{&owner}, host_{host}, stream_{owner.io_, "local"}, timer_{owner.io_} {
    stream_.socket() = std::move(socket);
  }

  void start() {
    if (owner_->options_.plain)
      return read_request();
    if (owner_->model_->tls_fails(clock::now())) {
      // Whoever begins a handshake gets bytes that are no TLS.
      asio::async_write(stream_.socket(), asio::buffer("this is no TLS\n", 15),
                        [self = shared_from_this()](error_code, std::size_t) { self->leave(); });
      return;
    }
    stream_.encrypt(owner_->tls_)
      .async_handshake(asio::ssl::stream_base::server, [self = shared_from_this()](error_code ec, std::size_t) {
        if (ec)
          self->leave();
        else
          self->read_request();
      });
  }

  void execute(effect what) override {
    if (what.kind == effect_kind::drop)
      return abort();
    queued_ += what.what.bytes.size();
    queue_.push_back(std::move(what));
    if (!held_ && queued_ > owner_->options_.queue_high) {
      held_ = true;
      owner_->model_->hold(connection_, true, clock::now());
    }
    write_next();
  }

  void abort() override {
    stream_.close();
    leave();
  }

private:
  // -- HTTP --------------------------------------------------------------------------------------

  void read_request() {
    parser_.emplace();
    parser_->body_limit(1u << 20);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](error_code ec, std::size_t) {
      if (ec)
        self->leave();
      else
        self->on_request();
    });
  }

  void on_request() {
    auto& message = parser_->get();
    auto now = clock::now();
    if (websocket::is_upgrade(message)) {
      auto answer = owner_->model_->open(host_, std::string{message.target()}, now);
      if (answer.connection == 0)
        return reply(answer.refusal);
      connection_ = answer.connection;
      owner_->early_[connection_];
      return upgrade();
    }
    http_request request{std::string{message.method_string()}, std::string{message.target()}, {}, message.body()};
    for (auto& field : message) {
      std::string name{field.name_string()};
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      request.headers[name] = std::string{field.value()};
    }
    auto answer =
      request.target.starts_with("/_control") ? owner_->control(request) : owner_->model_->on_request(request, now);
    owner_->pump();
    reply(answer);
  }

  void reply(const http_reply& answer) {
    if (answer.hang)
      return watch(); // Silence until the client gives up.
    timer_.expires_after(answer.late);
    response_ = {};
    response_.version(11);
    response_.result(answer.status);
    response_.set(http::field::content_type, answer.content_type);
    for (auto& [name, value] : answer.headers)
      response_.set(name, value);
    response_.body() = answer.body;
    response_.keep_alive(parser_->get().keep_alive());
    response_.prepare_payload();
    timer_.async_wait([self = shared_from_this()](error_code ec) {
      if (!ec)
        self->write_reply();
    });
  }

  void write_reply() {
    http::async_write(stream_, response_, [self = shared_from_this()](error_code ec, std::size_t) {
      if (ec || !self->response_.keep_alive())
        self->leave();
      else
        self->read_request();
    });
  }

  void watch() {
    stream_.async_read_some(asio::buffer(scratch_), [self = shared_from_this()](error_code ec, std::size_t) {
      if (ec)
        self->leave();
      else
        self->watch();
    });
  }

  // -- WebSocket ---------------------------------------------------------------------------------

  void upgrade() {
    socket_.emplace(stream_);
    socket_->read_message_max(1u << 16);
    socket_->async_accept(parser_->get(), [self = shared_from_this()](error_code ec) {
      if (ec)
        return self->leave();
      self->open_ = true;
      self->owner_->gateways_[self->connection_] = self;
      if (auto early = self->owner_->early_.extract(self->connection_); !early.empty())
        for (auto& one : early.mapped())
          self->execute(std::move(one));
      self->owner_->pump();
      self->read_frame();
    });
  }

  void read_frame() {
    buffer_.clear();
    socket_->async_read(buffer_, [self = shared_from_this()](error_code ec, std::size_t) {
      if (ec)
        return self->on_read_end(ec);
      frame got{beast::buffers_to_string(self->buffer_.data()), self->socket_->got_binary()};
      self->owner_->model_->on_frame(self->connection_, got, clock::now());
      self->owner_->pump();
      self->read_frame();
    });
  }

  void on_read_end(error_code ec) {
    auto code = ec == websocket::error::closed ? static_cast<std::uint16_t>(socket_->reason().code) : 0;
    tell_closed(code);
    leave();
  }

  void write_next() {
    if (writing_ || !open_ || queue_.empty())
      return;
    writing_ = true;
    auto& next = queue_.front();
    if (next.kind == effect_kind::close) {
      websocket::close_reason reason{static_cast<websocket::close_code>(next.code), next.reason};
      // The client may leave its side open: the close frame alone must do.
      timer_.expires_after(std::chrono::seconds{2});
      timer_.async_wait([self = shared_from_this()](error_code ec) {
        if (!ec)
          self->abort();
      });
      socket_->async_close(reason, [self = shared_from_this()](error_code) { self->leave(); });
      return;
    }
    auto written = [self = shared_from_this()](error_code ec, std::size_t) { self->on_written(ec); };
    if (next.kind == effect_kind::partial) {
      next.what.bytes = half_of(next.what);
      asio::async_write(stream_, asio::buffer(next.what.bytes), std::move(written));
    } else {
      socket_->binary(next.what.binary);
      socket_->async_write(asio::buffer(next.what.bytes), std::move(written));
    }
  }

  void on_written(error_code ec) {
    writing_ = false;
    if (ec)
      return; // The reader reports the end.
    auto partial = queue_.front().kind == effect_kind::partial;
    queued_ -= std::min(queued_, queue_.front().what.bytes.size());
    queue_.pop_front();
    if (partial)
      writing_ = true; // For good: nothing may follow half a frame.
    if (held_ && queued_ < owner_->options_.queue_high / 4) {
      held_ = false;
      owner_->model_->hold(connection_, false, clock::now());
      owner_->pump();
    }
    write_next();
  }

  void tell_closed(std::uint16_t code) {
    if (connection_ == 0)
      return;
    owner_->gateways_.erase(connection_);
    owner_->early_.erase(connection_);
    owner_->model_->on_closed(std::exchange(connection_, 0), code, clock::now());
    owner_->pump();
  }

  void leave() {
    auto self = shared_from_this();
    tell_closed(0);
    timer_.cancel();
    stream_.close();
    owner_->peers_.erase(self);
  }

  /// Outlives all its peers.
  server::impl* owner_;
  host_kind host_;
  net::byte_stream stream_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  std::array<char, 512> scratch_{};
  std::optional<websocket::stream<net::byte_stream&>> socket_;
  connection_id connection_ = 0;
  bool open_ = false;
  bool writing_ = false;
  bool held_ = false;
  std::size_t queued_ = 0;
  std::deque<effect> queue_;
};

} // namespace

void serve(server::impl& owner, asio::ip::tcp::socket socket, host_kind host, bool mute) {
  auto made = std::make_shared<socket_peer>(owner, std::move(socket), host);
  owner.peers_.insert(made);
  if (!mute)
    made->start();
}

} // namespace troupe::simulator
