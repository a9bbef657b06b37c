// SPDX-License-Identifier: BSD-3-Clause
// How a supervisor behaves, as data: strategies, intensity, backoff. Separate from supervisor_core.hpp, since every
// child spec includes it.
#pragma once

#include "messages/error.hpp"
#include "messages/supervision.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe::supervision {

/// Time is always an argument.
using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// As a shutdown time: never killed. For supervisors, whose children have deadlines of their own.
inline constexpr milliseconds no_deadline = milliseconds::max();

/// Who is restarted with a child that ended.
enum class strategy : std::uint8_t {
  one_for_one,  ///< The child alone.
  one_for_all,  ///< All children.
  rest_for_one, ///< The child and those started after it.
  simple,       ///< The child alone; all children are dynamic, and they are stopped at the same time.
};

/// What happens when there were more restarts than the intensity allows.
enum class exhaustion : std::uint8_t {
  /// Stop all children and end with `errc::gave_up`: the parent decides. OTP's way.
  escalate,
  /// Alarm, then retry slowly for ever: `backoff_max` apart.
  degrade,
};

/// One child as a custom strategy sees it.
struct child_view {
  std::string_view id;
  restart_type restart;
  child_phase phase;
};

/// What a custom strategy answers: the ids to restart, the one that ended among them or not. Those that run are stopped
/// first, in reverse start order.
using custom_strategy = std::function<std::vector<std::string>(const std::vector<child_view>& children,
                                                               std::string_view ended, const error& reason)>;

/// How a supervisor behaves.
struct flags {
  supervision::strategy strategy = supervision::strategy::one_for_one;
  /// Set: replaces `strategy`. A name that it invents, or an exception, counts as `one_for_one` and is logged.
  custom_strategy custom;
  /// More than `intensity` restarts within `period` are too many. `period` must not be zero.
  std::uint32_t intensity = 5;
  milliseconds period{60'000};
  exhaustion when_exhausted = exhaustion::escalate;
  /// The first restart of a child comes at once; then after a random time up to `backoff_min` doubled for each crash in
  /// a row, and up to `backoff_max`. Forgotten after `period` without a crash of that child.
  milliseconds backoff_min{100};
  milliseconds backoff_max{60'000};
};

/// What supervisors report.
using report = std::variant<child_started, child_exited, child_restarting, supervisor_degraded, supervisor_recovered,
                            supervisor_gave_up>;

/// Refuses flags that make no sense with `errc::invalid_child_spec` and a sentence that begins with the path.
[[nodiscard]] result<void> check(const std::string& path, const flags& wanted);

} // namespace troupe::supervision
