// SPDX-License-Identifier: BSD-3-Clause
// A user's test against an installed Troupe, without a test framework.
#include <troupe/testing.hpp>

#include <cstdio>

caf::behavior ping(troupe::bot* self) {
  self->subscribe<troupe::message_create>();
  return {
    [self](const troupe::message_create& message) {
      if (message.content == "!ping")
        self->reply(message, "pong");
    },
  };
}

int main() {
  try {
    troupe::testing::stage stage{{.shards = 2, .intents = troupe::intents::all()}};
    stage.run({"ping", ping});
    stage.discord.say("!ping");
    auto answers = stage.rest.messages();
    if (answers.size() == 1 && answers.front().content == "pong")
      return 0;
    std::fprintf(stderr, "no pong came:\n%s", stage.trace().c_str());
  } catch (const troupe::testing::failure& failed) {
    std::fprintf(stderr, "%s\n", failed.what());
  }
  return 1;
}
