// SPDX-License-Identifier: BSD-3-Clause
// The sessions actor over a store that the test can break, and over a real file. The test plays the shards.
#include "runtime/log/log.hpp"

#include "actors/sessions.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"
#include "tests/scratch_folder.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <sqlite3.h>

#include <cstdio>
#include <memory>
#include <random>
#include <string>

namespace troupe {

using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t intents = 513;

// A store on a disk that outlives it and can be broken.
class fragile_sessions : public store::session_store {
public:
  struct disk {
    std::shared_ptr<store::session_memory> memory = std::make_shared<store::session_memory>();
    bool broken = false;
    bool unreadable = false;
    int saves = 0;
  };

  explicit fragile_sessions(std::shared_ptr<disk> where)
    : disk_{std::move(where)}, inner_{store::make_memory_sessions(disk_->memory)} {
    // nop
  }
  result<std::vector<store::session_record>> load() override {
    if (disk_->unreadable)
      return error{errc::store_unavailable, "the disk is unreadable"};
    return inner_->load();
  }
  result<void> save(const std::vector<store::session_record>& batch) override {
    if (disk_->broken)
      return error{errc::store_unavailable, "the disk is broken"};
    ++disk_->saves;
    return inner_->save(batch);
  }

private:
  std::shared_ptr<disk> disk_;
  std::unique_ptr<store::session_store> inner_;
};

struct registry : testing::deterministic {
  std::shared_ptr<fragile_sessions::disk> disk = std::make_shared<fragile_sessions::disk>();
  sessions_actor actor;

  [[nodiscard]] gateway::wall_time wall_clock() {
    return gateway::wall_time{std::chrono::duration_cast<std::chrono::milliseconds>(now().time_since_epoch())};
  }

  void start() {
    start(std::make_unique<fragile_sessions>(disk));
  }
  void start(std::unique_ptr<store::session_store> store) {
    actor = spawn(sessions, sessions_dependencies{.store = std::move(store), .now = [this] { return wall_clock(); }});
    settle();
  }

  void end(caf::exit_reason reason) {
    caf::anon_send_exit(actor, reason);
    settle();
  }

  // A shard tells how far it is; without a name its session is gone.
  void save(std::uint32_t index, const std::string& session, std::uint64_t sequence, std::uint32_t count = 4) {
    tell(actor, session_checkpoint{.shard = {index, count},
                                   .intents = intents,
                                   .session_id = session,
                                   .resume_url = session.empty() ? "" : "wss://resume.example",
                                   .sequence = sequence});
  }

  session_checkpoint find(shard_id shard, std::uint64_t with = intents) {
    auto found = ask<session_checkpoint>(actor, find_session{shard, with});
    REQUIRE(static_cast<bool>(found));
    CHECK(found->shard == shard);
    CHECK(found->intents == with);
    return *found;
  }

  // What the next process would find; 0 where it finds nothing.
  [[nodiscard]] std::uint64_t stored(std::uint32_t index) const {
    for (const auto& record : disk->memory->records)
      if (record.shard.index == index)
        return record.sequence;
    return 0;
  }
};

} // namespace

TEST_CASE_METHOD(registry, "the next process gets the sessions that this one left", "[actors][unit]") {
  start();
  save(0, "a", 10);
  save(1, "b", 20);
  end(caf::exit_reason::user_shutdown);
  start();
  auto found = find({1, 4});
  CHECK(found.session_id == "b");
  CHECK(found.resume_url == "wss://resume.example");
  CHECK(found.sequence == 20);
  CHECK(find({0, 4}).sequence == 10);
}

TEST_CASE_METHOD(registry, "a session with other intents or another shard count is not given out", "[actors][unit]") {
  start();
  save(0, "a", 10);
  auto [count, with] = GENERATE(table<std::uint32_t, std::uint64_t>({{4, 512}, {4, 0}, {8, intents}, {1, intents}}));
  CHECK(find({0, count}, with).session_id.empty());
  CHECK(find({1, 4}).session_id.empty());
  CHECK(find({0, 4}).session_id == "a");
}

TEST_CASE_METHOD(registry, "a new session and the end of one are stored at once, watermarks within a second",
                 "[actors][unit]") {
  start();
  save(0, "a", 1);
  CHECK(stored(0) == 1);
  save(0, "a", 5);
  save(0, "a", 9);
  CHECK(stored(0) == 1);
  advance(1s);
  CHECK(stored(0) == 9);
  CHECK(disk->saves == 2);
  save(0, "", 0);
  CHECK(disk->memory->records.empty());
  CHECK(find({0, 4}).session_id.empty());
  advance(1min);
  CHECK(disk->saves == 3);
}

TEST_CASE_METHOD(registry, "shards that save together share a write", "[actors][unit]") {
  start();
  for (std::uint32_t index = 0; index < 4; ++index)
    save(index, "s", 1);
  disk->saves = 0;
  for (std::uint32_t index = 0; index < 4; ++index)
    save(index, "s", 2);
  advance(1s);
  CHECK(disk->saves == 1);
  for (std::uint32_t index = 0; index < 4; ++index)
    CHECK(stored(index) == 2);
}

