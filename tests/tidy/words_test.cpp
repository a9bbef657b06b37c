// SPDX-License-Identifier: BSD-3-Clause
// Words that must not occur, and the few files in which some may. And the README's example, which must compile.
#include "tests/catch.hpp"
#include "tests/tidy/tree.hpp"

#include <algorithm>
#include <regex>
#include <set>
#include <string>
#include <vector>

using namespace troupe::tidy;

namespace {

// These tests name what they look for.
bool is_this_file(const file& file) {
  return file.path == "tests/tidy/words_test.cpp";
}

void find_word(const std::string& word, findings& found, const std::set<std::string>& allowed = {}) {
  for (const auto& file : all_files()) {
    if (is_this_file(file) || allowed.contains(file.path))
      continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      if (file.lines[i].find(word) != std::string::npos)
        found.add(file, i, "has \"" + word + "\"");
  }
}

} // namespace

TEST_CASE("nothing sleeps: waits are for conditions, with deadlines", "[tidy]") {
  findings wrong;
  // A file lock of another process cannot be waited for with a deadline in any other way.
  for (const auto* word : {"sleep_for", "sleep_until", "usleep", "nanosleep", "::sleep("})
    find_word(word, wrong, {"runtime/store/file_lock.cpp"});
  CHECK(none(wrong));
}

TEST_CASE("what is left to do has an issue", "[tidy]") {
  const std::regex open_end{R"(\b(TODO|FIXME|XXX|HACK)\b(?!\(#\d+\)))"};
  findings wrong;
  for (const auto& file : all_files())
    for (std::size_t i = 0; !is_this_file(file) && i < file.lines.size(); ++i)
      if (std::regex_search(file.lines[i], open_end))
        wrong.add(file, i, "names no issue, as in TODO(#12)");
  CHECK(none(wrong));
}

TEST_CASE("nothing names the machine on which it was written", "[tidy]") {
  findings wrong;
  for (const auto* word : {"/work/", "/root/", "/Users/"})
    find_word(word, wrong);
  CHECK(none(wrong));
}

TEST_CASE("only those who must send the token may read it", "[tidy]") {
  // Each of them puts it on the wire, hides it, or compares it. A new file here is a decision.
  const std::set<std::string> allowed{
    "actors/rest.cpp",
    "actors/run.cpp",
    "runtime/config/config.cpp",
    "runtime/gateway/payloads.cpp",
    "runtime/log/line_formatter.cpp",
    "runtime/log/log.cpp",
    "runtime/secret.hpp",
  };
  findings wrong;
  for (const auto& file : all_files())
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      if (file.is_cpp() && !file.is_in("tests") && !allowed.contains(file.path)
          && file.lines[i].find("reveal()") != std::string::npos)
        wrong.add(file, i, "reveals a secret");
  CHECK(none(wrong));
}

TEST_CASE("actors take time and chance from the outside", "[tidy]") {
  // `run` sets up what they are given.
  const std::vector<std::string> words{"system_clock::now",
                                       "steady_clock::now",
                                       "std::random_device",
                                       "std::thread ",
                                       "std::thread{",
                                       "caf::infinite",
                                       ".await("};
  findings wrong;
  for (const auto& file : all_files()) {
    if (!file.is_in("actors") || file.is_in("actors/program") || file.path == "actors/run.cpp" || !file.is_cpp())
      continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      for (const auto& word : words)
        // A shard watches its many probes itself, and so does the front of a bot: timeouts would stay in the clock.
        if (file.lines[i].find(word) != std::string::npos
            && !(word == "caf::infinite"
                 && (file.path == "actors/shard_delivery.cpp" || file.path == "actors/guild_bots.cpp")))
          wrong.add(file, i, "has \"" + word + "\"");
  }
  CHECK(none(wrong));
}

TEST_CASE("the README shows examples/ping.cpp as it is", "[tidy]") {
  auto find = [](std::string_view path) {
    return std::find_if(all_files().begin(), all_files().end(), [&](const file& f) { return f.path == path; });
  };
  auto readme = find("README.md");
  auto example = find("examples/ping.cpp");
  REQUIRE(readme != all_files().end());
  REQUIRE(example != all_files().end());
  auto start = std::find(readme->lines.begin(), readme->lines.end(), "```cpp");
  auto end = std::find(start, readme->lines.end(), "```");
  REQUIRE(end != readme->lines.end());
  auto first = std::find_if(example->lines.begin(), example->lines.end(),
                            [](const std::string& line) { return !line.starts_with("//"); });
  CHECK(std::vector<std::string>(start + 1, end) == std::vector<std::string>(first, example->lines.end()));
}

TEST_CASE("links between pages lead somewhere", "[tidy]") {
  const std::regex link{R"(\]\(([^)#: ]+)(#[^)]*)?\))"};
  std::set<std::string> known;
  for (const auto& file : all_files())
    known.insert(file.path);
  known.insert("LICENSE");
  findings wrong;
  for (const auto& page : all_files()) {
    if (!page.path.ends_with(".md"))
      continue;
    auto slash = page.path.rfind('/');
    auto folder = slash == std::string::npos ? "" : page.path.substr(0, slash + 1);
    for (std::size_t i = 0; i < page.lines.size(); ++i)
      for (std::sregex_iterator found{page.lines[i].begin(), page.lines[i].end(), link}, end; found != end; ++found) {
        auto target = (*found)[1].str();
        auto base = folder;
        for (; target.starts_with("../"); target.erase(0, 3))
          base.erase(base.size() < 2 ? 0 : base.rfind('/', base.size() - 2) + 1);
        auto path = base + target;
        auto leads = known.contains(path)
                     || (path.ends_with('/') && known.lower_bound(path) != known.end()
                         && known.lower_bound(path)->starts_with(path));
        if (!leads)
          wrong.add(page, i, "leads nowhere: " + target);
      }
  }
  CHECK(none(wrong));
}
