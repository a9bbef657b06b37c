// SPDX-License-Identifier: BSD-3-Clause
// Where each guild's actor of this node is, and what it weighs. Shared by shards, which start guilds and look once per
// guild, and by the GUILDS actor, which passes questions on and keeps the budget.
#pragma once

#include "messages/interfaces.hpp"
#include "messages/shard_id.hpp"
#include "messages/snowflake.hpp"

#include "runtime/cache/settings.hpp"
#include "runtime/cache/user_table.hpp"

#include <caf/actor_addr.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace troupe {

/// What a guild tells about itself without being asked. Thread-safe.
struct guild_meter {
  /// Of its state, users not counted.
  std::atomic<std::uint64_t> bytes = 0;
  /// When it was changed or asked last, in a count that rises with each use of any guild.
  std::atomic<std::uint64_t> used = 0;
  /// Whether something may be missing.
  std::atomic<bool> dirty = false;
  /// Its actor ended, or the bot left the guild: nothing counts any more, and no event goes there.
  std::atomic<bool> gone = false;
};

/// Where a guild's actor is.
struct guild_place {
  guild_actor who;
  std::shared_ptr<guild_meter> meter;
};

/// How far the guilds have heard the events of one shard. Outlives the shard's actor, whose successor resumes at an
/// older event: what changed a guild once must not change it again. Only that shard's actor uses it.
struct shard_progress {
  std::string session_id;
  std::uint64_t sequence = 0;
};

/// All guilds of a node. Thread-safe: one lock, which no event of a known guild takes.
class guild_directory {
public:
  /// Starts a guild's actor.
  using start_function = std::function<guild_actor(snowflake guild, std::shared_ptr<guild_meter> meter)>;

  /// @param settings what is kept, and the budget.
  guild_directory(cache::settings settings, start_function start);
  /// Ends all guilds.
  ~guild_directory();

  /// What is kept.
  [[nodiscard]] const cache::settings& kept() const noexcept {
    return settings_;
  }

  /// The users that all guilds share.
  [[nodiscard]] const std::shared_ptr<cache::user_table>& users() const noexcept {
    return users_;
  }

  /// The guild's actor; null where there is none.
  [[nodiscard]] guild_actor find(snowflake guild) const;

  /// The guild's actor, which is started where there is none, or where the last one ended. None for a guild that the
  /// bot left, until it `joins` again: some events come late.
  [[nodiscard]] guild_place find_or_start(snowflake guild, bool joins);

  /// The bot left the guild: it has no actor and no weight from here on. The actor ends by itself, behind what it was
  /// told before.
  void forget(snowflake guild);

  /// A guild's actor ended.
  void on_ended(snowflake guild, const caf::actor_addr& who);

  /// Ends the actors of all guilds, also of those that were forgotten.
  void end_all();

  /// How far the guilds have heard a shard.
  [[nodiscard]] std::shared_ptr<shard_progress> progress_of(shard_id shard);

  /// All guilds that are there.
  [[nodiscard]] std::vector<snowflake> guilds() const;

  /// A guild was used, and weighs so much now. @returns whether all together exceed the budget now, told once until
  /// `shed_done`.
  [[nodiscard]] bool account(guild_meter& meter, std::uint64_t bytes);

  /// What the least recently used guilds are to give up for the sum to fall a tenth below the budget.
  [[nodiscard]] std::vector<std::pair<guild_actor, std::uint64_t>> shed();

  /// May one more guild be resynchronised now? Whoever gets true must call `end_resync`.
  [[nodiscard]] bool begin_resync() noexcept;
  void end_resync() noexcept;

  /// How it stands.
  [[nodiscard]] guilds_status status() const;

private:
  [[nodiscard]] std::uint64_t weight() const noexcept;
  void retire(const guild_place& place) noexcept;

  cache::settings settings_;
  start_function start_;
  std::shared_ptr<cache::user_table> users_;
  mutable std::mutex mutex_;
  std::unordered_map<snowflake, guild_place> guilds_;
  /// Forgotten, and not joined again; and the actors among them that did not end yet.
  std::unordered_set<snowflake> left_;
  std::set<caf::actor_addr> leaving_;
  std::map<shard_id, std::shared_ptr<shard_progress>> progress_;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<std::uint64_t> uses_ = 0;
  std::atomic<bool> told_ = false;
  std::atomic<int> resyncs_ = 0;
  std::uint64_t sheds_ = 0;
  std::uint64_t bytes_shed_ = 0;
};

} // namespace troupe
