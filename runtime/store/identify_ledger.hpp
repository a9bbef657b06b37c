// SPDX-License-Identifier: BSD-3-Clause
// The identify queue's memory across crashes: a small SQLite file, written before each IDENTIFY.
#pragma once

#include "messages/error.hpp"

#include "runtime/gateway/identify_queue.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace troupe::store {

/// One bot's ledger. Not thread-safe.
class identify_ledger {
public:
  virtual ~identify_ledger() = default;

  /// What the last `save` wrote, whoever called it; an empty state for a new bot.
  /// @returns `errc::store_unavailable` with the reason.
  [[nodiscard]] virtual result<gateway::ledger_state> load() = 0;

  /// Replaces what is stored, as a whole or not at all. Durable when it returns: it survives `kill -9` and a loss of
  /// power.
  /// @returns `errc::store_unavailable` with the reason; what was stored before is still there.
  [[nodiscard]] virtual result<void> save(const gateway::ledger_state& state) = 0;
};

/// Opens or creates the file (WAL, synchronous=FULL). Folders on the way are created for this user only.
/// The bot is locked for the life of the ledger, so that two processes never both think that they may identify; the
/// kernel drops the lock when the process dies. Several bots share a file.
/// @param bot Names the bot inside the file, for example its application id: never the token.
/// @returns `errc::store_unavailable` that names the path and what to change: the file is damaged, newer than this
///   program, not writable, or another process of the same bot uses it (its pid is named).
[[nodiscard]] result<std::unique_ptr<identify_ledger>> open_sqlite_ledger(const std::filesystem::path& file,
                                                                          std::string_view bot);

/// For tests and simulations: forgets at the end of the process.
[[nodiscard]] std::unique_ptr<identify_ledger> make_memory_ledger();

/// A stable name for a bot that does not reveal its token: the id in the token's first part where it has one, else a
/// salted SHA-256 prefix.
[[nodiscard]] std::string bot_name(std::string_view token);

} // namespace troupe::store
