// SPDX-License-Identifier: BSD-3-Clause
// Orders to a supervisor while it works: each is answered exactly once.
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

TEST_CASE("a child that is added starts, and is one like the others", "[supervision][unit]") {
  core_driver d{with(strategy::rest_for_one)};
  d.start({"a"});
  d.apply(d.core.start_child({"b"}, 1, d.now));
  CHECK(d.answers.at(1) == error{});
  d.entries();
  d.crash("a");
  CHECK(d.entries() == diary{"-b", "+a", "+b"});
}

TEST_CASE("a known id is refused", "[supervision][unit]") {
  core_driver d{{}};
  d.start({"a"});
  d.apply(d.core.start_child({"a"}, 1, d.now));
  CHECK(d.answers.at(1).code == errc::invalid_child_spec);
  CHECK(d.answers.at(1).detail == "root/a exists already");
}

TEST_CASE("a child that is added and does not start is forgotten", "[supervision][unit]") {
  core_driver d{{}};
  d.start({"a"});
  d.broken_starts["b"] = 1;
  d.apply(d.core.start_child({"b"}, 1, d.now));
  CHECK(d.answers.at(1).code == errc::start_failed);
  CHECK(d.phases() == "a running");
  CHECK(d.forgotten == diary{"b"});
  CHECK(d.restarts.empty());
  d.apply(d.core.start_child({"b"}, 2, d.now));
  CHECK(d.answers.at(2) == error{});
}

TEST_CASE("a child that is added during the initial start comes behind it", "[supervision][unit]") {
  core_driver d{{}};
  d.slow = {"a"};
  d.start({"a", "b"});
  d.apply(d.core.start_child({"c"}, 1, d.now));
  CHECK(d.entries() == diary{"+a"});
  d.runs("a");
  CHECK(d.entries() == diary{"+b", "+c"});
  CHECK(d.answers.at(1) == error{});
}

TEST_CASE("a child that is added during the restart of those before it comes behind them", "[supervision][unit]") {
  core_driver d{with(strategy::rest_for_one)};
  d.start({"a", "b"});
  d.stubborn = {"b"};
  d.crash("a");
  d.apply(d.core.start_child({"c"}, 1, d.now));
  d.entries();
  d.advance(5s);
  CHECK(d.entries() == diary{"!b", "+a", "+b", "+c"});
  CHECK(d.answers.at(1) == error{});
}

TEST_CASE("a stopped child keeps its spec and can be started again", "[supervision][unit]") {
  core_driver d{{}};
  d.start({"a", "b"});
  d.apply(d.core.terminate("a", 1, d.now));
  CHECK(d.answers.at(1) == error{});
  CHECK(d.phases() == "a stopped, b running");
  d.apply(d.core.terminate("a", 2, d.now));
  CHECK(d.answers.at(2) == error{});
  d.apply(d.core.restart("a", 3, d.now));
  CHECK(d.answers.at(3) == error{});
  CHECK(d.phases() == "a running, b running");
  CHECK(d.restarts.empty());
}

TEST_CASE("a stop is answered when the child has ended", "[supervision][unit]") {
  core_driver d{{}};
  d.start({"a"});
  d.stubborn = {"a"};
  d.apply(d.core.terminate("a", 1, d.now));
  d.apply(d.core.terminate("a", 2, d.now));
  CHECK(d.answers.empty());
  d.advance(5s);
  CHECK(d.answers.at(1) == error{});
  CHECK(d.answers.at(2) == error{});
}

TEST_CASE("a child that waits for its backoff can be stopped", "[supervision][unit]") {
  core_driver d{{}};
  d.start({"a"});
  d.crash("a");
  d.crash("a");
  REQUIRE(d.phases() == "a waiting");
  d.apply(d.core.terminate("a", 1, d.now));
  CHECK(d.answers.at(1) == error{});
  d.advance(1min);
  CHECK(d.phases() == "a stopped");
}

TEST_CASE("a child that is stopped before it ran is known and stopped", "[supervision][unit]") {
  core_driver d{{}};
  d.start({"a"});
  d.slow = {"b"};
  d.apply(d.core.start_child({"b"}, 1, d.now));
  d.apply(d.core.terminate("b", 2, d.now));
  CHECK(d.answers.at(1) == error{errc::start_failed, "root/b: it was stopped before it ran"});
  CHECK(d.answers.at(2) == error{});
  d.broken_starts["b"] = 1;
  d.apply(d.core.restart("b", 3, d.now));
  CHECK(d.answers.at(3).code == errc::start_failed);
  CHECK(d.phases() == "a running, b stopped");
}

