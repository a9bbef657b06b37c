// SPDX-License-Identifier: BSD-3-Clause
// Decides which command goes next, when, and which never goes: the ratelimiter's brain (design 6, "Sends").
#pragma once

#include "messages/command.hpp"

#include "runtime/gateway/send_window.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe::gateway {

/// Bounds of one shard's commands.
struct command_limits {
  /// Waiting commands, all kinds together; more are refused with `errc::queue_full`.
  std::size_t waiting = 1000;
  /// The largest payload in bytes (protocol 1.4).
  std::size_t payload_bytes = 4096;
  /// One below Discord's 5 per 20 s.
  std::size_t presences = 4;
  std::chrono::milliseconds presence_period{20'000};
  /// Full member lists of one guild (query "" and limit 0) are this far apart (protocol 4.5).
  std::chrono::milliseconds members_period{30'000};
};

/// A command that may go out now.
struct outgoing {
  /// As given to `push`.
  std::uint64_t ticket;
  /// The payload, JSON.
  std::string text;
};

/// A command that ended without being sent.
struct settled {
  /// As given to `push`.
  std::uint64_t ticket;
  /// Refused or dropped, and why.
  command_result result;
};

/// Priorities: voice, then members/soundboard/channel info, then presence. Not thread-safe.
class command_queue {
public:
  using clock = send_window::clock;

  explicit command_queue(command_limits limits = {});

  /// Adds a command. `ticket` names it in the answers and must be new. Returns at once what is thereby settled:
  /// itself if it is refused, an older presence that it replaces.
  [[nodiscard]] std::vector<settled> push(std::uint64_t ticket, const command& what, clock::time_point now);

  /// Commands may flow on a new connection.
  void open(std::chrono::milliseconds heartbeat_interval);

  /// The connection is gone: everything that waits is dropped, the presence too (the next IDENTIFY sets it).
  [[nodiscard]] std::vector<settled> close();

  /// The next command that may go now, if any.
  [[nodiscard]] std::optional<outgoing> pop(clock::time_point now);

  /// When `pop` is worth calling again; nothing where nothing waits or the window is closed.
  [[nodiscard]] std::optional<clock::time_point> next_due(clock::time_point now);

  /// How many commands wait, and whether any may be sent at all.
  [[nodiscard]] std::size_t waiting() const noexcept;
  [[nodiscard]] bool is_open() const noexcept;

private:
  struct entry {
    std::uint64_t ticket;
    std::string text;
    /// Not zero for a full member list: its guild.
    snowflake full_list_of;
  };

  [[nodiscard]] clock::time_point due(const entry& request, clock::time_point now) const;
  [[nodiscard]] outgoing send(entry taken, clock::time_point now);

  command_limits limits_;
  /// Of this connection; none while it is closed.
  std::optional<send_window> window_;
  /// Of the session, over all its connections.
  send_window presences_;
  std::deque<entry> voice_;
  std::deque<entry> requests_;
  std::optional<entry> presence_;
  /// When a guild's next full list may go.
  std::map<snowflake, clock::time_point> full_lists_;
};

} // namespace troupe::gateway
