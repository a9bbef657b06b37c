// SPDX-License-Identifier: BSD-3-Clause
// What goes wrong in a run: drawn from the seed, one fault at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>

namespace troupe::simulation {

/// Whose fault it is.
enum class fault_source : std::uint8_t {
  discord,         ///< `text` is a fault of the local Discord; `shard` its aim.
  crash,           ///< The actor at the path `text` ends: abnormally, or by `kill` where `hard`.
  slow_subscriber, ///< The bot handles nothing for `length`.
  poison,          ///< The bot throws at its next event, `count` times.
  disk,            ///< Every write fails for `length`.
  kill_process,    ///< `kill -9`, and a new start after `length`.
  restart_process, ///< SIGTERM, and a new start after `length`.
};

/// One of them.
struct planned_fault {
  fault_source source = fault_source::discord;
  std::string text = {};
  std::optional<std::uint32_t> shard = std::nullopt;
  bool hard = false;
  std::uint32_t count = 1;
  std::chrono::milliseconds length{0};
};

/// Draws faults.
/// @param first Only shards from here on are aimed at, as if the others lived in a world of their own; nothing that
/// hits
///   all shards is drawn unless it is 0.
[[nodiscard]] planned_fault draw_fault(std::mt19937_64& random, std::uint32_t first, std::uint32_t shards);

/// For the trace: "crash root/shards/2/connection (kill)".
[[nodiscard]] std::string to_string(const planned_fault& what);

} // namespace troupe::simulation
