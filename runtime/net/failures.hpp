// SPDX-License-Identifier: BSD-3-Clause
// Reads the error codes of sockets, TLS and Beast. Internal to runtime/net.
#pragma once

#include <boost/system/error_code.hpp>

#include <string>

namespace troupe::net {

/// Whether the connection ended under us: end of file, a reset, a TLS stream cut short.
[[nodiscard]] bool is_lost(const boost::system::error_code& ec);

/// What happened, for people, as part of a sentence.
[[nodiscard]] std::string sentence(const boost::system::error_code& ec);

} // namespace troupe::net
