// SPDX-License-Identifier: BSD-3-Clause
// Requests for members (op 8) that wait for their chunks. Discord answers one request with many GUILD_MEMBERS_CHUNK
// events, which carry the request's nonce, or with one RATE_LIMITED (protocol 4.5). Plain: no actor, no clock.
#pragma once

#include "messages/discord/member_events.hpp"
#include "messages/discord/ready.hpp"
#include "messages/error.hpp"
#include "messages/guild_cache.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe::cache {

/// The requests of one guild. Not thread-safe.
class member_fetches {
public:
  using clock = std::chrono::steady_clock; ///< The actor's own in the runtime.

  /// A request that is over.
  struct outcome {
    std::uint64_t ticket = 0;
    /// All members that came, or why they did not.
    result<member_page> answer;
  };

  /// Remembers a request that is about to be made. @returns its nonce, at most 32 bytes.
  [[nodiscard]] std::string begin(std::uint64_t ticket, clock::time_point deadline);

  /// A chunk came; over with the last one. Chunks that nobody waits for are none of ours.
  [[nodiscard]] std::optional<outcome> on_chunk(const guild_members_chunk& chunk);

  /// Discord refused: over.
  [[nodiscard]] std::optional<outcome> on_rate_limited(const rate_limited& refusal);

  /// The command never reached the wire: over.
  [[nodiscard]] std::optional<outcome> on_refused(const std::string& nonce, error why);

  /// Those whose deadline passed. A lost session loses the chunks, too, and nothing says so.
  [[nodiscard]] std::vector<outcome> expired(clock::time_point now);

  /// When `expired` has something to say; nothing where nobody waits.
  [[nodiscard]] std::optional<clock::time_point> next_deadline() const;

private:
  struct waiting {
    std::uint64_t ticket = 0;
    clock::time_point deadline;
    std::int32_t chunks = 0;
    member_page found;
  };

  [[nodiscard]] std::optional<outcome> end(const std::string& nonce, error why);

  std::map<std::string, waiting> waiting_;
  std::uint64_t last_ = 0;
};

} // namespace troupe::cache
