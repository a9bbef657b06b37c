// SPDX-License-Identifier: BSD-3-Clause
// An actor system on CAF's test scheduler, where nothing runs and no time passes unless the test says so. The test
// plays the neighbours of an actor with one mailbox. Separate from caf/test/dsl.hpp, whose macros clash with Catch2's.
#pragma once

#include "messages/inspect.hpp"

#include "actors/system.hpp"

#include <caf/actor_system.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/expected.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace troupe::testing {

/// For `TEST_CASE_METHOD`. What actors refer to must live longer: declare it in a base class of the fixture.
class deterministic {
  /// Sets CAF's scheduler to the one that the test drives.
  struct test_config : actor_config {
    test_config() {
      set("scheduler.policy", caf::atom("testing"));
    }
  };
  test_config config_;
  std::optional<caf::actor_system> sys_;

public:
  deterministic() : sys_{std::in_place, config_}, sys{*sys_} {
    // CAF gives the time 0 a meaning of its own.
    scheduler().clock().current_time += std::chrono::hours{1};
    self_.emplace(sys, true);
  }

  deterministic(const deterministic&) = delete;
  deterministic& operator=(const deterministic&) = delete;

  /// Ends all actors that the test spawned. Nobody runs them later, so that the system must not wait for any.
  virtual ~deterministic() {
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

  /// As `sys.spawn`, and ended with the test.
  template <class Factory, class... Arguments>
  auto spawn(Factory factory, Arguments&&... arguments) {
    auto actor = sys.spawn(factory, std::forward<Arguments>(arguments)...);
    spawned_.push_back(caf::actor_cast<caf::actor>(actor));
    return actor;
  }

  /// Sends as the test, and lets everything happen that follows without time passing.
  template <class Handle, class... Parts>
  void tell(const Handle& to, Parts&&... parts) {
    self()->send(to, std::forward<Parts>(parts)...);
    settle();
  }

  /// Sends a request and returns the answer if it comes without time passing; else `sec::request_timeout`.
  template <class Answer, class Handle, class... Parts>
  caf::expected<Answer> ask(const Handle& to, Parts&&... parts) {
    return ask_within<Answer>(std::chrono::seconds{0}, to, std::forward<Parts>(parts)...);
  }

  /// As above, and lets time pass until the answer is there, `patience` at most.
  template <class Answer, class Duration, class Handle, class... Parts>
  caf::expected<Answer> ask_within(Duration patience, const Handle& to, Parts&&... parts) {
    // An actor of its own asks: waiting with a blocking one would be in real time. It is ended when patience is.
    constexpr std::chrono::minutes never{365 * 24 * 60};
    auto answer = std::make_shared<std::optional<caf::expected<Answer>>>();
    auto asker = sys.spawn([answer, to, all = std::tuple<std::decay_t<Parts>...>(std::forward<Parts>(parts)...)](
                             caf::event_based_actor* asking) {
      auto pending = std::apply([&](const auto&... part) { return asking->request(to, never, part...); }, all);
      pending.then([answer](const Answer& value) { answer->emplace(value); },
                   [answer](const caf::error& err) { answer->emplace(err); });
    });
    settle();
    for (auto end = now() + patience; !*answer && now() < end;)
      advance(std::min<std::chrono::nanoseconds>(end - now(), std::chrono::milliseconds{10}));
    caf::anon_send_exit(asker, caf::exit_reason::kill);
    settle();
    return *answer ? std::move(**answer) : caf::expected<Answer>{caf::sec::request_timeout};
  }

  /// Delivers messages until none is left. Fires no timers.
  void settle() {
    while (scheduler().try_run_once())
      stepped();
  }

  /// Lets time pass, from timer to timer.
  template <class Duration>
  void advance(Duration duration) {
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

  /// The next message of this type to the test; those of other types stay.
  template <class Message>
  std::optional<Message> receive() {
    return answer<Message>([](const Message&) {});
  }

  /// As above, for a request: `reply` makes the answer.
  template <class Message, class Reply>
  std::optional<Message> answer(Reply reply) {
    settle();
    std::optional<Message> received;
    auto take = [&](const Message& message) {
      received = message;
      return reply(message);
    };
    self()->receive(
      take, caf::after(std::chrono::seconds{0}) >> [] {});
    settle();
    return received;
  }

  /// How many messages of this type are there; takes them all.
  template <class Message>
  std::size_t count() {
    std::size_t received = 0;
    while (receive<Message>())
      ++received;
    return received;
  }

  /// The test in the part of a neighbour.
  template <class Handle>
  Handle as() {
    return caf::actor_cast<Handle>(caf::actor_cast<caf::strong_actor_ptr>(*self_));
  }

  /// The time of all actors.
  [[nodiscard]] std::chrono::steady_clock::time_point now() {
    return scheduler().clock().now();
  }

  /// The test's own actor.
  caf::scoped_actor& self() {
    return *self_;
  }

protected:
  /// Called after each message that an actor handled.
  virtual void stepped() {
    // nop
  }

private:
  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
  }

public:
  /// Where everything runs.
  caf::actor_system& sys;

private:
  std::optional<caf::scoped_actor> self_;
  std::vector<caf::actor> spawned_;
};

} // namespace troupe::testing