TEST_CASE_METHOD(registry, "the order to end writes the rest, and a kill does not", "[actors][unit]") {
  auto [reason, kept] = GENERATE(
    table<caf::exit_reason, std::uint64_t>({{caf::exit_reason::user_shutdown, 9}, {caf::exit_reason::kill, 1}}));
  start();
  save(0, "a", 1);
  save(0, "a", 9);
  end(reason);
  CHECK(stored(0) == kept);
}

TEST_CASE_METHOD(registry, "a session of another shard count replaces those before", "[actors][unit]") {
  start();
  save(0, "a", 1);
  save(1, "b", 1);
  save(0, "c", 1, 8);
  CHECK(find({0, 4}).session_id.empty());
  CHECK(find({1, 4}).session_id.empty());
  CHECK(find({0, 8}).session_id == "c");
  REQUIRE(disk->memory->records.size() == 1);
  CHECK(disk->memory->records.front().session_id == "c");
}

TEST_CASE_METHOD(registry, "a store that fails is said once, and loses nothing when it works again", "[actors][unit]") {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), std::fclose};
  REQUIRE(log::configure("info", "text", file.get()).has_value());
  start();
  save(0, "gone", 1);
  disk->broken = true;
  for (std::uint64_t sequence = 1; sequence <= 60; ++sequence) {
    save(0, "secret-session", sequence);
    save(1, "secret-session", sequence);
    advance(1s);
    CHECK(find({0, 4}).sequence == sequence);
  }
  CHECK(stored(1) == 0);
  disk->broken = false;
  advance(1s);
  CHECK(stored(0) == 60);
  CHECK(stored(1) == 60);
  REQUIRE(log::configure("info", "text", stderr).has_value());
  std::rewind(file.get());
  std::string text(100'000, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  INFO(text);
  auto first = text.find("cannot be saved");
  CHECK(first != std::string::npos);
  CHECK(text.find("cannot be saved", first + 1) == std::string::npos);
  auto again = text.find("are saved again");
  CHECK(again != std::string::npos);
  CHECK(text.find("are saved again", again + 1) == std::string::npos);
  CHECK(text.find("secret-session") == std::string::npos);
}

TEST_CASE_METHOD(registry, "a store that cannot be read leaves shards without sessions, and is written",
                 "[actors][unit]") {
  disk->unreadable = true;
  start();
  CHECK(find({0, 4}).session_id.empty());
  save(0, "a", 3);
  CHECK(find({0, 4}).session_id == "a");
  CHECK(stored(0) == 3);
}

TEST_CASE_METHOD(registry, "a locked database neither blocks nor loses", "[actors][unit]") {
  testing::scratch_folder folder;
  auto path = folder / "sessions.db";
  start(store::open_sqlite_sessions(path, "1", wall_clock().time_since_epoch().count()).value());
  save(0, "a", 1);
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr) == SQLITE_OK);
  auto begun = std::chrono::steady_clock::now();
  save(0, "a", 2);
  save(1, "b", 7);
  CHECK(find({0, 4}).sequence == 2);
  CHECK(find({1, 4}).session_id == "b");
  CHECK(std::chrono::steady_clock::now() - begun < 2s);
  CHECK(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(other);
  advance(1s);
  auto next = store::open_sqlite_sessions(path, "1", wall_clock().time_since_epoch().count()).value();
  auto all = next->load().value();
  REQUIRE(all.size() == 2);
  CHECK(all[0].sequence == 2);
  CHECK(all[1].sequence == 7);
}

TEST_CASE("a kill at any moment loses at most a second of watermarks, and no session", "[actors][unit]") {
  auto seed = GENERATE(range(1u, 101u));
  INFO(seed);
  std::mt19937 random{seed};
  registry tested;
  tested.start();
  struct moment {
    std::string session;
    std::uint64_t sequence = 0;
  };
  // By shard: now, and a second ago at the latest.
  std::map<std::uint32_t, std::map<std::chrono::steady_clock::time_point, moment>> history;
  auto length = random() % 60;
  for (std::uint32_t step = 0; step < length; ++step) {
    std::uint32_t index = random() % 3;
    auto& of_shard = history[index];
    auto current = of_shard.empty() ? moment{} : of_shard.rbegin()->second;
    if (auto what = random() % 10; current.session.empty() || what == 0)
      current = {"session-" + std::to_string(step), 1};
    else if (what == 1)
      current = {};
    else
      current.sequence += random() % 50;
    of_shard[tested.now()] = current;
    tested.save(index, current.session, current.sequence);
    tested.advance(std::chrono::milliseconds{random() % 700});
  }
  auto killed_at = tested.now();
  tested.end(caf::exit_reason::kill);
  tested.start();
  for (const auto& [index, moments] : history) {
    auto found = tested.find({index, 4});
    const auto& newest = moments.rbegin()->second;
    CHECK(found.session_id == newest.session);
    CHECK(found.sequence <= newest.sequence);
    for (const auto& [when, then] : moments)
      if (when + 1s <= killed_at && then.session == found.session_id)
        CHECK(found.sequence >= then.sequence);
  }
}

} // namespace troupe
