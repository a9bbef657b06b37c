// SPDX-License-Identifier: BSD-3-Clause
// Who is restarted with whom, how soon, and how all of it ends.
#include "runtime/supervision/supervisor_core.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace troupe::supervision {

// -- restarts -----------------------------------------------------------------------------------------

void supervisor_core::crash(child& c, const error& reason) {
  auto members = affected(c, reason);
  auto comes_back = members.contains(c.key);
  auto old = c.group;
  if (!comes_back)
    leave_group(c);
  if (members.empty())
    return advance(old);
  recovery_ = 0;
  ++c.crashes;
  if (!allowed(c, reason))
    return;
  auto delay = degraded_ ? backoff_.slow() : backoff_.after(c.crashes);
  if (comes_back)
    out_.emplace_back(report{child_restarting{path_of(c), delay.count()}});
  auto id = join(++last_group_, members);
  auto& g = groups_.at(id);
  g.not_before = std::max(g.not_before, now_ + delay);
  advance(id);
  if (!comes_back)
    advance(old);
}

/// Counts a restart; false where the supervisor ends.
bool supervisor_core::allowed(const child& c, const error& reason) {
  if (degraded_ || window_.add(now_))
    return true;
  auto detail = path_ + ": more than " + std::to_string(flags_.intensity) + " restarts within "
                + std::to_string(flags_.period.count()) + " ms; the last one because of " + c.settings.id;
  if (reason)
    detail += ": " + to_string(reason);
  if (flags_.when_exhausted == exhaustion::escalate) {
    out_.emplace_back(report{supervisor_gave_up{path_, detail}});
    stop_all({errc::gave_up, std::move(detail)}, true);
    return false;
  }
  degraded_ = true;
  out_.emplace_back(report{supervisor_degraded{path_, std::move(detail)}});
  return true;
}

std::set<child_key> supervisor_core::affected(const child& c, const error& reason) {
  if (flags_.custom)
    return affected_by_custom(c, reason);
  std::set<child_key> members{c.key};
  if (flags_.strategy == strategy::one_for_all || flags_.strategy == strategy::rest_for_one)
    for (const auto& [key, sibling] : children_)
      if (flags_.strategy == strategy::one_for_all || key > c.key)
        members.insert(key);
  return members;
}

std::set<child_key> supervisor_core::affected_by_custom(const child& c, const error& reason) {
  std::vector<child_view> views;
  for (const auto& [key, sibling] : children_)
    views.push_back({sibling.settings.id, sibling.settings.restart, sibling.phase});
  auto complaint = path_ + ": the custom strategy ";
  try {
    std::set<child_key> members;
    std::string unknown;
    for (const auto& id : flags_.custom(views, c.settings.id, reason)) {
      if (auto found = ids_.find(id); found != ids_.end())
        members.insert(found->second);
      else
        unknown += (unknown.empty() ? "" : ", ") + ("\"" + id + "\"");
    }
    if (unknown.empty())
      return members;
    complaint += "names children that do not exist: " + unknown;
  } catch (const std::exception& thrown) {
    complaint += std::string{"threw: "} + thrown.what();
  } catch (...) {
    complaint += "threw something that is no exception";
  }
  out_.emplace_back(complain{complaint + ". Restarting " + c.settings.id + " alone"});
  return {c.key};
}

void supervisor_core::watch_recovery() {
  if (degraded_ && recovery_ == 0 && groups_.empty() && !stopping_)
    recovery_ = arm(timer_kind::recovery, 0, flags_.period);
}

// -- the end ------------------------------------------------------------------------------------------

void supervisor_core::stop_all(error reason, bool again) {
  if (std::exchange(stopping_, true))
    return;
  comes_again_ = again;
  stop_reason_ = std::move(reason);
  auto refusal = stop_reason_ ? stop_reason_ : error{errc::actor_unreachable, path_ + " is stopping"};
  for (auto request : std::exchange(awaiting_, {}))
    out_.emplace_back(answer_ticket{request, refusal});
  groups_.clear();
  for (auto& [key, c] : children_) {
    c.group = 0;
    c.launching = false;
    answer_starter(c, refusal);
    if (c.phase == child_phase::waiting)
      c.phase = child_phase::stopped;
  }
  advance_stop();
}

void supervisor_core::advance_stop() {
  auto at_once = flags_.strategy == strategy::simple;
  auto running = false;
  for (auto next = children_.end(); next != children_.begin();) {
    auto& c = (--next)->second;
    if (c.phase == child_phase::running || c.phase == child_phase::starting)
      end(c, false, comes_again_ && c.settings.restart != restart_type::temporary);
    running = running || c.phase == child_phase::stopping;
    if (running && !at_once)
      return;
  }
  if (running || std::exchange(finished_, true))
    return;
  out_.emplace_back(finish{stop_reason_});
}

} // namespace troupe::supervision
