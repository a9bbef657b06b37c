// SPDX-License-Identifier: BSD-3-Clause
// A running `troupe simulate`: a local Discord over real TLS in a process of its own, and its control endpoint.
#pragma once

#include "tests/processes/process.hpp"
#include "tests/scratch_folder.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace troupe::test {

/// What the local Discord says of itself, as a tree of JSON that the tests pick from.
struct discord_summary {
  /// Counters by name: identifies, resumes, events_sent, ready_sessions, ...
  std::map<std::string, std::int64_t> counters;
  /// Dispatches of all sessions that exist, each counted once however often it was replayed.
  std::int64_t dispatches = 0;
  /// The indexes of the shards whose sessions are connected.
  std::vector<std::uint32_t> connected;
  /// One sentence for each broken rule.
  std::vector<std::string> breaches;
};

/// Starts with ephemeral ports; throws std::runtime_error with the program's errors where it does not come up.
class local_discord {
public:
  explicit local_discord(std::vector<std::string> arguments = {});
  ~local_discord();

  /// The environment that points a bot at it, with a state folder of its own.
  [[nodiscard]] std::map<std::string, std::string> bot_environment() const;
  [[nodiscard]] const std::string& api_url() const noexcept {
    return api_url_;
  }
  [[nodiscard]] const std::string& ca_file() const noexcept {
    return ca_file_;
  }

  /// Asks the control endpoint.
  [[nodiscard]] discord_summary summary();
  /// With `--record`: what it dispatched from the Nth on, as the JSON of the control endpoint (a page of it).
  [[nodiscard]] std::string dispatches(std::size_t from);
  /// Injects faults: the text of script lines without their time.
  void inject(const std::string& fault);
  /// Changes the traffic.
  void set_traffic(double events_per_second);

  /// Stops the traffic and waits until every connected shard has handled all that was sent to it: a heartbeat that
  /// Discord asks for comes after all events on the same socket. For slow heartbeats of the shards' own only.
  bool drain(std::chrono::milliseconds deadline);
  /// Whether so many sessions are connected within the deadline.
  bool wait_ready(std::int64_t shards, std::chrono::milliseconds deadline);

  /// The token that it accepts.
  static constexpr auto token = "NTU1NTU1NTU1NTU1NTU1NTU1.local.discord";

private:
  class control;

  testing::scratch_folder folder_;
  std::string api_url_;
  std::string ca_file_;
  std::string control_url_;
  std::unique_ptr<process> process_;
  std::unique_ptr<control> control_;
};

/// Starts a program of the build against `discord`.
[[nodiscard]] std::unique_ptr<process> start_bot(const local_discord& discord, std::vector<std::string> command,
                                                 std::map<std::string, std::string> more_environment = {});

} // namespace troupe::test
