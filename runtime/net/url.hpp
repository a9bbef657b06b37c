// SPDX-License-Identifier: BSD-3-Clause
// The few URLs that Troupe dials: http, https, ws, wss. Strict on purpose: what is odd here is a typing mistake in a
// configuration, and plain text is for this machine only.
#pragma once

#include "messages/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::net {

/// A parsed URL.
struct url {
  /// http, https, ws or wss.
  std::string scheme;
  /// In lower case; an IPv6 address without its brackets.
  std::string host;
  /// Never 0: the scheme's own port where the text names none.
  std::uint16_t port = 0;
  /// Begins with a slash and includes the query.
  std::string target = "/";

  /// Whether it is dialled over TLS.
  [[nodiscard]] bool encrypted() const noexcept {
    return scheme == "https" || scheme == "wss";
  }

  friend bool operator==(const url&, const url&) = default;
};

/// Parses and checks: a known scheme, a host, a legal port; plain `http`/`ws` only for loopback hosts (promise P11).
/// @returns `errc::insecure_url` or `errc::invalid_configuration` with the URL.
[[nodiscard]] result<url> parse_url(std::string_view text);

/// Parses the URL of an HTTP proxy, "http://host:port". It may be plain wherever it is: what passes through is TLS.
/// @returns `errc::invalid_configuration` with the URL.
[[nodiscard]] result<url> parse_proxy_url(std::string_view text);

/// localhost, 127.0.0.0/8, ::1. Takes a host as `url` has it.
[[nodiscard]] bool is_loopback(std::string_view host) noexcept;

/// Whether `host` (as `url` has it) is an IPv4 or IPv6 address.
[[nodiscard]] bool is_address(std::string_view host) noexcept;

/// "host:port", an IPv6 address in brackets.
[[nodiscard]] std::string host_and_port(const url& where);

/// The value of a `Host` header: as `host_and_port`, but without the scheme's own port.
[[nodiscard]] std::string host_header(const url& where);

} // namespace troupe::net
