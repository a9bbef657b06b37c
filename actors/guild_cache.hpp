// SPDX-License-Identifier: BSD-3-Clause
// The GUILD: owns one guild's state, which shards change and everybody may ask for (design 8; docs/caches.md). All
// decisions are in `cache::guild_state`; here are the neighbours: who asks, and Discord, where something is missing.
#pragma once

#include "messages/interfaces.hpp"
#include "messages/rest.hpp"
#include "messages/shard.hpp"

#include "runtime/cache/guild_state.hpp"
#include "runtime/cache/member_fetches.hpp"

#include "actors/guild_change.hpp"
#include "actors/guild_directory.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// What a guild's actor needs.
struct guild_cache_dependencies {
  snowflake guild;
  /// What is kept, and the users that all guilds share.
  cache::settings kept;
  std::shared_ptr<cache::user_table> users;
  /// Told what the guild weighs, and that it ended. It holds the guild's actor.
  std::weak_ptr<guild_directory> directory;
  std::shared_ptr<guild_meter> meter;
  /// Told that the budget is exceeded. May be null.
  guilds_actor guilds;
  /// For a resynchronisation. May be null: then a dirty guild waits for Discord to send it again.
  rest_actor rest;
  /// For requests for members. May be null.
  shard_set_actor shards;
  /// Whether the session has GUILD_MEMBERS: without it all members cannot be asked for.
  bool may_list_members = false;
  /// How long a dirty guild waits for Discord to send it again before it asks.
  std::chrono::milliseconds patience{10'000};
  /// How long chunks of members may take.
  std::chrono::milliseconds fetch_patience{60'000};
};

/// One guild.
struct guild_cache_state {
  static inline const char* name = "guild";

  explicit guild_cache_state(guild_actor::pointer self);
  ~guild_cache_state();

  /// With `deps`, which must be there.
  void start();
  void on_change(const guild_change& what);
  void on_shed(const shed_bytes& order);
  void on_due(const retry_due& msg);
  [[nodiscard]] caf::result<member_page> fetch(const fetch_members& what);

  /// Every question but `fetch_members`: what the state answers.
  template <class Question>
  auto answer(const Question& what) -> caf::result<cache::answer_to<Question>> {
    auto found = state->answer(what);
    account();
    if (!found)
      return make_error(found.error().code, found.error().detail);
    return std::move(*found);
  }

  guild_actor::pointer self;
  /// As given to `guild_cache`.
  guild_cache_dependencies deps;
  /// There is one from `start` on.
  std::unique_ptr<cache::guild_state> state;

private:
  void leave();
  void account();
  void notice_chunks(const caf::message& event);
  void settle(std::optional<cache::member_fetches::outcome> over);
  void wake_for_fetches();
  void watch_over();
  void resynchronise();
  void ask(std::string path, void (guild_cache_state::*then)(const std::string& body));
  [[nodiscard]] std::string path_of_guild() const;
  void on_self(const std::string& body);
  void on_guild(const std::string& body);
  void on_channels(const std::string& body);
  void on_threads(const std::string& body);
  void on_left();
  void end_resync();

  /// Members that somebody waits for. Rarely any, so they cost a pointer.
  struct fetching;
  std::unique_ptr<fetching> fetching_;
  /// What a resynchronisation has gathered so far.
  std::unique_ptr<guild_create> gathered_;
  bool leaving_ = false;
};

/// Ends by itself some seconds after the last change of a guild that the directory forgot. A class, where other actors
/// are functions: there are many guilds, and a behaviour with two dozen handlers takes a kilobyte, so all guilds share
/// one that works on the state of whoever is at work in this thread.
class guild_cache final : public caf::stateful_actor<guild_cache_state, guild_actor::base> {
public:
  guild_cache(caf::actor_config& cfg, guild_cache_dependencies deps);

  resume_result resume(caf::execution_unit* on, std::size_t most) override;

protected:
  behavior_type make_behavior() override;
};

} // namespace troupe
