// SPDX-License-Identifier: BSD-3-Clause
#include "actors/supervision/shutdown.hpp"

#include <caf/exit_reason.hpp>
#include <caf/message.hpp>

#include <cstdint>
#include <string>

namespace troupe {

namespace {

// CAF compares errors by category and code only; the message beside them is for us and for logs.
constexpr const char* restart_follows = "a restart follows";

} // namespace

caf::error shutdown_reason(bool again) {
  auto plain = make_error(caf::exit_reason::user_shutdown);
  if (!again)
    return plain;
  return {plain.code(), plain.category(), caf::make_message(std::string{restart_follows})};
}

bool precedes_restart(const caf::error& reason) {
  return reason == caf::exit_reason::user_shutdown && reason.context().match_elements<std::string>()
         && reason.context().get_as<std::string>(0) == restart_follows;
}

} // namespace troupe
