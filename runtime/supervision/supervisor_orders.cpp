// SPDX-License-Identifier: BSD-3-Clause
// Orders and questions to a supervisor_core, and its small change. Every ticket is answered exactly once.
#include "runtime/supervision/supervisor_core.hpp"

#include <algorithm>
#include <utility>

namespace troupe::supervision {

actions supervisor_core::stop(clock::time_point now, bool again) {
  return done(now, [&] { stop_all({}, again); });
}

actions supervisor_core::await_start(ticket request, clock::time_point now) {
  return done(now, [&] {
    if (stopping_)
      refuse(request, stop_reason_ ? stop_reason_.code : errc::actor_unreachable,
             stop_reason_ ? stop_reason_.detail : path_ + " is stopping");
    else if (booted_)
      out_.emplace_back(answer_ticket{request, {}});
    else
      awaiting_.push_back(request);
  });
}

actions supervisor_core::start_child(child_settings settings, ticket request, clock::time_point now) {
  return done(now, [&] {
    if (stopping_)
      return refuse(request, errc::actor_unreachable, path_ + " is stopping");
    if (find(settings.id) != nullptr)
      return refuse(request, errc::invalid_child_spec, path_ + "/" + settings.id + " exists already");
    auto& c = add(std::move(settings));
    c.fresh = true;
    c.starter = request;
    // Behind those that come before it: all of the initial start, and its siblings where they depend on each other.
    auto own = flags_.custom || flags_.strategy == strategy::one_for_one || flags_.strategy == strategy::simple;
    auto before = std::find_if(groups_.begin(), groups_.end(), [&](const auto& g) { return !own || g.second.initial; });
    auto id = before != groups_.end() ? before->first : ++last_group_;
    groups_[id].members.insert(c.key);
    c.group = id;
    advance(id);
  });
}

actions supervisor_core::terminate(std::string_view id, ticket request, clock::time_point now) {
  return done(now, [&] {
    auto* c = find(id);
    if (c == nullptr)
      return refuse(request, errc::unknown_child, path_ + "/" + std::string{id});
    auto group = c->group;
    answer_starter(*c, {errc::start_failed, path_of(*c) + ": it was stopped before it ran"});
    leave_group(*c);
    c->fresh = false;
    c->stoppers.push_back(request);
    if (c->phase == child_phase::running || c->phase == child_phase::starting)
      end(*c, false);
    else if (c->phase == child_phase::stopped)
      on_down(*c);
    advance(group);
  });
}

actions supervisor_core::restart(std::string_view id, ticket request, clock::time_point now) {
  return done(now, [&] {
    auto* c = find(id);
    if (c == nullptr)
      return refuse(request, errc::unknown_child, path_ + "/" + std::string{id});
    if (stopping_)
      return refuse(request, errc::actor_unreachable, path_ + " is stopping");
    if (c->phase != child_phase::stopped || c->group != 0)
      return refuse(request, errc::invalid_argument, path_of(*c) + " is not stopped");
    c->starter = request;
    c->crashes = 0;
    auto joined = join(++last_group_, {c->key});
    advance(joined);
  });
}

actions supervisor_core::remove(std::string_view id, ticket request, clock::time_point now) {
  return done(now, [&] {
    auto* c = find(id);
    if (c == nullptr)
      return refuse(request, errc::unknown_child, path_ + "/" + std::string{id});
    if (c->phase != child_phase::stopped || c->group != 0)
      return refuse(request, errc::invalid_argument, path_of(*c) + " is not stopped");
    forget(c->key);
    out_.emplace_back(answer_ticket{request, {}});
  });
}

std::vector<child_info> supervisor_core::children() const {
  std::vector<child_info> all;
  for (const auto& [key, c] : children_)
    all.push_back(
      {path_of(c), c.settings.type, c.settings.restart, c.phase, c.run, c.last_reason.code, c.last_reason.detail});
  return all;
}

// -- small change -------------------------------------------------------------------------------------

supervisor_core::child* supervisor_core::find(child_key key, std::uint32_t run) {
  auto found = children_.find(key);
  return found != children_.end() && found->second.run == run ? &found->second : nullptr;
}

supervisor_core::child* supervisor_core::find(std::string_view id) {
  auto found = ids_.find(id);
  return found == ids_.end() ? nullptr : &children_.at(found->second);
}

supervisor_core::child& supervisor_core::add(child_settings settings) {
  auto key = ++last_key_;
  ids_.emplace(settings.id, key);
  auto& c = children_[key];
  c.key = key;
  c.settings = std::move(settings);
  return c;
}

void supervisor_core::forget(child_key key) {
  auto& c = children_.at(key);
  leave_group(c);
  auto id = c.settings.id;
  ids_.erase(id);
  children_.erase(key);
  out_.emplace_back(forget_child{key, std::move(id)});
}

std::uint64_t supervisor_core::arm(timer_kind what, std::uint64_t whose, milliseconds delay) {
  out_.emplace_back(arm_timer{{static_cast<std::uint8_t>(what), whose, ++last_epoch_}, delay});
  return last_epoch_;
}

void supervisor_core::refuse(ticket request, errc code, std::string why) {
  out_.emplace_back(answer_ticket{request, {code, std::move(why)}});
}

void supervisor_core::answer_starter(child& c, const error& refusal) {
  if (c.starter)
    out_.emplace_back(answer_ticket{*std::exchange(c.starter, std::nullopt), refusal});
}

void supervisor_core::answer_stoppers(child& c) {
  for (auto request : std::exchange(c.stoppers, {}))
    out_.emplace_back(answer_ticket{request, {}});
}

error supervisor_core::start_failure(const child& c, const error& reason) const {
  // What only a person can mend keeps its code, and with it the exit code of the process.
  auto keeps = remedy_for(reason.code) != remedy::retry && reason.code != errc::internal;
  auto text = reason.detail;
  // The failure of a child supervisor has the path of the culprit already.
  if (text.starts_with(path_of(c)))
    return {keeps ? reason.code : errc::start_failed, std::move(text)};
  if (!keeps && reason.code != errc::start_failed)
    text = std::string{describe(reason.code)} + (text.empty() ? "" : ": " + text);
  return {keeps ? reason.code : errc::start_failed, path_of(c) + (text.empty() ? "" : ": " + text)};
}

std::string supervisor_core::path_of(const child& c) const {
  return path_ + "/" + c.settings.id;
}

bool supervisor_core::is_forgotten_when_stopped(const child& c) const {
  return c.settings.restart == restart_type::temporary || flags_.strategy == strategy::simple;
}

} // namespace troupe::supervision
