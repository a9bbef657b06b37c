// SPDX-License-Identifier: BSD-3-Clause
#include "tests/soak/runs.hpp"
#include "tests/soak/trial.hpp"

using namespace std::chrono_literals;

namespace troupe::soak {

int subscribers(std::uint64_t seconds, std::uint64_t seed) {
  report result{"subscribers"};
  auto events = seconds * 100;
  // In the middle it blocks for half a minute: in the meantime the shards stop reading.
  trial trial{{"--seed", std::to_string(seed), "--shards", "2", "--guilds", "20", "--max-concurrency", "16",
               "--events-per-second", "100", "--record", "--allow-privileged", "--replay-buffer", "1000000",
               "--session-lifetime-s", "3600"},
              {"--record", "RECORD", "--crash-every", "100", "--block-every", std::to_string(events * 2 / 3),
               "--block-ms", "30000"}};
  trial.start();
  trial.require([&] { return trial.counter("events_sent") >= static_cast<std::int64_t>(events); },
                "the events were sent", std::chrono::seconds{3 * seconds} + patience);
  trial.discord().set_traffic(0);
  trial.require([&] { return trial.judge(sessions::kept).lost == 0; }, "all events were handled",
                std::chrono::seconds{seconds} + 3 * patience);
  auto left = trial.stop();
  auto found = trial.judge(sessions::kept);
  result.add("sent", static_cast<std::int64_t>(trial.sent()))
    .add("lines", static_cast<std::int64_t>(trial.written().lines.size()))
    .add(found)
    .expect(left, "the bot did not leave")
    .expect(found.duplicates > 0, "the subscriber never crashed")
    .expect_no_breach(trial.discord());
  return result.print();
}

} // namespace troupe::soak
