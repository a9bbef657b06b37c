// SPDX-License-Identifier: BSD-3-Clause
// Each checker of the tree meets the bug that it looks for, in a history made by hand.
#include "actors/simulation/tree_checkers.hpp"

#include "tests/catch.hpp"

using namespace troupe;
using namespace troupe::simulation;
using namespace std::chrono_literals;

namespace {

constexpr shard_id first{0, 4};
constexpr time_point start{1h};

bool quiet(const checker& one) {
  return one.found().empty();
}

} // namespace

TEST_CASE("restarts_within_intensity finds one restart too many", "[simulation][checkers]") {
  restarts_within_intensity intensity{2, 5s};
  intensity.on_restarting("root/shards/0", start);
  intensity.on_restarting("root/shards/1", start); // The same moment: one group.
  intensity.on_restarting("root/shards/0", start + 1s);
  intensity.on_restarting("root/bots/ping", start + 2s); // Another supervisor.
  CHECK(quiet(intensity));
  intensity.on_restarting("root/shards/3", start + 3s);
  CHECK_FALSE(quiet(intensity));
}

TEST_CASE("restarts_within_intensity forgets what is older than the period", "[simulation][checkers]") {
  restarts_within_intensity intensity{2, 5s};
  for (auto restart = 0; restart < 20; ++restart)
    intensity.on_restarting("root/shards/0", start + restart * 3s);
  CHECK(quiet(intensity));
}

TEST_CASE("restarts_within_intensity accepts more from a supervisor that said it is degraded",
          "[simulation][checkers]") {
  restarts_within_intensity intensity{1, 5s};
  intensity.on_restarting("root/shards/0", start);
  intensity.on_degraded("root/shards");
  intensity.on_restarting("root/shards/0", start + 1s);
  CHECK(quiet(intensity));
  intensity.on_recovered("root/shards");
  intensity.on_restarting("root/shards/0", start + 2s);
  CHECK_FALSE(quiet(intensity));
}

TEST_CASE("restarts_within_intensity counts anew for a supervisor that was started again", "[simulation][checkers]") {
  restarts_within_intensity intensity{1, 5s};
  intensity.allow("root/more", 2);
  auto now = start;
  intensity.on_restarting("root/a/b", now);
  intensity.on_started("root/a");
  intensity.on_restarting("root/a/b", now + 1s);
  intensity.on_restarting("root/more/b", now);
  intensity.on_restarting("root/more/b", now + 1s);
  CHECK(intensity.found().empty());
  intensity.on_restarting("root/more/b", now + 2s);
  CHECK(intensity.found().size() == 1);
}

TEST_CASE("restarts_within_intensity finds a supervisor of the tree that gave up", "[simulation][checkers]") {
  restarts_within_intensity intensity{2, 5s};
  intensity.on_gave_up("root/shards");
  CHECK_FALSE(quiet(intensity));
}

TEST_CASE("no_orphans finds an actor without a place in the tree", "[simulation][checkers]") {
  no_orphans orphans;
  orphans.on_quiet(20, 20);
  orphans.on_quiet(19, 20);
  CHECK(quiet(orphans));
  orphans.on_quiet(21, 20);
  CHECK_FALSE(quiet(orphans));
}

TEST_CASE("memory_is_bounded finds a shard that holds too much", "[simulation][checkers]") {
  memory_is_bounded memory{100};
  memory.on_outstanding(first, 100);
  CHECK(quiet(memory));
  memory.on_outstanding(first, 101);
  CHECK_FALSE(quiet(memory));
}

TEST_CASE("everyone_ready_again finds who is not ready when the bound has passed", "[simulation][checkers]") {
  everyone_ready_again liveness;
  liveness.on_bound({}, 600s);
  CHECK(quiet(liveness));
  liveness.on_bound({first}, 600s);
  CHECK_FALSE(quiet(liveness));
}

TEST_CASE("everyone_ready_again finds a healed shard that stands still", "[simulation][checkers]") {
  everyone_ready_again liveness;
  liveness.on_standstill(first);
  CHECK_FALSE(quiet(liveness));
}

TEST_CASE("runs_end_with_reason finds an end that nobody outside caused", "[simulation][checkers]") {
  runs_end_with_reason ends;
  ends.on_failed({errc::authentication_failed, {}});
  ends.on_failed({errc::connect_failed, {}});
  CHECK(quiet(ends));
  ends.on_failed({errc::internal, "a handler threw"});
  CHECK_FALSE(quiet(ends));
}

TEST_CASE("shutdown_is_clean finds a tree that does not end, and a session that was not stored",
          "[simulation][checkers]") {
  shutdown_is_clean clean;
  clean.on_end(true, {});
  CHECK(quiet(clean));
  SECTION("late") {
    clean.on_end(false, {});
    CHECK_FALSE(quiet(clean));
  }
  SECTION("forgetful") {
    clean.on_end(true, {first});
    CHECK_FALSE(quiet(clean));
  }
}
