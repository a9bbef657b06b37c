// SPDX-License-Identifier: BSD-3-Clause
#include "actors/relay_questions.hpp"

#include "tests/catch.hpp"

#include <map>
#include <random>

namespace troupe {

using numbers = std::vector<std::uint64_t>;

TEST_CASE("a question is answered at once where nobody waits", "[actors][unit]") {
  relay_questions it;
  it.ask(1, 10);
  CHECK(it.asked());
  CHECK(it.answered() == numbers{1});
  CHECK(it.answered().empty());
  CHECK_FALSE(it.asked());
}

TEST_CASE("a question waits for the events before it and for no later ones", "[actors][unit]") {
  relay_questions it;
  it.waits(7, 1);
  it.waits(8, 2);
  it.ask(1, 2);
  it.waits(7, 3);
  it.ask(2, 3);
  it.waits(8, 4);
  CHECK(it.answered() == numbers{1});
  it.waits(7, 5);
  CHECK(it.answered() == numbers{2});
  CHECK(it.waiting() == numbers{7, 8});
  it.rests(7);
  it.rests(9);
  CHECK(it.waiting() == numbers{8});
}

TEST_CASE("questions are answered as a plain count would, whatever the order of the answers", "[actors][unit]") {
  std::mt19937_64 random{3};
  relay_questions it;
  // By number: who got it and has not handled it.
  std::map<std::uint64_t, std::uint64_t> open;
  std::map<std::uint64_t, std::uint64_t> questions;
  std::uint64_t events = 0;
  auto settle = [&](std::uint64_t who) {
    for (const auto& [number, owner] : open)
      if (owner == who)
        return it.waits(who, number);
    it.rests(who);
  };
  for (std::uint64_t round = 0; round < 5'000; ++round) {
    auto who = random() % 5;
    if (random() % 2 == 0)
      open.emplace(++events, who);
    else if (random() % 3 == 0)
      it.ask(round, questions[round] = events);
    else
      for (auto number = open.begin(); number != open.end();)
        number = number->second == who && random() % 4 > 0 ? open.erase(number) : std::next(number);
    settle(who);
    for (auto question : it.answered()) {
      CHECK((open.empty() || open.begin()->first > questions[question]));
      questions.erase(question);
    }
    for (const auto& left : questions)
      CHECK((!open.empty() && open.begin()->first <= left.second));
  }
}

} // namespace troupe
