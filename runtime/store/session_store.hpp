// SPDX-License-Identifier: BSD-3-Clause
// Where sessions outlive the process (promise P3): a small SQLite file. An interface, so that another store can follow.
#pragma once

#include "messages/error.hpp"
#include "messages/shard_id.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::store {

/// One shard's session.
struct session_record {
  /// Discord resumes a session only with the shard count that it was identified with.
  shard_id shard;
  /// Of the IDENTIFY, as bits.
  std::uint64_t intents = 0;
  /// Empty: there is none any more. Whoever has it and the token can read the bot's events: never logged.
  std::string session_id;
  std::string resume_url;
  /// All events up to it were handled.
  std::uint64_t sequence = 0;
  /// When it was saved, Unix time in milliseconds.
  std::int64_t updated_ms = 0;

  friend bool operator==(const session_record&, const session_record&) = default;
};

/// One bot's sessions. Not thread-safe.
class session_store {
public:
  virtual ~session_store() = default;

  /// All that is stored for this bot, whichever process saved it.
  /// @returns `errc::store_unavailable` with the reason.
  [[nodiscard]] virtual result<std::vector<session_record>> load() = 0;

  /// Saves all of these, of one shard count, or none; one without a session id is removed, and so are sessions of other
  /// shard counts. Survives `kill -9` once it returns; the last
  /// second may be lost with the power.
  /// @returns `errc::store_unavailable` with the reason, after a fifth of a second at most where somebody else has the
  ///   file locked; what was stored before is still there, and the call may be repeated.
  [[nodiscard]] virtual result<void> save(const std::vector<session_record>& batch) = 0;

  /// What was wrong when it was opened and did not prevent it, for the log; empty where nothing was.
  [[nodiscard]] virtual std::string warning() const {
    return {};
  }
};

/// Opens or creates the file (WAL, synchronous=NORMAL). Several processes, and several bots, may share it. A damaged
/// file is moved aside and a new one begun; one that is locked is opened later: `warning` says so.
/// @param bot Names the bot inside the file: see `bot_name`.
/// @param now_ms Unix time: sessions that were not saved for a day are forgotten.
/// @returns `errc::store_unavailable` that names the path and what to change: it cannot be written, or is newer than
///   this program.
[[nodiscard]] result<std::unique_ptr<session_store>> open_sqlite_sessions(const std::filesystem::path& file,
                                                                          std::string_view bot, std::int64_t now_ms);

/// For tests and simulations: what stores of the same `memory` share outlives them.
struct session_memory {
  std::vector<session_record> records;
};
[[nodiscard]] std::unique_ptr<session_store> make_memory_sessions(std::shared_ptr<session_memory> memory);

} // namespace troupe::store
