// SPDX-License-Identifier: BSD-3-Clause
// What both session stores promise, and what only the file has to: locks, damage, places that cannot be written.
#include "runtime/store/session_store.hpp"

#include "tests/catch.hpp"
#include "tests/scratch_folder.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <functional>

using namespace troupe;
using namespace troupe::store;
using namespace std::chrono_literals;
using troupe::testing::read_file;
using troupe::testing::scratch_folder;
using troupe::testing::write_file;

namespace {

constexpr std::int64_t now_ms = 1'700'000'000'000;
constexpr std::int64_t day_ms = 86'400'000;

session_record session(std::uint32_t index, std::uint64_t sequence, std::uint32_t count = 4) {
  return {.shard = {index, count},
          .intents = 0x8000'0000'0000'0201,
          .session_id = "session-" + std::to_string(index),
          .resume_url = "wss://resume.example",
          .sequence = sequence,
          .updated_ms = now_ms};
}

session_record none(std::uint32_t index, std::uint32_t count = 4) {
  session_record gone;
  gone.shard = {index, count};
  return gone;
}

std::unique_ptr<session_store> open(const std::filesystem::path& file, std::int64_t now = now_ms,
                                    const std::string& bot = "1") {
  auto store = open_sqlite_sessions(file, bot, now);
  INFO((store ? std::string{} : to_string(store.error())));
  REQUIRE(store.has_value());
  return std::move(*store);
}

std::vector<session_record> load(session_store& store) {
  auto all = store.load();
  REQUIRE(all.has_value());
  std::sort(all->begin(), all->end(), [](const auto& a, const auto& b) { return a.shard.index < b.shard.index; });
  return *all;
}

// A second program that uses the file.
class stranger {
public:
  explicit stranger(const std::filesystem::path& file) {
    REQUIRE(sqlite3_open(file.c_str(), &db_) == SQLITE_OK);
  }
  stranger(const stranger&) = delete;
  stranger& operator=(const stranger&) = delete;
  ~stranger() {
    sqlite3_close(db_);
  }
  void run(const char* sql) {
    REQUIRE(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  }

private:
  sqlite3* db_ = nullptr;
};

// Opens the store of a test anew, as the next process does.
using opener = std::function<std::unique_ptr<session_store>()>;

} // namespace

TEST_CASE("what was saved is there in the next process", "[store][unit]") {
  scratch_folder folder;
  auto memory = std::make_shared<session_memory>();
  auto reopen = GENERATE_REF(values<opener>(
    {[&folder] { return open(folder / "deep" / "sessions.db"); }, [memory] { return make_memory_sessions(memory); }}));
  CHECK(load(*reopen()).empty());
  REQUIRE(reopen()->save({session(0, 10), session(1, 0xffff'ffff'ffff)}).has_value());
  CHECK(load(*reopen()) == std::vector{session(0, 10), session(1, 0xffff'ffff'ffff)});
  REQUIRE(reopen()->save({session(1, 20), none(0)}).has_value());
  CHECK(load(*reopen()) == std::vector{session(1, 20)});
  REQUIRE(reopen()->save({}).has_value());
  CHECK(load(*reopen()).size() == 1);
}

TEST_CASE("a session of another shard count replaces those before", "[store][unit]") {
  scratch_folder folder;
  auto memory = std::make_shared<session_memory>();
  auto reopen = GENERATE_REF(values<opener>(
    {[&folder] { return open(folder / "sessions.db"); }, [memory] { return make_memory_sessions(memory); }}));
  REQUIRE(reopen()->save({session(0, 1), session(1, 2), session(3, 4)}).has_value());
  REQUIRE(reopen()->save({session(1, 9, 8)}).has_value());
  CHECK(load(*reopen()) == std::vector{session(1, 9, 8)});
}

TEST_CASE("the file and its folders are for this user only", "[store][unit]") {
  scratch_folder folder;
  auto store = open(folder / "state" / "sessions.db");
  struct stat status {};
  REQUIRE(::stat((folder / "state" / "sessions.db").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  REQUIRE(::stat((folder / "state").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
}

TEST_CASE("processes and bots share a file", "[store][unit]") {
  scratch_folder folder;
  auto first = open(folder / "sessions.db");
  auto second = open(folder / "sessions.db");
  auto stranger = open(folder / "sessions.db", now_ms, "2");
  REQUIRE(first->save({session(0, 1)}).has_value());
  REQUIRE(second->save({session(1, 2)}).has_value());
  REQUIRE(stranger->save({session(0, 7, 1)}).has_value());
  CHECK(load(*first) == std::vector{session(0, 1), session(1, 2)});
  CHECK(load(*stranger) == std::vector{session(0, 7, 1)});
}

TEST_CASE("a session that nobody saved for a day is forgotten", "[store][unit]") {
  scratch_folder folder;
  auto late = session(1, 2);
  late.updated_ms += 1;
  REQUIRE(open(folder / "sessions.db")->save({session(0, 1), late}).has_value());
  CHECK(load(*open(folder / "sessions.db", now_ms + day_ms)).size() == 2);
  CHECK(load(*open(folder / "sessions.db", now_ms + day_ms + 1)) == std::vector{late});
}

TEST_CASE("a locked file is an error within a second, and works when it is free", "[store][unit]") {
  scratch_folder folder;
  auto store = open(folder / "sessions.db");
  REQUIRE(store->save({session(0, 1)}).has_value());
  stranger other{folder / "sessions.db"};
  other.run("BEGIN EXCLUSIVE");
  auto begun = std::chrono::steady_clock::now();
  auto saved = store->save({session(0, 2), session(1, 5)});
  CHECK(std::chrono::steady_clock::now() - begun < 1s);
  REQUIRE_FALSE(saved.has_value());
  CHECK(saved.error().code == errc::store_unavailable);
  CHECK(to_string(saved.error()).find((folder / "sessions.db").string()) != std::string::npos);
  other.run("ROLLBACK");
  CHECK(load(*store) == std::vector{session(0, 1)});
  REQUIRE(store->save({session(0, 2), session(1, 5)}).has_value());
  CHECK(load(*open(folder / "sessions.db")) == std::vector{session(0, 2), session(1, 5)});
}

TEST_CASE("a file that is locked at the start is opened when it is free", "[store][unit]") {
  scratch_folder folder;
  // Not yet WAL: then readers are locked out too.
  write_file(folder / "sessions.db", "");
  stranger other{folder / "sessions.db"};
  other.run("BEGIN EXCLUSIVE");
  auto store = open(folder / "sessions.db");
  CHECK(store->warning().find("locked") != std::string::npos);
  CHECK(load(*store).empty());
  CHECK_FALSE(store->save({session(0, 1)}).has_value());
  other.run("ROLLBACK");
  REQUIRE(store->save({session(0, 1)}).has_value());
  CHECK(load(*open(folder / "sessions.db")) == std::vector{session(0, 1)});
}

TEST_CASE("a damaged file is moved aside, and a new one is begun", "[store][unit]") {
  scratch_folder folder;
  auto file = folder / "sessions.db";
  {
    auto store = open(file);
    std::vector<session_record> many;
    for (std::uint32_t index = 0; index < 500; ++index)
      many.push_back(session(index, index, 500));
    REQUIRE(store->save(many).has_value());
  }
  auto bytes = read_file(file);
  REQUIRE(bytes.size() > 20'000);
  auto damaged = GENERATE_REF(
    values<std::string>({"this is not a database", std::string(5'000, 'x'), bytes.substr(0, 9'000), bytes.substr(0, 50),
                         bytes.substr(0, 8'192) + std::string(4'096, '\xee') + bytes.substr(12'288)}));
  write_file(file, damaged);
  auto store = open(file);
  auto aside = file.string() + ".damaged-1700000000";
  CHECK(store->warning().find("is damaged") != std::string::npos);
  CHECK(store->warning().find(aside) != std::string::npos);
  CHECK(read_file(aside) == damaged);
  CHECK(load(*store).empty());
  REQUIRE(store->save({session(0, 1)}).has_value());
  auto next = open(file);
  CHECK(next->warning().empty());
  CHECK(load(*next) == std::vector{session(0, 1)});
}

TEST_CASE("a file that another process moved aside is not written any more", "[store][unit]") {
  scratch_folder folder;
  auto store = open(folder / "sessions.db");
  REQUIRE(store->save({session(0, 1)}).has_value());
  for (const auto* part : {"", "-wal", "-shm"})
    std::filesystem::rename((folder / "sessions.db").string() + part, (folder / "aside.db").string() + part);
  REQUIRE(store->save({session(0, 2)}).has_value());
  CHECK(load(*open(folder / "sessions.db")) == std::vector{session(0, 2)});
}

TEST_CASE("a session file that cannot be used is refused with its path", "[store][unit]") {
  scratch_folder folder;
  auto file = folder / "sessions.db";
  auto [prepare, because] = GENERATE_REF(table<std::function<void()>, std::string>({
    {[&] { stranger{file}.run("PRAGMA user_version = 9"); }, "newer Troupe"},
    {[&] { stranger{file}.run("CREATE TABLE cats (name TEXT)"); }, "database of another program"},
    {[&] { std::filesystem::create_directory(file); }, "sessions.db"},
  }));
  prepare();
  auto store = open_sqlite_sessions(file, "1", now_ms);
  REQUIRE_FALSE(store.has_value());
  auto sentence = to_string(store.error());
  INFO(sentence);
  CHECK(store.error().code == errc::store_unavailable);
  CHECK(sentence.find(file.string()) != std::string::npos);
  CHECK(sentence.find(because) != std::string::npos);
  CHECK(std::filesystem::exists(file));
}

TEST_CASE("a session file below something that is no folder is refused with its path", "[store][unit]") {
  scratch_folder folder;
  write_file(folder / "file", "");
  auto store = open_sqlite_sessions(folder / "file" / "sessions.db", "1", now_ms);
  REQUIRE_FALSE(store.has_value());
  CHECK(store.error().code == errc::store_unavailable);
  CHECK(to_string(store.error()).find((folder / "file").string()) != std::string::npos);
}
