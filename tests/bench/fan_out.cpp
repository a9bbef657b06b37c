// SPDX-License-Identifier: BSD-3-Clause
// What it costs that several subscribers want the same events: the real shard between a feeder and 1, 4 and 16 of them,
// each of which gets every event as a struct. Against the bare loop, and against one subscriber.
//
//   bench_fan_out [EVENTS]
#include "tests/bench/measuring.hpp"
#include "tests/bench/recording.hpp"
#include "tests/bench/shard_rig.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

using namespace troupe;
using namespace troupe::bench;

int main(int argc, char** argv) {
  auto events = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000ull;
  auto recorded = record(codec::compression::zstd_stream, events);
  constexpr std::array<std::uint64_t, 3> counts{1, 4, 16};
  auto bare = 1e9;
  std::array<double, counts.size()> used;
  used.fill(1e9);
  // The better of three each, alternating: these machines are noisy.
  for (auto round = 0; round < 3; ++round) {
    bare = std::min(bare, bare_loop(recorded, recorded.names));
    for (std::size_t i = 0; i < counts.size(); ++i)
      used[i] = std::min(used[i], runtime_path(recorded, {.names = recorded.names, .subscribers = counts[i]}));
  }
  auto us = 1e6 / static_cast<double>(events);
  for (std::size_t i = 0; i < counts.size(); ++i)
    json_line{"fan_out"}
      .with("transport", codec::to_string(recorded.how))
      .with("subscribers", counts[i])
      .with("events", std::uint64_t{events})
      .with("bare_us", bare * us, 3)
      .with("event_us", used[i] * us, 3)
      .with("delivery_us", used[i] * us / static_cast<double>(counts[i]), 3)
      .with("ratio", used[i] / bare, 2)
      .with("ratio_to_one_subscriber", used[i] / used[0], 2)
      .print();
}
