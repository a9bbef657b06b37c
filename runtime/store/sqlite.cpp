// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/store/sqlite.hpp"

#include <utility>

namespace troupe::store {

namespace {

std::string_view what_to_change(int code) {
  switch (code & 0xff) {
  case SQLITE_NOTADB:
  case SQLITE_CORRUPT:
    return "is damaged: move it away (a new one is made) and wait a minute before the next start";
  case SQLITE_READONLY:
  case SQLITE_CANTOPEN:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return "cannot be written: check the permissions of the file and its folder";
  case SQLITE_FULL:
    return "cannot grow: the disk is full";
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return "stayed locked by another process";
  case SQLITE_IOERR:
    return "cannot be read or written: the disk reports an error";
  default:
    return "cannot be used";
  }
}

} // namespace

void database::closer::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle);
}

void statement::finalizer::operator()(sqlite3_stmt* handle) const noexcept {
  sqlite3_finalize(handle);
}

result<database> database::open(const std::filesystem::path& file) {
  constexpr int busy_timeout_ms = 5'000;
  database db;
  db.file_ = file;
  sqlite3* handle = nullptr;
  auto code = sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  db.handle_.reset(handle);
  if (code != SQLITE_OK)
    return db.failure();
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, busy_timeout_ms);
  return db;
}

result<void> database::run(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return failure();
  return {};
}

result<std::int64_t> database::number(const char* sql) {
  auto query = statement::prepare(*this, sql);
  if (!query)
    return query.error();
  auto row = query->next();
  if (!row)
    return row.error();
  return *row ? query->number(0).value_or(0) : std::int64_t{0};
}

result<std::string> database::text(const char* sql) {
  auto query = statement::prepare(*this, sql);
  if (!query)
    return query.error();
  auto row = query->next();
  if (!row)
    return row.error();
  return *row ? query->text(0) : std::string{};
}

error database::failure() const {
  auto* handle = handle_.get();
  auto code = handle == nullptr ? SQLITE_NOMEM : sqlite3_errcode(handle);
  auto reason = handle == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle);
  return {errc::store_unavailable,
          "\"" + file_.string() + "\" " + std::string{what_to_change(code)} + " (" + reason + ")"};
}

result<statement> statement::prepare(database& db, const char* sql) {
  statement made;
  made.db_ = &db;
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v2(db.handle(), sql, -1, &handle, nullptr) != SQLITE_OK)
    return db.failure();
  made.handle_.reset(handle);
  return made;
}

// A failed bind leaves NULL behind, which the schema's NOT NULL refuses: `next` reports it.
statement& statement::bind(int index, std::string_view text) {
  sqlite3_bind_text(handle_.get(), index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  return *this;
}

statement& statement::bind(int index, std::int64_t number) {
  sqlite3_bind_int64(handle_.get(), index, number);
  return *this;
}

statement& statement::bind(int index, std::optional<std::int64_t> number) {
  if (number)
    return bind(index, *number);
  sqlite3_bind_null(handle_.get(), index);
  return *this;
}

result<bool> statement::next() {
  auto code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW)
    return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(handle_.get());
    return false;
  }
  auto reason = db_->failure();
  sqlite3_reset(handle_.get());
  return {boost::system::in_place_error, std::move(reason)};
}

result<void> statement::done() {
  while (true) {
    auto row = next();
    if (!row)
      return row.error();
    if (!*row)
      return {};
  }
}

std::optional<std::int64_t> statement::number(int column) const {
  if (sqlite3_column_type(handle_.get(), column) == SQLITE_NULL)
    return std::nullopt;
  return sqlite3_column_int64(handle_.get(), column);
}

std::string statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  return bytes == nullptr ? std::string{} : std::string{bytes};
}

} // namespace troupe::store
