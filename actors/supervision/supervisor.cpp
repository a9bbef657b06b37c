// SPDX-License-Identifier: BSD-3-Clause
#include "actors/supervision/supervisor.hpp"

#include "messages/inspect.hpp"
#include "messages/lifecycle.hpp"

#include "runtime/log/log.hpp"

#include "actors/supervision/carry_exceptions.hpp"
#include "actors/supervision/children_query.hpp"
#include "actors/supervision/shutdown.hpp"
#include "actors/system.hpp"

#include <caf/actor_cast.hpp>
#include <caf/attachable.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace troupe {

namespace {

using supervision::child_end;
using supervision::child_settings;
using supervision::end_class;
using supervision::strategy;

/// Kills a child when its supervisor ends, however that ends. A link would do so in both directions: CAF lets nobody
/// survive a partner that was killed.
class last_will : public caf::attachable {
public:
  explicit last_will(const caf::actor& child) : child_{child.address()} {
    // nop
  }

  static token for_child(const caf::actor_id& child) {
    return {subtype, &child};
  }

  void actor_exited(const caf::error&, caf::execution_unit*) override {
    if (auto child = caf::actor_cast<caf::actor>(child_))
      caf::anon_send_exit(child, caf::exit_reason::kill);
  }

  bool matches(const token& what) override {
    return what.subtype == subtype && *static_cast<const caf::actor_id*>(what.ptr) == child_.id();
  }

private:
  // CAF's own are 0 to 3.
  static constexpr std::size_t subtype = 0x7769'6c6c;

  caf::actor_addr child_;
};

child_settings settings_of(const child_spec& spec) {
  return {spec.id, spec.restart, spec.type, spec.shutdown};
}

child_end end_of(const caf::error& reason) {
  if (!reason || reason == caf::exit_reason::normal)
    return {end_class::normal, {}};
  if (reason == caf::exit_reason::user_shutdown)
    return {end_class::shutdown, {}};
  auto known = to_error(reason);
  if (reason.category() == caf::atom("exit"))
    return {end_class::abnormal, {errc::actor_unreachable, "it was ended with the exit reason " + known.detail}};
  if (reason == caf::sec::runtime_error)
    known.detail = "an exception (see carry_exceptions for its text)";
  return {end_class::abnormal, std::move(known)};
}

void log_report(const supervision::report& what) {
  if (const auto* ended = std::get_if<child_exited>(&what)) {
    if (ended->reason == errc::internal)
      log::error("{} ended: {}", ended->path, ended->detail);
    else if (remedy_for(ended->reason) == remedy::caller)
      // It asked for something wrong. Where that is the end of the process, the process says it, and once is enough.
      log::warn("{} ended: {}", ended->path, to_string(error{ended->reason, ended->detail}));
    else if (ended->reason != errc::none)
      log::error("{} ended: {}", ended->path, to_string(error{ended->reason, ended->detail}));
    else
      log::debug("{} ended", ended->path);
  } else if (const auto* started = std::get_if<child_started>(&what)) {
    log::debug("{} runs (start {})", started->path, started->start);
  } else if (const auto* again = std::get_if<child_restarting>(&what)) {
    log::warn("{} is started again in {} ms", again->path, again->delay_ms);
  } else if (const auto* slow = std::get_if<supervisor_degraded>(&what)) {
    log::error("{}. It goes on at a slow pace: see why they crash", slow->detail);
  } else if (const auto* well = std::get_if<supervisor_recovered>(&what)) {
    log::info("{} has recovered", well->path);
  } else if (const auto* lost = std::get_if<supervisor_gave_up>(&what)) {
    log::error("{}. It ends, for its own supervisor to decide", lost->detail);
  }
}

} // namespace

supervisor_state::supervisor_state(supervisor_actor::pointer self) : self{self} {
  // nop
}

void supervisor_state::start(supervisor_spec wanted) {
  spec = std::move(wanted);
  if (auto checked = check(spec); !checked) {
    log::error("{}", to_string(checked.error()));
    self->quit(make_error(checked.error().code, checked.error().detail));
    return;
  }
  core.emplace(spec.path, spec.flags, spec.seed);
  std::vector<child_settings> children;
  if (spec.flags.strategy != strategy::simple)
    for (auto& child : spec.children) {
      children.push_back(settings_of(child));
      specs.emplace(child.id, child);
    }
  apply(core->start(std::move(children), self->clock().now()));
}

// -- requests -----------------------------------------------------------------------------------------

