// SPDX-License-Identifier: BSD-3-Clause
// A bot with an actor for each guild: "!count" says how many messages the guild has seen. A guild that is silent for
// ten minutes costs nothing but its number.
#include <troupe/troupe.hpp>

caf::behavior guild_counter(troupe::bot* self) {
  self->subscribe<troupe::message_create>();
  auto kept = self->kept_state<std::uint64_t>();
  auto count = std::make_shared<std::uint64_t>(kept != nullptr ? *kept : 0);
  return {
    [=](const troupe::message_create& message) {
      if (message.content == "!count")
        self->reply(message, std::to_string(*count) + " messages");
      else
        ++*count;
    },
    [=](const troupe::bot_sleeping&) { return troupe::keep{*count}; },
  };
}

int main(int argc, char** argv) {
  return troupe::run(argc, argv,
                     {.name = "guild_counter",
                      .start = guild_counter,
                      .placement = troupe::placement::per_guild,
                      .idle_after = std::chrono::minutes{10}});
}
