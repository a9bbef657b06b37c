// SPDX-License-Identifier: BSD-3-Clause
// What every file looks like: its first lines, its width, its length, and a page for every folder.
#include "tests/catch.hpp"
#include "tests/tidy/tree.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

using namespace troupe::tidy;

namespace {

constexpr std::string_view licence = "// SPDX-License-Identifier: BSD-3-Clause";

std::size_t indent_of(const std::string& line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

/// The line on which the block that closes on line `end` with this indent begins; `end` where none is found.
std::size_t start_of_block(const file& source, std::size_t end, std::size_t indent) {
  for (auto i = end; i-- > 0;) {
    const auto& line = source.lines[i];
    if (line.empty() || indent_of(line) != indent || line[indent] == '#' || line[indent] == '/' || line[indent] == ')')
      continue;
    return line[indent] == '}' ? end : i;
  }
  return end;
}

// How many columns a line takes: UTF-8's continuation bytes take none.
std::size_t width_of(const std::string& line) {
  return static_cast<std::size_t>(
    std::count_if(line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

} // namespace

TEST_CASE("every source begins with its licence, every header is included once", "[tidy]") {
  findings wrong;
  for (const auto& file : all_files()) {
    if (!file.is_cpp())
      continue;
    if (file.lines.empty() || file.lines.front() != licence)
      wrong.add(file, 0, "the first line is not the licence");
    if (file.is_header() && std::find(file.lines.begin(), file.lines.end(), "#pragma once") == file.lines.end())
      wrong.add(file, 0, "has no #pragma once");
  }
  CHECK(none(wrong));
}

TEST_CASE("every header says at its top what it owns", "[tidy]") {
  findings wrong;
  for (const auto& file : all_files())
    if (file.is_header() && (file.lines.size() < 2 || !file.lines[1].starts_with("// ")))
      wrong.add(file, 1, "no sentence about what this header is for");
  CHECK(none(wrong));
}

TEST_CASE("lines are at most 120 columns wide and end without blanks", "[tidy]") {
  constexpr std::size_t widest = 120;
  findings wrong;
  for (const auto& file : all_files()) {
    // Tables in Markdown cannot be broken.
    auto any_width = file.path.ends_with(".md");
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (!any_width && width_of(file.lines[i]) > widest)
        wrong.add(file, i, "wider than 120 columns");
      if (file.lines[i].ends_with(' ') || file.lines[i].find('\t') != std::string::npos)
        wrong.add(file, i, "ends with a blank, or has a tab");
    }
  }
  CHECK(none(wrong));
}

TEST_CASE("headers have at most 400 lines, sources 500", "[tidy]") {
  findings wrong;
  for (const auto& file : all_files())
    if (file.is_cpp() && file.lines.size() > (file.is_header() ? 400u : 500u))
      wrong.add(file, file.lines.size() - 1, "too long: split it by subject");
  CHECK(none(wrong));
}

TEST_CASE("examples have at most 100 lines", "[tidy]") {
  findings wrong;
  for (const auto& file : all_files())
    if (file.is_in("examples") && file.is_cpp() && file.lines.size() > 100)
      wrong.add(file, file.lines.size() - 1, "too long for an example");
  CHECK(none(wrong));
}

TEST_CASE("functions have at most 70 lines, test cases 100", "[tidy]") {
  findings wrong;
  for (const auto& file : all_files()) {
    if (!file.is_cpp())
      continue;
    auto longest = file.is_in("tests") ? 100u : 70u;
    for (std::size_t end = 0; end < file.lines.size(); ++end) {
      // clang-format puts the brace that closes a function alone on its line; types end with "};".
      const auto& line = file.lines[end];
      auto indent = indent_of(line);
      if (indent > 2 || line.substr(indent) != "}")
        continue;
      if (auto start = start_of_block(file, end, indent); end - start > longest)
        wrong.add(file, start, "longer than " + std::to_string(longest) + " lines");
    }
  }
  CHECK(none(wrong));
}

TEST_CASE("every folder has a page that says what belongs in it", "[tidy]") {
  std::set<std::string> folders;
  std::set<std::string> with_page;
  for (const auto& file : all_files()) {
    auto folder = std::filesystem::path{file.path}.parent_path().generic_string();
    if (folder.empty() || folder.front() == '.')
      continue;
    folders.insert(folder);
    if (file.path == folder + "/README.md")
      with_page.insert(folder);
  }
  findings wrong;
  for (const auto& folder : folders)
    if (!with_page.contains(folder))
      wrong.add(folder + " has no README.md");
  CHECK(none(wrong));
}

TEST_CASE("a folder's page has at most 60 lines", "[tidy]") {
  findings wrong;
  for (const auto& file : all_files())
    if (file.path.ends_with("/README.md") && file.lines.size() > 60)
      wrong.add(file, file.lines.size() - 1, "too long: details belong into docs/ or at the top of a file");
  CHECK(none(wrong));
}
