// SPDX-License-Identifier: BSD-3-Clause
// Comments cite sections of docs/design.md and docs/protocol.md by their number: those sections must be there.
#include "tests/catch.hpp"
#include "tests/tidy/tree.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace troupe::tidy;

namespace {

/// The pages and numbers that a line cites, as in "protocol 2, 3.1 and 4".
std::vector<std::pair<std::string, std::string>> citations(const std::string& line) {
  static const std::regex list{R"(\b(design|protocol) (\d+(\.\d+)?((, | and | or | to )\d+(\.\d+)?)*)\b)"};
  static const std::regex number{R"(\d+(\.\d+)?)"};
  std::vector<std::pair<std::string, std::string>> found;
  for (std::sregex_iterator each{line.begin(), line.end(), list}, end; each != end; ++each) {
    auto numbers = (*each)[2].str();
    for (std::sregex_iterator one{numbers.begin(), numbers.end(), number}; one != end; ++one)
      found.emplace_back((*each)[1].str(), one->str());
  }
  return found;
}

/// The numbers of a page's headings, as in "## 2. Words" and "### 2.1 Opcodes".
std::set<std::string> headings(const std::string& page) {
  static const std::regex heading{R"(#+ (\d+(\.\d+)?)\.? .*)"};
  std::set<std::string> found;
  for (const auto& file : all_files())
    for (std::size_t i = 0; file.path == page && i < file.lines.size(); ++i)
      if (std::smatch match; std::regex_match(file.lines[i], match, heading))
        found.insert(match[1].str());
  return found;
}

} // namespace

TEST_CASE("citations are read one by one", "[tidy]") {
  using list = std::vector<std::pair<std::string, std::string>>;
  CHECK(citations("// (design 7; protocol 4.2, 4.3).")
        == list{{"design", "7"}, {"protocol", "4.2"}, {"protocol", "4.3"}});
  CHECK(citations("(protocol 2, 3 and 4)") == list{{"protocol", "2"}, {"protocol", "3"}, {"protocol", "4"}});
  CHECK(citations("protocol 9, row 1") == list{{"protocol", "9"}});
  CHECK(citations("exit code (design: 70, 75)").empty());
}

TEST_CASE("every cited section of the design and the protocol exists", "[tidy]") {
  std::map<std::string, std::set<std::string>> sections{{"design", headings("docs/design.md")},
                                                        {"protocol", headings("docs/protocol.md")}};
  findings wrong;
  auto count = 0;
  for (const auto& file : all_files())
    for (std::size_t i = 0; file.path != "tests/tidy/citations_test.cpp" && i < file.lines.size(); ++i)
      for (const auto& [page, number] : citations(file.lines[i])) {
        ++count;
        if (!sections[page].contains(number))
          wrong.add(file, i, "docs/" + page + ".md has no section " + number);
      }
  CHECK(none(wrong));
  CHECK(count > 50);
}
