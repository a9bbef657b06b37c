// SPDX-License-Identifier: BSD-3-Clause
#include "messages/nearest.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <numeric>
#include <vector>

namespace troupe {

namespace {

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

// Levenshtein's distance with two rows.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto replaced = diagonal + (same_letter(a[i - 1], b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

} // namespace

std::string_view nearest_name(std::string_view typed, std::span<const std::string_view> known) {
  std::string_view best;
  // A typed text of any length may reach us: what is far longer than every name is near to none.
  auto best_edits = std::size_t{1} + std::min<std::size_t>(typed.size(), 64) / 3;
  for (auto name : known) {
    if (typed.size() > name.size() + best_edits)
      continue;
    if (auto distance = edits(typed, name); distance < best_edits || (best.empty() && distance == best_edits)) {
      best = name;
      best_edits = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view typed, std::span<const std::string_view> known) {
  auto name = nearest_name(typed, known);
  return name.empty() ? std::string{} : ", did you mean " + std::string{name} + "?";
}

} // namespace troupe
