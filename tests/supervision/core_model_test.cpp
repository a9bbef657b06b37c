// SPDX-License-Identifier: BSD-3-Clause
// Random histories: what must hold after any of them. A failure prints its seed.
#include "tests/catch.hpp"
#include "tests/supervision/core_driver.hpp"

#include <random>

namespace troupe::supervision {

using namespace std::chrono_literals;

namespace {

using dice = std::mt19937;

std::size_t pick(dice& random, std::size_t limit) {
  return random() % limit;
}

/// OTP's rules on sets, for a world in which everything happens at once: who runs after each event.
struct model {
  struct child {
    std::string id;
    restart_type restart;
    bool running = true;
  };

  supervision::strategy strategy;
  std::vector<child> children;

  auto find(const std::string& id) {
    return std::find_if(children.begin(), children.end(), [&](const child& c) { return c.id == id; });
  }

  void ends(const std::string& id, end_class how) {
    auto c = find(id);
    auto again =
      c->restart == restart_type::permanent || (c->restart == restart_type::transient && how == end_class::abnormal);
    c->running = again;
    if (again) {
      auto first = strategy == strategy::one_for_all ? children.begin() : c;
      auto last = strategy == strategy::one_for_one || strategy == strategy::simple ? c + 1 : children.end();
      for (auto sibling = first; sibling != last; ++sibling)
        sibling->running = sibling->restart != restart_type::temporary;
    }
    forget_temporary();
    if (!again && strategy == strategy::simple)
      children.erase(find(id));
  }

  void forget_temporary() {
    std::erase_if(children, [](const child& c) { return !c.running && c.restart == restart_type::temporary; });
  }

  [[nodiscard]] std::string phases() const {
    std::string all;
    for (const auto& c : children)
      all += (all.empty() ? "" : ", ") + c.id + (c.running ? " running" : " stopped");
    return all;
  }
};

/// One event on both; then time enough for all that follows.
void step(core_driver& d, model& m, dice& random, ticket request, int& added) {
  auto simple = m.strategy == strategy::simple;
  auto& child = m.children[pick(random, m.children.size())];
  auto id = child.id;
  switch (pick(random, 6)) {
  default:
    if (child.running) {
      auto how = static_cast<end_class>(pick(random, 3));
      m.ends(id, how);
      d.ends(id, how);
    }
    break;
  case 3:
    d.apply(d.core.terminate(id, request, d.now));
    child.running = false;
    m.forget_temporary();
    if (simple && m.find(id) != m.children.end())
      m.children.erase(m.find(id));
    break;
  case 4:
    d.apply(d.core.restart(id, request, d.now));
    child.running = true;
    break;
  case 5: {
    auto type = simple ? restart_type::transient : static_cast<restart_type>(pick(random, 3));
    auto name = "n" + std::to_string(++added);
    d.apply(d.core.start_child({name, type}, request, d.now));
    m.children.push_back({name, type});
    break;
  }
  }
  if (m.children.empty()) {
    d.apply(d.core.start_child({"again"}, request + 1'000'000, d.now));
    m.children.push_back({"again", restart_type::permanent});
  }
  d.advance(2min);
}

flags tireless(supervision::strategy strategy) {
  flags made;
  made.strategy = strategy;
  made.intensity = 1'000'000;
  made.backoff_max = 10s;
  return made;
}

} // namespace

TEST_CASE("after any event the children run that OTP's rules say", "[supervision][property]") {
  for (auto strategy : {strategy::one_for_one, strategy::one_for_all, strategy::rest_for_one, strategy::simple})
    for (auto seed = 1u; seed <= 60; ++seed) {
      INFO("strategy " << static_cast<int>(strategy) << ", seed " << seed);
      dice random{seed};
      core_driver d{tireless(strategy), seed};
      model m{strategy, {}};
      d.start_with({});
      auto added = 0;
      m.children.push_back({"first", restart_type::permanent});
      d.apply(d.core.start_child({"first"}, 0, d.now));
      for (ticket request = 1; request <= 120; ++request) {
        step(d, m, random, request, added);
        REQUIRE(d.phases() == m.phases());
      }
      CHECK(d.doubles == 0);
    }
}

namespace {

/// Children that start slowly, do not end, do not start, crash at any moment; orders at any moment.
struct chaos {
  core_driver d;
  dice random;
  ticket last_ticket = 0;
  int added = 0;
  /// Who must run in the end: permanent, and not stopped by order.
  std::set<std::string> wanted;

  chaos(supervision::flags flags, unsigned seed) : d{std::move(flags), seed}, random{seed} {
    std::vector<child_settings> children;
    for (const auto* id : {"a", "b", "c", "d"}) {
      children.push_back({id});
      wanted.insert(id);
    }
    d.start_with(std::move(children));
  }

  std::string anyone() {
    auto children = d.core.children();
    return children.empty() ? "nobody" : children[pick(random, children.size())].path.substr(5);
  }

