// SPDX-License-Identifier: BSD-3-Clause
// What the runtime says to bots beside events.
#pragma once

#include <boost/describe/class.hpp>

namespace troupe {

/// The process ends: all events have been delivered, no more will come. A bot that handles this must `quit()` within
/// five seconds; one that does not handle it ends by itself.
struct bot_stopping {};
BOOST_DESCRIBE_STRUCT(bot_stopping, (), ())

/// INTERNAL to `run`: a signal arrived.
struct signal_received {
  int number = 0;
};
BOOST_DESCRIBE_STRUCT(signal_received, (), (number))

} // namespace troupe
