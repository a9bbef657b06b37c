// SPDX-License-Identifier: BSD-3-Clause
// Makes a certificate authority and a server certificate on the spot, for servers on this machine: the local Discord
// and the tests. Separate from the client, which trusts such an authority only when it is told to.
#pragma once

#include "messages/error.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace troupe::net {

/// An authority and the server certificate that it signed, all in PEM form.
struct certificate_pair {
  /// What a client must trust. The authority's own key is thrown away: it can never sign anything else.
  std::string ca_pem;
  /// The server's certificate, without the authority.
  std::string cert_pem;
  /// The server's private key, not encrypted.
  std::string key_pem;
};

/// When a certificate is valid, relative to now.
struct certificate_validity {
  /// Negative, so that a clock that is a little late accepts the certificate too.
  std::chrono::seconds from{-3600};
  /// 30 days.
  std::chrono::seconds until{30 * 24 * 3600};
};

/// Makes a P-256 authority with a name of its own and a server certificate for `hosts` (DNS names or IP addresses).
/// @returns `errc::invalid_argument` for an empty list or an impossible name, `errc::internal` where OpenSSL fails.
[[nodiscard]] result<certificate_pair> make_self_signed(const std::vector<std::string>& hosts,
                                                        certificate_validity validity = {});

} // namespace troupe::net
