// SPDX-License-Identifier: BSD-3-Clause
// Whole worlds, a few seeds each: the long run is `troupe simulation`, on the optimised build (./dev test).
#include "actors/simulation/simulate.hpp"

#include "tests/catch.hpp"

#include <string>

using namespace troupe;
using namespace troupe::simulation;
using namespace std::chrono_literals;

namespace {

run_options small(std::uint64_t seed, simulation::mode mode = simulation::mode::safety) {
  run_options options;
  options.seed = seed;
  options.mode = mode;
  options.length = 20min;
  options.calm = 15s;
  return options;
}

/// Violations, and how to see the run again.
std::string verdict(const run_options& options, const outcome& came) {
  std::string text;
  for (const auto& violation : came.violations)
    text += violation + "\n";
  if (!text.empty())
    for (const auto& line : came.trace)
      text += line + "\n";
  return text.empty()
           ? text
           : text + "seed=" + std::to_string(options.seed)
               + " replay: troupe simulation --hours 0.3333333 --calm-s 15 --seed " + std::to_string(options.seed);
}

} // namespace

TEST_CASE("under random faults every promise is kept", "[simulation][safety]") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    auto options = small(seed);
    auto came = simulate(options);
    INFO(verdict(options, came));
    REQUIRE(came.violations.empty());
    REQUIRE(came.handled > 500);
    REQUIRE(came.faults > 20);
  }
}

TEST_CASE("a bot for each shard, or for each guild, keeps every promise, too", "[simulation][safety]") {
  auto where = GENERATE(placement::per_shard, placement::per_guild);
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    auto options = small(seed);
    options.where = where;
    auto came = simulate(options);
    INFO(verdict(options, came)
         + (where == placement::per_guild ? " --placement per_guild" : " --placement per_shard"));
    REQUIRE(came.violations.empty());
    REQUIRE(came.handled > 500);
  }
}

TEST_CASE("shards whose world is whole make progress while the others' is broken", "[simulation][liveness]") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    auto options = small(seed, simulation::mode::liveness);
    auto came = simulate(options);
    INFO(verdict(options, came));
    REQUIRE(came.violations.empty());
  }
}

TEST_CASE("two runs of one seed have equal traces", "[simulation][determinism]") {
  auto options = small(3);
  options.trace_lines = 1'000'000;
  auto first = simulate(options);
  auto second = simulate(options);
  REQUIRE(first.trace.size() > 200);
  CHECK(first.trace == second.trace);
  CHECK(first.digest == second.digest);
  CHECK(first.handled == second.handled);
  options.seed = 4;
  CHECK(simulate(options).digest != first.digest);
}