  void step() {
    auto id = anyone();
    auto chance = pick(random, 100);
    if (chance < 30 && d.alive.contains(id)) {
      d.crash(id);
    } else if (chance < 45) {
      if (d.alive.contains(id))
        d.runs(id);
    } else if (chance < 55) {
      (pick(random, 2) == 0 ? d.slow : d.stubborn).insert(id);
    } else if (chance < 65) {
      d.slow.erase(id);
      d.stubborn.erase(id);
    } else if (chance < 70) {
      d.broken_starts[id] = static_cast<int>(pick(random, 4));
    } else if (chance < 74) {
      d.apply(d.core.terminate(id, ++last_ticket, d.now));
      wanted.erase(id);
    } else if (chance < 78) {
      d.apply(d.core.restart(id, ++last_ticket, d.now));
    } else if (chance < 82) {
      d.apply(d.core.remove(id, ++last_ticket, d.now));
    } else if (chance < 86) {
      ++added;
      d.apply(d.core.start_child({"n" + std::to_string(added), restart_type::temporary}, ++last_ticket, d.now));
    } else if (chance < 88) {
      d.apply(d.core.await_start(++last_ticket, d.now));
    } else if (d.alive.contains(id) && chance < 91) {
      auto one = d.alive.at(id);
      d.apply(d.core.start_stuck(one.child, one.run, {errc::start_failed, "stuck"}, d.now));
    }
    d.advance(milliseconds{pick(random, 3) == 0 ? pick(random, 8'000) : pick(random, 100)});
  }

  /// All troubles end.
  void heal() {
    d.slow.clear();
    d.stubborn.clear();
    d.broken_starts.clear();
    for (const auto& [id, one] : std::map{d.alive})
      if (d.alive.contains(id))
        d.runs(id);
    d.advance(10min);
  }

  [[nodiscard]] bool runs(const std::string& id) const {
    return d.alive.contains(id);
  }
};

/// Whether no window of a period has more restarts than the intensity.
bool within_intensity(const core_driver& d, const flags& limits) {
  for (std::size_t i = 0; i + limits.intensity < d.restarts.size(); ++i)
    if (d.restarts[i + limits.intensity].when - d.restarts[i].when <= limits.period)
      return false;
  return true;
}

} // namespace

TEST_CASE("whatever happens, permanent children run again when the trouble is over", "[supervision][property]") {
  for (auto strategy : {strategy::one_for_one, strategy::one_for_all, strategy::rest_for_one})
    for (auto seed = 1u; seed <= 150; ++seed) {
      INFO("strategy " << static_cast<int>(strategy) << ", seed " << seed);
      auto limits = tireless(strategy);
      limits.intensity = 3;
      limits.when_exhausted = exhaustion::degrade;
      chaos c{limits, seed};
      for (auto i = 0; i < 200; ++i)
        c.step();
      c.heal();
      CHECK(c.d.doubles == 0);
      CHECK_FALSE(c.d.finished);
      CHECK_FALSE(c.d.core.degraded());
      for (const auto& child : c.d.core.children()) {
        INFO(child.path << ": " << c.d.phases());
        auto id = child.path.substr(5);
        // Whoever was stopped by order may have come back with its group, or not; there is nothing in between.
        CHECK((child.phase == child_phase::running || child.phase == child_phase::stopped));
        CHECK((child.phase == child_phase::running) == c.runs(id));
        if (c.wanted.contains(id))
          CHECK(child.phase == child_phase::running);
      }
      CHECK(c.d.answers.size() == c.last_ticket);
      c.d.apply(c.d.core.stop(c.d.now));
      c.d.advance(10min);
      CHECK(c.d.finished);
      CHECK(c.d.alive.empty());
    }
}

TEST_CASE("whatever happens, there are never more restarts than the intensity allows", "[supervision][property]") {
  auto gave_up = 0;
  for (auto strategy : {strategy::one_for_one, strategy::one_for_all, strategy::rest_for_one})
    for (auto seed = 1u; seed <= 150; ++seed) {
      INFO("strategy " << static_cast<int>(strategy) << ", seed " << seed);
      auto limits = tireless(strategy);
      limits.intensity = seed % 5;
      limits.period = 20s;
      limits.backoff_max = 1s;
      chaos c{limits, seed};
      for (auto i = 0; i < 100 && !c.d.core.stopping(); ++i)
        c.step();
      CHECK(within_intensity(c.d, limits));
      if (!c.d.core.stopping())
        c.d.apply(c.d.core.stop(c.d.now));
      else
        ++gave_up;
      // All end, and everyone was answered.
      c.d.advance(10min);
      REQUIRE(c.d.finished);
      CHECK(c.d.alive.empty());
      CHECK(c.d.answers.size() == c.last_ticket);
      CHECK(c.d.doubles == 0);
      if (*c.d.finished) {
        CHECK(c.d.finished->code == errc::gave_up);
        CHECK(c.d.count<supervisor_gave_up>() == 1);
      }
    }
  CHECK(gave_up > 200);
}

} // namespace troupe::supervision
