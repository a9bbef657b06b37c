// SPDX-License-Identifier: BSD-3-Clause
// The bot of the README, in a project of its own.
#include <troupe/troupe.hpp>

caf::behavior ping(troupe::bot* self) {
  self->subscribe<troupe::message_create>();
  return {
    [self](const troupe::message_create& message) {
      if (message.content == "!ping")
        self->reply(message, "pong");
    },
  };
}

int main(int argc, char** argv) {
  return troupe::run(argc, argv, troupe::bot_spec{"ping", ping});
}
