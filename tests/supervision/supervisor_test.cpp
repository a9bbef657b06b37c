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

TEST_CASE_METHOD(family, "a child that is being stopped dies with its supervisor, too", "[supervision][unit]") {
  auto top = root({}, {child("a", restart::permanent, {.stubborn = true})});
  self()->send_exit(top, caf::exit_reason::user_shutdown);
  settle();
  entries();
  caf::anon_send_exit(top, caf::exit_reason::kill);
  settle();
  CHECK(entries() == diary{"-a!"});
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

TEST_CASE_METHOD(family, "a child that never answers is killed, and given up when even that does not help",
                 "[supervision][unit]") {
  // Nobody empties its mailbox.
  caf::scoped_actor mute{sys, true};
  auto stuck = child("b");
  stuck.start = [&](const child_context&) { return caf::actor_cast<caf::actor>(mute); };
  stuck.start_timeout = 3s;
  auto top = root({}, {child("a"), stuck});
  advance(2'999ms);
  CHECK(entries() == diary{"+a"});
  advance(1ms);
  CHECK(entries().empty());
  advance(5s);
  CHECK(entries() == diary{"-a"});
  auto reason = end();
  REQUIRE(reason);
  CHECK(to_error(*reason) == error{errc::start_failed, "root/b: it did not answer within 3000 ms of its start"});
}

// -- failing starts -----------------------------------------------------------------------------------

TEST_CASE_METHOD(family, "a start function that throws, returns nothing or another's child fails the start",
                 "[supervision][unit]") {
  struct row {
    std::function<caf::actor(const child_context&)> start;
    error expected;
  };
  const std::vector<row> rows{
    {[](const child_context&) -> caf::actor { throw std::runtime_error("no paper"); },
     {errc::start_failed, "root/b: something went wrong inside the runtime: its start function: exception: no paper"}},
    {[](const child_context&) -> caf::actor {
       throw error_exception({errc::store_unavailable, "state.db"});
     },
     {errc::start_failed, "root/b: the identify ledger cannot be used: its start function: state.db"}},
    {[](const child_context&) -> caf::actor {
       throw error_exception({errc::invalid_configuration, "colour"});
     },
     {errc::invalid_configuration, "root/b: its start function: colour"}},
    {[](const child_context&) { return caf::actor{}; },
     {errc::start_failed, "root/b: its start function returned no actor"}},
    {[this](const child_context&) { return live.at("root/a"); },
     {errc::start_failed, "root/b: its start function returned an actor that is a child already"}},
  };
  for (const auto& row : rows) {
    entries();
    auto bad = child("b");
    bad.start = row.start;
    auto top = root({}, {child("a"), bad, child("c")});
    CHECK(entries() == diary{"+a", "-a"});
    auto reason = end();
    REQUIRE(reason);
    auto actual = to_error(*reason);
    CHECK(actual.code == row.expected.code);
    CHECK(actual.detail.starts_with("root/b: "));
    CHECK(actual.detail.substr(actual.detail.rfind(": "))
          == row.expected.detail.substr(row.expected.detail.rfind(": ")));
  }
}

TEST_CASE_METHOD(family, "the failure deep in a tree ends it with the culprit's path, text and code",
                 "[supervision][unit]") {
  auto top = root(
    {}, {child("a"),
         branch("b", {}, {child("c"), branch("d", {}, {child("e", restart::permanent, {.dies_at_start = true})})})});
  CHECK(entries() == diary{"+a", "+c", "+e", "-e", "-c", "-a"});
  auto reason = end();
  REQUIRE(reason);
  CHECK(to_error(*reason) == error{errc::invalid_configuration, "root/b/d/e: no such colour"});
}

TEST_CASE_METHOD(family, "a restart that fails is tried again later", "[supervision][unit]") {
  auto top = root({}, {child("a")});
  broken["a"] = 2;
  entries();
  say("root/a", "crash");
  advance(1min);
  CHECK(entries() == diary{"-a", "?a", "?a", "+a"});
  CHECK_FALSE(end());
}

// -- trees --------------------------------------------------------------------------------------------

TEST_CASE_METHOD(family, "a supervisor that gives up is restarted by its own, until that gives up too",
                 "[supervision][unit]") {
  flags strict;
  strict.intensity = 1;
  strict.backoff_min = strict.backoff_max = 0ms;
  auto top = root(strict, {child("a"), branch("b", strict, {child("c"), child("d")})});
  entries();
  say("root/b/d", "crash");
  CHECK(entries() == diary{"-d", "+d"});
  // The inner supervisor gives up, the outer one starts it again.
  say("root/b/d", "crash");
  CHECK(entries() == diary{"-d", "-c", "+c", "+d"});
  CHECK_FALSE(end());
  auto exits = reported<child_exited>();
  CHECK(std::any_of(exits.begin(), exits.end(),
                    [](const child_exited& each) { return each.path == "root/b" && each.reason == errc::gave_up; }));
  say("root/b/d", "crash");
  say("root/b/d", "crash");
  CHECK(entries() == diary{"-d", "+d", "-d", "-c", "-a"});
  auto reason = end();
  REQUIRE(reason);
  CHECK(to_error(*reason).code == errc::gave_up);
  CHECK(reported<supervisor_gave_up>().size() == 3);
}

TEST_CASE_METHOD(family, "a child is told whether a successor follows", "[supervision][unit]") {
  flags together;
  together.strategy = strategy::one_for_all;
  auto top = root({}, {child("a"), branch("b", together, {child("c"), child("d"), child("e", restart::temporary)})});
  SECTION("of a sibling's crash") {
    say("root/b/d", "crash");
    CHECK(std::exchange(expecting, {}) == diary{"c"});
  }
  SECTION("of its supervisor's crash") {
    tell(live.at("root/b"), caf::exit_msg{self()->address(), make_error(errc::internal, "boom")});
    CHECK(std::exchange(expecting, {}) == diary{"d", "c"});
  }
  CHECK(order(top, terminate_child{"a"}) == error{});
  caf::anon_send_exit(top, caf::exit_reason::user_shutdown);
  settle();
  CHECK(expecting.empty());
}

TEST_CASE_METHOD(family, "a degraded supervisor goes on and recovers", "[supervision][unit]") {
  flags tireless;
  tireless.intensity = 1;
  tireless.period = 30s;
  tireless.backoff_max = 10s;
  tireless.when_exhausted = supervision::exhaustion::degrade;
  auto top = root(tireless, {child("a")});
  for (auto i = 0; i < 5; ++i) {
    say("root/a", "crash");
    advance(10s);
  }
  CHECK(reported<supervisor_degraded>().size() == 1);
  advance(30s);
  CHECK(reported<supervisor_recovered>().size() == 1);
  CHECK_FALSE(end());
}

TEST_CASE_METHOD(family, "which_children lists the tree, depth first", "[supervision][unit]") {
  auto top = root({}, {child("a"), branch("b", {}, {child("c"), branch("d", {}, {child("e")})}), child("f")});
  auto answer = ask<children_report>(top, which_children{});
  REQUIRE(answer);
  diary paths;
  for (const auto& each : answer->children)
    paths.push_back(each.path);
  CHECK(paths == diary{"root/a", "root/b", "root/b/c", "root/b/d", "root/b/d/e", "root/f"});
  CHECK(answer->children[1].type == child_type::supervisor);
  auto flat = ask<children_report>(top, which_children{false});
  REQUIRE(flat);
  CHECK(flat->children.size() == 3);
}

TEST_CASE_METHOD(family, "which_children tells how each child is and why it ended last", "[supervision][unit]") {
  auto top = root({}, {child("a"), child("b", restart::transient)});
  say("root/a", "fail");
  say("root/b", "finish");
  auto answer = ask<children_report>(top, which_children{});
  REQUIRE(answer);
  const auto& a = answer->children.at(0);
  CHECK(a.phase == child_phase::running);
  CHECK(a.starts == 2);
  CHECK(a.last_reason == errc::corrupt_stream);
  CHECK(a.last_detail == "bad bytes");
  const auto& b = answer->children.at(1);
  CHECK(b.phase == child_phase::stopped);
  CHECK(b.starts == 1);
  CHECK(b.last_reason == errc::none);
}

TEST_CASE_METHOD(family, "workers that answer which_children are asked too", "[supervision][unit]") {
  using parent_actor = caf::typed_actor<caf::replies_to<which_children>::with<children_report>>;
  auto worker = child("a");
  worker.start = [](const child_context& context) {
    auto path = context.path;
    return caf::actor_cast<caf::actor>(
      context.system.spawn([path](parent_actor::pointer) -> parent_actor::behavior_type {
        return {[path](const which_children&) { return children_report{{{.path = path + "/connection"}}}; }};
      }));
  };
  auto top = root({}, {worker});
  auto answer = ask<children_report>(top, which_children{});
  REQUIRE(answer);
  REQUIRE(answer->children.size() == 2);
  CHECK(answer->children[1].path == "root/a/connection");
}

TEST_CASE_METHOD(family, "a child supervisor that does not answer is listed without its children",
                 "[supervision][unit]") {
  caf::scoped_actor mute{sys, true};
  auto silent = child("b");
  silent.type = child_type::supervisor;
  silent.start = [who = caf::actor_cast<caf::actor>(mute)](const child_context&) { return who; };
  auto top = root({}, {child("a"), silent});
  mute->receive([](const await_children&) { return children_done{}; });
  settle();
  CHECK(order(top, await_children{}) == error{});
  auto pending = self()->request(top, caf::infinite, which_children{});
  advance(1s);
  pending.receive([](const children_report& all) { CHECK(all.children.size() == 2); },
                  [](const caf::error&) { FAIL("refused"); });
}

// -- orders -------------------------------------------------------------------------------------------

TEST_CASE_METHOD(family, "children come and go at run time", "[supervision][unit]") {
  auto top = root({}, {child("a")});
  CHECK(order(top, start_child{child("b")}) == error{});
  CHECK(order(top, start_child{child("b")}).code == errc::invalid_child_spec);
  CHECK(entries() == diary{"+a", "+b"});
  CHECK(order(top, terminate_child{"b"}) == error{});
  CHECK(order(top, terminate_child{"z"}).code == errc::unknown_child);
  CHECK(order(top, restart_child{"b"}) == error{});
  CHECK(entries() == diary{"-b", "+b"});
  CHECK(order(top, delete_child{"b"}).code == errc::invalid_argument);
  CHECK(order(top, terminate_child{"b"}) == error{});
  CHECK(order(top, delete_child{"b"}) == error{});
  CHECK(order(top, restart_child{"b"}).code == errc::unknown_child);
  // A deleted id is free again, with another spec.
  entries();
  auto other = child("b2");
  other.id = "b";
  CHECK(order(top, start_child{other}) == error{});
  CHECK(entries() == diary{"+b2"});
}

TEST_CASE_METHOD(family, "a child that is added and does not start is answered with the reason",
                 "[supervision][unit]") {
  auto top = root({}, {child("a")});
  auto refused = order(top, start_child{child("b", restart::permanent, {.dies_at_start = true})});
  CHECK(refused == error{errc::invalid_configuration, "root/b: no such colour"});
  CHECK(order(top, start_child{child("b")}) == error{});
}

TEST_CASE_METHOD(family, "requests to a supervisor that stops are answered", "[supervision][unit]") {
  auto top = root({}, {child("a", restart::permanent, {.stubborn = true})});
  self()->send_exit(top, caf::exit_reason::user_shutdown);
  settle();
  CHECK(order(top, start_child{child("b")}).code == errc::actor_unreachable);
  CHECK(order(top, restart_child{"a"}).code == errc::actor_unreachable);
  CHECK(order(top, await_children{}).code == errc::actor_unreachable);
  auto pending = self()->request(top, caf::infinite, terminate_child{"a"});
  advance(5s);
  auto answered = false;
  pending.receive([&](const children_done&) { answered = true; }, [&](const caf::error&) { answered = true; });
  CHECK(answered);
  CHECK(end());
  // Whoever comes too late hears that nobody is there.
  CHECK(order(top, start_child{child("b")}).code == errc::actor_unreachable);
}

// -- reports ------------------------------------------------------------------------------------------

TEST_CASE_METHOD(family, "lifecycle hears of everything", "[supervision][unit]") {
  auto spec = spec_of("root", {}, {child("a")});
  spec.lifecycle = as<lifecycle_actor>();
  spec.on_report = [](const supervision::report&) { throw std::runtime_error("this listener is broken"); };
  auto top = spawn(supervisor, spec);
  settle();
  auto started = receive<child_started>();
  REQUIRE(started);
  CHECK(started->path == "root/a");
  say("root/a", "crash");
  CHECK(receive<child_exited>());
  CHECK(receive<child_restarting>());
  REQUIRE(receive<child_started>());
}

} // namespace troupe
