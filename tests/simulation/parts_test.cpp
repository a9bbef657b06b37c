// SPDX-License-Identifier: BSD-3-Clause
// The small parts of a simulation: its trace, its counters, its dice, its disk.
#include "runtime/simulator/faults.hpp"

#include "actors/simulation/faults.hpp"
#include "actors/simulation/sometimes.hpp"
#include "actors/simulation/stores.hpp"
#include "actors/simulation/trace.hpp"

#include "tests/catch.hpp"

#include <random>
#include <set>
#include <stdexcept>

using namespace troupe;
using namespace troupe::simulation;
using namespace std::chrono_literals;

TEST_CASE("a trace has a line with the time for each thing, and remembers the last ones", "[simulation][trace]") {
  simulation::trace trace{2};
  trace.begin(time_point{1h});
  trace.add(time_point{1h + 1ms}, "one");
  trace.add(time_point{1h + 12'345ms}, "two");
  trace.add(time_point{1h + 12'345ms}, "three");
  REQUIRE(trace.lines().size() == 2);
  CHECK(trace.lines().front() == "      12.345  two");
  CHECK(trace.lines().back() == "      12.345  three");
}

TEST_CASE("the digest of a trace is that of all its lines", "[simulation][trace]") {
  auto digest = [](const std::vector<std::string>& texts) {
    simulation::trace trace{1};
    trace.begin(time_point{1h});
    for (const auto& text : texts)
      trace.add(time_point{1h}, text);
    return trace.digest();
  };
  CHECK(digest({"a", "b"}) == digest({"a", "b"}));
  CHECK(digest({"a", "b"}) != digest({"b", "b"}));
  CHECK(digest({"a", "b"}) != digest({"ab"}));
}

TEST_CASE("sometimes lists what was never reached", "[simulation][sometimes]") {
  simulation::sometimes once;
  auto all = once.missing().size();
  REQUIRE(all > 10);
  once.hit("a session was resumed");
  CHECK(once.missing().size() == all - 1);
  simulation::sometimes sum;
  sum.add(once);
  sum.add(once);
  CHECK(sum.counts().at("a session was resumed") == 2);
  CHECK(sum.missing() == once.missing());
}

TEST_CASE("sometimes does not know a state that is not in its list", "[simulation][sometimes]") {
  CHECK_THROWS_AS(simulation::sometimes{}.hit("a pig flew"), std::logic_error);
}

TEST_CASE("every fault that the dice know can be played", "[simulation][faults]") {
  std::mt19937_64 random{1};
  std::set<fault_source> sources;
  for (auto draw = 0; draw < 5'000; ++draw) {
    auto what = draw_fault(random, 0, 4);
    sources.insert(what.source);
    INFO(to_string(what));
    CHECK_FALSE(to_string(what).empty());
    if (what.source == fault_source::discord)
      REQUIRE(simulator::parse_fault(what.text).has_value());
    if (what.shard)
      REQUIRE(*what.shard < 4);
  }
  CHECK(sources.size() == 7);
}

TEST_CASE("faults for one half never touch the other", "[simulation][faults]") {
  std::mt19937_64 random{1};
  for (auto draw = 0; draw < 5'000; ++draw) {
    auto what = draw_fault(random, 2, 4);
    INFO(to_string(what));
    if (what.source == fault_source::discord) {
      REQUIRE(what.shard.has_value());
      REQUIRE(*what.shard >= 2);
    } else {
      REQUIRE(what.source == fault_source::crash);
      REQUIRE((what.text.starts_with("root/shards/2") || what.text.starts_with("root/shards/3")));
    }
  }
}

TEST_CASE("a disk outlives the stores that were opened on it", "[simulation][stores]") {
  disk machine;
  store::session_record session{
    .shard = {0, 1}, .intents = 1, .session_id = "s", .resume_url = "u", .sequence = 7, .updated_ms = 1};
  std::vector<store::session_record> stored;
  machine.on_stored = [&](const store::session_record& record) { stored.push_back(record); };
  REQUIRE((*machine.open_sessions())->save({session}).has_value());
  CHECK(machine.sessions() == std::vector{session});
  CHECK(stored == std::vector{session});
  CHECK(*(*machine.open_sessions())->load() == std::vector{session});
}

TEST_CASE("a failing disk keeps what it had", "[simulation][stores]") {
  disk machine;
  auto failures = 0;
  machine.on_failed = [&] { ++failures; };
  auto ledger = *machine.open_ledger();
  REQUIRE(ledger->save({.last_identify = {}, .window_start = {}, .used = 3}).has_value());
  machine.fail(true);
  CHECK(ledger->save({.last_identify = {}, .window_start = {}, .used = 4}).error().code == errc::store_unavailable);
  CHECK(failures == 1);
  machine.fail(false);
  CHECK((*machine.open_ledger())->load()->used == 3);
}
