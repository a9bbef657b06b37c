// SPDX-License-Identifier: BSD-3-Clause
// From `main` to a running bot and back: configuration, the tree of actors, signals, exit codes (design 10, 14).
#pragma once

#include "messages/error.hpp"
#include "messages/intents.hpp"

#include "runtime/config/config.hpp"

#include "actors/bot.hpp"
#include "actors/tree.hpp"

#include <caf/behavior.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// One bot: what to call it, and the function that starts it.
struct bot_spec {
  /// For the log.
  std::string name;
  /// Runs inside the bot's actor: subscribe, then return the handlers.
  std::function<caf::behavior(bot*)> start;
  /// What the bot needs to be told; without it every intent that needs no approval. Configuration overrides it.
  std::optional<troupe::intents> intents = std::nullopt;
  /// Options of its own on the command line.
  std::vector<config::extra_option> options = {};
  /// How many actors it is, and with `per_guild` how long one is kept without an event (docs/placement.md).
  troupe::placement placement = troupe::placement::per_node;
  std::chrono::milliseconds idle_after{600'000};
};

/// Runs bots until SIGTERM or SIGINT, then leaves the gateway, lets the bots handle what was delivered, and returns.
/// SIGTERM leaves the sessions to be resumed by the next start, on this machine and with this state folder; SIGINT
/// closes them for good. Blocks these signals in the calling thread: call it first in `main`.
/// @returns the exit code: 0 clean, 70 internal, 75 temporary, 77 token or intents refused, 78 configuration. All but 0
///   come with one sentence on stderr that says what to change.
[[nodiscard]] int run(int argc, char** argv, std::vector<bot_spec> bots);

/// The same for one bot.
[[nodiscard]] int run(int argc, char** argv, bot_spec bot);

/// For programs that have their configuration from elsewhere, such as `troupe demo`.
/// @param started Called once when the tree stands; shards may have started by then.
[[nodiscard]] result<void> run_bots(const config::settings& settings, std::vector<bot_spec> bots,
                                    const std::function<void(caf::actor_system&, const tree&)>& started = {});

} // namespace troupe