supervisor_state::done_promise supervisor_state::promise(supervision::ticket& request) {
  auto made = self->make_response_promise<children_done>();
  request = ++last_ticket;
  waiting.emplace(request, made);
  return made;
}

caf::result<children_done> supervisor_state::on_await() {
  supervision::ticket request = 0;
  auto made = promise(request);
  apply(core->await_start(request, self->clock().now()));
  return made;
}

caf::result<children_report> supervisor_state::on_which(const which_children& question) {
  std::map<std::string, const incarnation*> asked;
  if (question.deep)
    for (const auto& [id, current] : alive)
      // Whoever was given up may still be there beside its successor.
      if (auto& newest = asked[spec.path + "/" + current.id]; newest == nullptr || newest->run < current.run)
        newest = &current;
  std::vector<child_listing> listed;
  for (auto& info : core->children()) {
    child_listing one{std::move(info), nullptr};
    auto current = asked.find(one.info.path);
    if (current != asked.end() && current->second->run == one.info.starts && one.info.phase == child_phase::running)
      one.actor = current->second->actor;
    listed.push_back(std::move(one));
  }
  auto made = self->make_response_promise<children_report>();
  collect_children(self, std::move(listed), made);
  return made;
}

caf::result<children_done> supervisor_state::on_start_child(const start_child& order) {
  auto wanted = order.spec;
  if (spec.flags.strategy == strategy::simple) {
    wanted = spec.children.front();
    wanted.id = order.spec.id;
  }
  if (auto checked = check(spec.path, wanted); !checked)
    return make_error(checked.error().code, checked.error().detail);
  supervision::ticket request = 0;
  auto made = promise(request);
  auto settings = settings_of(wanted);
  if (spec.flags.strategy != strategy::simple)
    specs.emplace(wanted.id, std::move(wanted)); // Keeps the spec of a child that exists: then it is refused.
  apply(core->start_child(std::move(settings), request, self->clock().now()));
  return made;
}

caf::result<children_done> supervisor_state::on_terminate(const std::string& id) {
  supervision::ticket request = 0;
  auto made = promise(request);
  apply(core->terminate(id, request, self->clock().now()));
  return made;
}

caf::result<children_done> supervisor_state::on_restart(const std::string& id) {
  supervision::ticket request = 0;
  auto made = promise(request);
  apply(core->restart(id, request, self->clock().now()));
  return made;
}

caf::result<children_done> supervisor_state::on_delete(const std::string& id) {
  supervision::ticket request = 0;
  auto made = promise(request);
  apply(core->remove(id, request, self->clock().now()));
  return made;
}

// -- events -------------------------------------------------------------------------------------------

void supervisor_state::on_due(const supervision_due& due) {
  apply(core->timer(due, self->clock().now()));
}

void supervisor_state::on_down(const caf::down_msg& msg) {
  auto found = alive.find(msg.source.id());
  if (found == alive.end())
    return;
  auto gone = std::move(found->second);
  alive.erase(found);
  self->detach(last_will::for_child(msg.source.id()));
  apply(core->ended(gone.child, gone.run, end_of(msg.reason), self->clock().now()));
}

void supervisor_state::on_exit(const caf::exit_msg& msg) {
  if (!core->stopping())
    ordered_reason = msg.reason ? msg.reason : make_error(caf::exit_reason::user_shutdown);
  // Whoever crashed is started again, as a rule.
  auto again = end_of(ordered_reason).how == end_class::abnormal || precedes_restart(ordered_reason);
  apply(core->stop(self->clock().now(), again));
}

// -- what the core decided ----------------------------------------------------------------------------

void supervisor_state::apply(supervision::actions orders) {
  std::move(orders.begin(), orders.end(), std::back_inserter(todo));
  if (std::exchange(carrying_out, true))
    return;
  while (!todo.empty()) {
    auto next = std::move(todo.front());
    todo.pop_front();
    std::visit([this](const auto& order) { carry_out(order); }, next);
  }
  carrying_out = false;
}

void supervisor_state::carry_out(const supervision::run_child& order) {
  const auto& how = spec.flags.strategy == strategy::simple ? spec.children.front() : specs.at(order.id);
  auto path = spec.path + "/" + order.id;
  error failure;
  caf::actor actor;
  try {
    actor = how.start(child_context{self->system(), path, order.run});
    if (!actor)
      failure = {errc::start_failed, "its start function returned no actor"};
    else if (alive.contains(actor.id()))
      failure = {errc::start_failed, "its start function returned an actor that is a child already"};
  } catch (...) {
    failure = describe_exception(std::current_exception(), "its start function");
  }
  if (failure)
    return apply(core->start_failed(order.child, order.run, std::move(failure), self->clock().now()));
  alive.emplace(actor.id(), incarnation{order.child, order.run, order.id, actor});
  self->attach(caf::attachable_ptr{new last_will{actor}});
  self->monitor(actor);
  probe(order.child, order.run, actor, how);
}

