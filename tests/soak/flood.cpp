// SPDX-License-Identifier: BSD-3-Clause
#include "tests/soak/runs.hpp"
#include "tests/soak/trial.hpp"

#include <simdjson.h>

using namespace std::chrono_literals;

namespace troupe::soak {

namespace {

constexpr std::int64_t shards = 2;
// Two windows of 4,096 events and the credit of 512 frames, what the kernel and TLS hold, and the process itself. In
// the time that the subscriber blocks, more than that would come.
constexpr std::int64_t most_kib = 64 * 1024;

} // namespace

int flood(std::uint64_t events, std::uint64_t seed) {
  report result{"flood"};
  trial trial{{"--seed", std::to_string(seed), "--shards", std::to_string(shards), "--guilds", "40",
               "--max-concurrency", "16", "--events-per-second", "1000000", "--allow-privileged",
               // A heartbeat asks for nothing until the end, where it says that all before it was read.
               "--heartbeat-interval-ms", "600000"},
              {"--block-every", "100000", "--block-ms", "2000", "--compress", "zlib-stream"}};
  trial.start();
  auto limit = std::chrono::seconds{events / 2'000} + 2 * patience;
  trial.require([&] { return trial.counter("events_sent") >= static_cast<std::int64_t>(events); },
                "the events were sent", limit);
  auto held = trial.counter("events_held");
  auto drained = trial.discord().drain(patience);
  auto sent = trial.discord().summary().dispatches;
  auto peak = trial.bot().memory_kib("VmHWM");
  auto left = trial.stop();
  simdjson::dom::parser parser;
  auto handled = parser.parse(trial.bot().output())["events"].get_int64().value();
  result.add("sent", sent)
    .add("handled", handled)
    .add("held_back", held)
    .add("peak_kib", peak)
    .add("most_kib", most_kib)
    .expect(drained && left, "the bot did not come to its end")
    .expect(handled == sent, "events are missing")
    .expect(held > 0, "nobody was held back: this was no flood")
    .expect(peak > 0 && peak < most_kib, "the bot took more memory than it may")
    .expect_no_breach(trial.discord());
  return result.print();
}

} // namespace troupe::soak
