// SPDX-License-Identifier: BSD-3-Clause
// The stage: a whole process in a test. Bots, shards, REST and a Discord, in virtual time, without threads, sockets and
// a token. The same calls with the same seed give the same trace, byte for byte.
#pragma once

#include "messages/intents.hpp"
#include "messages/shard.hpp"
#include "messages/supervision.hpp"

#include "runtime/simulator/options.hpp"

#include "actors/run.hpp"
#include "actors/testing/deterministic.hpp"
#include "actors/testing/failure.hpp"
#include "actors/testing/recorded_rest.hpp"
#include "actors/testing/scripted_discord.hpp"

#include <caf/actor.hpp>
#include <caf/message.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::testing {

/// What a stage is like.
struct stage_options {
  /// Everything random follows from it: jitter, names of sessions.
  std::uint64_t seed = 1;
  /// What Discord recommends.
  std::uint32_t shards = 1;
  /// The bot's guilds; 0: two for each shard.
  std::uint32_t guilds = 0;
  /// What the bots ask for, as `--intents` would set it; without it what their `bot_spec`s say. Discord has approved
  /// all of them.
  std::optional<troupe::intents> intents = std::nullopt;
  /// Where the log goes is not changed; trace, debug, info, warn, error or off.
  std::string log_level = "off";
  /// Changes what a configuration file would say. Token and address are the stage's own.
  std::function<void(config::settings&)> settings = {};
  /// Changes the Discord, for example its traffic or its limits (runtime/simulator/options.hpp).
  std::function<void(simulator::options&)> discord = {};
};

/// One process of Troupe and its Discord. Nothing runs and no time passes unless the test says so.
///
/// What it inherits is for tests of single actors: `spawn`, `tell`, `ask`, `settle`, `advance`; `as<Handle>()` is the
/// test itself, in the part of a neighbour. Tell it by `expect<T>()` what must have come.
class stage : public deterministic {
  std::unique_ptr<stage_state> state_;

public:
  explicit stage(stage_options options = {});
  ~stage() override;

  /// The Discord that the shards talk to.
  scripted_discord discord;
  /// The REST calls of the bots and of the tree.
  recorded_rest rest;

  // -- the process -------------------------------------------------------------------------------

  /// Starts a process with one bot, and lets time pass until every shard is ready.
  /// @throws failure where that does not come to pass; it says why.
  void run(bot_spec bot);
  /// The same with several bots.
  void start(std::vector<bot_spec> bots);

  /// Lets time pass until every shard is ready.
  /// @throws failure after this much time; it says what the others do.
  void await_ready(std::chrono::milliseconds patience = std::chrono::minutes{5});

  /// Ends the process as SIGTERM does: shards leave, sessions stay to be resumed.
  void stop_process();
  /// Ends the process as `kill -9` does: nobody says a last word, sockets end. What was written to the stores stays.
  void kill_process();
  /// Starts the process again with the same bots, on the same stores, and waits until every shard is ready.
  void restart_process();
  /// Whether there is a process.
  [[nodiscard]] bool running() const;

  // -- the tree ----------------------------------------------------------------------------------

  /// Ends an actor abnormally, as a crash does: "root/bots/ping", "root/shards/0", "root/shards/0/connection", or any
  /// other path of `paths`. Its supervisor starts it again, often after a moment: `advance`.
  /// @throws failure that lists the known paths where there is no such actor.
  void crash(std::string_view path);
  /// The actor at a path.
  /// @throws failure as above.
  [[nodiscard]] caf::actor find(std::string_view path);
  /// Every path where an actor runs, sorted.
  [[nodiscard]] std::vector<std::string> paths() const;
  /// All children of the root with phase, number of starts and last reason.
  [[nodiscard]] std::vector<child_info> children();
  /// The actors that bots work with.
  [[nodiscard]] bot_services services();
  /// All shards.
  [[nodiscard]] std::vector<shard_status> shards();
  /// The test gets lifecycle messages from now on: `expect<child_exited>()`. Not those after `root/lifecycle` crashed.
  void subscribe_lifecycle();

  // -- what was sent to the test -------------------------------------------------------------------

  /// The next message of this type to the test; those of other types stay.
  /// @throws failure that lists what is there instead.
  template <class Message>
  Message expect() {
    auto found = receive<Message>();
    if (!found)
      refuse_absent(caf::make_message(Message{}));
    return std::move(*found);
  }

  /// @throws failure where a message of this type is there.
  template <class Message>
  void expect_none() {
    if (auto found = receive<Message>())
      refuse_unexpected(caf::make_message(std::move(*found)));
  }

  // -- what happened -------------------------------------------------------------------------------

  /// Since the stage was set.
  [[nodiscard]] std::chrono::milliseconds elapsed();
  /// Lifecycle messages, REST calls, what shards sent and what the test did, a line each, with the time.
  [[nodiscard]] std::string trace() const;

protected:
  void stepped() override;

private:
  [[noreturn]] void refuse_absent(const caf::message& example);
  [[noreturn]] void refuse_unexpected(const caf::message& came);
  void raise();
};

} // namespace troupe::testing
