// SPDX-License-Identifier: BSD-3-Clause
// The bots on which the test kit is tried.
#pragma once

#include "actors/testing/testing.hpp"

#include <stdexcept>
#include <string>

namespace troupe::test {

/// Answers "!ping"; dies of "!die".
inline caf::behavior ping(bot* self) {
  self->subscribe<message_create>();
  return {
    [self](const message_create& message) {
      if (message.content == "!ping")
        self->reply(message, "pong");
      if (message.content == "!die")
        throw std::runtime_error{"as it was told"};
      if (message.content == "!idle")
        self->set_presence({.since = std::nullopt, .activities = {}, .status = "idle", .afk = false});
    },
  };
}

/// What most tests here run.
inline bot_spec ping_bot() {
  return {"ping", ping, intents::all(), {}};
}

/// The sentence of the failure that `act` ends with; empty where it ends with none.
template <class Act>
std::string failure_of(Act act) {
  try {
    act();
  } catch (const testing::failure& failed) {
    return failed.what();
  }
  return {};
}

/// Whether `text` has `part` in it.
inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace troupe::test
