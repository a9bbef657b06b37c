// SPDX-License-Identifier: BSD-3-Clause
// Starts and ends. Restarts are in supervisor_restarts.cpp, orders and questions in supervisor_orders.cpp.
#include "runtime/supervision/supervisor_core.hpp"

#include <algorithm>
#include <utility>

namespace troupe::supervision {

supervisor_core::supervisor_core(std::string path, supervision::flags flags, std::uint64_t seed)
  : path_{std::move(path)}, flags_{std::move(flags)}, window_{flags_.intensity, flags_.period}, backoff_{
                                                                                                  flags_.backoff_min,
                                                                                                  flags_.backoff_max,
                                                                                                  seed} {
  // nop
}

// -- inputs -------------------------------------------------------------------------------------------

actions supervisor_core::done(clock::time_point now, const std::function<void()>& input) {
  now_ = now;
  if (!finished_)
    input();
  return std::exchange(out_, {});
}

actions supervisor_core::start(std::vector<child_settings> children, clock::time_point now) {
  return done(now, [&] {
    std::set<child_key> all;
    for (auto& settings : children)
      all.insert(add(std::move(settings)).key);
    auto id = join(++last_group_, all);
    groups_.at(id).initial = true;
    advance(id);
  });
}

actions supervisor_core::started(child_key child, std::uint32_t run, clock::time_point now) {
  return done(now, [&] {
    auto* c = find(child, run);
    if (c != nullptr && c->phase == child_phase::starting)
      mark_running(*c);
  });
}

actions supervisor_core::start_failed(child_key child, std::uint32_t run, error reason, clock::time_point now) {
  return done(now, [&] {
    auto* c = find(child, run);
    if (c == nullptr)
      return;
    if (c->phase == child_phase::starting)
      on_start_failure(*c, reason);
    else if (c->phase == child_phase::stopping) // Told to end before it was there.
      on_stopped(*c);
  });
}

actions supervisor_core::start_stuck(child_key child, std::uint32_t run, error reason, clock::time_point now) {
  return done(now, [&] {
    auto* c = find(child, run);
    if (c == nullptr || c->phase != child_phase::starting)
      return;
    c->start_error = std::move(reason);
    end(*c, true);
  });
}

actions supervisor_core::ended(child_key child, std::uint32_t run, const child_end& how, clock::time_point now) {
  return done(now, [&] {
    auto* c = find(child, run);
    if (c == nullptr)
      return;
    // Whoever is done before it was asked whether it runs has run.
    if (c->phase == child_phase::starting && how.how != end_class::abnormal)
      mark_running(*c);
    switch (c->phase) {
    case child_phase::starting:
      on_start_failure(*c, how.reason);
      break;
    case child_phase::running:
      on_end_of_running(*c, how);
      break;
    case child_phase::stopping:
      c->last_reason = c->killed ? error{} : how.reason;
      on_stopped(*c);
      break;
    case child_phase::stopped:
    case child_phase::waiting:
      break; // It was given up, and ended after all.
    }
  });
}

actions supervisor_core::timer(const supervision_due& due, clock::time_point now) {
  return done(now, [&] {
    switch (static_cast<timer_kind>(due.what)) {
    case timer_kind::stop:
    case timer_kind::kill: {
      auto found = children_.find(due.child);
      if (found == children_.end() || found->second.epoch != due.epoch)
        return;
      if (static_cast<timer_kind>(due.what) == timer_kind::kill)
        abandon(found->second);
      else
        end(found->second, true);
      break;
    }
    case timer_kind::backoff:
      if (auto found = groups_.find(due.child); found != groups_.end() && found->second.epoch == due.epoch) {
        found->second.not_before = std::min(found->second.not_before, now_);
        advance(due.child);
      }
      break;
    case timer_kind::recovery:
      if (due.epoch != recovery_ || stopping_)
        return;
      recovery_ = 0;
      degraded_ = false;
      window_.clear();
      out_.emplace_back(report{supervisor_recovered{path_}});
      break;
    }
  });
}

// -- groups -------------------------------------------------------------------------------------------

std::uint64_t supervisor_core::join(std::uint64_t id, const std::set<child_key>& members) {
  // The oldest group takes all.
  auto target = id;
  for (auto key : members)
    if (auto other = children_.at(key).group; other != 0)
      target = std::min(target, other);
  auto& all = groups_[target];
  for (auto key : members) {
    auto& c = children_.at(key);
    if (auto other = c.group; other != 0 && other != target) {
      auto& old = groups_.at(other);
      all.not_before = std::max(all.not_before, old.not_before);
      all.initial = all.initial || old.initial;
      for (auto moved : old.members) {
        children_.at(moved).group = target;
        all.members.insert(moved);
      }
      groups_.erase(other);
    }
    c.group = target;
    c.launching = false;
    all.members.insert(key);
  }
  return target;
}

void supervisor_core::advance(std::uint64_t id) {
  auto found = groups_.find(id);
  if (found == groups_.end() || stopping_)
    return;
  auto& g = found->second;
  // Last first, and each gets its whole time.
  for (auto next = g.members.end(); next != g.members.begin();) {
    auto& c = children_.at(*--next);
    if (c.launching)
      continue;
    if (c.phase == child_phase::stopping)
      return;
    if (c.phase == child_phase::running || c.phase == child_phase::starting)
      return end(c, false, c.settings.restart != restart_type::temporary);
  }
  auto launching = false;
  for (auto key : g.members) {
    auto& c = children_.at(key);
    launching = launching || c.launching;
    if (!c.launching && !g.initial)
      c.phase = child_phase::waiting;
  }
  if (launching)
    return;
  if (g.members.empty())
    return close(id);
  if (now_ >= g.not_before)
    return launch(children_.at(*g.members.begin()));
  if (g.epoch == 0 || g.armed_for != g.not_before) {
    g.armed_for = g.not_before;
    auto wait = std::chrono::ceil<milliseconds>(g.not_before - now_);
    g.epoch = arm(timer_kind::backoff, id, wait);
  }
}

void supervisor_core::close(std::uint64_t id) {
  auto initial = groups_.at(id).initial;
  groups_.erase(id);
  if (initial) {
    booted_ = true;
    for (auto request : std::exchange(awaiting_, {}))
      out_.emplace_back(answer_ticket{request, {}});
  }
  watch_recovery();
}

void supervisor_core::leave_group(child& c) {
  c.launching = false;
  auto id = std::exchange(c.group, 0);
  if (id == 0)
    return;
  groups_.at(id).members.erase(c.key);
  if (c.phase == child_phase::waiting)
    c.phase = child_phase::stopped;
}

// -- one child ----------------------------------------------------------------------------------------

void supervisor_core::launch(child& c) {
  c.launching = true;
  c.phase = child_phase::starting;
  c.start_error = {};
  c.killed = false;
  ++c.run;
  out_.emplace_back(run_child{c.key, c.settings.id, c.run});
}

void supervisor_core::mark_running(child& c) {
  c.phase = child_phase::running;
  c.fresh = false;
  c.running_since = now_;
  out_.emplace_back(report{child_started{path_of(c), c.run}});
  if (!c.launching)
    return; // Its group will stop it again.
  answer_starter(c, {});
  auto id = c.group;
  leave_group(c);
  advance(id);
}

void supervisor_core::end(child& c, bool kill, bool again) {
  kill = kill || c.settings.shutdown.count() == 0;
  c.phase = child_phase::stopping;
  c.killed = kill;
  out_.emplace_back(end_child{c.key, c.run, kill, again});
  // A kill that is not heeded gets a third deadline: a handler that never returns cannot be ended from outside.
  constexpr milliseconds kill_time{5'000};
  if (kill)
    c.epoch = arm(timer_kind::kill, c.key, kill_time);
  else if (c.settings.shutdown != no_deadline)
    c.epoch = arm(timer_kind::stop, c.key, c.settings.shutdown);
}

void supervisor_core::abandon(child& c) {
  out_.emplace_back(complain{path_of(c)
                             + " does not end, though it was killed: one of its handlers does not return. It is given "
                               "up; its thread stays busy until the process ends"});
  on_stopped(c);
}

void supervisor_core::on_stopped(child& c) {
  if (c.start_error) {
    auto reason = std::exchange(c.start_error, {});
    return on_start_failure(c, reason);
  }
  out_.emplace_back(report{child_exited{path_of(c), c.last_reason.code, c.last_reason.detail}});
  on_down(c);
}

/// The child does not run any more, and that is no crash: whoever waited for it goes on.
void supervisor_core::on_down(child& c) {
  c.phase = child_phase::stopped;
  c.epoch = 0;
  answer_stoppers(c);
  auto id = c.group;
  auto gone = id != 0 ? c.settings.restart == restart_type::temporary : is_forgotten_when_stopped(c);
  if (gone && !stopping_) {
    answer_starter(c, {errc::start_failed, path_of(c) + ": it was stopped before it ran"});
    forget(c.key);
  }
  if (stopping_)
    advance_stop();
  else
    advance(id);
}

void supervisor_core::on_start_failure(child& c, const error& reason) {
  auto why = start_failure(c, reason);
  c.phase = child_phase::stopped;
  c.epoch = 0;
  c.last_reason = why;
  out_.emplace_back(report{child_exited{path_of(c), why.code, why.detail}});
  answer_stoppers(c);
  if (stopping_)
    return advance_stop();
  if (c.fresh || c.starter || c.group == 0) {
    auto id = c.group;
    answer_starter(c, why);
    if (c.fresh || is_forgotten_when_stopped(c))
      forget(c.key);
    else
      leave_group(c);
    return advance(id);
  }
  if (groups_.at(c.group).initial)
    return stop_all(why, true);
  crash(c, why);
}

void supervisor_core::on_end_of_running(child& c, const child_end& how) {
  c.last_reason = how.how == end_class::abnormal ? how.reason : error{};
  out_.emplace_back(report{child_exited{path_of(c), c.last_reason.code, c.last_reason.detail}});
  auto again = c.settings.restart == restart_type::permanent
               || (c.settings.restart == restart_type::transient && how.how == end_class::abnormal);
  // Its group, or the end of all, was about to stop it.
  if (stopping_ || c.group != 0 || !again)
    return on_down(c);
  if (now_ - c.running_since >= flags_.period)
    c.crashes = 0;
  c.phase = child_phase::stopped;
  crash(c, c.last_reason);
}

} // namespace troupe::supervision
