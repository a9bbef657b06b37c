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
#include <caf/message_view.hpp>
#include <caf/response_type.hpp>
#include <caf/result.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace caf::scheduler {
class test_coordinator;
} // namespace caf::scheduler

namespace troupe::testing {

/// For `TEST_CASE_METHOD`. What actors refer to must live longer: declare it in a base class of the fixture.
class deterministic {
  /// Sets CAF's scheduler to the one that the test drives.
  struct test_config : actor_config {
    test_config();
  };
  test_config config_;
  std::optional<caf::actor_system> sys_;

public:
  deterministic();
  deterministic(const deterministic&) = delete;
  deterministic& operator=(const deterministic&) = delete;
  /// Ends all actors that the test spawned. Nobody runs them later, so that the system must not wait for any.
  virtual ~deterministic();

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
    if constexpr (!std::is_same_v<Handle, caf::actor>) {
      using answers = caf::response_type_t<typename Handle::signatures, std::decay_t<Parts>...>;
      static_assert(std::is_same_v<answers, caf::detail::type_list<Answer>>, "the actor answers with another type");
    }
    auto answer = std::make_shared<std::optional<caf::expected<Answer>>>();
    request(caf::actor_cast<caf::actor>(to), caf::make_message(std::forward<Parts>(parts)...),
            caf::behavior{
              [answer](const Answer& value) { answer->emplace(value); },
              [answer](const caf::error& err) { answer->emplace(err); },
            },
            patience, [&] { return answer->has_value(); });
    return *answer ? std::move(**answer) : caf::expected<Answer>{caf::sec::request_timeout};
  }

  /// Delivers messages until none is left. Fires no timers.
  void settle();

  /// Lets time pass, from timer to timer.
  void advance(std::chrono::nanoseconds duration);

  /// The next message of this type to the test; those of other types stay.
  template <class Message>
  std::optional<Message> receive() {
    return answer<Message>([](const Message&) {});
  }

  /// As above, for a request: `reply` makes the answer.
  template <class Message, class Reply>
  std::optional<Message> answer(Reply reply) {
    std::optional<Message> received;
    take([&](caf::message_view& next) -> caf::result<caf::message> {
      if (!next.content().match_elements<Message>())
        return caf::skip;
      received = next.content().get_as<Message>(0);
      if constexpr (std::is_void_v<std::invoke_result_t<Reply, const Message&>>)
        return reply(*received), caf::message{};
      else
        return as_message(reply(*received));
    });
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
  [[nodiscard]] std::chrono::steady_clock::time_point now();

  /// The test's own actor.
  caf::scoped_actor& self();

protected:
  /// Called after each message that an actor handled.
  virtual void stepped() {
    // nop
  }

private:
  // What does not depend on types is compiled once: test programs are many.

  /// Offers the test's messages to `offered`, one after the other, until it returns something else than `skip`.
  void take(const std::function<caf::result<caf::message>(caf::message_view&)>& offered);

  /// Sends a request whose answer goes to `answered`, and lets `patience` pass or as much of it as it takes.
  void request(const caf::actor& to, const caf::message& what, const caf::behavior& answered,
               std::chrono::nanoseconds patience, const std::function<bool()>& is_answered);

  template <class Answer>
  static caf::result<caf::message> as_message(const Answer& answer) {
    return caf::make_message(answer);
  }
  static caf::result<caf::message> as_message(const caf::error& answer) {
    return answer;
  }
  template <class Answer>
  static caf::result<caf::message> as_message(caf::result<Answer> answer) {
    if (answer.flag == caf::rt_error)
      return std::move(answer.err);
    return std::move(answer.value);
  }

  caf::scheduler::test_coordinator& scheduler();

public:
  /// Where everything runs.
  caf::actor_system& sys;

private:
  std::optional<caf::scoped_actor> self_;
  std::vector<caf::actor> spawned_;
};

} // namespace troupe::testing
