// SPDX-License-Identifier: BSD-3-Clause
// The event path for callgrind, which counts the instructions of `counted_part` alone: one thread, one order of all
// messages, so that the count repeats and a change of a percent is seen. `./dev bench --callgrind` runs it.
//
//   instructions bare|subscriber|caches TRANSPORT EVENTS
#include "messages/inspect.hpp"

#include "runtime/codec/compression.hpp"
#include "runtime/log/log.hpp"

#include "actors/testing/deterministic.hpp"

#include "tests/bench/recording.hpp"
#include "tests/bench/shard_rig.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

using namespace troupe;
using namespace troupe::bench;

namespace {

/// Whether the bare loop is counted, or the actors.
struct counted {
  const recording* bare = nullptr;
  testing::deterministic* actors = nullptr;
};

} // namespace

/// Callgrind finds it by this name.
extern "C" [[gnu::noinline]] void counted_part(const counted& what);

extern "C" void counted_part(const counted& what) {
  if (what.bare != nullptr)
    static_cast<void>(bare_loop(*what.bare, what.bare->names));
  else
    what.actors->settle();
}

int main(int argc, char** argv) {
  auto how = argc == 4 ? codec::parse_compression(argv[2]) : std::nullopt;
  if (!how) {
    std::fputs("usage: instructions bare|subscriber|caches none|zlib-stream|zstd-stream EVENTS\n", stderr);
    return 64;
  }
  std::string what = argv[1];
  auto recorded = record(*how, std::strtoull(argv[3], nullptr, 10));
  if (what == "bare") {
    counted_part({.bare = &recorded});
    return EXIT_SUCCESS;
  }
  testing::deterministic world;
  shard_rig rig{world.sys, {.how = *how, .names = recorded.names, .caches = what == "caches"}};
  rig.subscribe_all();
  world.settle();
  rig.start(play(recorded));
  counted_part({.actors = &world});
}
