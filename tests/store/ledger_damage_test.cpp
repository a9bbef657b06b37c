// SPDX-License-Identifier: BSD-3-Clause
// Files that are not what we expect: each is refused with a sentence, and left as it is.
#include "runtime/store/identify_ledger.hpp"

#include "tests/catch.hpp"
#include "tests/scratch_folder.hpp"

#include <sqlite3.h>

using namespace troupe;
using namespace troupe::store;
using troupe::testing::read_file;
using troupe::testing::scratch_folder;
using troupe::testing::write_file;

namespace {

void make_ledger(const std::filesystem::path& file) {
  auto ledger = open_sqlite_ledger(file, "1");
  REQUIRE(ledger.has_value());
  gateway::ledger_state state;
  state.used = 3;
  for (std::uint32_t bucket = 0; bucket < 1'000; ++bucket)
    state.last_identify.emplace(bucket, gateway::wall_time{std::chrono::milliseconds{1'700'000'000'000 + bucket}});
  REQUIRE((*ledger)->save(state).has_value());
}

void run_sql(const std::filesystem::path& file, const char* sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
}

void check_refused(const std::filesystem::path& file, const std::string& because) {
  auto before = read_file(file);
  auto ledger = open_sqlite_ledger(file, "1");
  REQUIRE_FALSE(ledger.has_value());
  auto sentence = to_string(ledger.error());
  INFO(sentence);
  CHECK(ledger.error().code == errc::store_unavailable);
  CHECK(sentence.find(file.string()) != std::string::npos);
  CHECK(sentence.find(because) != std::string::npos);
  CHECK(read_file(file) == before);
}

} // namespace

TEST_CASE("a ledger that is no database is refused", "[store][unit]") {
  scratch_folder folder;
  auto content = GENERATE(as<std::string>{}, "no", "this is not a database", std::string(5'000, 'x'));
  write_file(folder / "identify.db", content);
  check_refused(folder / "identify.db", "is damaged: move it away");
}

TEST_CASE("a truncated ledger is refused", "[store][unit]") {
  scratch_folder folder;
  make_ledger(folder / "identify.db");
  auto whole = read_file(folder / "identify.db");
  REQUIRE(whole.size() > 20'000);
  auto kept = GENERATE(50, 100, 1'000, 4'096, 9'000, 20'000);
  INFO(kept);
  write_file(folder / "identify.db", whole.substr(0, static_cast<std::size_t>(kept)));
  check_refused(folder / "identify.db", "is damaged");
}

TEST_CASE("a ledger with an overwritten page is refused", "[store][unit]") {
  scratch_folder folder;
  make_ledger(folder / "identify.db");
  auto bytes = read_file(folder / "identify.db");
  bytes.replace(3 * 4'096, 4'096, std::string(4'096, '\xee'));
  write_file(folder / "identify.db", bytes);
  check_refused(folder / "identify.db", "is damaged");
}

TEST_CASE("a ledger with impossible numbers is not loaded", "[store][unit]") {
  scratch_folder folder;
  make_ledger(folder / "identify.db");
  auto sql = GENERATE("UPDATE bots SET used = -1", "UPDATE bots SET used = 4294967296",
                      "UPDATE identifies SET bucket = -5 WHERE bucket = 5");
  run_sql(folder / "identify.db", sql);
  auto ledger = open_sqlite_ledger(folder / "identify.db", "1");
  REQUIRE(ledger.has_value());
  auto state = (*ledger)->load();
  REQUIRE_FALSE(state.has_value());
  CHECK(state.error().code == errc::store_unavailable);
  CHECK(state.error().detail.find("impossible numbers") != std::string::npos);
}

TEST_CASE("a ledger of a newer schema is refused", "[store][unit]") {
  scratch_folder folder;
  make_ledger(folder / "identify.db");
  run_sql(folder / "identify.db", "PRAGMA user_version = 2");
  check_refused(folder / "identify.db", "newer Troupe (its schema is 2, this program knows 1)");
}

TEST_CASE("the database of another program is refused", "[store][unit]") {
  scratch_folder folder;
  auto sql = GENERATE("CREATE TABLE recipes (name TEXT)", "PRAGMA user_version = -3");
  run_sql(folder / "recipes.db", sql);
  check_refused(folder / "recipes.db", "another program");
}

TEST_CASE("a ledger that cannot be created says where", "[store][unit]") {
  // Tests may run as root, who ignores permissions: a file where a folder should be stops root too.
  scratch_folder folder;
  write_file(folder / "file", "");
  std::filesystem::create_directory(folder / "folder");
  auto path = GENERATE("file/identify.db", "file/a/b/identify.db", "folder", "folder/");
  auto ledger = open_sqlite_ledger(folder / path, "1");
  REQUIRE_FALSE(ledger.has_value());
  CHECK(ledger.error().code == errc::store_unavailable);
  INFO(ledger.error().detail);
  CHECK(ledger.error().detail.find((folder / "f").string()) != std::string::npos);
}
