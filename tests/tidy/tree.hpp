// SPDX-License-Identifier: BSD-3-Clause
// The repository's files, read once, for tests that look at lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::tidy {

/// One file of the repository.
struct file {
  /// From the root, with slashes.
  std::string path;
  std::vector<std::string> lines;

  [[nodiscard]] bool is_header() const {
    return path.ends_with(".hpp");
  }
  [[nodiscard]] bool is_cpp() const {
    return is_header() || path.ends_with(".cpp");
  }
  /// Whether the file is in `folder` or below it.
  [[nodiscard]] bool is_in(std::string_view folder) const;
};

/// All text files under version control's folders, without what a build makes.
[[nodiscard]] const std::vector<file>& all_files();

/// "path:line: what", as compilers say it; lines count from 1.
[[nodiscard]] std::string at(const file& where, std::size_t index, std::string_view what);

/// What a test found, one place per line.
struct findings {
  std::string text;

  void add(const file& where, std::size_t index, std::string_view what);
  void add(std::string_view line);
};

/// Whether nothing was found. Prints what was: Catch2 would wrap the lines.
[[nodiscard]] bool none(const findings& found);

/// What stands between the quotes or brackets of an #include line; empty for other lines. `quoted` says which.
[[nodiscard]] std::string_view included(std::string_view line, bool& quoted);

} // namespace troupe::tidy
