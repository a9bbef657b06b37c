// SPDX-License-Identifier: BSD-3-Clause
// Text from the network may hold anything; JSON may hold only UTF-8. One bad string must not end a session.
#pragma once

#include <string>
#include <string_view>

namespace troupe::codec {

/// Appends `text` with every byte that is not part of well-formed UTF-8 (RFC 3629) replaced by U+FFFD.
void append_repaired(std::string& out, std::string_view text);

} // namespace troupe::codec
