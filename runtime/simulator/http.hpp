// SPDX-License-Identifier: BSD-3-Clause
// One REST call as the model sees it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::simulator {

/// A request. Header names are in lower case.
struct http_request {
  std::string method;
  /// With the query.
  std::string target;
  std::map<std::string, std::string> headers;
  std::string body;
};

/// What to answer.
struct http_reply {
  std::uint16_t status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// Answer so much later.
  std::chrono::milliseconds late{0};
  /// Do not answer at all: keep the connection open and silent.
  bool hang = false;
};

/// An error as Discord writes it.
/// @param code Discord's JSON error code; 0 for none.
[[nodiscard]] http_reply failure(std::uint16_t status, std::uint32_t code, std::string_view message);

} // namespace troupe::simulator
