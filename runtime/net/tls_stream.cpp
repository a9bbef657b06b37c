// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/tls_stream.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <cerrno>
#include <new>

namespace troupe::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// For a call of the system that failed. @returns whether it can be repeated when the socket is ready.
bool is_for_later(error_code& failure) {
  if (errno == EAGAIN || errno == EWOULDBLOCK)
    return true;
  failure = {errno, boost::system::system_category()};
  return false;
}

long on_socket_control(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

} // namespace

tls_stream::tls_stream(asio::ip::tcp::socket& socket, asio::ssl::context& context)
  : socket_{socket}, ssl_{SSL_new(context.native_handle())} {
  auto bio = ssl_ ? BIO_new(socket_method()) : nullptr;
  if (!bio)
    throw std::bad_alloc{};
  socket_.native_non_blocking(true);
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(native_handle(), bio, bio);
  SSL_set_mode(native_handle(),
               SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  // A record's header and its content in one call of the system.
  SSL_set_read_ahead(native_handle(), 1);
}

// -- OpenSSL above --------------------------------------------------------------------------------

tls_stream::attempt tls_stream::handshake() {
  ERR_clear_error();
  return judge(SSL_do_handshake(native_handle()), 0);
}

tls_stream::attempt tls_stream::read(asio::mutable_buffer into) {
  if (into.size() == 0)
    return {};
  ERR_clear_error();
  std::size_t bytes = 0;
  auto result = SSL_read_ex(native_handle(), into.data(), into.size(), &bytes);
  return judge(result, bytes);
}

tls_stream::attempt tls_stream::write(asio::const_buffer from) {
  if (from.size() == 0)
    return {};
  ERR_clear_error();
  std::size_t bytes = 0;
  auto result = SSL_write_ex(native_handle(), from.data(), from.size(), &bytes);
  return judge(result, bytes);
}

tls_stream::attempt tls_stream::judge(int result, std::size_t bytes) const {
  switch (SSL_get_error(ssl_.get(), result)) {
  case SSL_ERROR_NONE:
    return {.bytes = bytes};
  case SSL_ERROR_WANT_READ:
    return {.before_next = wait::readable};
  case SSL_ERROR_WANT_WRITE:
    return {.before_next = wait::writable};
  case SSL_ERROR_ZERO_RETURN:
    return {.failure = asio::error::eof};
  case SSL_ERROR_SYSCALL:
    return {.failure = socket_failure_ ? socket_failure_ : asio::ssl::error::unspecified_system_error};
  default:
    return {.failure = {static_cast<int>(ERR_get_error()), asio::error::get_ssl_category()}};
  }
}

// -- the socket below -----------------------------------------------------------------------------

BIO_METHOD* tls_stream::socket_method() {
  // OpenSSL's own method for sockets would let SIGPIPE end the process. Kept until its end.
  static auto* const method = [] {
    auto made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket of troupe::net");
    if (!made)
      throw std::bad_alloc{};
    BIO_meth_set_read(made, on_socket_read);
    BIO_meth_set_write(made, on_socket_write);
    BIO_meth_set_ctrl(made, on_socket_control);
    return made;
  }();
  return method;
}

int tls_stream::on_socket_read(BIO* bio, char* into, int size) {
  auto& self = *static_cast<tls_stream*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  auto got = ::recv(self.socket_.native_handle(), into, static_cast<std::size_t>(size), 0);
  if (got == 0)
    self.socket_failure_ = asio::ssl::error::stream_truncated;
  else if (got < 0 && is_for_later(self.socket_failure_))
    BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

int tls_stream::on_socket_write(BIO* bio, const char* from, int size) {
  auto& self = *static_cast<tls_stream*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  auto put = ::send(self.socket_.native_handle(), from, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (put < 0 && is_for_later(self.socket_failure_))
    BIO_set_retry_write(bio);
  return static_cast<int>(put);
}

} // namespace troupe::net
