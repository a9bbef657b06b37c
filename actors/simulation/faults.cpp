// SPDX-License-Identifier: BSD-3-Clause
#include "actors/simulation/faults.hpp"

#include <array>

namespace troupe::simulation {

namespace {

using std::chrono::milliseconds;

// Of one shard.
constexpr std::array aimed{"reconnect",
                           "reconnect",
                           "drop",
                           "drop",
                           "close code=4000",
                           "close code=4001",
                           "close code=4002",
                           "close code=4003",
                           "close code=4005",
                           "close code=4007",
                           "close code=4008",
                           "close code=4009",
                           "close code=1000",
                           "close code=1001",
                           "invalid-session resumable=true",
                           "invalid-session resumable=false",
                           "corrupt-stream",
                           "silence",
                           "half-frame",
                           "split-messages count=20",
                           "missing-suffix count=1",
                           "request-heartbeat",
                           "invalidate"};

// Of everything.
constexpr std::array general{"hello-delay ms=3000 count=1 seconds=20",
                             "hello-missing count=1 seconds=30",
                             "resume-host-dead mode=refuse seconds=60",
                             "resume-host-dead mode=hang seconds=40",
                             "upgrade-error status=520 count=2 seconds=30",
                             "upgrade-hang count=1 seconds=30",
                             "tls-failure seconds=10",
                             "rest-error status=502 seconds=10",
                             "rest-hang seconds=10",
                             "latency ms=400 seconds=10",
                             "outage guilds=2 seconds=20",
                             "burst events=300",
                             "burst events=3000"};

constexpr std::array services{"lifecycle", "subscriptions", "sessions", "rest",      "identify_queue",
                              "shard_set", "bots",          "shards",   "node_agent"};

template <class Array>
std::string pick(std::mt19937_64& random, const Array& from) {
  return from[random() % from.size()];
}

planned_fault crash_shard(std::mt19937_64& random, std::uint32_t shard) {
  constexpr std::array parts{"", "", "/connection", "/ratelimiter"};
  return {.source = fault_source::crash,
          .text = "root/shards/" + std::to_string(shard) + pick(random, parts),
          .hard = random() % 2 == 0};
}

} // namespace

planned_fault draw_fault(std::mt19937_64& random, std::uint32_t first, std::uint32_t shards) {
  auto shard = first + static_cast<std::uint32_t>(random() % (shards - first));
  auto dice = random() % 100;
  if (dice < 45)
    return {.text = pick(random, aimed), .shard = shard};
  if (dice < 60)
    return crash_shard(random, shard);
  if (first > 0)
    return {.text = pick(random, aimed), .shard = shard};
  if (dice < 72)
    return {.text = pick(random, general)};
  if (dice < 78)
    return {.source = fault_source::crash, .text = "root/" + pick(random, services), .hard = random() % 2 == 0};
  if (dice < 82)
    return {.source = fault_source::crash, .text = "root/bots/observer", .hard = random() % 2 == 0};
  if (dice < 87)
    return {.source = fault_source::poison, .count = 1 + static_cast<std::uint32_t>(random() % 4)};
  if (dice < 91)
    return {.source = fault_source::slow_subscriber, .length = milliseconds{1'000 + random() % 90'000}};
  if (dice < 94)
    return {.source = fault_source::disk, .length = milliseconds{500 + random() % 30'000}};
  if (dice < 98)
    return {.source = fault_source::kill_process, .length = milliseconds{random() % 20'000}};
  return {.source = fault_source::restart_process, .length = milliseconds{random() % 20'000}};
}

std::string to_string(const planned_fault& what) {
  auto length = " for " + std::to_string(what.length.count()) + " ms";
  switch (what.source) {
  case fault_source::discord:
    return "discord: " + what.text + (what.shard ? " shard=" + std::to_string(*what.shard) : "");
  case fault_source::crash:
    return "crash " + what.text + (what.hard ? " (kill)" : "");
  case fault_source::slow_subscriber:
    return "the subscriber sleeps" + length;
  case fault_source::poison:
    return "the subscriber throws " + std::to_string(what.count) + " times";
  case fault_source::disk:
    return "the disk fails" + length;
  case fault_source::kill_process:
    return "kill -9, down" + length;
  case fault_source::restart_process:
    return "SIGTERM, down" + length;
  }
  return {};
}

} // namespace troupe::simulation
