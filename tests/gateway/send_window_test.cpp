// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/send_window.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <random>
#include <vector>

using namespace std::chrono_literals;
using troupe::gateway::command_limit;
using troupe::gateway::send_window;

TEST_CASE("a window never lets more than its limit into any period", "[gateway][unit]") {
  send_window window{5, 20s};
  std::mt19937 random{7};
  send_window::clock::time_point now{};
  std::vector<send_window::clock::time_point> taken;
  for (auto i = 0; i < 5000; ++i) {
    now += std::chrono::milliseconds{random() % 3000};
    if (window.try_take(now))
      taken.push_back(now);
    else
      REQUIRE(window.next_free(now) > now);
  }
  REQUIRE(taken.size() > 1000);
  for (std::size_t i = 5; i < taken.size(); ++i)
    REQUIRE(taken[i] - taken[i - 5] >= 20s);
}

TEST_CASE("a full window says when the next place is free", "[gateway][unit]") {
  send_window window{2, 10s};
  send_window::clock::time_point start{};
  CHECK(window.next_free(start) == start);
  CHECK(window.try_take(start));
  CHECK(window.try_take(start + 3s));
  CHECK(window.used(start + 3s) == 2);
  CHECK_FALSE(window.try_take(start + 9s));
  CHECK(window.next_free(start + 4s) == start + 10s);
  CHECK(window.try_take(start + 10s));
  CHECK(window.next_free(start + 10s) == start + 13s);
}

TEST_CASE("commands leave room for heartbeats and the opening", "[gateway][unit]") {
  CHECK(command_limit(41'250ms) == 114);
  CHECK(command_limit(45'000ms) == 114);
  CHECK(command_limit(60'000ms) == 115);
  CHECK(command_limit(10'000ms) == 110);
  CHECK(command_limit(1ms) == 100);
  CHECK(command_limit(0ms) == 100);
}
