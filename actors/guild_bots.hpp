// SPDX-License-Identifier: BSD-3-Clause
// GUILD BOTS: the front of a bot with one actor for each guild (docs/placement.md). It subscribes for all of them,
// hands each event to the actor of its guild, starts those actors with the first event, puts them to sleep when they
// are idle, and answers shards when all is handled. It runs none of the bot's own code but the rehearsal.
//
//   no actor ──event──▶ awake ──idle──▶ falling asleep ──answered `bot_sleeping`──▶ no actor, something kept
//                         └──crash──▶ waiting ──backoff──▶ awake, with what was not handled, marked
#pragma once

#include "messages/lifecycle.hpp"
#include "messages/subscription.hpp"

#include "runtime/supervision/restart_window.hpp"

#include "actors/bot.hpp"
#include "actors/guild_inbox.hpp"
#include "actors/relay_questions.hpp"
#include "actors/relayed_event.hpp"

#include <caf/actor_addr.hpp>
#include <caf/behavior.hpp>
#include <caf/error.hpp>
#include <caf/result.hpp>
#include <caf/typed_response_promise.hpp>

#include <any>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace troupe {

/// What the front of a bot needs.
struct guild_bots_dependencies {
  std::string name;
  /// The bot's function: runs once in the front, for what it subscribes to, and then in each guild's actor.
  std::function<caf::behavior(bot*)> start;
  bot_services services;
  /// How long a guild's actor is kept without an event.
  std::chrono::milliseconds idle_after{600'000};
  /// In the tree, "root/bots/counter".
  std::string path;
  /// For the jitter of restarts.
  std::uint64_t seed = 0;
  /// Told where a guild's actor is; null where it ended. May be empty.
  std::function<void(snowflake guild, const caf::actor& who)> on_actor;
};

/// Knows the actors of all guilds.
class guild_bots_state final : public guild_inbox::outlet {
public:
  guild_bots_state(bot* self, guild_bots_dependencies deps);
  ~guild_bots_state();
  guild_bots_state(const guild_bots_state&) = delete;
  guild_bots_state& operator=(const guild_bots_state&) = delete;

  /// Runs the bot's function for what it subscribes to.
  void rehearse();
  /// Hands an event to its guild's actor.
  void on_event(caf::message what);
  /// What holds for the next events of a shard.
  void on_marks(const event_marks& now);
  /// Answered when all that the shard sent is handled.
  [[nodiscard]] caf::result<handled> on_question(const await_handled& question);
  /// A shard or a guild's actor ended.
  void on_down(const caf::actor_addr& who, const caf::error& reason);
  /// The front is to end: in order, or at once.
  void on_exit(const caf::error& reason);
  /// Everything was handed on; the guilds' actors are to end.
  void on_stopping();
  /// Sleep, restarts and deadlines that are due.
  void on_tick();

private:
  using clock = guild_inbox::clock;

  /// One guild.
  struct resident {
    std::unique_ptr<guild_inbox> inbox;
    /// At most one of the two.
    caf::actor awake;
    caf::actor falling_asleep;
    clock::time_point last_event;
    /// When to start it again, or to wait for its last word no longer.
    std::optional<clock::time_point> due;
    /// Crashes in a row at which nothing was handled.
    std::uint32_t crashes = 0;
  };

  /// One shard.
  struct shard_source {
    caf::strong_actor_ptr who;
    shard_id shard;
    /// Of the events that come next: by lane.
    std::array<bool, 2> replayed{};
    std::array<bool, 2> redelivered{};
    std::array<relay_questions, 2> questions;
    std::map<std::uint64_t, caf::typed_response_promise<handled>> promises;
  };

  using residents = std::map<snowflake, resident>;

  // What an inbox decides.
  void send(const caf::actor& to, const event_source& from, const caf::message& what) override;
  void probe(const guild_inbox& of, const event_source& from, const caf::actor& to,
             const delivery_probe& what) override;
  void report(const events_redelivered& what) override;
  void report(const event_set_aside& what) override;
  void report(const shard_alarm& what) override;
  void report(const shard_alarm_ended& what) override;

  shard_source& source_of(const caf::strong_actor_ptr& sender);
  resident& resident_of(snowflake guild);
  void start(snowflake guild, resident& one);
  void put_to_sleep(snowflake guild, resident& one);
  void on_asleep(snowflake guild, const caf::actor_addr& who, const keep* left);
  void on_crash(snowflake guild, resident& one, const caf::error& reason);
  void on_answer(snowflake guild, std::uint64_t inbox, caf::actor_id from, bool lane, const delivery_probe& what);
  void forget(residents::iterator which);
  void leave(residents::iterator which);
  void release(snowflake guild, const caf::actor_addr& who);
  void quit_if_alone();
  [[nodiscard]] std::unique_ptr<guild_inbox> make_inbox(snowflake guild);
  void settle(snowflake guild, resident& one);
  void answer(shard_source& to, bool lane);
  void wake();
  template <class Message>
  void announce(const Message& what);
  [[nodiscard]] std::string name_of(snowflake guild) const;
  [[nodiscard]] std::string path_of(snowflake guild) const;

  bot* self_;
  guild_bots_dependencies deps_;
  /// Of its guilds' actors together: what made many crash at once is not met by all of them at once again.
  supervision::backoff backoff_;
  event_recognizer recognize_;
  residents residents_;
  std::map<caf::actor_id, shard_source> sources_;
  /// What guilds left when they fell asleep.
  std::map<snowflake, std::shared_ptr<const std::any>> kept_;
  /// Everyone who runs; shared with who ends them when this actor ends.
  std::shared_ptr<std::map<caf::actor_addr, snowflake>> running_;
  std::uint64_t events_ = 0;
  std::uint64_t asked_ = 0;
  std::uint64_t inboxes_ = 0;
  bool ticking_ = false;
  bool stopping_ = false;
};

/// Becomes the front of a bot. Call it in an actor that is nothing else.
caf::behavior guild_bots(bot* self, guild_bots_dependencies deps);

} // namespace troupe
