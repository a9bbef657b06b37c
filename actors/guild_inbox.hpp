// SPDX-License-Identifier: BSD-3-Clause
// What one guild's bot was sent and has not handled yet: a ring for each shard and lane that its events came from, with
// the same rules as at a shard (actors/delivery.hpp). Separate from the actor that hands the events on, which starts
// and ends the bots.
#pragma once

#include "messages/lifecycle.hpp"
#include "messages/shard_id.hpp"

#include "actors/delivery.hpp"
#include "actors/relayed_event.hpp"
#include "actors/subscription_table.hpp"

#include <caf/actor.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/fwd.hpp>
#include <caf/message.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// Where an event came from: a shard, and whether it overtakes others.
struct event_source {
  caf::strong_actor_ptr who;
  shard_id shard;
  bool lane = false;

  /// Whether it is this one of this actor.
  [[nodiscard]] bool is(caf::actor_id id, bool of_lane) const noexcept {
    return who->id() == id && lane == of_lane;
  }
};

/// Not thread-safe. Time is always an argument.
class guild_inbox {
public:
  using clock = delivery::clock;

  /// Does what is decided.
  class outlet {
  public:
    /// @param from as whose message.
    virtual void send(const caf::actor& to, const event_source& from, const caf::message& what) = 0;
    /// Asks; `answered` follows, unless `to` ends before.
    virtual void probe(const guild_inbox& of, const event_source& from, const caf::actor& to,
                       const delivery_probe& what) = 0;
    virtual void report(const events_redelivered& what) = 0;
    virtual void report(const event_set_aside& what) = 0;
    virtual void report(const shard_alarm& what) = 0;
    virtual void report(const shard_alarm_ended& what) = 0;

  protected:
    ~outlet() = default;
  };

  /// An event as it came.
  struct arrival {
    relayed_event what;
    caf::message message;
    /// Counts upwards over all guilds.
    std::uint64_t number = 0;
    bool replayed = false;
    bool redelivered = false;
  };

  /// What is there to know of one source.
  struct state {
    caf::actor_id who = 0;
    bool lane = false;
    /// The number of the oldest event that is not handled; nothing where all are.
    std::optional<std::uint64_t> oldest;
  };

  /// @param id tells this inbox from those that the guild had before.
  /// @param name of the guild's bot, for people.
  /// @param owner stands in for the guild's bot while there is none.
  /// @param relays whether the guild's bot is asked by `await_handled`.
  guild_inbox(std::uint64_t id, std::string name, caf::actor owner, bool relays, outlet& to);
  ~guild_inbox();
  guild_inbox(const guild_inbox&) = delete;
  guild_inbox& operator=(const guild_inbox&) = delete;

  /// An event of the guild. It waits where the guild has no bot.
  void push(const event_source& from, const arrival& event, clock::time_point now);

  /// The guild has a bot, its first one or a successor: it gets what waits.
  void begin(const caf::actor& who, clock::time_point now);

  /// The guild's bot crashed.
  void crashed(clock::time_point now);

  /// A probe was answered. @returns whether that handled something.
  bool answered(caf::actor_id from, bool lane, const delivery_probe& what, clock::time_point now);

  /// Asks the guild's bot about everything that it was sent of this source.
  void ask(caf::actor_id from, bool lane, clock::time_point now);

  /// Nothing more comes from this actor. What came of it is still looked after.
  void end_source(caf::actor_id from);

  /// One for each shard and lane.
  [[nodiscard]] std::vector<state> states() const;

  /// Whether everything is handled.
  [[nodiscard]] bool handled_all() const;

  /// As given.
  [[nodiscard]] std::uint64_t id() const noexcept {
    return id_;
  }

private:
  struct stream;

  [[nodiscard]] stream* find(caf::actor_id from, bool lane) const;
  stream& find_or_add(const event_source& from, clock::time_point now);
  [[nodiscard]] std::optional<std::size_t> position_of(const relayed_event& what, bool lane) const;
  void want(const relayed_event& what, bool lane, clock::time_point now);
  void use(subscription_table::pointer table, clock::time_point now);
  void drop_ended();

  std::uint64_t id_;
  std::string name_;
  caf::actor owner_;
  bool relays_;
  outlet& to_;
  /// Null while the guild has none.
  caf::actor bot_;
  /// One subscriber: the guild's bot, which wants whatever came so far.
  subscription_table::pointer table_ = std::make_shared<subscription_table>();
  std::vector<std::unique_ptr<stream>> streams_;
};

} // namespace troupe
