// SPDX-License-Identifier: BSD-3-Clause
// A shard's watchdog in virtual time: what raises an alarm, what ends it, and above all what does not raise one.
#include "runtime/gateway/watchdog.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <functional>
#include <random>

using namespace troupe;
using namespace troupe::gateway;
using namespace std::chrono_literals;

namespace {

constexpr auto look_period = 10s;

// A shard as its watchdog sees it.
struct watched_shard {
  gateway::watchdog dog;
  shard_view view{.phase = phase::ready, .generation = 1};
  clock::time_point now{1h};
  std::vector<watchdog_verdict> told;

  // Lets time pass; `events` says how many come before each look.
  void pass(clock::duration time, const std::function<std::uint64_t()>& events) {
    for (auto end = now + time; now < end;) {
      now += look_period;
      view.events += events();
      auto more = dog.look(view, now);
      told.insert(told.end(), more.begin(), more.end());
    }
  }
  void pass(clock::duration time, std::uint64_t events_per_look = 0) {
    pass(time, [=] { return events_per_look; });
  }
  void enter(phase next) {
    view.phase = next;
    pass(look_period);
  }

  [[nodiscard]] std::size_t begun(alarm_kind kind) const {
    return static_cast<std::size_t>(
      std::count_if(told.begin(), told.end(), [=](const auto& one) { return one.kind == kind && one.begins; }));
  }
  [[nodiscard]] std::size_t ended(alarm_kind kind) const {
    return static_cast<std::size_t>(
      std::count_if(told.begin(), told.end(), [=](const auto& one) { return one.kind == kind && !one.begins; }));
  }
};

constexpr auto silent = alarm_kind::silent_session;
constexpr auto stuck = alarm_kind::stuck_phase;
constexpr auto late = alarm_kind::late_shard;

} // namespace

TEST_CASE("a busy session that falls silent is an alarm after five minutes, once", "[gateway][unit]") {
  watched_shard shard;
  shard.pass(1h, 50);
  shard.pass(5min - look_period);
  CHECK(shard.told.empty());
  shard.pass(1h);
  REQUIRE(shard.told.size() == 1);
  CHECK(shard.told[0].kind == silent);
  CHECK(shard.told[0].begins);
  INFO(shard.told[0].detail);
  CHECK(shard.told[0].detail.find("no event for 300 s") != std::string::npos);
  CHECK(shard.told[0].detail.find("1494 expected") != std::string::npos);
  CHECK(shard.told[0].detail.find("SIGTERM") != std::string::npos);
}

TEST_CASE("an event, or a new connection, ends the alarm of a silent session", "[gateway][unit]") {
  watched_shard shard;
  shard.pass(1h, 50);
  shard.pass(10min);
  REQUIRE(shard.begun(silent) == 1);
  SECTION("an event") {
    shard.pass(look_period, 1);
  }
  SECTION("another phase") {
    shard.enter(phase::backing_off);
  }
  SECTION("subscribers that are behind") {
    shard.view.reading_withheld = true;
    shard.pass(look_period);
  }
  CHECK(shard.ended(silent) == 1);
  shard.view.reading_withheld = false;
  shard.view.phase = phase::ready;
  shard.pass(20min, 50);
  CHECK(shard.told.size() == 2);
  shard.pass(10min);
  CHECK(shard.begun(silent) == 2);
}

TEST_CASE("a quiet shard is allowed to be quiet", "[gateway][unit]") {
  watched_shard shard;
  SECTION("nothing ever came") {
    shard.pass(48h);
  }
  SECTION("only its guilds came") {
    shard.pass(30s, 500);
    shard.pass(48h);
  }
  SECTION("an event in an hour") {
    for (auto hour = 0; hour < 48; ++hour) {
      shard.pass(look_period, 1);
      shard.pass(1h - look_period);
    }
  }
  SECTION("bursts, with half an hour between") {
    for (auto burst = 0; burst < 48; ++burst) {
      shard.pass(1min, 100);
      shard.pass(30min);
    }
  }
  SECTION("it is too young to know") {
    shard.pass(9min, 50);
    shard.pass(1h);
  }
  SECTION("nobody reads") {
    shard.pass(1h, 50);
    shard.view.reading_withheld = true;
    shard.pass(1h);
  }
  SECTION("it is not ready") {
    shard.pass(1h, 50);
    shard.enter(phase::backing_off);
    shard.pass(2h);
  }
  CHECK(shard.told.empty());
}

