// SPDX-License-Identifier: BSD-3-Clause
// The few URLs that Troupe dials: http, https, ws, wss.
#pragma once

#include "messages/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::net {

/// A parsed URL. `target` begins with a slash and includes the query.
struct url {
  std::string scheme;
  std::string host;
  std::uint16_t port = 0;
  std::string target = "/";

  [[nodiscard]] bool encrypted() const noexcept {
    return scheme == "https" || scheme == "wss";
  }
};

/// Parses and checks: a known scheme, a host, a legal port; plain `http`/`ws` only for loopback hosts (promise P11).
/// @returns `errc::insecure_url` or `errc::invalid_configuration` with the URL.
[[nodiscard]] result<url> parse_url(std::string_view text);

/// localhost, 127.0.0.0/8, ::1.
[[nodiscard]] bool is_loopback(std::string_view host) noexcept;

/// `<base>/?v=10&encoding=json[&compress=..]`, whether or not `base` ends in a slash (protocol 1.1, 1.2).
[[nodiscard]] std::string gateway_url(std::string_view base, std::string_view compress);

} // namespace troupe::net
