// SPDX-License-Identifier: BSD-3-Clause
// Who may include whom: messages <- runtime <- actors <- examples, tests, and the arrows inside runtime/.
#include "tests/catch.hpp"
#include "tests/tidy/tree.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

using namespace troupe::tidy;

namespace {

using paths = std::vector<std::string_view>;

/// A folder (or file) and what its quoted includes may begin with. The longest match counts.
struct rule {
  std::string_view who;
  paths may_include;
};

const std::vector<rule>& rules() {
  static const std::vector<rule> all{
    {"messages/", {"messages/"}},
    {"runtime/buggify.hpp", {}},
    {"runtime/secret.hpp", {}},
    {"runtime/cache/", {"messages/", "runtime/cache/"}},
    {"runtime/codec/", {"messages/", "runtime/codec/"}},
    {"runtime/log/", {"messages/", "runtime/log/", "runtime/secret.hpp"}},
    {"runtime/net/", {"messages/", "runtime/net/"}},
    {"runtime/gateway/", {"messages/", "runtime/codec/", "runtime/gateway/", "runtime/secret.hpp"}},
    {"runtime/store/", {"messages/", "runtime/codec/", "runtime/gateway/", "runtime/store/"}},
    {"runtime/supervision/", {"messages/", "runtime/supervision/"}},
    {"runtime/config/",
     {"messages/", "runtime/cache/settings.hpp", "runtime/codec/", "runtime/config/", "runtime/net/url.hpp",
      "runtime/secret.hpp"}},
    // The model has no sockets; only its shell has.
    {"runtime/simulator/", {"messages/", "runtime/codec/", "runtime/simulator/"}},
    {"runtime/simulator/server", {"messages/", "runtime/codec/", "runtime/net/", "runtime/simulator/"}},
    {"runtime/simulator/command.cpp", {"messages/", "runtime/codec/", "runtime/net/", "runtime/simulator/"}},
    {"actors/", {"messages/", "runtime/", "actors/"}},
    {"examples/", {}},
    {"tests/", {"messages/", "runtime/", "actors/", "tests/"}},
  };
  return all;
}

const rule* rule_for(std::string_view path) {
  const rule* best = nullptr;
  for (const auto& each : rules())
    if (path.starts_with(each.who) && (best == nullptr || each.who.size() > best->who.size()))
      best = &each;
  return best;
}

bool begins_with_any(std::string_view text, const paths& starts) {
  return std::any_of(starts.begin(), starts.end(), [&](auto start) { return text.starts_with(start); });
}

/// Calls `check(file, line index, included, quoted)` for every #include.
template <class Check>
void for_each_include(Check check) {
  for (const auto& file : all_files()) {
    if (!file.is_cpp())
      continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      bool quoted = false;
      if (auto what = included(file.lines[i], quoted); !what.empty())
        check(file, i, what, quoted);
    }
  }
}

} // namespace

TEST_CASE("every folder includes only what it may", "[tidy]") {
  findings wrong;
  for_each_include([&](const file& file, std::size_t line, std::string_view what, bool quoted) {
    if (!quoted)
      return;
    const auto* known = rule_for(file.path);
    if (known == nullptr)
      wrong.add(file, line, "no rule says what this folder may include");
    else if (!begins_with_any(what, known->may_include))
      wrong.add(file, line, "may not include \"" + std::string{what} + "\"");
  });
  CHECK(none(wrong));
}

TEST_CASE("nothing but actors/ and five headers of messages/ knows CAF", "[tidy]") {
  const paths caf_headers{"messages/discord/fwd.hpp", "messages/discord/inspect.hpp", "messages/fwd.hpp",
                          "messages/inspect.hpp", "messages/interfaces.hpp"};
  findings wrong;
  for_each_include([&](const file& file, std::size_t line, std::string_view what, bool) {
    auto is_caf = what.starts_with("caf/");
    if (file.is_in("messages") && is_caf && !begins_with_any(file.path, caf_headers))
      wrong.add(file, line, "includes CAF");
    if (file.is_in("runtime") && (is_caf || begins_with_any(what, caf_headers)))
      wrong.add(file, line, "includes CAF");
  });
  CHECK(none(wrong));
}

TEST_CASE("nothing includes a program", "[tidy]") {
  findings wrong;
  for_each_include([&](const file& file, std::size_t line, std::string_view what, bool) {
    if (what.starts_with("actors/program/") && !file.is_in("actors/program"))
      wrong.add(file, line, "includes a program");
  });
  CHECK(none(wrong));
}

TEST_CASE("headers that users meet do not drag in heavy libraries", "[tidy]") {
  const paths heavy{"simdjson", "boost/asio", "boost/beast", "sqlite3", "toml++", "CLI/", "openssl/", "zstd", "zlib"};
  // Headers for the sources beside them.
  const paths inner{"runtime/codec/describe_json.hpp", "runtime/net/", "runtime/store/sqlite.hpp",
                    "runtime/simulator/server_impl.hpp"};
  findings wrong;
  for_each_include([&](const file& file, std::size_t line, std::string_view what, bool quoted) {
    if (file.is_header() && !file.is_in("tests") && !quoted && begins_with_any(what, heavy)
        && !begins_with_any(file.path, inner))
      wrong.add(file, line, "includes <" + std::string{what} + ">");
  });
  CHECK(none(wrong));
}

TEST_CASE("a source includes the header of its name first", "[tidy]") {
  findings wrong;
  for (const auto& source : all_files()) {
    if (!source.path.ends_with(".cpp"))
      continue;
    auto header = source.path.substr(0, source.path.size() - 3) + "hpp";
    auto has_one = std::any_of(all_files().begin(), all_files().end(), [&](const file& f) { return f.path == header; });
    if (!has_one)
      continue;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      bool quoted = false;
      auto first = included(source.lines[i], quoted);
      if (first.empty())
        continue;
      if (first != header)
        wrong.add(source, i, "includes \"" + std::string{first} + "\" before its own header");
      break;
    }
  }
  CHECK(none(wrong));
}
