// SPDX-License-Identifier: BSD-3-Clause
// What goes into a supervisor_core and what comes out of it: the actor around it only carries these out.
#pragma once

#include "messages/error.hpp"
#include "messages/supervision.hpp"

#include "runtime/supervision/flags.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace troupe::supervision {

/// A child of this supervisor; never used again for another one. Ascends in start order.
using child_key = std::uint64_t;

/// A request that waits for its answer; chosen by the caller.
using ticket = std::uint64_t;

/// What the core needs to know of a child.
struct child_settings {
  std::string id;
  restart_type restart = restart_type::permanent;
  child_type type = child_type::worker;
  /// Zero: killed at once. `no_deadline`: never killed.
  milliseconds shutdown{5'000};
};

/// Refuses a bad id or a negative time with `errc::invalid_child_spec` and a sentence with the path of the supervisor.
[[nodiscard]] result<void> check(const std::string& path, const child_settings& wanted);

/// How a child ended, as far as restarting it is concerned.
enum class end_class : std::uint8_t {
  normal,   ///< It was done.
  shutdown, ///< Somebody told it to end.
  abnormal, ///< It crashed, or was killed.
};

/// How and why a child ended. `reason` is `errc::none` unless it is abnormal.
struct child_end {
  end_class how = end_class::normal;
  error reason;
};

/// Spawn the child; then say `started`, `start_failed` or `start_stuck`, with the same `run`.
struct run_child {
  child_key child = 0;
  std::string id;
  /// Counts the starts of this child, from 1.
  std::uint32_t run = 1;
};

/// Tell the child to end, politely or not; then say `ended`.
struct end_child {
  child_key child = 0;
  std::uint32_t run = 1;
  bool kill = false;
  /// Whether it is only stopped to be started again: with its siblings, or because its supervisor crashed.
  bool again = false;
};

/// The child is gone for good, and its spec with it.
struct forget_child {
  child_key child = 0;
  std::string id;
};

/// Say `timer` with this after `delay`.
struct arm_timer {
  supervision_due due;
  milliseconds delay{0};
};

/// Answer a request: `errc::none` is success.
struct answer_ticket {
  ticket to = 0;
  error refusal;
};

/// Write this to the log, as an error.
struct complain {
  std::string text;
};

/// All children ended: end too, for this reason. `errc::none`: for the one that `stop` came with.
struct finish {
  error reason;
};

/// What to do, in this order.
using action = std::variant<run_child, end_child, forget_child, arm_timer, answer_ticket, report, complain, finish>;
/// As above, a list.
using actions = std::vector<action>;

} // namespace troupe::supervision
