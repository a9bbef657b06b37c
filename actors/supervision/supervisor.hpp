// SPDX-License-Identifier: BSD-3-Clause
// SUPERVISOR: starts its children, restarts those that end, stops them in reverse order. It carries out what
// runtime/supervision/supervisor_core.hpp decides. It monitors its children, and they are killed when it ends: links
// would let a killed child take its supervisor along.
#pragma once

#include "messages/interfaces.hpp"
#include "messages/supervision.hpp"

#include "runtime/supervision/supervisor_core.hpp"

#include "actors/supervision/child_spec.hpp"

#include <caf/actor.hpp>
#include <caf/error.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace troupe {

/// The children's handles and the requests that wait; all decisions are the core's.
struct supervisor_state {
  static inline const char* name = "supervisor";

  explicit supervisor_state(supervisor_actor::pointer self);

  /// The answer to an order.
  using done_promise = caf::typed_response_promise<children_done>;

  /// Starts the children, or ends where the spec is bad.
  void start(supervisor_spec wanted);

  caf::result<children_done> on_await();
  caf::result<children_report> on_which(const which_children& question);
  caf::result<children_done> on_start_child(const start_child& order);
  caf::result<children_done> on_terminate(const std::string& id);
  caf::result<children_done> on_restart(const std::string& id);
  caf::result<children_done> on_delete(const std::string& id);
  void on_due(const supervision_due& due);
  void on_down(const caf::down_msg& msg);
  void on_exit(const caf::exit_msg& msg);

  /// Carries actions out in order; may be called again meanwhile.
  void apply(supervision::actions orders);
  void carry_out(const supervision::run_child& order);
  void carry_out(const supervision::end_child& order);
  void carry_out(const supervision::forget_child& order);
  void carry_out(const supervision::arm_timer& order);
  void carry_out(const supervision::answer_ticket& order);
  void carry_out(const supervision::report& order);
  void carry_out(const supervision::complain& order);
  void carry_out(const supervision::finish& order);

  /// Asks a child whether it has started.
  void probe(supervision::child_key child, std::uint32_t run, const caf::actor& actor, const child_spec& how);
  done_promise promise(supervision::ticket& request);

  /// A child that was started.
  struct incarnation {
    supervision::child_key child;
    std::uint32_t run;
    std::string id;
    caf::actor actor;
  };

  supervisor_actor::pointer self;
  /// As it was given; what runs is the core's.
  supervisor_spec spec;
  /// Empty where the spec is bad.
  std::optional<supervision::supervisor_core> core;
  /// By id. With `simple` there is one spec for all, in `spec`.
  std::map<std::string, child_spec> specs;
  /// Whoever was started and has not ended.
  std::map<caf::actor_id, incarnation> alive;
  std::map<supervision::ticket, done_promise> waiting;
  supervision::ticket last_ticket = 0;
  /// What is left to carry out, while something is.
  std::deque<supervision::action> todo;
  bool carrying_out = false;
  /// What the supervisor was told to end with.
  caf::error ordered_reason;
};

/// A supervisor; one with a bad spec ends at once with the reason. Tell it to stop with
/// `exit_reason::user_shutdown`: it stops its children in reverse order, then ends with that reason.
supervisor_actor::behavior_type supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
                                           supervisor_spec spec);

} // namespace troupe
