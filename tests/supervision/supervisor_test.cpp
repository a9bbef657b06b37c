// SPDX-License-Identifier: BSD-3-Clause
// The supervisor as an actor, with real children. What it decides is tested in core_test.cpp and its siblings.
#include "tests/catch.hpp"
#include "tests/supervision/family.hpp"

namespace troupe {

using namespace std::chrono_literals;
using supervision::flags;
using supervision::strategy;

TEST_CASE_METHOD(family, "children start in order, each when its predecessor runs", "[supervision][unit]") {
  auto top = root({}, {child("a"), child("b"), child("c")});
  CHECK(entries() == diary{"+a", "+b", "+c"});
  CHECK(order(top, await_children{}) == error{});
  auto started = reported<child_started>();
  REQUIRE(started.size() == 3);
  CHECK(started[2].path == "root/c");
}

TEST_CASE_METHOD(family, "a stopped supervisor stops its children in reverse order and ends for the same reason",
                 "[supervision][unit]") {
  auto top = root({}, {child("a"), child("b"), child("c")});
  entries();
  self()->send_exit(top, caf::exit_reason::user_shutdown);
  settle();
  CHECK(entries() == diary{"-c", "-b", "-a"});
  CHECK(end() == caf::error{caf::exit_reason::user_shutdown});
}

TEST_CASE_METHOD(family, "a crash is reported with the path and the text of the exception", "[supervision][unit]") {
  auto top = root({}, {child("a"), child("b")});
  entries();
  say("root/a", "crash");
  CHECK(entries() == diary{"-a", "+a"});
  auto exits = reported<child_exited>();
  REQUIRE(exits.size() == 1);
  CHECK(exits[0].path == "root/a");
  CHECK(exits[0].reason == errc::internal);
  CHECK(exits[0].detail == "exception: boom");
}

TEST_CASE_METHOD(family, "a killed child is replaced", "[supervision][unit]") {
  auto top = root({}, {child("a")});
  entries();
  caf::anon_send_exit(live["root/a"], caf::exit_reason::kill);
  settle();
  CHECK(entries() == diary{"-a!", "+a"});
}

TEST_CASE_METHOD(family, "the children of a killed supervisor die with it", "[supervision][unit]") {
  auto top = root({}, {child("a"), branch("b", {}, {child("c", restart::permanent, {.stubborn = true})})});
  entries();
  caf::anon_send_exit(top, caf::exit_reason::kill);
  settle();
  auto ends = entries();
  std::sort(ends.begin(), ends.end());
  CHECK(ends == diary{"-a!", "-c!"});
}

TEST_CASE_METHOD(family, "a child that ignores its shutdown is killed at its deadline", "[supervision][unit]") {
  auto top = root({}, {child("a"), child("b", restart::permanent, {.stubborn = true})});
  entries();
  self()->send_exit(top, caf::exit_reason::user_shutdown);
  advance(4'999ms);
  CHECK(entries().empty());
  advance(1ms);
  CHECK(entries() == diary{"-b!", "-a"});
  CHECK(end());
}

} // namespace troupe
