// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/store/identify_ledger.hpp"

#include "runtime/store/file_lock.hpp"
#include "runtime/store/sqlite.hpp"
#include "runtime/store/state_file.hpp"

#include <sys/stat.h>

#include <limits>
#include <utility>

namespace troupe::store {

namespace {

namespace fs = std::filesystem;

// Raise it together with a step in `prepare_schema` that brings older files along.
constexpr std::int64_t schema_version = 1;

constexpr auto create_schema = R"(
  CREATE TABLE bots (
    bot             TEXT    NOT NULL PRIMARY KEY,
    window_start_ms INTEGER,
    used            INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE identifies (
    bot    TEXT    NOT NULL,
    bucket INTEGER NOT NULL,
    at_ms  INTEGER NOT NULL,
    PRIMARY KEY (bot, bucket)
  ) WITHOUT ROWID;
  PRAGMA user_version = 1;
)";

result<void> prepare_schema(database& db, const fs::path& file) {
  auto version = db.number("PRAGMA user_version");
  if (!version)
    return version.error();
  if (*version > schema_version)
    return unavailable(file, "was written by a newer Troupe (its schema is " + std::to_string(*version)
                               + ", this program knows " + std::to_string(schema_version) + "): update this program");
  if (*version == schema_version)
    return {};
  auto objects = db.number("SELECT count(*) FROM sqlite_master");
  if (!objects)
    return objects.error();
  if (*version != 0 || *objects != 0)
    return unavailable(file, "is the database of another program: name another one");
  if (auto begun = db.run("BEGIN IMMEDIATE"); !begun)
    return begun;
  if (auto created = db.run(create_schema); !created)
    return created;
  return db.run("COMMIT");
}

result<void> prepare_database(database& db, const fs::path& file) {
  // Before anything writes: a file that is not ours must stay as it is.
  if (auto schema = prepare_schema(db, file); !schema)
    return schema;
  if (auto damage = db.text("PRAGMA quick_check(1)"); !damage)
    return damage.error();
  else if (*damage != "ok")
    return unavailable(file, "is damaged (" + *damage
                               + "): move it away (a new one is made) and wait a minute before "
                                 "the next start");
  auto mode = db.text("PRAGMA journal_mode = WAL");
  if (!mode)
    return mode.error();
  if (*mode != "wal")
    return unavailable(file, "is on a file system without shared memory: use a local disk");
  return db.run("PRAGMA synchronous = FULL");
}

// One lock file per bot. Names other than `bot_name`'s may hold anything, hence the escapes.
std::string lock_suffix(std::string_view bot) {
  std::string suffix = ".";
  for (unsigned char c : bot) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-')
      suffix += static_cast<char>(c);
    else
      suffix.append("_").append(std::to_string(c)).append("_");
  }
  return suffix + ".lock";
}

std::int64_t to_ms(gateway::wall_time when) {
  return when.time_since_epoch().count();
}

gateway::wall_time from_ms(std::int64_t ms) {
  return gateway::wall_time{std::chrono::milliseconds{ms}};
}

bool fits_uint32(std::int64_t number) {
  return number >= 0 && number <= std::numeric_limits<std::uint32_t>::max();
}

/// The statements of one bot, prepared once.
struct statements {
  statement load_bot;
  statement load_identifies;
  statement save_bot;
  statement clear_identifies;
  statement save_identify;
};

result<statements> prepare_statements(database& db) {
  auto load_bot = statement::prepare(db, "SELECT window_start_ms, used FROM bots WHERE bot = ?1");
  auto load_identifies = statement::prepare(db, "SELECT bucket, at_ms FROM identifies WHERE bot = ?1");
  auto save_bot = statement::prepare(
    db, "INSERT INTO bots (bot, window_start_ms, used) VALUES (?1, ?2, ?3) ON CONFLICT (bot) DO UPDATE SET "
        "window_start_ms = excluded.window_start_ms, used = excluded.used");
  auto clear = statement::prepare(db, "DELETE FROM identifies WHERE bot = ?1");
  auto save_identify = statement::prepare(db, "INSERT INTO identifies (bot, bucket, at_ms) VALUES (?1, ?2, ?3)");
  for (auto* each : {&load_bot, &load_identifies, &save_bot, &clear, &save_identify})
    if (!*each)
      return each->error();
  return statements{std::move(*load_bot), std::move(*load_identifies), std::move(*save_bot), std::move(*clear),
                    std::move(*save_identify)};
}

class sqlite_ledger final : public identify_ledger {
public:
  sqlite_ledger(fs::path file, std::string bot, file_lock lock, std::unique_ptr<database> db, statements prepared)
    : file_{std::move(file)}, bot_{std::move(bot)}, lock_{std::move(lock)}, db_{std::move(db)}, prepared_{
                                                                                                  std::move(prepared)} {
    inode_ = inode();
  }

