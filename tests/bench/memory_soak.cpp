// SPDX-License-Identifier: BSD-3-Clause
// Whether memory grows with the events: the real shard with a subscriber of everything and caches of everything, fed
// without an end. After each million events, when all are handled, it prints what is on the heap, what is resident, and
// what stays resident when the allocator gives back what it can: what it keeps beyond that depends on how the threads
// met. Judged are the first and the last; exit code 1 where the second half has more of one than the first fifth.
//
//   memory_soak [MILLIONS]
#include "messages/guild_cache.hpp"
#include "messages/inspect.hpp"

#include "actors/system.hpp"

#include "tests/bench/measuring.hpp"
#include "tests/bench/recording.hpp"
#include "tests/bench/shard_rig.hpp"

#include <caf/actor_system.hpp>

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

using namespace troupe;
using namespace troupe::bench;

namespace {

constexpr std::uint64_t million = 1'000'000;
constexpr std::size_t period = 20'000;
// Queues keep the room that they needed once, and each thread some free blocks.
constexpr double heap_bound = 1.05;
// Pages with a hole in them are not given back.
constexpr double resident_bound = 1.10;

double in_kib(std::size_t bytes) {
  return static_cast<double>(bytes) / 1024;
}

/// The highest of the second half, by the highest of the first fifth.
double growth(const std::vector<double>& samples) {
  auto at = [&](std::size_t index) { return samples.begin() + static_cast<std::ptrdiff_t>(index); };
  auto early = std::max_element(at(0), at(std::max<std::size_t>(1, samples.size() / 5)));
  return *std::max_element(at(samples.size() / 2), samples.end()) / *early;
}

} // namespace

int main(int argc, char** argv) {
  auto millions = std::max(5ull, argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 50ull);
  auto texts = std::make_shared<endless_recording>(period);
  auto end = std::make_shared<std::atomic<std::uint64_t>>(million);
  actor_config config;
  caf::actor_system sys{config};
  shard_rig rig{sys, {.names = texts->names(), .caches = true}};
  rig.subscribe_all();
  auto start = process_cpu_seconds();
  rig.start([texts, end] { return texts->next(*end); });
  std::vector<double> heap;
  std::vector<double> resident;
  for (;;) {
    rig.await_events(*end);
    heap.push_back(in_kib(heap_bytes()));
    auto before_trim = in_kib(resident_bytes());
    ::malloc_trim(0);
    resident.push_back(in_kib(resident_bytes()));
    auto status = rig.guilds()->status();
    json_line{"memory_soak"}
      .with("millions", std::uint64_t{heap.size()})
      .with("heap_kib", heap.back(), 0)
      .with("resident_kib", before_trim, 0)
      .with("trimmed_kib", resident.back(), 0)
      .with("accounted_kib", in_kib(status.bytes + status.user_bytes), 0)
      .print();
    if (heap.size() == millions)
      break;
    *end += million;
    rig.go_on();
  }
  auto used = process_cpu_seconds() - start;
  auto flat = growth(heap) <= heap_bound && growth(resident) <= resident_bound;
  json_line{"memory_soak"}
    .with("events", std::uint64_t{millions * million})
    .with("event_us", used / static_cast<double>(millions), 3)
    .with("heap_growth_ratio", growth(heap), 3)
    .with("resident_growth_ratio", growth(resident), 3)
    .with("verdict", flat ? "flat" : "grows")
    .print();
  return flat ? EXIT_SUCCESS : EXIT_FAILURE;
}