void supervisor_state::probe(supervision::child_key child, std::uint32_t run, const caf::actor& actor,
                             const child_spec& how) {
  auto failed = [this, child, run, limit = how.start_timeout](const caf::error& reason) {
    // Its down message says why.
    if (reason == caf::sec::request_receiver_down)
      return;
    auto why = to_error(reason);
    if (reason == caf::sec::request_timeout)
      why = {errc::start_failed, "it did not answer within " + std::to_string(limit.count()) + " ms of its start"};
    apply(core->start_stuck(child, run, std::move(why), self->clock().now()));
  };
  auto runs = [this, child, run] { apply(core->started(child, run, self->clock().now())); };
  if (how.type == child_type::supervisor)
    self->request(actor, how.start_timeout, await_children{}).then([runs](const children_done&) { runs(); }, failed);
  else
    self->request(actor, how.start_timeout, caf::sys_atom::value, caf::get_atom::value, std::string{"info"})
      .then([runs](caf::ok_atom, const std::string&, const caf::strong_actor_ptr&, const std::string&) { runs(); },
            failed);
}

void supervisor_state::carry_out(const supervision::end_child& order) {
  auto found = std::find_if(alive.begin(), alive.end(), [&](const auto& each) {
    return each.second.child == order.child && each.second.run == order.run;
  });
  if (found == alive.end())
    return;
  if (order.kill)
    log::warn("{}/{} is killed", spec.path, found->second.id);
  if (order.kill)
    self->send_exit(found->second.actor, caf::exit_reason::kill);
  else
    self->send_exit(found->second.actor, shutdown_reason(order.again));
}

void supervisor_state::carry_out(const supervision::forget_child& order) {
  specs.erase(order.id);
}

void supervisor_state::carry_out(const supervision::arm_timer& order) {
  tell_after(self, order.delay, order.due);
}

void supervisor_state::carry_out(const supervision::answer_ticket& order) {
  auto found = waiting.find(order.to);
  if (found == waiting.end())
    return;
  if (order.refusal)
    found->second.deliver(make_error(order.refusal.code, order.refusal.detail));
  else
    found->second.deliver(children_done{});
  waiting.erase(found);
}

void supervisor_state::carry_out(const supervision::report& order) {
  log_report(order);
  try {
    if (spec.on_report)
      spec.on_report(order);
  } catch (...) {
    log::error("{}: {}", spec.path, describe_exception(std::current_exception(), "on_report").detail);
  }
  if (spec.lifecycle)
    std::visit([this](const auto& what) { caf::anon_send(spec.lifecycle, what); }, order);
}

void supervisor_state::carry_out(const supervision::complain& order) {
  log::error("{}", order.text);
}

void supervisor_state::carry_out(const supervision::finish& order) {
  // The core has answered everyone; this is for whoever it forgot.
  for (auto& [request, left] : waiting)
    left.deliver(make_error(errc::actor_unreachable, spec.path + " ended"));
  waiting.clear();
  self->quit(order.reason ? make_error(order.reason.code, order.reason.detail) : ordered_reason);
}

supervisor_actor::behavior_type supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
                                           supervisor_spec spec) {
  carry_exceptions(self, spec.path);
  self->set_down_handler([self](const caf::down_msg& msg) { self->state.on_down(msg); });
  self->set_exit_handler([self](const caf::exit_msg& msg) { self->state.on_exit(msg); });
  self->set_default_handler(caf::drop);
  // Answers to nobody's question, for example of a child that was given up.
  self->set_error_handler(
    [](caf::error& err) { log::debug("A supervisor was answered with an error: {}", to_string(to_error(err))); });
  self->state.start(std::move(spec));
  return {
    [self](const await_children&) { return self->state.on_await(); },
    [self](const which_children& msg) { return self->state.on_which(msg); },
    [self](const start_child& msg) { return self->state.on_start_child(msg); },
    [self](const terminate_child& msg) { return self->state.on_terminate(msg.id); },
    [self](const restart_child& msg) { return self->state.on_restart(msg.id); },
    [self](const delete_child& msg) { return self->state.on_delete(msg.id); },
    [self](const supervision_due& msg) { self->state.on_due(msg); },
  };
}

} // namespace troupe
