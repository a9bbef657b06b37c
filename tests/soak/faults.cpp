// SPDX-License-Identifier: BSD-3-Clause
#include "tests/soak/runs.hpp"
#include "tests/soak/trial.hpp"

#include <array>
#include <iterator>
#include <random>

using namespace std::chrono_literals;

namespace troupe::soak {

namespace {

constexpr std::int64_t shards = 8;
constexpr std::array transports{"zstd-stream", "zlib-stream", "none"};

// `#` is a shard.
constexpr const char* of_connections[]{
  "reconnect shard=#",
  "invalid-session resumable=true shard=#",
  "invalid-session resumable=false shard=#",
  "invalidate shard=#",
  "close code=4000 shard=#",
  "close code=4001 shard=#",
  "close code=4007 shard=#",
  "close code=4008 shard=#",
  "close code=4009 shard=#",
  "close code=1000 shard=#",
  "close code=1001 shard=#",
  "drop shard=#",
  "silence shard=#",
  "half-frame shard=#",
  "corrupt-stream shard=#",
  "request-heartbeat shard=#",
};
constexpr const char* of_everything[]{
  "resume-host-dead mode=refuse seconds=5",
  "resume-host-dead mode=hang seconds=5",
  "tls-failure seconds=3",
  "upgrade-error status=503 seconds=3",
  "hello-missing count=1 seconds=5",
  "rest-error status=502 seconds=3",
  "latency ms=300 seconds=4",
  "reconnect",
  "drop",
};

// Of shards only those that are connected: on others faults pile up, and all of them strike at the next IDENTIFY, which
// the identify queue rightly takes for going in circles.
template <class Random>
std::string random_fault(Random& random, const std::vector<std::uint32_t>& connected) {
  if (connected.empty() || random() % 4 == 0)
    return of_everything[random() % std::size(of_everything)];
  std::string fault = of_connections[random() % std::size(of_connections)];
  if (auto at = fault.find('#'); at != std::string::npos)
    fault.replace(at, 1, std::to_string(connected[random() % connected.size()]));
  return fault;
}

} // namespace

int faults(std::uint64_t seconds, std::uint64_t seed) {
  report result{"faults"};
  std::mt19937_64 random{seed};
  const auto* transport = transports[seed % transports.size()];
  trial trial{{"--seed", std::to_string(seed), "--shards", std::to_string(shards), "--guilds", "80",
               "--max-concurrency", "16", "--events-per-second", "300", "--heartbeat-interval-ms", "3000", "--record",
               "--allow-privileged", "--replay-buffer", "1000000"},
              {"--record", "RECORD", "--compress", transport}};
  trial.start();
  trial.require([&] { return trial.counter("ready_sessions") == shards; }, "all shards are ready");
  auto over = std::chrono::steady_clock::now() + std::chrono::seconds{seconds};
  std::int64_t injected = 0;
  for (; std::chrono::steady_clock::now() < over; ++injected) {
    trial.discord().inject(random_fault(random, trial.discord().summary().connected));
    if (trial.ends_within(2s))
      trial.alive(); // Says why it is not.
  }
  trial.require([&] { return trial.counter("ready_sessions") == shards; }, "all shards are ready after the faults",
                60s);
  trial.discord().set_traffic(0);
  auto arrived = test::wait_until([&] { return trial.judge(sessions::may_be_lost).lost == 0; }, patience);
  auto left = trial.stop();
  auto found = trial.judge(sessions::may_be_lost);
  result.add("faults", injected)
    .add("sent", static_cast<std::int64_t>(trial.sent()))
    .add("lines", static_cast<std::int64_t>(trial.written().lines.size()))
    .add("sessions_ended", trial.counter("sessions_ended"))
    .add("session_starts_remaining", trial.counter("session_starts_remaining"))
    .add(found)
    .expect(found.duplicates == 0, "events came twice")
    .expect(arrived && left, "the bot did not come to its end")
    .expect_no_breach(trial.discord());
  return result.print();
}

} // namespace troupe::soak
