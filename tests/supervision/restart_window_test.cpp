// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/supervision/restart_window.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <set>

namespace troupe::supervision {

using namespace std::chrono_literals;

namespace {

constexpr clock::time_point start{1h};

} // namespace

TEST_CASE("intensity restarts within a period are allowed, one more is not", "[supervision][unit]") {
  for (auto intensity : {0u, 1u, 5u}) {
    restart_window window{intensity, 10s};
    for (auto i = 0u; i < intensity; ++i)
      CHECK(window.add(start + milliseconds{i}));
    CHECK_FALSE(window.add(start + 9s));
  }
}

TEST_CASE("a restart counts until it is older than the period", "[supervision][unit]") {
  restart_window exactly{1, 10s};
  CHECK(exactly.add(start));
  CHECK_FALSE(exactly.add(start + 10s));
  restart_window older{1, 10s};
  CHECK(older.add(start));
  CHECK(older.add(start + 10'001ms));
}

TEST_CASE("the first restart comes at once, then the limit doubles up to the maximum", "[supervision][unit]") {
  backoff delays{100ms, 1'000ms, 1};
  for (auto [crashes, limit] : {std::pair{0u, 0ms},
                                {1u, 0ms},
                                {2u, 100ms},
                                {3u, 200ms},
                                {4u, 400ms},
                                {5u, 800ms},
                                {6u, 1'000ms},
                                {7u, 1'000ms},
                                {4'000'000'000u, 1'000ms}}) {
    CHECK(delays.limit(crashes) == limit);
    for (auto i = 0; i < 50; ++i)
      CHECK(delays.after(crashes) <= limit);
  }
}

TEST_CASE("delays use the whole range below their limit and follow from the seed", "[supervision][unit]") {
  auto draw = [](std::uint64_t seed) {
    backoff delays{100ms, 10s, seed};
    std::vector<milliseconds> drawn;
    for (auto i = 0; i < 200; ++i)
      drawn.push_back(delays.after(5));
    return drawn;
  };
  auto drawn = draw(7);
  CHECK(drawn == draw(7));
  CHECK(drawn != draw(8));
  CHECK(*std::min_element(drawn.begin(), drawn.end()) < 50ms);
  CHECK(*std::max_element(drawn.begin(), drawn.end()) > 750ms);
}

TEST_CASE("a degraded supervisor waits between half of the maximum and the maximum", "[supervision][unit]") {
  backoff delays{100ms, 60s, 3};
  std::set<milliseconds> drawn;
  for (auto i = 0; i < 200; ++i)
    drawn.insert(delays.slow());
  CHECK(*drawn.begin() >= 30s);
  CHECK(*drawn.begin() < 33s);
  CHECK(*drawn.rbegin() <= 60s);
  CHECK(*drawn.rbegin() > 57s);
}

TEST_CASE("no backoff at all stays none", "[supervision][unit]") {
  backoff delays{0ms, 0ms, 1};
  CHECK(delays.after(20) == 0ms);
  CHECK(delays.slow() == 0ms);
}

} // namespace troupe::supervision
