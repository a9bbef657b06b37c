// SPDX-License-Identifier: BSD-3-Clause
// A bot that writes down what its actors get, and does what messages tell it: for the tests of placements.
#pragma once

#include "actors/testing/testing.hpp"

#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace troupe::test {

/// Answers a question when it is told to.
inline caf::behavior gate(caf::event_based_actor* self) {
  auto waiting = std::make_shared<std::vector<caf::typed_response_promise<int>>>();
  return {
    [self, waiting](int) {
      waiting->push_back(self->make_response_promise<int>());
      return waiting->back();
    },
    [waiting](bool) {
      for (auto& one : *waiting)
        one.deliver(1);
      waiting->clear();
    },
  };
}

/// What all actors of the bot got, by guild or shard.
struct notes {
  std::map<std::uint64_t, std::vector<std::string>> got;
  /// How often the function ran, by the guild or shard that it ran for.
  std::map<std::uint64_t, int> starts;
  std::vector<std::uint64_t> stopped;
  caf::actor gate;
  /// Whether `bot_sleeping` is answered when the gate opens.
  bool slow_sleep = false;

  void add(const bot& self, std::uint64_t where, const std::string& what) {
    got[where].push_back(what + (self.replayed() ? " replayed" : "") + (self.redelivered() ? " redelivered" : ""));
  }

  /// The index of the first such entry.
  [[nodiscard]] std::ptrdiff_t find(std::uint64_t where, const std::string& what) {
    const auto& all = got[where];
    auto found = std::find(all.begin(), all.end(), what);
    return found == all.end() ? -1 : found - all.begin();
  }
};

/// Counts messages, and keeps the count over sleep. "!die" kills it, "!wait" makes it wait for the gate.
inline caf::behavior recorder(bot* self, const std::shared_ptr<notes>& book) {
  auto where = self->guild() ? self->guild()->value : self->shard() ? *self->shard() : 0;
  ++book->starts[where];
  auto count = std::make_shared<int>(0);
  if (const auto* left = self->kept_state<int>())
    *count = *left;
  self->subscribe<message_create>();
  return {
    [=](const message_create& message) {
      if (message.content == "!die")
        throw std::runtime_error{"as it was told"};
      if (message.content == "!typing")
        self->subscribe<typing_start>();
      if (message.content == "!leave")
        self->quit();
      book->add(*self, where, message.content + " " + std::to_string(++*count));
      if (message.content == "!wait")
        self->request(book->gate, caf::infinite, 1).await([](int) {}, [](const caf::error&) {});
    },
    [=](const typing_start&) { book->add(*self, where, "typing"); },
    [=](const bot_sleeping&) -> caf::result<keep> {
      if (!book->slow_sleep)
        return keep{*count};
      auto promise = self->make_response_promise<keep>();
      self->request(book->gate, caf::infinite, 1)
        .then([=](int) mutable { promise.deliver(keep{*count}); }, [](const caf::error&) {});
      return promise;
    },
    [=](const bot_stopping&) {
      book->stopped.push_back(where);
      self->quit();
    },
  };
}

/// A stage with such a bot.
struct recorder_stage : testing::stage {
  std::shared_ptr<notes> book = std::make_shared<notes>();

  explicit recorder_stage(testing::stage_options options = {.shards = 2}) : stage{std::move(options)} {
    book->gate = spawn(gate);
  }

  ~recorder_stage() override {
    book->gate = nullptr;
  }

  void start(placement where) {
    run({.name = "recorder",
         .start = [book = book](bot* self) { return recorder(self, book); },
         .intents = intents::all(),
         .placement = where,
         .idle_after = std::chrono::minutes{1}});
  }

  /// The path of a guild's actor, and whether there is one.
  [[nodiscard]] std::string path(std::uint32_t number) const {
    return "root/bots/recorder/" + to_string(discord.guild(number));
  }

  [[nodiscard]] bool runs(const std::string& path) const {
    auto all = paths();
    return std::find(all.begin(), all.end(), path) != all.end();
  }

  std::vector<std::string>& of(std::uint32_t number) {
    return book->got[discord.guild(number).value];
  }

  /// How many events the shards wait for.
  [[nodiscard]] std::uint64_t outstanding() {
    std::uint64_t sum = 0;
    for (const auto& one : shards())
      sum += one.outstanding;
    return sum;
  }
};

} // namespace troupe::test
