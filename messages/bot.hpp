// SPDX-License-Identifier: BSD-3-Clause
// What the runtime says to bots beside events.
#pragma once

#include <boost/describe/class.hpp>

#include <any>

namespace troupe {

/// The process ends: all events have been delivered, no more will come. A bot that handles this must `quit()` within
/// five seconds; one that does not handle it ends by itself.
struct bot_stopping {};
BOOST_DESCRIBE_STRUCT(bot_stopping, (), ())

/// The bot of a guild (`placement::per_guild`) ends until the guild's next event: it was idle for long. Everything that
/// it got is handled. A handler that returns `keep` leaves something to its successor; it has five seconds, and its
/// answer is its last word: what it still waits for then is dropped.
struct bot_sleeping {};
BOOST_DESCRIBE_STRUCT(bot_sleeping, (), ())

/// What the bot of a guild leaves to its successor, which finds it by `bot::kept_state`. Stays in memory: it ends with
/// the process. Never leaves it.
struct keep {
  /// Of a type that can be copied.
  std::any state;
};

/// INTERNAL to `run`: a signal arrived.
struct signal_received {
  int number = 0;
};
BOOST_DESCRIBE_STRUCT(signal_received, (), (number))

} // namespace troupe
