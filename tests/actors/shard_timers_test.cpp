// SPDX-License-Identifier: BSD-3-Clause
#include "actors/shard_timers.hpp"

#include "tests/catch.hpp"

namespace troupe {

using namespace std::chrono_literals;

namespace {

constexpr auto resumed = gateway::timer::resumed;
constexpr shard_timers::clock::time_point start{1h};

} // namespace

TEST_CASE("a timer wakes up once and is due then", "[actors][unit]") {
  shard_timers timers;
  auto wake_up = timers.arm({resumed, 7, 60s}, start);
  REQUIRE(wake_up);
  CHECK(wake_up->delay == 60s);
  CHECK(timers.on_wake_up(resumed, wake_up->number, start + 60s).due == std::optional<std::uint64_t>{7});
  CHECK_FALSE(timers.on_wake_up(resumed, wake_up->number, start + 61s).due);
}

TEST_CASE("a timer that is put off again and again costs one message at a time", "[actors][unit]") {
  shard_timers timers;
  auto wake_up = timers.arm({resumed, 0, 60s}, start);
  REQUIRE(wake_up);
  for (std::uint64_t epoch = 1; epoch <= 1000; ++epoch)
    CHECK_FALSE(timers.arm({resumed, epoch, 60s}, start + 10ms * epoch));
  auto early = timers.on_wake_up(resumed, wake_up->number, start + 60s);
  CHECK_FALSE(early.due);
  REQUIRE(early.again);
  CHECK(early.again->delay == 10s);
  CHECK(timers.on_wake_up(resumed, early.again->number, start + 70s).due == std::optional<std::uint64_t>{1000});
}

TEST_CASE("a timer that is brought forward replaces its wake-up", "[actors][unit]") {
  shard_timers timers;
  auto late = timers.arm({resumed, 1, 60s}, start);
  auto soon = timers.arm({resumed, 2, 5s}, start);
  REQUIRE(late);
  REQUIRE(soon);
  CHECK(timers.on_wake_up(resumed, soon->number, start + 5s).due == std::optional<std::uint64_t>{2});
  auto stale = timers.on_wake_up(resumed, late->number, start + 60s);
  CHECK_FALSE(stale.due);
  CHECK_FALSE(stale.again);
}

TEST_CASE("timers of different kinds do not know each other", "[actors][unit]") {
  shard_timers timers;
  auto a = timers.arm({resumed, 1, 10s}, start);
  auto b = timers.arm({gateway::timer::heartbeat, 2, 20s}, start);
  REQUIRE(a);
  REQUIRE(b);
  CHECK(timers.on_wake_up(resumed, a->number, start + 10s).due == std::optional<std::uint64_t>{1});
  CHECK(timers.on_wake_up(gateway::timer::heartbeat, b->number, start + 20s).due == std::optional<std::uint64_t>{2});
}

} // namespace troupe
