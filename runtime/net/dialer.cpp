// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/dialer.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <utility>

namespace troupe::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;

dialer::dialer(client_context::impl& context, url where)
  : context_{context}, where_{std::move(where)}, first_hop_{context.proxy_for(where_) ? *context.proxy_for(where_)
                                                                                      : where_},
    through_proxy_{context.proxy_for(where_) != nullptr}, resolver_{context.io}, attempt_{context.io} {
  // nop
}

void dialer::start(completion done) {
  done_ = std::move(done);
  resolve();
}

void dialer::cancel() {
  done_ = nullptr;
  resolver_.cancel();
  attempt_.cancel();
  if (stream_)
    stream_->close();
}

void dialer::resolve() {
  step_ = "resolving the host name";
  std::vector<endpoint> known;
  error_code ec;
  if (auto address = asio::ip::make_address(first_hop_.host, ec); !ec)
    known = {{address, first_hop_.port}};
  else if (first_hop_.host == "localhost") // Is trusted without TLS: no resolver may say where it is (RFC 6761).
    known = {{asio::ip::address_v6::loopback(), first_hop_.port}, {asio::ip::address_v4::loopback(), first_hop_.port}};
  if (!known.empty()) {
    // Asio resolves one name at a time on a thread of its own: addresses need not queue there.
    asio::post(context_.io, [self = shared_from_this(), known = std::move(known)] { self->on_resolve({}, known); });
    return;
  }
  resolver_.async_resolve(
    first_hop_.host, std::to_string(first_hop_.port), asio::ip::resolver_base::numeric_service,
    [self = shared_from_this()](error_code ec, const asio::ip::tcp::resolver::results_type& results) {
      std::vector<endpoint> found;
      for (auto& entry : results)
        found.push_back(entry.endpoint());
      self->on_resolve(ec, std::move(found));
    });
}

void dialer::on_resolve(error_code ec, std::vector<endpoint> found) {
  if (!done_)
    return;
  if (ec)
    return fail(errc::resolve_failed, first_hop_.host + ": " + ec.message());
  endpoints_ = std::move(found);
  connect_next();
}

void dialer::connect_next() {
  step_ = "connecting";
  stream_ = std::make_unique<byte_stream>(context_.io, host_and_port(where_));
  auto& socket = stream_->socket();
  auto last = next_endpoint_ + 1 == endpoints_.size();
  socket.async_connect(endpoints_[next_endpoint_++],
                       [self = shared_from_this()](error_code ec) { self->on_connect(ec); });
  if (last)
    return;
  // An address that swallows packets (broken IPv6, often) must leave time for the others.
  attempt_.expires_after(context_.options.connect_timeout / 4);
  attempt_.async_wait([self = shared_from_this(), tried = next_endpoint_](error_code ec) {
    if (!ec && self->done_ && self->next_endpoint_ == tried && self->step_ == "connecting")
      self->stream_->close();
  });
}

void dialer::on_connect(error_code ec) {
  attempt_.cancel();
  if (!done_)
    return;
  if (ec) {
    last_failure_ = ec == asio::error::operation_aborted ? error_code{asio::error::timed_out} : ec;
    if (next_endpoint_ < endpoints_.size())
      return connect_next();
    auto who = through_proxy_ ? "the proxy " + host_and_port(first_hop_) : host_and_port(first_hop_);
    return fail(errc::connect_failed, who + ": " + last_failure_.message());
  }
  error_code ignored;
  stream_->socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
  if (through_proxy_)
    return ask_proxy();
  tls_handshake();
}

void dialer::ask_proxy() {
  step_ = "waiting for the proxy";
  proxy_request_ = {http::verb::connect, host_and_port(where_), 11};
  proxy_request_.set(http::field::host, host_and_port(where_));
  proxy_request_.set(http::field::user_agent, context_.options.user_agent);
  http::async_write(*stream_, proxy_request_,
                    [self = shared_from_this()](error_code ec, std::size_t) { self->on_proxy_asked(ec); });
}

void dialer::on_proxy_asked(error_code ec) {
  if (!done_)
    return;
  if (ec)
    return fail(errc::connect_failed, "the proxy " + host_and_port(first_hop_) + ": " + ec.message());
  // The answer to CONNECT has no body when it is a success: what follows belongs to the host.
  proxy_answer_.emplace();
  proxy_answer_->skip(true);
  http::async_read_header(*stream_, proxy_buffer_, *proxy_answer_,
                          [self = shared_from_this()](error_code ec, std::size_t) { self->on_proxy_connect(ec); });
}

void dialer::on_proxy_connect(error_code ec) {
  if (!done_)
    return;
  auto proxy = "the proxy " + host_and_port(first_hop_);
  if (ec)
    return fail(errc::connect_failed, proxy + ": " + ec.message());
  auto status = proxy_answer_->get().result_int();
  if (status < 200 || status > 299)
    return fail(errc::connect_failed,
                proxy + " refused to connect to " + host_and_port(where_) + " with HTTP " + std::to_string(status));
  if (proxy_buffer_.size() != 0)
    return fail(errc::connect_failed, proxy + " sent data before the host could");
  tls_handshake();
}

void dialer::tls_handshake() {
  if (!where_.encrypted())
    return succeed();
  step_ = "waiting for the TLS handshake";
  auto& tls = stream_->encrypt(context_.tls);
  context_.sessions.prepare(tls.native_handle(), where_, stream_->key());
  tls.async_handshake(asio::ssl::stream_base::client,
                      [self = shared_from_this()](error_code ec, std::size_t) { self->on_tls_handshake(ec); });
}

void dialer::on_tls_handshake(error_code ec) {
  if (!done_)
    return;
  auto ssl = stream_->ssl();
  if (ec) {
    if (auto verdict = SSL_get_verify_result(ssl); verdict != X509_V_OK)
      return fail(errc::certificate_rejected, where_.host + ": " + X509_verify_cert_error_string(verdict));
    auto closed = ec == asio::error::eof || ec == asio::ssl::error::stream_truncated;
    return fail(errc::tls_failed,
                host_and_port(where_) + ": " + (closed ? "the host closed the connection" : ec.message()));
  }
  context_.sessions.count(ssl);
  succeed();
}

void dialer::fail(errc code, std::string detail) {
  if (stream_)
    stream_->close();
  std::exchange(done_, nullptr)(error{code, std::move(detail)});
}

void dialer::succeed() {
  std::exchange(done_, nullptr)(std::move(stream_));
}

} // namespace troupe::net
