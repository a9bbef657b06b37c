// SPDX-License-Identifier: BSD-3-Clause
// JSON that Discord leaves open: values of any kind, and ids that are numbers or texts.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace troupe {

/// Any JSON value, verbatim as it came.
struct json_text {
  std::string text = "null";

  friend bool operator==(const json_text&, const json_text&) = default;
};

/// What Discord writes as a number or as a text, for example a message's `nonce` (protocol 5.5).
using number_or_text = std::variant<std::int64_t, std::string>;

} // namespace troupe
