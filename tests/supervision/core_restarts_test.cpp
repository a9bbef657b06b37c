// SPDX-License-Identifier: BSD-3-Clause
// How often and how soon children are restarted: intensity, backoff, degrading, custom strategies.
#include "tests/catch.hpp"
#include "tests/supervision/core_driver.hpp"

namespace troupe::supervision {

using namespace std::chrono_literals;

namespace {

flags with(supervision::strategy strategy) {
  flags made;
  made.strategy = strategy;
  return made;
}

} // namespace

// -- how often, how soon ------------------------------------------------------------------------------

TEST_CASE("one restart more than the intensity ends the supervisor", "[supervision][unit]") {
  flags limited;
  limited.intensity = 3;
  limited.period = 10s;
  limited.backoff_max = limited.backoff_min = 0ms;
  core_driver d{limited};
  d.start({"a", "b"});
  for (auto i = 0; i < 3; ++i)
    d.crash("a");
  CHECK_FALSE(d.finished);
  SECTION("within the period") {
    d.advance(10s);
    d.entries();
    d.crash("b");
    CHECK(d.entries() == diary{"-a"});
    REQUIRE(d.finished);
    CHECK(d.finished->code == errc::gave_up);
    CHECK(d.finished->detail.starts_with("root: more than 3 restarts within 10000 ms"));
    CHECK(d.count<supervisor_gave_up>() == 1);
  }
  SECTION("not after it") {
    d.advance(10'001ms);
    d.crash("b");
    CHECK_FALSE(d.finished);
  }
}

TEST_CASE("the restart of a group counts once", "[supervision][unit]") {
  flags limited = with(strategy::one_for_all);
  limited.intensity = 1;
  core_driver d{limited};
  d.start({"a", "b", "c", "d"});
  d.crash("a");
  CHECK_FALSE(d.finished);
  CHECK(d.phases() == "a running, b running, c running, d running");
  d.crash("b");
  CHECK(d.finished);
}

TEST_CASE("a sibling that crashes before its turn to be stopped counts no more", "[supervision][unit]") {
  flags limited = with(strategy::one_for_all);
  limited.intensity = 1;
  core_driver d{limited};
  d.start({"a", "b", "c"});
  d.stubborn = {"c"};
  d.crash("a");
  d.crash("b");
  CHECK(d.restarts.size() == 1);
  d.advance(5s);
  CHECK_FALSE(d.finished);
  CHECK(d.phases() == "a running, b running, c running");
}

TEST_CASE("a restart whose start fails counts as another crash", "[supervision][unit]") {
  flags limited;
  limited.intensity = 4;
  limited.backoff_min = limited.backoff_max = 0ms;
  core_driver d{limited};
  d.start({"a"});
  d.entries();
  SECTION("until it succeeds") {
    d.broken_starts["a"] = 3;
    d.crash("a");
    CHECK(d.entries() == diary{"?a", "?a", "?a", "+a"});
    CHECK_FALSE(d.finished);
  }
  SECTION("or there were too many") {
    d.broken_starts["a"] = 4;
    d.crash("a");
    CHECK(d.entries() == diary{"?a", "?a", "?a", "?a"});
    REQUIRE(d.finished);
    CHECK(d.finished->code == errc::gave_up);
  }
}

TEST_CASE("a group whose restart fails goes on from the one that failed", "[supervision][unit]") {
  flags f = with(strategy::rest_for_one);
  f.backoff_min = f.backoff_max = 0ms;
  core_driver d{f};
  d.start({"a", "b", "c"});
  d.broken_starts["b"] = 1;
  d.entries();
  d.crash("a");
  CHECK(d.entries() == diary{"-c", "-b", "+a", "?b", "+b", "+c"});
}

TEST_CASE("one_for_all begins again where a restart fails", "[supervision][unit]") {
  flags f = with(strategy::one_for_all);
  f.backoff_min = f.backoff_max = 0ms;
  core_driver d{f};
  d.start({"a", "b", "c"});
  d.broken_starts["b"] = 1;
  d.entries();
  d.crash("a");
  CHECK(d.entries() == diary{"-c", "-b", "+a", "?b", "-a", "+a", "+b", "+c"});
}

TEST_CASE("the first restart comes at once, the next ones later and later", "[supervision][unit]") {
  flags patient;
  patient.intensity = 1'000;
  patient.backoff_min = 100ms;
  patient.backoff_max = 10s;
  core_driver d{patient};
  d.start({"a"});
  for (auto i = 0; i < 20; ++i) {
    d.crash("a");
    d.advance(10s);
    REQUIRE(d.alive.contains("a"));
  }
  REQUIRE(d.restarts.size() == 20);
  CHECK(d.restarts[0].delay == 0ms);
  CHECK(d.restarts[1].delay <= 100ms);
  CHECK(d.restarts[2].delay <= 200ms);
  milliseconds longest{0};
  std::set<milliseconds> different;
  for (auto i = 10u; i < 20; ++i) {
    longest = std::max(longest, d.restarts[i].delay);
    different.insert(d.restarts[i].delay);
  }
  CHECK(longest > 5s);
  CHECK(longest <= 10s);
  CHECK(different.size() > 5);
}

TEST_CASE("a child waits for its backoff, to the millisecond", "[supervision][unit]") {
  flags patient;
  patient.backoff_min = patient.backoff_max = 10s;
  core_driver d{patient};
  d.start({"a"});
  d.crash("a");
  d.crash("a");
  auto delay = d.restarts.at(1).delay;
  REQUIRE(delay > 1ms);
  CHECK(d.phases() == "a waiting");
  d.advance(delay - 1ms);
  CHECK(d.phases() == "a waiting");
  d.advance(1ms);
  CHECK(d.phases() == "a running");
}

TEST_CASE("the backoff is per child, and forgotten when it ran for a period", "[supervision][unit]") {
  flags patient;
  patient.intensity = 100;
  patient.period = 60s;
  patient.backoff_min = patient.backoff_max = 10s;
  core_driver d{patient};
  d.start({"a", "b"});
  d.crash("a");
  d.crash("a");
  CHECK(d.restarts.back().delay > 0ms);
  d.crash("b");
  CHECK(d.restarts.back().delay == 0ms);
  d.advance(10s);
  d.advance(60s);
  d.crash("a");
  CHECK(d.restarts.back().delay == 0ms);
}

TEST_CASE("siblings stop at once and wait together for the backoff", "[supervision][unit]") {
  flags patient = with(strategy::one_for_all);
  patient.backoff_min = patient.backoff_max = 10s;
  core_driver d{patient};
  d.start({"a", "b"});
  d.crash("a");
  d.entries();
  d.crash("a");
  CHECK(d.entries() == diary{"-b"});
  CHECK(d.phases() == "a waiting, b waiting");
  d.advance(10s);
  CHECK(d.entries() == diary{"+a", "+b"});
}

// -- degrading ----------------------------------------------------------------------------------------

TEST_CASE("a degraded supervisor alarms once, retries slowly for ever, and recovers", "[supervision][unit]") {
  flags tireless;
  tireless.intensity = 2;
  tireless.period = 60s;
  tireless.backoff_min = 0ms;
  tireless.backoff_max = 20s;
  tireless.when_exhausted = exhaustion::degrade;
  core_driver d{tireless};
  d.start({"a", "b"});
  d.broken_starts["a"] = 1'000;
  d.crash("a");
  d.advance(30min);
  CHECK(d.count<supervisor_degraded>() == 1);
  CHECK(d.core.degraded());
  CHECK(d.alive.contains("b"));
  for (auto i = 3u; i < d.restarts.size(); ++i) {
    CHECK(d.restarts[i].delay >= 10s);
    CHECK(d.restarts[i].delay <= 20s);
  }
  CHECK(d.restarts.size() > 90);
  d.broken_starts["a"] = 0;
  d.advance(20s);
  REQUIRE(d.alive.contains("a"));
  CHECK(d.count<supervisor_recovered>() == 0);
  d.advance(39s);
  CHECK(d.core.degraded());
  d.advance(22s);
  CHECK_FALSE(d.core.degraded());
  CHECK(d.count<supervisor_recovered>() == 1);
  CHECK_FALSE(d.finished);
}

TEST_CASE("a crash while degraded puts the recovery off", "[supervision][unit]") {
  flags tireless;
  tireless.intensity = 0;
  tireless.period = 60s;
  tireless.backoff_max = 2s;
  tireless.when_exhausted = exhaustion::degrade;
  core_driver d{tireless};
  d.start({"a"});
  for (auto i = 0; i < 5; ++i) {
    d.crash("a");
    d.advance(59s);
    CHECK(d.core.degraded());
  }
  CHECK(d.count<supervisor_degraded>() == 1);
  d.advance(60s);
  CHECK_FALSE(d.core.degraded());
  d.crash("a");
  CHECK(d.count<supervisor_degraded>() == 2);
}

// -- custom strategies --------------------------------------------------------------------------------

TEST_CASE("a custom strategy says who is restarted", "[supervision][unit]") {
  flags custom;
  custom.custom = [](const std::vector<child_view>& children, std::string_view ended, const error& reason) {
    CHECK(children.size() == 4);
    CHECK(reason == error{errc::internal, "boom"});
    if (ended == "d")
      return std::vector<std::string>{};
    return std::vector<std::string>{"d", "b", "b"};
  };
  core_driver d{custom};
  d.start({"a", "b", "c", "d"});
  d.entries();
  d.crash("b");
  CHECK(d.entries() == diary{"-d", "+b", "+d"});
  d.crash("c");
  d.advance(1min);
  CHECK(d.entries() == diary{"-d", "-b", "+b", "+d"});
  CHECK(d.phases() == "a running, b running, c stopped, d running");
  d.crash("d");
  CHECK(d.phases() == "a running, b running, c stopped, d stopped");
}

TEST_CASE("a custom strategy that invents children or throws is reported with the path", "[supervision][unit]") {
  flags custom;
  custom.custom = [](const std::vector<child_view>&, std::string_view ended, const error&) {
    if (ended == "a")
      throw std::runtime_error("out of ideas");
    return std::vector<std::string>{"b", "zoe"};
  };
  core_driver d{custom};
  d.start({"a", "b", "c"});
  d.entries();
  d.crash("c");
  d.crash("a");
  CHECK(d.entries() == diary{"+c", "+a"});
  REQUIRE(d.complaints.size() == 2);
  CHECK(d.complaints[0] == "root: the custom strategy names children that do not exist: \"zoe\". Restarting c alone");
  CHECK(d.complaints[1] == "root: the custom strategy threw: out of ideas. Restarting a alone");
}

} // namespace troupe::supervision
