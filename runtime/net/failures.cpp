// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/failures.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/websocket/error.hpp>

namespace troupe::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;

bool is_lost(const boost::system::error_code& ec) {
  // A peer that goes without a TLS goodbye shows up as a truncated stream or as one of OpenSSL's own errors.
  return ec == asio::error::eof || ec == asio::error::connection_reset || ec == asio::error::connection_aborted
         || ec == asio::error::broken_pipe || ec == asio::error::timed_out || ec == asio::error::host_unreachable
         || ec == asio::error::network_unreachable || ec == asio::error::network_reset
         || ec == asio::error::not_connected || ec == asio::error::operation_aborted || ec == http::error::end_of_stream
         || ec == http::error::partial_message || ec.category() == asio::ssl::error::get_stream_category()
         || ec.category() == asio::error::get_ssl_category();
}

std::string sentence(const boost::system::error_code& ec) {
  if (ec == asio::error::eof || ec == asio::ssl::error::stream_truncated || ec == http::error::end_of_stream
      || ec == http::error::partial_message)
    return "the peer ended the connection without a word";
  if (ec.category() == make_error_code(boost::beast::websocket::error::closed).category())
    return "the peer broke the WebSocket protocol (" + ec.message() + ")";
  return ec.message();
}

} // namespace troupe::net
