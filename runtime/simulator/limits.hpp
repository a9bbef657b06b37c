// SPDX-License-Identifier: BSD-3-Clause
// Discord's rate limits as it counts them, and the record of broken rules. Plain values: the model says what time it
// is.
#pragma once

#include "messages/shard_id.hpp"

#include "runtime/simulator/options.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::simulator {

/// At most `limit` events in any `window`.
class sliding_window {
public:
  sliding_window(std::uint32_t limit, clock::duration window) : limit_{limit}, window_{window} {
    // nop
  }

  /// Counts one event; false where it is one too many, and then it is not counted.
  bool take(clock::time_point now);

  /// How many events are still allowed in this window.
  [[nodiscard]] std::uint32_t remaining(clock::time_point now);

  /// When the next event is allowed.
  [[nodiscard]] clock::duration wait(clock::time_point now);

  /// How many events a window takes.
  [[nodiscard]] std::uint32_t limit() const noexcept {
    return limit_;
  }

private:
  void forget(clock::time_point now);

  std::uint32_t limit_;
  clock::duration window_;
  std::deque<clock::time_point> taken_;
};

/// The session starts of one token: spacing per rate limit key, and the daily budget (protocol 4.2, 4.3).
class identify_limits {
public:
  enum class verdict : std::uint8_t { allowed, too_early, budget_spent };

  identify_limits(const options& opts, clock::time_point start);

  /// Counts one IDENTIFY. One that comes too early counts against the budget too.
  verdict take(shard_id shard, clock::time_point now);

  /// The `session_start_limit` of GET /gateway/bot.
  [[nodiscard]] std::uint32_t remaining(clock::time_point now);
  [[nodiscard]] std::chrono::milliseconds reset_after(clock::time_point now);

private:
  void roll(clock::time_point now);

  std::uint32_t total_;
  std::uint32_t remaining_;
  std::uint32_t max_concurrency_;
  clock::duration interval_;
  clock::duration window_;
  clock::time_point window_start_;
  std::map<std::uint32_t, clock::time_point> last_;
};

/// A rule that a client broke.
struct breach {
  /// Since the model's start.
  std::chrono::milliseconds at{0};
  /// Not set where the connection has no session.
  std::optional<shard_id> shard;
  /// One name per rule, for example "command_rate".
  std::string rule;
  /// What happened, in one sentence.
  std::string sentence;
};

} // namespace troupe::simulator