TEST_CASE("random traffic of any steady rate raises no alarm in a week", "[gateway][unit]") {
  auto per_minute = GENERATE(0.1, 0.5, 1.0, 3.0, 20.0);
  INFO(per_minute);
  std::mt19937 random{7};
  std::poisson_distribution<std::uint64_t> events{per_minute / 6};
  watched_shard shard;
  shard.pass(7 * 24h, [&] { return events(random); });
  CHECK(shard.told.empty());
}

TEST_CASE("slow traffic that stops is an alarm when twenty events are missing", "[gateway][unit]") {
  std::mt19937 random{7};
  std::poisson_distribution<std::uint64_t> events{3.0 / 6};
  watched_shard shard;
  shard.pass(2h, [&] { return events(random); });
  shard.pass(5min);
  CHECK(shard.told.empty());
  shard.pass(15min);
  CHECK(shard.begun(silent) == 1);
}

TEST_CASE("a phase that outlives its deadline is an alarm, and ends with the phase", "[gateway][unit]") {
  auto [which, limit] = GENERATE(table<phase, std::chrono::seconds>({{phase::connecting, 10s},
                                                                     {phase::awaiting_hello, 20s},
                                                                     {phase::identifying, 120s},
                                                                     {phase::resuming, 60s},
                                                                     {phase::replaying, 60s},
                                                                     {phase::closing, 2s}}));
  INFO(to_string(which));
  watched_shard shard;
  shard.enter(which);
  shard.pass(limit + 30s - look_period);
  CHECK(shard.told.empty());
  shard.pass(1h);
  REQUIRE(shard.told.size() == 1);
  CHECK(shard.told[0].kind == stuck);
  CHECK(shard.told[0].begins);
  INFO(shard.told[0].detail);
  CHECK(shard.told[0].detail.find(std::string{to_string(which)}) != std::string::npos);
  CHECK(shard.told[0].detail.find("restart the process") != std::string::npos);
  shard.enter(phase::backing_off);
  CHECK(shard.ended(stuck) == 1);
}

TEST_CASE("phases that may last, last", "[gateway][unit]") {
  auto which =
    GENERATE(phase::idle, phase::queued, phase::awaiting_permit, phase::ready, phase::backing_off, phase::failed);
  watched_shard shard;
  shard.enter(which);
  shard.pass(24h);
  CHECK(shard.told.empty());
}

TEST_CASE("progress is not being stuck", "[gateway][unit]") {
  watched_shard shard;
  SECTION("events are replayed") {
    shard.enter(phase::replaying);
    shard.pass(1h, 1);
  }
  SECTION("connections are tried one after the other") {
    for (auto attempt = 0; attempt < 100; ++attempt) {
      ++shard.view.generation;
      shard.enter(phase::connecting);
      shard.pass(20s);
    }
  }
  SECTION("nothing is read, so that no deadline runs") {
    shard.view.reading_withheld = true;
    shard.enter(phase::replaying);
    shard.pass(1h);
  }
  CHECK(shard.told.empty());
}

TEST_CASE("a shard that is late for a minute is an alarm, and ends when it is in time", "[gateway][unit]") {
  watched_shard shard;
  shard.view.lateness = 3s;
  shard.pass(50s);
  CHECK(shard.told.empty());
  shard.pass(10min);
  REQUIRE(shard.told.size() == 1);
  CHECK(shard.told[0].kind == late);
  INFO(shard.told[0].detail);
  CHECK(shard.told[0].detail.find("3000 ms") != std::string::npos);
  shard.view.lateness = 1s;
  shard.pass(10min);
  CHECK(shard.ended(late) == 1);
  CHECK(shard.told.size() == 2);
}

TEST_CASE("a shard that is late now and then is not late", "[gateway][unit]") {
  watched_shard shard;
  for (auto round = 0; round < 100; ++round) {
    shard.view.lateness = 5s;
    shard.pass(40s);
    shard.view.lateness = 0s;
    shard.pass(look_period);
  }
  CHECK(shard.told.empty());
}
