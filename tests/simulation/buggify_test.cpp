// SPDX-License-Identifier: BSD-3-Clause
#define TROUPE_BUGGIFY_ENABLED
#include "runtime/buggify.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <string>

using namespace troupe;

namespace {

/// Which of a hundred points strike at once, with certainty where they are active.
std::string active_points() {
  std::string pattern;
  for (auto point = 0; point < 100; ++point)
    pattern += TROUPE_BUGGIFY("point " + std::to_string(point), 1.0) ? '1' : '0';
  return pattern;
}

std::string pattern_of(std::uint64_t seed) {
  buggify::run run{seed};
  return active_points();
}

} // namespace

TEST_CASE("no point strikes without a simulation", "[simulation][buggify]") {
  CHECK(active_points() == std::string(100, '0'));
}

TEST_CASE("about every fourth point is active in a run, and which follows from the seed", "[simulation][buggify]") {
  auto pattern = pattern_of(1);
  auto active = std::count(pattern.begin(), pattern.end(), '1');
  CHECK(active > 10);
  CHECK(active < 45);
  CHECK(pattern_of(1) == pattern);
  CHECK(pattern_of(2) != pattern);
}

TEST_CASE("an active point strikes as often as its probability says", "[simulation][buggify]") {
  std::uint64_t strikes = 0;
  auto runs = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    buggify::run run{seed};
    if (!TROUPE_BUGGIFY("now and then", 1.0))
      continue;
    ++runs;
    for (auto i = 0; i < 100; ++i)
      strikes += TROUPE_BUGGIFY("now and then", 0.1) ? 1 : 0;
  }
  REQUIRE(runs > 50);
  auto mean = static_cast<double>(strikes) / runs;
  CHECK(mean > 8);
  CHECK(mean < 12);
}

TEST_CASE("a healed run strikes no more", "[simulation][buggify]") {
  buggify::run run{1};
  run.heal();
  CHECK(active_points() == std::string(100, '0'));
  CHECK(run.struck() == 0);
}
