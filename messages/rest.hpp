// SPDX-License-Identifier: BSD-3-Clause
// One call of Discord's REST API and its answer. Named calls and buckets come on top of it later.
#pragma once

#include "messages/error.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string>

namespace troupe {

/// A call. `path` begins with a slash and is relative to the API's base, for example "/gateway/bot".
struct rest_request {
  std::string method = "GET";
  std::string path;
  /// JSON; empty for none.
  std::string body;
};
BOOST_DESCRIBE_STRUCT(rest_request, (), (method, path, body))

/// Discord's answer, whatever its status; a `caf::error` is answered where none came.
struct rest_response {
  std::uint16_t status = 0;
  std::string content_type;
  std::string body;
};
BOOST_DESCRIBE_STRUCT(rest_response, (), (status, content_type, body))

/// INTERNAL to REST: what came of the request with this number.
struct rest_answered {
  std::uint64_t ticket = 0;
  /// Why no answer came; `errc::none` where one did.
  errc failure = errc::none;
  std::string detail;
  rest_response response;
  /// The header `Retry-After`: seconds; may be empty.
  std::string retry_after;
};
BOOST_DESCRIBE_STRUCT(rest_answered, (), (ticket, failure, detail, response, retry_after))

} // namespace troupe
