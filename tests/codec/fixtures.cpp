// SPDX-License-Identifier: BSD-3-Clause
#include "tests/codec/fixtures.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace troupe::testing {

const std::vector<fixture>& fixtures() {
  static const auto all = [] {
    std::vector<fixture> found;
    for (const auto& entry : std::filesystem::directory_iterator{TROUPE_FIXTURES}) {
      if (entry.path().extension() != ".json")
        continue;
      std::ifstream file{entry.path(), std::ios::binary};
      found.push_back({entry.path().stem().string(), {std::istreambuf_iterator<char>{file}, {}}});
    }
    std::sort(found.begin(), found.end(), [](const fixture& a, const fixture& b) { return a.name < b.name; });
    return found;
  }();
  return all;
}

} // namespace troupe::testing
