// SPDX-License-Identifier: BSD-3-Clause
#include "messages/phase.hpp"

#include <boost/describe/enum_to_string.hpp>

namespace troupe {

std::string_view to_string(phase value) noexcept {
  return boost::describe::enum_to_string(value, "unknown");
}

} // namespace troupe