  result<gateway::ledger_state> load() override;
  result<void> save(const gateway::ledger_state& state) override;

private:
  result<void> write(const gateway::ledger_state& state);

  [[nodiscard]] std::optional<std::pair<dev_t, ino_t>> inode() const {
    struct stat status {};
    if (::stat(file_.c_str(), &status) != 0)
      return std::nullopt;
    return std::pair{status.st_dev, status.st_ino};
  }

  fs::path file_;
  std::string bot_;
  // Destroyed last to first: statements, database, then the lock.
  file_lock lock_;
  std::unique_ptr<database> db_;
  statements prepared_;
  std::optional<std::pair<dev_t, ino_t>> inode_;
};

result<gateway::ledger_state> sqlite_ledger::load() {
  gateway::ledger_state state;
  auto& bot = prepared_.load_bot.bind(1, std::string_view{bot_});
  auto damaged = [this] { return unavailable(file_, "holds impossible numbers: move it away (a new one is made)"); };
  while (true) {
    auto row = bot.next();
    if (!row)
      return row.error();
    if (!*row)
      break;
    auto used = bot.number(1).value_or(-1);
    if (auto start = bot.number(0))
      state.window_start = from_ms(*start);
    if (!fits_uint32(used))
      return damaged();
    state.used = static_cast<std::uint32_t>(used);
  }
  auto& identifies = prepared_.load_identifies.bind(1, std::string_view{bot_});
  while (true) {
    auto row = identifies.next();
    if (!row)
      return row.error();
    if (!*row)
      return state;
    auto bucket = identifies.number(0).value_or(-1);
    if (!fits_uint32(bucket))
      return damaged();
    state.last_identify.emplace(static_cast<std::uint32_t>(bucket), from_ms(identifies.number(1).value_or(0)));
  }
}

result<void> sqlite_ledger::save(const gateway::ledger_state& state) {
  // SQLite would go on writing to a file without a name, and the next process would find nothing.
  if (!inode_ || inode() != inode_)
    return unavailable(file_, "was moved or deleted while in use: put it back, or restart the bot");
  if (auto begun = db_->run("BEGIN IMMEDIATE"); !begun)
    return begun;
  auto written = write(state);
  if (written)
    written = db_->run("COMMIT");
  // Some failures roll back by themselves; asking again then fails, and that is fine.
  if (!written && sqlite3_get_autocommit(db_->handle()) == 0)
    static_cast<void>(db_->run("ROLLBACK"));
  return written;
}

result<void> sqlite_ledger::write(const gateway::ledger_state& state) {
  std::string_view bot{bot_};
  std::optional<std::int64_t> start;
  if (state.window_start)
    start = to_ms(*state.window_start);
  if (auto saved = prepared_.save_bot.bind(1, bot).bind(2, start).bind(3, std::int64_t{state.used}).done(); !saved)
    return saved;
  if (auto cleared = prepared_.clear_identifies.bind(1, bot).done(); !cleared)
    return cleared;
  for (const auto& [bucket, when] : state.last_identify) {
    auto& insert = prepared_.save_identify.bind(1, bot).bind(2, std::int64_t{bucket}).bind(3, to_ms(when));
    if (auto saved = insert.done(); !saved)
      return saved;
  }
  return {};
}

} // namespace

result<std::unique_ptr<identify_ledger>> open_sqlite_ledger(const fs::path& given, std::string_view bot) {
  constexpr std::chrono::milliseconds opening_patience{5'000};
  // Two names of one file must meet in one lock.
  auto placed = place_state_file(given);
  if (!placed)
    return placed.error();
  auto file = std::move(*placed);
  auto lock = file_lock::acquire(file.string() + lock_suffix(bot), std::chrono::milliseconds::zero());
  if (!lock)
    return error{errc::store_unavailable, "the ledger \"" + file.string() + "\" is taken for this bot, since "
                                            + lock.error().detail + ": stop that one first"};
  // Creating the schema and switching to WAL need the file alone, whichever bot comes first.
  auto opening = file_lock::acquire(file.string() + ".lock", opening_patience);
  if (!opening)
    return opening.error();
  if (auto made = make_state_file(file); !made)
    return made.error();
  auto db = database::open(file);
  if (!db)
    return db.error();
  if (auto prepared = prepare_database(*db, file); !prepared)
    return prepared.error();
  flush_folder(file.parent_path());
  // Statements point at their database, so it must not move any more.
  auto home = std::make_unique<database>(std::move(*db));
  auto prepared = prepare_statements(*home);
  if (!prepared)
    return prepared.error();
  return std::unique_ptr<identify_ledger>{std::make_unique<sqlite_ledger>(
    std::move(file), std::string{bot}, std::move(*lock), std::move(home), std::move(*prepared))};
}

} // namespace troupe::store
