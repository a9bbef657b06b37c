// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/store/session_store.hpp"

#include "runtime/store/file_lock.hpp"
#include "runtime/store/sqlite.hpp"
#include "runtime/store/state_file.hpp"

#include <sys/stat.h>

#include <optional>
#include <system_error>
#include <utility>

namespace troupe::store {

namespace {

namespace fs = std::filesystem;

// Raise it together with a step in `prepare_schema` that brings older files along.
constexpr std::int64_t schema_version = 1;

constexpr auto create_schema = R"(
  CREATE TABLE sessions (
    bot        TEXT    NOT NULL,
    shard      INTEGER NOT NULL,
    shards     INTEGER NOT NULL,
    intents    INTEGER NOT NULL,
    session_id TEXT    NOT NULL,
    resume_url TEXT    NOT NULL,
    sequence   INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    PRIMARY KEY (bot, shard, shards)
  ) WITHOUT ROWID;
  PRAGMA user_version = 1;
)";

// The actor that saves also answers shards: it must not wait for somebody else's lock.
constexpr int busy_timeout_ms = 200;
constexpr std::chrono::milliseconds opening_patience{1'000};
// Discord forgets a session within minutes; a day forgives a wrong clock.
constexpr std::int64_t forgotten_after_ms = 86'400'000;

/// What stands in the way of using a file.
enum class obstacle { none, locked, damaged, fatal };

struct verdict {
  obstacle what = obstacle::none;
  error reason;
};

verdict judge(const database& db, error reason) {
  switch (sqlite3_errcode(db.handle()) & 0xff) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return {obstacle::locked, std::move(reason)};
  case SQLITE_NOTADB:
  case SQLITE_CORRUPT:
    return {obstacle::damaged, std::move(reason)};
  default:
    return {obstacle::fatal, std::move(reason)};
  }
}

verdict prepare_schema(database& db, const fs::path& file) {
  auto version = db.number("PRAGMA user_version");
  if (!version)
    return judge(db, version.error());
  if (*version > schema_version)
    return {obstacle::fatal,
            unavailable(file, "was written by a newer Troupe (its schema is " + std::to_string(*version)
                                + ", this program knows " + std::to_string(schema_version) + "): update this program")};
  if (*version == schema_version)
    return {};
  if (auto begun = db.run("BEGIN IMMEDIATE"); !begun)
    return judge(db, begun.error());
  // Another process may have been faster.
  auto objects = db.number("SELECT count(*) FROM sqlite_master");
  auto created = objects && *objects == 0 ? db.run(create_schema) : result<void>{};
  if (!created)
    return judge(db, created.error());
  if (auto done = db.run("COMMIT"); !done)
    return judge(db, done.error());
  if (db.number("PRAGMA user_version") != schema_version)
    return {obstacle::fatal, unavailable(file, "is the database of another program: name another state folder")};
  return {};
}

verdict prepare_database(database& db, const fs::path& file) {
  sqlite3_busy_timeout(db.handle(), busy_timeout_ms);
  if (auto schema = prepare_schema(db, file); schema.what != obstacle::none)
    return schema;
  auto damage = db.text("PRAGMA quick_check(1)");
  if (!damage)
    return judge(db, damage.error());
  if (*damage != "ok")
    return {obstacle::damaged, unavailable(file, "is damaged (" + *damage + ")")};
  auto mode = db.text("PRAGMA journal_mode = WAL");
  if (!mode)
    return judge(db, mode.error());
  if (*mode != "wal")
    return {obstacle::fatal, unavailable(file, "is on a file system without shared memory: use a local disk")};
  if (auto set = db.run("PRAGMA synchronous = NORMAL"); !set)
    return judge(db, set.error());
  return {};
}

/// An open file and its statements, prepared once.
struct open_file {
  // Statements point at their database, so it must not move.
  std::unique_ptr<database> db;
  statement load;
  statement save;
  statement remove;
  statement remove_others;
};

result<open_file> prepare_statements(std::unique_ptr<database> db) {
  auto load = statement::prepare(*db, "SELECT shard, shards, intents, session_id, resume_url, sequence, updated_ms "
                                      "FROM sessions WHERE bot = ?1 ORDER BY shard");
  auto save = statement::prepare(*db, "INSERT OR REPLACE INTO sessions (bot, shard, shards, intents, session_id, "
                                      "resume_url, sequence, updated_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  auto remove = statement::prepare(*db, "DELETE FROM sessions WHERE bot = ?1 AND shard = ?2 AND shards = ?3");
  // A session of another shard count is over once somebody identifies with this one.
  auto remove_others = statement::prepare(*db, "DELETE FROM sessions WHERE bot = ?1 AND shards <> ?2");
  for (auto* each : {&load, &save, &remove, &remove_others})
    if (!*each)
      return each->error();
  return open_file{std::move(db), std::move(*load), std::move(*save), std::move(*remove), std::move(*remove_others)};
}

class sqlite_sessions final : public session_store {
public:
  sqlite_sessions(fs::path file, std::string bot) : file_{std::move(file)}, bot_{std::move(bot)} {
    // nop
  }

  /// @returns an error only where opening the file later cannot help.
  result<void> open_first(std::int64_t now_ms);

  result<std::vector<session_record>> load() override;
  result<void> save(const std::vector<session_record>& batch) override;
  std::string warning() const override {
    return warning_;
  }

private:
  verdict open();
  void move_aside(std::int64_t now_ms);
  result<void> write(const std::vector<session_record>& batch);

  /// Whether the file is still the one that is open: another process may have found it damaged, somebody may have
  /// deleted it. SQLite would go on writing to what nobody reads.
  [[nodiscard]] bool in_place() const;

  fs::path file_;
  std::string bot_;
  std::string warning_;
  /// None while the file is locked.
  std::optional<open_file> open_;
  ino_t inode_ = 0;
};

ino_t inode_of(const fs::path& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 ? status.st_ino : 0;
}

bool sqlite_sessions::in_place() const {
  return inode_ != 0 && inode_of(file_) == inode_;
}

verdict sqlite_sessions::open() {
  if (auto made = make_state_file(file_); !made)
    return {obstacle::fatal, made.error()};
  auto opened = database::open(file_);
  if (!opened)
    return {obstacle::fatal, opened.error()};
  auto db = std::make_unique<database>(std::move(*opened));
  if (auto prepared = prepare_database(*db, file_); prepared.what != obstacle::none)
    return prepared;
  auto ready = prepare_statements(std::move(db));
  if (!ready)
    return {obstacle::fatal, ready.error()};
  open_ = std::move(*ready);
  inode_ = inode_of(file_);
  flush_folder(file_.parent_path());
  return {};
}

result<void> sqlite_sessions::open_first(std::int64_t now_ms) {
  // Two processes that find the same damage: the second one must see the file that the first one began.
  auto opening = file_lock::acquire(file_.string() + ".lock", opening_patience);
  auto opened = open();
  if (opened.what == obstacle::damaged) {
    warning_ = unavailable(file_, "is damaged").detail; // The usual advice is for people who must move it themselves.
    move_aside(now_ms);
    opened = open();
  }
  if (opened.what == obstacle::locked) {
    warning_ += (warning_.empty() ? "" : "; ") + opened.reason.detail + ": sessions are kept in memory meanwhile";
    return {};
  }
  if (opened.what != obstacle::none)
    return opened.reason;
  auto old = std::to_string(now_ms - forgotten_after_ms);
  // Housekeeping: whoever comes next does it where this fails.
  static_cast<void>(open_->db->run(("DELETE FROM sessions WHERE updated_ms < " + old).c_str()));
  return {};
}

void sqlite_sessions::move_aside(std::int64_t now_ms) {
  auto aside = file_.string() + ".damaged-" + std::to_string(now_ms / 1000);
  for (const auto* part : {"-wal", "-shm", ""}) {
    std::error_code ignored;
    fs::rename(file_.string() + part, aside + part, ignored);
  }
  warning_ += "; it was moved to \"" + aside + "\", and a new one is begun: shards identify again";
}

result<std::vector<session_record>> sqlite_sessions::load() {
  if (!open_)
    return std::vector<session_record>{};
  std::vector<session_record> all;
  auto& rows = open_->load.bind(1, std::string_view{bot_});
  while (true) {
    auto row = rows.next();
    if (!row)
      return row.error();
    if (!*row)
      return all;
    session_record record;
    record.shard = {static_cast<std::uint32_t>(rows.number(0).value_or(0)),
                    static_cast<std::uint32_t>(rows.number(1).value_or(0))};
    record.intents = static_cast<std::uint64_t>(rows.number(2).value_or(0));
    record.session_id = rows.text(3);
    record.resume_url = rows.text(4);
    record.sequence = static_cast<std::uint64_t>(rows.number(5).value_or(0));
    record.updated_ms = rows.number(6).value_or(0);
    all.push_back(std::move(record));
  }
}

result<void> sqlite_sessions::save(const std::vector<session_record>& batch) {
  if (open_ && !in_place())
    open_.reset();
  if (!open_)
    if (auto opened = open(); opened.what != obstacle::none)
      return opened.reason;
  if (auto begun = open_->db->run("BEGIN IMMEDIATE"); !begun)
    return begun;
  auto written = write(batch);
  if (written)
    written = open_->db->run("COMMIT");
  // Some failures roll back by themselves; asking again then fails, and that is fine.
  if (!written && sqlite3_get_autocommit(open_->db->handle()) == 0)
    static_cast<void>(open_->db->run("ROLLBACK"));
  return written;
}

result<void> sqlite_sessions::write(const std::vector<session_record>& batch) {
  std::string_view bot{bot_};
  for (const auto& record : batch) {
    auto& row = record.session_id.empty() ? open_->remove : open_->save;
    row.bind(1, bot).bind(2, std::int64_t{record.shard.index}).bind(3, std::int64_t{record.shard.count});
    if (!record.session_id.empty())
      row.bind(4, static_cast<std::int64_t>(record.intents))
        .bind(5, std::string_view{record.session_id})
        .bind(6, std::string_view{record.resume_url})
        .bind(7, static_cast<std::int64_t>(record.sequence))
        .bind(8, record.updated_ms);
    if (auto done = row.done(); !done)
      return done;
  }
  if (batch.empty())
    return {};
  return open_->remove_others.bind(1, bot).bind(2, std::int64_t{batch.back().shard.count}).done();
}

} // namespace

result<std::unique_ptr<session_store>> open_sqlite_sessions(const fs::path& given, std::string_view bot,
                                                            std::int64_t now_ms) {
  auto file = place_state_file(given);
  if (!file)
    return file.error();
  auto store = std::make_unique<sqlite_sessions>(std::move(*file), std::string{bot});
  if (auto opened = store->open_first(now_ms); !opened)
    return opened.error();
  return std::unique_ptr<session_store>{std::move(store)};
}

} // namespace troupe::store
