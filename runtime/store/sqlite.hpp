// SPDX-License-Identifier: BSD-3-Clause
// The little of SQLite that the stores need, with results instead of codes. Private to runtime/store: include it in
// .cpp files only, because it pulls in sqlite3.h.
#pragma once

#include "messages/error.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::store {

/// An open database. Not thread-safe.
class database {
public:
  /// Opens an existing file for reading and writing.
  [[nodiscard]] static result<database> open(const std::filesystem::path& file);

  /// Runs statements that return nothing of interest.
  [[nodiscard]] result<void> run(const char* sql);

  /// The first column of the first row, as a number.
  [[nodiscard]] result<std::int64_t> number(const char* sql);

  /// The first column of the first row, as text.
  [[nodiscard]] result<std::string> text(const char* sql);

  /// The sentence for the last failure: which file, what is wrong with it, what to change.
  [[nodiscard]] error failure() const;

  /// For calls that have no wrapper here.
  [[nodiscard]] sqlite3* handle() const noexcept {
    return handle_.get();
  }

private:
  struct closer {
    void operator()(sqlite3* handle) const noexcept;
  };
  std::filesystem::path file_;
  std::unique_ptr<sqlite3, closer> handle_;
};

/// A prepared statement of one database, which must outlive it.
class statement {
public:
  [[nodiscard]] static result<statement> prepare(database& db, const char* sql);

  /// Parameters count from 1. The text must live until `done` or the last `next`.
  statement& bind(int index, std::string_view text);
  statement& bind(int index, std::int64_t number);
  statement& bind(int index, std::optional<std::int64_t> number);

  /// Steps to the next row: false at the end, and then the statement is ready for new parameters.
  [[nodiscard]] result<bool> next();

  /// Runs a statement without rows to its end.
  [[nodiscard]] result<void> done();

  /// Columns count from 0; nothing for NULL.
  [[nodiscard]] std::optional<std::int64_t> number(int column) const;
  [[nodiscard]] std::string text(int column) const;

private:
  struct finalizer {
    void operator()(sqlite3_stmt* handle) const noexcept;
  };
  database* db_ = nullptr;
  std::unique_ptr<sqlite3_stmt, finalizer> handle_;
};

} // namespace troupe::store
