// SPDX-License-Identifier: BSD-3-Clause
// The delivery guarantee under random crashes: what holds at every step, and what holds in the end.
#include "tests/actors/delivery_stage.hpp"

#include <algorithm>
#include <map>
#include <random>

namespace troupe {

namespace {

struct random_stage : delivery_stage {
  static constexpr std::size_t credit = 8;
  static constexpr std::uint32_t window = 6;
  std::mt19937_64 random;
  // Of each event by its number: its session and its sequence, and who wanted it.
  struct fate {
    std::uint64_t session = 0;
    std::uint64_t sequence = 0;
    bool urgent = false;
    std::vector<player*> wanted_by;
  };
  std::map<std::uint64_t, fate> fates;
  std::uint64_t session = 0;
  std::size_t in_flight = credit;
  // Who does not want its events at the moment.
  std::set<player*> muted;

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
    join({.events = {typed_name, urgent_name}, .name = "guilds", .marks = true, .guilds = {{0}, {2}}});
    join({.events = {typed_name}, .name = "even", .marks = true},
         std::make_shared<const event_filter>(
           event_filter::on<message_delete>([](const message_delete& event) { return event.id.value % 2 == 0; })));
    join({.events = {raw_name, urgent_name}, .raw = true, .name = "lane", .marks = true, .own_lane = true});
    players.back().poison = {40};
    join({.events = {typed_name}, .name = "previous", .marks = true, .previous = true});
    use(table->with(players.back().who, {.events = {raw_name}, .raw = true, .name = "previous"}));
    join({.events = {typed_name, urgent_name}, .name = "narrow", .marks = true, .window = window});
    join({.events = {typed_name}, .name = "elsewhere", .shards = {7}});
  }

  bool wants(player& who, std::string_view name, std::uint64_t guild, std::uint64_t content) const {
    const auto& wish = who.wish;
    if (muted.contains(&who) || !wish.shards.empty())
      return false;
    auto named = [&](const std::string& one) { return one == name; };
    if (!wish.events.empty() && std::none_of(wish.events.begin(), wish.events.end(), named))
      return false;
    if (!wish.guilds.empty() && std::count(wish.guilds.begin(), wish.guilds.end(), snowflake{guild}) == 0)
      return false;
    return who.only == nullptr || content % 2 == 0;
  }

  void random_push() {
    if (it->window_closed()) {
      if (in_flight == 0)
        return;
      --in_flight; // The connection had credit already.
    } else {
      in_flight = credit;
    }
    const auto* name = chance(60) ? typed_name : chance(80) ? raw_name : urgent_name;
    auto guild = random() % 4;
    auto content = push(name, chance(20), guild);
    auto& one = fates[content];
    one = {session, sequence, name == urgent_name, {}};
    for (auto& who : players)
      if (wants(who, name, guild, content))
        one.wanted_by.push_back(&who);
    REQUIRE(it->outstanding() <= limits.events + credit);
    check_narrow_window();
  }

  void check_narrow_window() {
    std::size_t waiting = 0;
    for (const auto& [content, what] : fates)
      for (const auto* who : what.wanted_by)
        if (who->wish.window > 0 && !what.urgent && !done(*who, content, what))
          ++waiting;
    REQUIRE(waiting <= window + credit);
  }

  void mute_or_not(player& who) {
    if (who.who == nullptr || !who.wish.shards.empty())
      return;
    if (muted.erase(&who) > 0)
      return use(table->with(who.who, who.wish, who.only));
    muted.insert(&who);
    use(table->without(who.who, who.wish.events));
  }

  void succeed(player& who) {
    muted.erase(&who);
    delivery_stage::succeed(who);
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
    if (dice < 30) {
      random_push();
    } else if (dice < 75) {
      for (auto steps = random() % 9; steps > 0; --steps)
        step(who);
    } else if (dice < 83) {
      auto& guild = guilds[1 + random() % 3];
      for (auto steps = random() % 9; steps > 0; --steps)
        step(guild);
    } else if (dice < 84) {
      if (auto& guild = guilds[1 + random() % 3]; guild.who != nullptr)
        crash(guild);
    } else if (dice < 86) {
      mute_or_not(who);
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
        pass_on_all();
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
