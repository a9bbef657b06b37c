// SPDX-License-Identifier: BSD-3-Clause
#include "tests/tidy/tree.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace troupe::tidy {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 8> folders{".ci",      "actors",   "cmake",   "docs",
                                                  "examples", "messages", "runtime", "tests"};

bool is_text(const fs::path& path) {
  constexpr std::array<std::string_view, 6> endings{".hpp", ".cpp", ".txt", ".cmake", ".md", ".in"};
  return std::find(endings.begin(), endings.end(), path.extension().string()) != endings.end();
}

file read(const fs::path& root, const fs::path& path) {
  file made{fs::relative(path, root).generic_string(), {}};
  std::ifstream in{path};
  for (std::string line; std::getline(in, line);)
    made.lines.push_back(line);
  return made;
}

std::vector<file> read_all() {
  const fs::path root{TROUPE_SOURCE_DIR};
  std::vector<file> files;
  for (const auto& entry : fs::directory_iterator{root})
    if (entry.is_regular_file() && (is_text(entry.path()) || entry.path().filename() == "dev"))
      files.push_back(read(root, entry.path()));
  for (auto folder : folders)
    for (const auto& entry : fs::recursive_directory_iterator{root / folder})
      if (entry.is_regular_file() && (is_text(entry.path()) || folder == ".ci"))
        files.push_back(read(root, entry.path()));
  std::sort(files.begin(), files.end(), [](const file& a, const file& b) { return a.path < b.path; });
  return files;
}

} // namespace

bool file::is_in(std::string_view folder) const {
  return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
}

const std::vector<file>& all_files() {
  static const std::vector<file> files = read_all();
  return files;
}

std::string at(const file& where, std::size_t index, std::string_view what) {
  return where.path + ":" + std::to_string(index + 1) + ": " + std::string{what};
}

void findings::add(const file& where, std::size_t index, std::string_view what) {
  add(at(where, index, what));
}

void findings::add(std::string_view line) {
  text.append(line).append("\n");
}

bool none(const findings& found) {
  std::cout << found.text << std::flush;
  return found.text.empty();
}

std::string_view included(std::string_view line, bool& quoted) {
  auto start = line.find_first_not_of("# \t");
  if (line.empty() || line.front() != '#' || start == std::string_view::npos
      || !line.substr(start).starts_with("include"))
    return {};
  auto open = line.find_first_of("\"<", start);
  if (open == std::string_view::npos)
    return {};
  quoted = line[open] == '"';
  auto close = line.find(quoted ? '"' : '>', open + 1);
  return close == std::string_view::npos ? std::string_view{} : line.substr(open + 1, close - open - 1);
}

} // namespace troupe::tidy
