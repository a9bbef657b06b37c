// SPDX-License-Identifier: BSD-3-Clause
// What a session concludes from silence while nobody reads: nothing.
#include "tests/catch.hpp"
#include "tests/gateway/session_world.hpp"

using namespace troupe;
using namespace troupe::testing;
using namespace std::chrono_literals;

TEST_CASE("while nothing is read, heartbeats go out and none is missed", "[gateway][unit]") {
  session_world w;
  w.reach(phase::ready);
  w.it->withhold_reading(true);
  for (auto beats = 0; beats < 20; ++beats) {
    REQUIRE(w.fire(timer::heartbeat));
    CHECK(w.sent(opcode::heartbeat) != nullptr);
    CHECK_FALSE(w.has<ping_missed>());
  }
  CHECK(w.phase() == phase::ready);
  w.it->withhold_reading(false);
  SECTION("after that there is one interval of grace") {
    REQUIRE(w.fire(timer::heartbeat));
    CHECK(w.sent(opcode::heartbeat) != nullptr);
    REQUIRE(w.fire(timer::heartbeat));
    CHECK(w.has<ping_missed>());
  }
  SECTION("a frame in time is a sign of life as ever") {
    REQUIRE(w.fire(timer::heartbeat));
    w.dispatch(2);
    REQUIRE(w.fire(timer::heartbeat));
    CHECK_FALSE(w.has<ping_missed>());
  }
}

TEST_CASE("a machine that slept is noticed while nothing is read, too", "[gateway][unit]") {
  session_world w;
  w.reach(phase::ready);
  w.it->withhold_reading(true);
  w.now = w.timers[timer::heartbeat].second + 41'250ms + 1ms;
  w.fire(timer::heartbeat);
  CHECK(w.has<ping_missed>());
}

TEST_CASE("that nothing is read outlives the connection", "[gateway][unit]") {
  session_world w;
  w.reach(phase::ready);
  w.it->withhold_reading(true);
  w.closed(0, errc::connection_lost);
  w.fire(timer::backoff);
  w.connected();
  w.hello();
  for (auto beats = 0; beats < 5; ++beats) {
    REQUIRE(w.fire(timer::heartbeat));
    CHECK_FALSE(w.has<ping_missed>());
  }
}

TEST_CASE("while nothing is read, no deadline for Discord's word passes", "[gateway][unit]") {
  struct row {
    troupe::phase phase;
    timer which;
  };
  auto [where, which] = GENERATE(row{phase::awaiting_hello, timer::hello}, row{phase::identifying, timer::ready},
                                 row{phase::identifying, timer::ready_warning}, row{phase::resuming, timer::resumed},
                                 row{phase::replaying, timer::resumed});
  session_world w;
  w.reach(where);
  w.it->withhold_reading(true);
  for (auto times = 0; times < 3; ++times) {
    REQUIRE(w.fire(which));
    REQUIRE(w.last.size() == 1);
    CHECK(w.find<arm>()->which == which);
    CHECK(w.phase() == where);
  }
  w.it->withhold_reading(false);
  REQUIRE(w.fire(which));
  CHECK((w.last.size() > 1 || !w.has<arm>())); // Now it counts.
}
