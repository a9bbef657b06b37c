// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/byte_stream.hpp"

namespace troupe::net {

byte_stream::~byte_stream() {
  // OpenSSL takes a session out of use when its connection ends without a TLS goodbye, and here most do: it would never
  // resume any.
  if (tls_)
    SSL_set_shutdown(tls_->native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

void byte_stream::close() noexcept {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void byte_stream::shut_down() noexcept {
  boost::system::error_code ignored;
  socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
}

} // namespace troupe::net
