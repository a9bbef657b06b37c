// SPDX-License-Identifier: BSD-3-Clause
// HTTPS requests over kept-alive connections.
#pragma once

#include "messages/error.hpp"

#include "runtime/net/client_context.hpp"
#include "runtime/net/url.hpp"

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
  std::string method = "GET";
  url where;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

/// One answer. Header names are in lower case.
struct http_response {
  std::uint16_t status = 0;
  std::map<std::string, std::string> headers;
  std::string body;
};

/// Keeps up to `connections` idle connections per host. Thread-safe.
class http_client {
public:
  explicit http_client(std::shared_ptr<client_context> context, std::size_t connections = 4);
  ~http_client();

  /// Calls `done` exactly once, on the I/O thread, within the HTTP deadline. A connection that turns out to be dead
  /// before a byte of the answer came is replaced once.
  void send(http_request request, std::function<void(result<http_response>)> done);

private:
  class impl;
  std::shared_ptr<impl> impl_;
};

} // namespace troupe::net