TEST_CASE("a restart that fails leaves the child stopped and is no crash", "[supervision][unit]") {
  flags strict;
  strict.intensity = 0;
  core_driver d{strict};
  d.start({"a"});
  d.apply(d.core.terminate("a", 1, d.now));
  d.broken_starts["a"] = 1;
  d.apply(d.core.restart("a", 2, d.now));
  CHECK(d.answers.at(2).code == errc::start_failed);
  CHECK(d.phases() == "a stopped");
  CHECK_FALSE(d.finished);
}

TEST_CASE("only stopped children are started again or deleted", "[supervision][unit]") {
  core_driver d{{}};
  d.start({"a"});
  d.apply(d.core.restart("a", 1, d.now));
  CHECK(d.answers.at(1).code == errc::invalid_argument);
  d.apply(d.core.remove("a", 2, d.now));
  CHECK(d.answers.at(2).code == errc::invalid_argument);
  d.apply(d.core.terminate("a", 3, d.now));
  d.apply(d.core.remove("a", 4, d.now));
  CHECK(d.answers.at(4) == error{});
  CHECK(d.phases().empty());
  CHECK(d.forgotten == diary{"a"});
}

TEST_CASE("unknown children are named with their path", "[supervision][unit]") {
  core_driver d{{}};
  d.start({"a"});
  d.apply(d.core.terminate("z", 1, d.now));
  d.apply(d.core.restart("z", 2, d.now));
  d.apply(d.core.remove("z", 3, d.now));
  for (ticket request : {1, 2, 3})
    CHECK(d.answers.at(request) == error{errc::unknown_child, "root/z"});
}

TEST_CASE("temporary and simple children are forgotten when they are stopped", "[supervision][unit]") {
  core_driver d{{}};
  d.start_with({{"a", restart_type::temporary}});
  d.apply(d.core.terminate("a", 1, d.now));
  CHECK(d.answers.at(1) == error{});
  CHECK(d.phases().empty());
  core_driver simple{with(strategy::simple)};
  simple.start_with({});
  simple.apply(simple.core.start_child({"w"}, 1, simple.now));
  simple.apply(simple.core.terminate("w", 2, simple.now));
  CHECK(simple.phases().empty());
}

TEST_CASE("whoever waits for the start hears why it failed", "[supervision][unit]") {
  core_driver d{{}};
  d.slow = {"a"};
  d.start({"a"});
  d.apply(d.core.await_start(1, d.now));
  CHECK(d.answers.empty());
  auto a = d.alive.at("a");
  d.alive.clear();
  d.apply(d.core.ended(a.child, a.run, {end_class::abnormal, {errc::connect_failed, "no route"}}, d.now));
  CHECK(d.answers.at(1) == *d.finished);
  CHECK(d.answers.at(1).code == errc::start_failed);
}

TEST_CASE("a supervisor that stops answers everyone", "[supervision][unit]") {
  core_driver d{with(strategy::one_for_all)};
  d.slow = {"b", "c"};
  d.stubborn = {"a"};
  d.start({"a", "b"});
  d.apply(d.core.await_start(1, d.now));
  d.apply(d.core.start_child({"c"}, 2, d.now));
  d.apply(d.core.stop(d.now));
  CHECK(d.answers.at(1) == error{errc::actor_unreachable, "root is stopping"});
  CHECK(d.answers.at(2) == error{errc::actor_unreachable, "root is stopping"});
  d.apply(d.core.start_child({"d"}, 3, d.now));
  d.apply(d.core.restart("b", 4, d.now));
  d.apply(d.core.await_start(5, d.now));
  d.apply(d.core.terminate("a", 6, d.now));
  for (ticket request : {3, 4, 5})
    CHECK(d.answers.at(request).code == errc::actor_unreachable);
  CHECK_FALSE(d.answers.contains(6));
  d.advance(5s);
  CHECK(d.answers.at(6) == error{});
  CHECK(d.finished);
}

} // namespace troupe::supervision
