// SPDX-License-Identifier: BSD-3-Clause
// Child specs and supervisor flags as data: what a tree is written in. The decisions are in
// runtime/supervision/supervisor_core.hpp, the actor is supervisor.hpp.
#pragma once

#include "messages/interfaces.hpp"
#include "messages/supervision.hpp"

#include "runtime/supervision/flags.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace troupe {

/// What a start function gets.
struct child_context {
  caf::actor_system& system;
  /// Of the child, "root/shards/3".
  const std::string& path;
  /// Counts the starts of this child by this supervisor, from 1.
  std::uint32_t start;
};

/// How one child is started and what becomes of it when it ends.
struct child_spec {
  /// Unique among its siblings; not empty, without "/".
  std::string id;
  /// Spawns the child. A null handle, or an exception, is a failed start. Called again for each restart: handles of
  /// siblings that it needs are read here, not captured before.
  std::function<caf::actor(const child_context&)> start;
  restart_type restart = restart_type::permanent;
  /// How long it may take to end after `exit_reason::user_shutdown`, before it is killed. Zero: killed at once.
  std::chrono::milliseconds shutdown{5'000};
  /// A supervisor needs an answer to `await_children` to count as started, a worker only its first free moment.
  child_type type = child_type::worker;
  /// How long it may take to count as started.
  std::chrono::milliseconds start_timeout{10'000};
};

/// What a supervisor is.
struct supervisor_spec {
  /// The root's name, or the parent's path with an id: use `child_context::path` for a child.
  std::string path = "root";
  supervision::flags flags;
  /// In start order.
  std::vector<child_spec> children;
  /// Gets what supervisors report. May be null.
  lifecycle_actor lifecycle;
  /// Called, on the supervisor's thread, with what it reports, before `lifecycle` gets it. May be empty.
  std::function<void(const supervision::report&)> on_report;
  /// Jitter follows from it.
  std::uint64_t seed = 0;
};

/// Adds a child and starts it; answered when it runs. With `simple` all children have one spec, and this names the new
/// one. Refused with `errc::invalid_child_spec` (a bad or a known id) or `errc::start_failed`.
struct start_child {
  child_spec spec;
};

/// Refuses a bad spec with `errc::invalid_child_spec` and a sentence that names the path in the tree.
[[nodiscard]] result<void> check(const supervisor_spec& spec);

/// As above, for one child of the supervisor at `path`.
[[nodiscard]] result<void> check(const std::string& path, const child_spec& spec);

} // namespace troupe
