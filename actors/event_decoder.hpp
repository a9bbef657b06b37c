// SPDX-License-Identifier: BSD-3-Clause
// From an event's name to the function that decodes it into a message: one table over all of `dispatch_events`.
#pragma once

#include "messages/error.hpp"

#include <caf/message.hpp>

#include <string_view>

namespace troupe {

/// Decodes the text of `d`, which `codec::padding` readable bytes follow, into a message with one struct.
using event_decoder = result<caf::message> (*)(std::string_view data);

/// The decoder of "MESSAGE_CREATE" and so on; null where there is no struct for the event.
[[nodiscard]] event_decoder find_event_decoder(std::string_view name) noexcept;

} // namespace troupe
