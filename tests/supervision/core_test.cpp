// SPDX-License-Identifier: BSD-3-Clause
// Starting and stopping: order, deadlines, failing starts. How often and how soon is in core_restarts_test.cpp, the
// table of OTP's rules in restart_table_test.cpp.
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

// -- start and stop -----------------------------------------------------------------------------------

TEST_CASE("a child starts when its predecessor runs", "[supervision][unit]") {
  core_driver d{{}};
  d.slow = {"a"};
  d.start({"a", "b"});
  CHECK(d.entries() == diary{"+a"});
  CHECK_FALSE(d.core.booted());
  d.runs("a");
  CHECK(d.entries() == diary{"+b"});
  CHECK(d.core.booted());
}

TEST_CASE("a failing start undoes the others in reverse order", "[supervision][unit]") {
  core_driver d{{}};
  d.broken_starts["c"] = 1;
  d.start({"a", "b", "c", "d"});
  CHECK(d.entries() == diary{"+a", "+b", "?c", "-b", "-a"});
  REQUIRE(d.finished);
  CHECK(d.finished->code == errc::start_failed);
  CHECK(d.finished->detail.starts_with("root/c: "));
  CHECK(d.finished->detail.find("no route") != std::string::npos);
}

TEST_CASE("a start that fails for a mistake of the caller keeps its code", "[supervision][unit]") {
  core_driver d{{}};
  d.slow = {"a"};
  d.start({"a"});
  auto a = d.alive.at("a");
  d.alive.clear();
  d.apply(d.core.ended(a.child, a.run, {end_class::abnormal, {errc::invalid_configuration, "no such colour"}}, d.now));
  REQUIRE(d.finished);
  CHECK(*d.finished == error{errc::invalid_configuration, "root/a: no such colour"});
}

TEST_CASE("the failure of a child supervisor keeps the path of the culprit", "[supervision][unit]") {
  core_driver d{{}};
  d.slow = {"a"};
  d.start({"a"});
  auto a = d.alive.at("a");
  d.alive.clear();
  d.apply(d.core.ended(a.child, a.run, {end_class::abnormal, {errc::start_failed, "root/a/b: no route"}}, d.now));
  REQUIRE(d.finished);
  CHECK(*d.finished == error{errc::start_failed, "root/a/b: no route"});
}

TEST_CASE("a child that is stuck at its start is killed before its start has failed", "[supervision][unit]") {
  core_driver d{{}};
  d.slow = {"b"};
  d.start({"a", "b"});
  auto b = d.alive.at("b");
  d.apply(d.core.start_stuck(b.child, b.run, {errc::start_failed, "it did not answer"}, d.now));
  CHECK(d.entries() == diary{"+a", "+b", "!b", "-a"});
  REQUIRE(d.finished);
  CHECK(*d.finished == error{errc::start_failed, "root/b: it did not answer"});
}

TEST_CASE("a worker that is done before it was asked has started", "[supervision][unit]") {
  core_driver d{{}};
  d.slow = {"a"};
  d.start_with({child_settings{"a", restart_type::transient}, child_settings{"b"}});
  d.ends("a", end_class::normal);
  CHECK(d.entries() == diary{"+a", "+b"});
  CHECK(d.phases() == "a stopped, b running");
}

TEST_CASE("stops are serial, in reverse order, each with its deadline and then a kill", "[supervision][unit]") {
  core_driver d{{}};
  d.stubborn = {"b", "c"};
  d.start({"a", "b", "c"});
  d.entries();
  d.apply(d.core.stop(d.now));
  CHECK(d.entries() == diary{"-c"});
  d.advance(4'999ms);
  CHECK(d.entries().empty());
  d.advance(1ms);
  CHECK(d.entries() == diary{"!c", "-b"});
  d.advance(5s);
  CHECK(d.entries() == diary{"!b", "-a"});
  REQUIRE(d.finished);
  CHECK(*d.finished == error{});
}

TEST_CASE("simple stops all children at the same time", "[supervision][unit]") {
  core_driver d{with(strategy::simple)};
  d.start_with({});
  for (ticket request : {1, 2, 3})
    d.apply(d.core.start_child({"w" + std::to_string(request)}, request, d.now));
  d.stubborn = {"w1", "w2", "w3"};
  d.entries();
  d.apply(d.core.stop(d.now));
  CHECK(d.entries() == diary{"-w3", "-w2", "-w1"});
  CHECK_FALSE(d.finished);
  d.advance(5s);
  CHECK(d.entries() == diary{"!w3", "!w2", "!w1"});
  CHECK(d.finished);
}

TEST_CASE("a shutdown time of zero is a kill, and without a deadline there is none", "[supervision][unit]") {
  core_driver d{{}};
  d.start_with({child_settings{.id = "a", .shutdown = no_deadline}, child_settings{.id = "b", .shutdown = 0ms}});
  d.stubborn = {"a"};
  d.entries();
  d.apply(d.core.stop(d.now));
  CHECK(d.entries() == diary{"!b", "-a"});
  d.advance(24h);
  CHECK(d.entries().empty());
  CHECK_FALSE(d.finished);
}

TEST_CASE("a child that survives a kill is given up and complained about", "[supervision][unit]") {
  core_driver d{with(strategy::one_for_all)};
  d.immortal = {"b"};
  d.start({"a", "b"});
  d.entries();
  d.crash("a");
  d.advance(5s);
  CHECK(d.entries() == diary{"-b", "!b"});
  d.immortal.clear();
  auto undead = d.alive.at("b");
  d.alive.erase("b");
  d.advance(5s);
  CHECK(d.entries() == diary{"+a", "+b"});
  REQUIRE(d.complaints.size() == 1);
  CHECK(d.complaints[0].starts_with("root/b does not end"));
  // It ends after all: that is not the end of its successor.
  d.apply(d.core.ended(undead.child, undead.run, {end_class::abnormal, {errc::internal, "late"}}, d.now));
  CHECK(d.entries().empty());
  CHECK(d.phases() == "a running, b running");
}

TEST_CASE("a crash while the others start restarts those that its strategy says", "[supervision][unit]") {
  core_driver d{with(strategy::rest_for_one)};
  d.slow = {"c"};
  d.start({"a", "b", "c", "d"});
  CHECK(d.entries() == diary{"+a", "+b", "+c"});
  d.crash("b");
  CHECK(d.entries() == diary{"-c", "+b", "+c"});
  CHECK_FALSE(d.core.booted());
  d.runs("c");
  CHECK(d.entries() == diary{"+d"});
  CHECK(d.core.booted());
}

TEST_CASE("a crash of an earlier sibling widens a restart under way", "[supervision][unit]") {
  core_driver d{with(strategy::rest_for_one)};
  d.start({"a", "b", "c", "d"});
  d.stubborn = {"d"};
  d.entries();
  d.crash("c");
  CHECK(d.entries() == diary{"-d"});
  d.crash("a");
  CHECK(d.entries().empty());
  d.advance(5s);
  CHECK(d.entries() == diary{"!d", "-b", "+a", "+b", "+c", "+d"});
}

TEST_CASE("under one_for_one a child that is slow to end does not hold up the others", "[supervision][unit]") {
  core_driver d{{}};
  d.start({"a", "b"});
  d.stubborn = {"a"};
  d.apply(d.core.terminate("a", 1, d.now));
  d.entries();
  d.crash("b");
  CHECK(d.entries() == diary{"+b"});
}

} // namespace troupe::supervision
