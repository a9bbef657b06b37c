// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/store/identify_ledger.hpp"

#include "tests/catch.hpp"
#include "tests/scratch_folder.hpp"

#include <sys/stat.h>

#include <limits>

using namespace troupe;
using namespace troupe::store;
using troupe::testing::scratch_folder;

namespace {

gateway::wall_time at(std::int64_t ms) {
  return gateway::wall_time{std::chrono::milliseconds{ms}};
}

gateway::ledger_state some_state() {
  gateway::ledger_state state;
  state.last_identify = {{0, at(1'700'000'000'123)}, {7, at(1'700'000'005'000)}, {15, at(-1)}};
  state.window_start = at(1'699'999'000'000);
  state.used = 42;
  return state;
}

std::unique_ptr<identify_ledger> open(const std::filesystem::path& file, std::string_view bot) {
  auto ledger = open_sqlite_ledger(file, bot);
  if (!ledger)
    FAIL(to_string(ledger.error()));
  return std::move(*ledger);
}

unsigned mode_of(const std::filesystem::path& file) {
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  return status.st_mode & 0777u;
}

} // namespace

TEST_CASE("a new ledger is empty", "[store][unit]") {
  scratch_folder folder;
  std::unique_ptr<identify_ledger> ledger;
  SECTION("on disk") {
    ledger = open(folder / "identify.db", "1");
  }
  SECTION("in memory") {
    ledger = make_memory_ledger();
  }
  auto state = ledger->load();
  REQUIRE(state.has_value());
  CHECK(*state == gateway::ledger_state{});
}

TEST_CASE("a ledger gives back what was saved", "[store][unit]") {
  scratch_folder folder;
  std::unique_ptr<identify_ledger> ledger;
  SECTION("on disk") {
    ledger = open(folder / "identify.db", "1");
  }
  SECTION("in memory") {
    ledger = make_memory_ledger();
  }
  REQUIRE(ledger->save(some_state()).has_value());
  CHECK(ledger->load().value() == some_state());
}

TEST_CASE("a ledger that is opened again remembers", "[store][unit]") {
  scratch_folder folder;
  auto state = some_state();
  state.used = std::numeric_limits<std::uint32_t>::max();
  REQUIRE(open(folder / "identify.db", "1")->save(state).has_value());
  CHECK(open(folder / "identify.db", "1")->load().value() == state);
}

TEST_CASE("a save replaces the whole state, also downwards", "[store][unit]") {
  scratch_folder folder;
  auto ledger = open(folder / "identify.db", "1");
  REQUIRE(ledger->save(some_state()).has_value());
  auto refunded = some_state();
  refunded.used = 41;
  refunded.last_identify.erase(7);
  refunded.last_identify[0] = at(5);
  refunded.window_start.reset();
  REQUIRE(ledger->save(refunded).has_value());
  CHECK(ledger->load().value() == refunded);
  REQUIRE(ledger->save({}).has_value());
  CHECK(ledger->load().value() == gateway::ledger_state{});
}

TEST_CASE("bots in one file do not see each other", "[store][unit]") {
  scratch_folder folder;
  auto first = open(folder / "identify.db", "1");
  auto second = open(folder / "identify.db", "bot-../%'2");
  auto other = some_state();
  other.used = 1;
  REQUIRE(first->save(some_state()).has_value());
  REQUIRE(second->save(other).has_value());
  REQUIRE(first->save(some_state()).has_value());
  CHECK(first->load().value() == some_state());
  CHECK(second->load().value() == other);
}

TEST_CASE("folders and files of a ledger are for its user only", "[store][unit]") {
  scratch_folder folder;
  auto old_mask = ::umask(0);
  auto ledger = open(folder / "state/troupe/identify.db", "1");
  REQUIRE(ledger->save(some_state()).has_value());
  ::umask(old_mask);
  CHECK(mode_of(folder / "state") == 0700);
  CHECK(mode_of(folder / "state/troupe") == 0700);
  for (const auto& entry : std::filesystem::directory_iterator{folder / "state/troupe"}) {
    INFO(entry.path());
    CHECK(mode_of(entry.path()) == 0600);
  }
}

TEST_CASE("a bot's ledger opens once at a time, whatever the path that leads to it", "[store][unit]") {
  scratch_folder folder;
  auto ledger = open(folder / "identify.db", "1");
  std::filesystem::create_directory_symlink(folder / ".", folder / "link");
  auto path = GENERATE("identify.db", "link/identify.db", "./identify.db");
  auto second = open_sqlite_ledger(folder / path, "1");
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == errc::store_unavailable);
  CHECK(second.error().detail.find("this process already") != std::string::npos);
  ledger.reset();
  CHECK(open_sqlite_ledger(folder / path, "1").has_value());
}

TEST_CASE("a ledger whose file was removed refuses to save", "[store][unit]") {
  scratch_folder folder;
  auto ledger = open(folder / "identify.db", "1");
  REQUIRE(ledger->save(some_state()).has_value());
  std::filesystem::remove(folder / "identify.db");
  SECTION("and no other took its name") {}
  SECTION("and another took its name") {
    troupe::testing::write_file(folder / "identify.db", "");
  }
  auto saved = ledger->save(some_state());
  REQUIRE_FALSE(saved.has_value());
  CHECK(saved.error().code == errc::store_unavailable);
  CHECK(saved.error().detail.find("moved or deleted") != std::string::npos);
}
