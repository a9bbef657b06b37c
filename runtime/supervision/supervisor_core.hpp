// SPDX-License-Identifier: BSD-3-Clause
// What a supervisor decides, without actors: children start, end, and time passes -> what to do. Semantics are OTP's
// (docs/supervision.md lists the differences).
//
// Every start and restart is made by a group of children: those that still run are stopped, last first; then the
// backoff passes; then they are started, first first, each when its predecessor runs. The initial start is the group of
// all children, a restart under one_for_one a group of one. A crash whose group overlaps another joins it.
#pragma once

#include "runtime/supervision/flags.hpp"
#include "runtime/supervision/orders.hpp"
#include "runtime/supervision/restart_window.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::supervision {

/// One supervisor's decisions. Every input returns what to do next, in order. Inputs about a run that is over, and
/// timers of another epoch, change nothing. Not thread-safe.
class supervisor_core {
public:
  /// Flags must have passed `check`. Jitter follows from the seed.
  supervisor_core(std::string path, supervision::flags flags, std::uint64_t seed);

  // -- what happens ---------------------------------------------------------------------------------

  /// Starts these children in this order; they must have passed `check` and have different ids. Once, first of all.
  [[nodiscard]] actions start(std::vector<child_settings> children, clock::time_point now);

  /// A child counts as started.
  [[nodiscard]] actions started(child_key child, std::uint32_t run, clock::time_point now);

  /// A child could not be started; nothing of it runs.
  [[nodiscard]] actions start_failed(child_key child, std::uint32_t run, error reason, clock::time_point now);

  /// A child runs but does not count as started; it will be killed, then its start has failed.
  [[nodiscard]] actions start_stuck(child_key child, std::uint32_t run, error reason, clock::time_point now);

  /// A child ended.
  [[nodiscard]] actions ended(child_key child, std::uint32_t run, const child_end& how, clock::time_point now);

  /// A timer is due.
  [[nodiscard]] actions timer(const supervision_due& due, clock::time_point now);

  // -- orders and questions -------------------------------------------------------------------------

  /// Stops all children in reverse order, then finishes.
  /// @param again whether this supervisor will be started again, so that they have successors.
  [[nodiscard]] actions stop(clock::time_point now, bool again = false);

  /// Answers when all children of `start` ran once.
  [[nodiscard]] actions await_start(ticket request, clock::time_point now);

  /// Adds a child behind the others and starts it; forgotten if that fails. Settings must have passed `check`.
  [[nodiscard]] actions start_child(child_settings settings, ticket request, clock::time_point now);

  /// Stops a child; its settings stay, unless it is temporary or the strategy is `simple`.
  [[nodiscard]] actions terminate(std::string_view id, ticket request, clock::time_point now);

  /// Starts a child that was stopped.
  [[nodiscard]] actions restart(std::string_view id, ticket request, clock::time_point now);

  /// Forgets a child that was stopped.
  [[nodiscard]] actions remove(std::string_view id, ticket request, clock::time_point now);

  /// The children in start order.
  [[nodiscard]] std::vector<child_info> children() const;

  /// Whether `start` is done: every child ran once.
  [[nodiscard]] bool booted() const noexcept {
    return booted_;
  }

  /// Whether the supervisor retries slowly.
  [[nodiscard]] bool degraded() const noexcept {
    return degraded_;
  }

  /// Whether the supervisor ends.
  [[nodiscard]] bool stopping() const noexcept {
    return stopping_;
  }

private:
  /// What `supervision_due::what` means, and `child` with it.
  enum class timer_kind : std::uint8_t {
    stop,     // The child's time to end is over.
    kill,     // The child did not even end after a kill.
    backoff,  // The group may start.
    recovery, // A degraded supervisor had no crash for a period.
  };

  struct child {
    child_key key = 0;
    child_settings settings;
    child_phase phase = child_phase::stopped;
    /// The number of the current or the last run.
    std::uint32_t run = 0;
    error last_reason;
    /// Crashes in a row.
    std::uint32_t crashes = 0;
    clock::time_point running_since;
    /// The group that will start it, 0 for none.
    std::uint64_t group = 0;
    /// Whether its group is starting it now.
    bool launching = false;
    /// Added by `start_child` and not started yet: forgotten if that fails.
    bool fresh = false;
    /// Why the start failed, while the child is killed for it.
    error start_error;
    bool killed = false;
    /// The epoch of its timer, 0 for none.
    std::uint64_t epoch = 0;
    std::optional<ticket> starter;
    std::vector<ticket> stoppers;
  };

  struct group {
    std::set<child_key> members;
    clock::time_point not_before;
    /// The epoch of its timer, and what that was armed for.
    std::uint64_t epoch = 0;
    clock::time_point armed_for;
    /// The initial start: a failure ends the supervisor.
    bool initial = false;
  };

  // Where the inputs lead to; they append to `out_`.
  child* find(child_key key, std::uint32_t run);
  child* find(std::string_view id);
  child& add(child_settings settings);
  actions done(clock::time_point now, const std::function<void()>& input);
  void advance(std::uint64_t id);
  void close(std::uint64_t id);
  void launch(child& c);
  void mark_running(child& c);
  void end(child& c, bool kill, bool again = false);
  void on_stopped(child& c);
  void on_down(child& c);
  void on_start_failure(child& c, const error& reason);
  void on_end_of_running(child& c, const child_end& how);
  void abandon(child& c);
  void crash(child& c, const error& reason);
  bool allowed(const child& c, const error& reason);
  std::set<child_key> affected(const child& c, const error& reason);
  std::set<child_key> affected_by_custom(const child& c, const error& reason);
  std::uint64_t join(std::uint64_t id, const std::set<child_key>& members);
  void leave_group(child& c);
  void forget(child_key key);
  void stop_all(error reason, bool again);
  void advance_stop();
  void watch_recovery();
  std::uint64_t arm(timer_kind what, std::uint64_t whose, milliseconds delay);
  void refuse(ticket request, errc code, std::string why);
  void answer_starter(child& c, const error& refusal);
  void answer_stoppers(child& c);
  error start_failure(const child& c, const error& reason) const;
  [[nodiscard]] std::string path_of(const child& c) const;
  [[nodiscard]] bool is_forgotten_when_stopped(const child& c) const;

  std::string path_;
  supervision::flags flags_;
  restart_window window_;
  backoff backoff_;
  /// Keys ascend, so that this is the start order.
  std::map<child_key, child> children_;
  std::map<std::string, child_key, std::less<>> ids_;
  std::map<std::uint64_t, group> groups_;
  std::vector<ticket> awaiting_;
  child_key last_key_ = 0;
  std::uint64_t last_group_ = 0;
  std::uint64_t last_epoch_ = 0;
  /// The epoch of the recovery timer, 0 for none.
  std::uint64_t recovery_ = 0;
  bool booted_ = false;
  bool degraded_ = false;
  bool stopping_ = false;
  /// Whether the supervisor ends to be started again.
  bool comes_again_ = false;
  bool finished_ = false;
  error stop_reason_;
  clock::time_point now_;
  actions out_;
};

} // namespace troupe::supervision
