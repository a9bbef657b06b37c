// SPDX-License-Identifier: BSD-3-Clause
#include "actors/relay_questions.hpp"

namespace troupe {

void relay_questions::waits(std::uint64_t who, std::uint64_t number) {
  auto [known, is_new] = oldest_.try_emplace(who, number);
  if (!is_new) {
    if (known->second == number)
      return;
    by_number_.erase({known->second, who});
    known->second = number;
  }
  by_number_.emplace(number, who);
}

void relay_questions::rests(std::uint64_t who) {
  auto known = oldest_.find(who);
  if (known == oldest_.end())
    return;
  by_number_.erase({known->second, who});
  oldest_.erase(known);
}

std::vector<std::uint64_t> relay_questions::answered() {
  std::vector<std::uint64_t> all;
  while (!questions_.empty() && (by_number_.empty() || by_number_.begin()->first > questions_.front().first)) {
    all.push_back(questions_.front().second);
    questions_.pop_front();
  }
  return all;
}

std::vector<std::uint64_t> relay_questions::waiting() const {
  std::vector<std::uint64_t> all;
  for (const auto& known : oldest_)
    all.push_back(known.first);
  return all;
}

} // namespace troupe
