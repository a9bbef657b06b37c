// SPDX-License-Identifier: BSD-3-Clause
// GUILDS: passes questions on to the guild's actor, keeps the node's byte budget, and takes the guilds along when it is
// ended. The guilds themselves are in the directory, which shards share.
#pragma once

#include "messages/interfaces.hpp"

#include "actors/guild_directory.hpp"

#include <caf/error.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace troupe {

/// What GUILDS remembers.
struct guilds_state {
  static inline const char* name = "guilds";

  /// The guild; or why there is none.
  [[nodiscard]] caf::error find(snowflake guild, guild_actor& found) const;
  void on_exceeded();
  [[nodiscard]] guilds_status status() const;

  /// Passes a question on.
  template <class Answer, class Question>
  caf::result<Answer> pass_on(const Question& what, snowflake guild) {
    guild_actor found;
    if (auto err = find(guild, found))
      return err;
    return self->delegate(found, what);
  }

  /// Whose state it is.
  guilds_actor::pointer self = nullptr;
  /// Null where the caches are off: every question is then refused with `errc::cache_disabled`.
  std::shared_ptr<guild_directory> directory;
};

/// @param directory null where the caches are off.
guilds_actor::behavior_type guilds(guilds_actor::stateful_pointer<guilds_state> self,
                                   std::shared_ptr<guild_directory> directory);

} // namespace troupe
