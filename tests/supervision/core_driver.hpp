// SPDX-License-Identifier: BSD-3-Clause
// Plays the actors around a supervisor_core: children start and end as they are told or as the test likes, time passes.
// The diary has "+a" for a start, "?a" for one that fails, "-a" for an order to end, "!a" for a kill.
#pragma once

#include "runtime/supervision/supervisor_core.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace troupe::supervision {

using diary = std::vector<std::string>;

/// A core and its world.
struct core_driver {
  explicit core_driver(supervision::flags flags, std::uint64_t seed = 1) : core{"root", std::move(flags), seed} {
    // nop
  }

  void start_with(std::vector<child_settings> children) {
    apply(core.start(std::move(children), now));
  }

  void start(const std::vector<std::string>& ids) {
    std::vector<child_settings> children;
    for (const auto& id : ids)
      children.push_back({id});
    start_with(std::move(children));
  }

  /// A child ends by itself; abnormal ends have a reason.
  void ends(const std::string& id, end_class how) {
    auto gone = alive.at(id);
    alive.erase(id);
    apply(core.ended(gone.child, gone.run, {how, how == end_class::abnormal ? error{errc::internal, "boom"} : error{}},
                     now));
  }

  void crash(const std::string& id) {
    ends(id, end_class::abnormal);
  }

  /// A child that does not answer by itself has started.
  void runs(const std::string& id) {
    auto one = alive.at(id);
    apply(core.started(one.child, one.run, now));
  }

  /// Lets time pass, from timer to timer.
  void advance(milliseconds delay) {
    auto end = now + delay;
    while (!timers.empty() && timers.begin()->first <= end) {
      now = std::max(now, timers.begin()->first);
      auto due = timers.begin()->second;
      timers.erase(timers.begin());
      apply(core.timer(due, now));
    }
    now = end;
  }

  void apply(actions orders) {
    for (auto& order : orders)
      std::visit([this](const auto& each) { carry_out(each); }, order);
  }

  void carry_out(const run_child& order) {
    if (alive.contains(order.id))
      ++doubles;
    if (auto broken = broken_starts.find(order.id); broken != broken_starts.end() && broken->second > 0) {
      --broken->second;
      seen.push_back("?" + order.id);
      apply(core.start_failed(order.child, order.run, {errc::connect_failed, "no route"}, now));
      return;
    }
    seen.push_back("+" + order.id);
    alive[order.id] = {order.child, order.run};
    if (!slow.contains(order.id))
      apply(core.started(order.child, order.run, now));
  }

  void carry_out(const end_child& order) {
    auto found = std::find_if(alive.begin(), alive.end(), [&](const auto& each) {
      return each.second.child == order.child && each.second.run == order.run;
    });
    if (found == alive.end())
      return;
    seen.push_back((order.kill ? "!" : "-") + found->first);
    if (immortal.contains(found->first) || (!order.kill && stubborn.contains(found->first)))
      return;
    alive.erase(found);
    auto killed = child_end{end_class::abnormal, {errc::actor_unreachable, "kill"}};
    apply(core.ended(order.child, order.run, order.kill ? killed : child_end{end_class::shutdown, {}}, now));
  }

  void carry_out(const forget_child& order) {
    forgotten.push_back(order.id);
  }

  void carry_out(const arm_timer& order) {
    timers.emplace(now + order.delay, order.due);
  }

  void carry_out(const answer_ticket& order) {
    if (!answers.emplace(order.to, order.refusal).second)
      ++doubles;
  }

  void carry_out(const report& what) {
    reports.push_back(what);
    if (const auto* again = std::get_if<child_restarting>(&what))
      restarts.push_back({now, milliseconds{again->delay_ms}});
  }

  void carry_out(const complain& order) {
    complaints.push_back(order.text);
  }

  void carry_out(const finish& order) {
    if (finished)
      ++doubles;
    finished = order.reason;
  }

  /// The diary since the last call.
  diary entries() {
    return std::exchange(seen, {});
  }

  template <class Report>
  std::size_t count() const {
    return static_cast<std::size_t>(std::count_if(
      reports.begin(), reports.end(), [](const auto& each) { return std::holds_alternative<Report>(each); }));
  }

  /// "a running, b stopped".
  std::string phases() const {
    std::string all;
    for (const auto& child : core.children()) {
      const char* names[] = {"stopped", "starting", "running", "waiting", "stopping"};
      all += (all.empty() ? "" : ", ") + child.path.substr(5) + " " + names[static_cast<int>(child.phase)];
    }
    return all;
  }

  struct incarnation {
    child_key child;
    std::uint32_t run;
  };
  struct restart_entry {
    clock::time_point when;
    milliseconds delay;
  };

  supervisor_core core;
  clock::time_point now{std::chrono::hours{1}};
  std::map<std::string, incarnation> alive;
  /// Who does not answer by itself, who ignores orders, who even ignores a kill, whose start fails how often.
  std::set<std::string> slow;
  std::set<std::string> stubborn;
  std::set<std::string> immortal;
  std::map<std::string, int> broken_starts;
  std::multimap<clock::time_point, supervision_due> timers;
  diary seen;
  diary forgotten;
  diary complaints;
  std::vector<report> reports;
  std::vector<restart_entry> restarts;
  std::map<ticket, error> answers;
  std::optional<error> finished;
  /// What must happen once and happened twice: answers, ends, children that run.
  int doubles = 0;
};

} // namespace troupe::supervision
