// SPDX-License-Identifier: BSD-3-Clause
// HTTPS requests over kept-alive connections. Beast and Asio stay out of this header.
#pragma once

#include "messages/error.hpp"

#include "runtime/net/client_context.hpp"
#include "runtime/net/url.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace troupe::net {

/// One request.
struct http_request {
  /// An HTTP method in upper case.
  std::string method = "GET";
  /// Where to; the target goes into the request line as it is.
  url where;
  /// Sent as they are. `Host`, `User-Agent` and, with a body, `Content-Type: application/json` are added where missing.
  std::vector<std::pair<std::string, std::string>> headers;
  /// May be empty.
  std::string body;
};

/// One answer, whatever its status.
struct http_response {
  /// The status code, 200 to 599.
  std::uint16_t status = 0;
  /// Names in lower case; a header that came more than once has its values joined by ", ".
  std::map<std::string, std::string> headers;
  /// As it came, 16 MiB at most.
  std::string body;
};

/// Keeps up to `connections` connections per host; requests beyond wait for one, 1000 of them at most. Thread-safe.
class http_client {
public:
  /// @param connections How many requests to one host may be under way at a time.
  explicit http_client(std::shared_ptr<client_context> context, std::size_t connections = 4);
  /// Ends what is under way; nothing is called back afterwards, except what runs on the I/O thread at that moment.
  ~http_client();
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  /// Calls `done` exactly once, on the I/O thread, within the HTTP deadline, unless the client or its context ends
  /// first. A kept-alive connection that turns out to be dead before a byte of the answer came is replaced once, unless
  /// that could do twice what may be done only once.
  /// @returns through `done`: a failure of the dial (as a WebSocket's), `connection_lost`, `http_failed` where no
  /// answer came in time or it was not HTTP, `message_too_large`, `queue_full`, `invalid_argument`.
  void send(http_request request, std::function<void(result<http_response>)> done);

private:
  class impl;
  std::shared_ptr<client_context> context_;
  std::shared_ptr<impl> impl_;
};

} // namespace troupe::net
