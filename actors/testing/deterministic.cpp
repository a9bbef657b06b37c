// SPDX-License-Identifier: BSD-3-Clause
#include "actors/testing/deterministic.hpp"

#include <caf/others.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include <algorithm>

namespace troupe::testing {

deterministic::test_config::test_config() {
  set("scheduler.policy", caf::atom("testing"));
}

deterministic::deterministic() : sys_{std::in_place, config_}, sys{*sys_} {
  // CAF gives the time 0 a meaning of its own.
  scheduler().clock().current_time += std::chrono::hours{1};
  self_.emplace(sys, true);
}

deterministic::~deterministic() {
  for (const auto& actor : spawned_)
    caf::anon_send_exit(actor, caf::exit_reason::kill);
  spawned_.clear();
  self_.reset();
  for (auto rounds = 0; rounds < 100 && scheduler().has_job(); ++rounds) {
    scheduler().clock().cancel_all();
    settle();
  }
  scheduler().clock().cancel_all();
  sys.await_actors_before_shutdown(false);
  sys_.reset();
}

void deterministic::settle() {
  while (scheduler().try_run_once())
    stepped();
}

void deterministic::advance(std::chrono::nanoseconds duration) {
  settle();
  auto end = now() + duration;
  auto& clock = scheduler().clock();
  while (!clock.schedule().empty() && clock.schedule().begin()->first <= end) {
    clock.advance_time(std::max(clock.schedule().begin()->first, now()) - now());
    settle();
  }
  clock.advance_time(end - now());
  settle();
}

std::chrono::steady_clock::time_point deterministic::now() {
  return scheduler().clock().now();
}

caf::scoped_actor& deterministic::self() {
  return *self_;
}

void deterministic::take(const std::function<caf::result<caf::message>(caf::message_view&)>& offered) {
  settle();
  self()->receive(
    caf::others >> offered, caf::after(std::chrono::seconds{0}) >> [] {});
  settle();
}

void deterministic::request(const caf::actor& to, const caf::message& what, const caf::behavior& answered,
                            std::chrono::nanoseconds patience, const std::function<bool()>& is_answered) {
  // An actor of its own asks: waiting with a blocking one would be in real time. It is ended when patience is.
  static constexpr std::chrono::minutes never{365 * 24 * 60};
  auto asker = sys.spawn([&](caf::event_based_actor* asking) {
    asking->add_multiplexed_response_handler(asking->request(to, never, what).id(), answered);
  });
  settle();
  for (auto end = now() + patience; !is_answered() && now() < end;)
    advance(std::min<std::chrono::nanoseconds>(end - now(), std::chrono::milliseconds{10}));
  caf::anon_send_exit(asker, caf::exit_reason::kill);
  settle();
}

caf::scheduler::test_coordinator& deterministic::scheduler() {
  return dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
}

} // namespace troupe::testing
