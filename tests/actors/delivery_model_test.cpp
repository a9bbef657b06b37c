// SPDX-License-Identifier: BSD-3-Clause
// The delivery guarantee under random crashes: what holds at every step, and what holds in the end.
#include "tests/actors/delivery_stage.hpp"

#include <map>
#include <random>

namespace troupe {

namespace {

struct random_stage : delivery_stage {
  static constexpr std::size_t credit = 8;
  std::mt19937_64 random;
  // Of each event by its number: its session and its sequence, and who wanted it.
  struct fate {
    std::uint64_t session = 0;
    std::uint64_t sequence = 0;
    std::vector<player*> wanted_by;
  };
  std::map<std::uint64_t, fate> fates;
  std::uint64_t session = 0;
  std::size_t in_flight = credit;

  bool chance(unsigned percent) {
    return random() % 100 < percent;
  }

  void begin(std::uint64_t seed) {
    random.seed(seed);
    limits.events = 32;
    reset();
    join(typed_wish);
    join(raw_wish);
    join({{typed_name}, false, "unmarked", false});
    auto& both = join({{typed_name}, true, "raw too", true});
    both.poison = {20, 21, 50};
    players[0].poison = {33};
  }

  void random_push() {
    if (it->window_closed()) {
      if (in_flight == 0)
        return;
      --in_flight; // The connection had credit already.
    } else {
      in_flight = credit;
    }
    const auto* name = chance(60) ? typed_name : raw_name;
    auto content = push(name, chance(20));
    auto& one = fates[content];
    one = {session, sequence, {}};
    for (auto& who : players)
      if (who.wish.events.empty() || who.wish.events.front() == name)
        one.wanted_by.push_back(&who);
    REQUIRE(it->outstanding() <= limits.events + credit);
  }

  // By sequence: unambiguous, as the sessions of one run do not overlap in it.
  static bool done(const player& who, std::uint64_t content, const fate& what) {
    return who.handled.contains(content) || who.set_aside.contains(what.sequence);
  }

  void check_watermark() {
    auto reached = it->watermark();
    REQUIRE(reached <= sequence);
    for (const auto& [content, what] : fates)
      if (what.session == session && what.sequence <= reached)
        for (const auto* who : what.wanted_by)
          REQUIRE(done(*who, content, what));
  }

  void random_step() {
    auto& who = players[random() % players.size()];
    auto dice = random() % 100;
    if (dice < 35) {
      random_push();
    } else if (dice < 85) {
      for (auto steps = random() % 5; steps > 0; --steps)
        step(who);
    } else if (dice < 92) {
      pass_time();
    } else if (dice < 95) {
      if (who.who != nullptr)
        crash(who);
    } else if (dice < 99) {
      if (who.who == nullptr)
        succeed(who);
    } else if (chance(20)) {
      ++session;
      sequence += 1'000;
      it->begin_session(sequence);
    }
    check_watermark();
  }

  void finish() {
    for (auto rounds = 0; rounds < 100 && it->outstanding() > 0; ++rounds) {
      for (auto& who : players) {
        if (who.who == nullptr)
          succeed(who);
        handle_all(who);
      }
      pass_time();
    }
  }
};

} // namespace

TEST_CASE_METHOD(random_stage, "whatever crashes when, every event is handled or set aside, in order, marked",
                 "[actors][unit]") {
  auto seed = GENERATE(range(1, 41));
  INFO("seed " << seed);
  begin(static_cast<std::uint64_t>(seed));
  for (auto steps = 0; steps < 600; ++steps)
    random_step();
  finish();
  CHECK(it->outstanding() == 0);
  CHECK(it->watermark() == sequence);
  for (const auto& [content, what] : fates) {
    for (const auto* who : what.wanted_by) {
      INFO(who->wish.name << " event " << content);
      CHECK(done(*who, content, what));
    }
  }
  for (const auto& who : players)
    for (auto content : who.poison)
      CHECK_FALSE(who.handled.contains(content));
}

} // namespace troupe
