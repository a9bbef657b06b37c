// SPDX-License-Identifier: BSD-3-Clause
// The base of every bot: an ordinary event-based actor that can subscribe to events and talk back.
#pragma once

#include "messages/bot.hpp"
#include "messages/command.hpp"
#include "messages/discord/events.hpp"
#include "messages/event_filter.hpp"
#include "messages/interfaces.hpp"
#include "messages/previous.hpp"
#include "messages/snowflake.hpp"
#include "messages/subscription.hpp"

#include <caf/actor_addr.hpp>
#include <caf/actor_config.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>

#include <any>
#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Never leave the process.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::bot_sleeping)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::keep)

namespace troupe {

/// The actors that a bot works with, for requests of its own.
struct bot_services {
  subscriptions_actor subscriptions;
  lifecycle_actor lifecycle;
  rest_actor rest;
  shard_set_actor shards;
  guilds_actor guilds;
};

/// Which of its events a bot wants, and how. The members are those of `troupe::subscribe`.
struct subscribe_options {
  std::vector<snowflake> guilds = {};
  std::vector<std::uint32_t> shards = {};
  bool previous = false;
  bool relays = false;
  std::uint32_t window = 0;
  bool own_lane = false;
  bool replace = false;
};

/// How many actors a bot is (docs/placement.md).
enum class placement : std::uint8_t {
  per_node,  ///< One in each process, for all events.
  per_shard, ///< One for each shard of the process, for the events of that shard.
  per_guild, ///< One for each guild, started by its first event, asleep when idle; one more for events of no guild.
};

/// Which of a bot's actors one is.
struct bot_place {
  /// With `per_shard`.
  std::optional<std::uint32_t> shard = std::nullopt;
  /// With `per_guild`; 0 for events of no guild.
  std::optional<snowflake> guild = std::nullopt;
  /// Who subscribes for it, under which name; null where it does so itself.
  caf::actor_addr front = {};
  std::string front_name = {};
  /// What its predecessor left. May be null.
  std::shared_ptr<const std::any> kept = nullptr;
  /// Runs the bot's function only to hear what it subscribes to.
  bool rehearsal = false;
};

/// A bot's actor. Its methods may be called from its own handlers only, as with every actor.
///
/// Every event is delivered until a handler for it returned (docs/delivery.md): after a crash the bot's successor,
/// which subscribes under the same name, gets what was not handled again. A handler that throws ends the bot; it is
/// started again.
class bot : public caf::event_based_actor {
public:
  explicit bot(caf::actor_config& cfg);

  const char* name() const override;

  /// Ends this actor and its subscriptions; with a reason other than `exit_reason::normal` as a crash does. Where its
  /// supervisor stops it only to start it again, the subscriptions wait for its successor in any case.
  void quit(caf::error reason = {});

  /// Receives these events as their structs: `self->subscribe<message_create, guild_create>()`, or of some guilds only:
  /// `self->subscribe<message_create>({.guilds = {home}})`. Each call adds to those before. A refusal ends the bot.
  template <dispatch_event... Events>
  void subscribe(subscribe_options options = {}) {
    static_assert(sizeof...(Events) > 0, "name the events");
    subscribe_to({std::string{Events::event_name}...}, false, std::move(options), nullptr);
  }

  /// Receives those of these events that the predicate lets pass. The shards call it, not the bot: see `event_filter`
  /// for what it may do. Never let it capture the bot.
  template <dispatch_event Event, std::predicate<const Event&> Predicate>
  void subscribe(Predicate only, subscribe_options options = {}) {
    subscribe_to({std::string{Event::event_name}}, false, std::move(options),
                 std::make_shared<const event_filter>(event_filter::on<Event>(std::move(only))));
  }

  /// Receives these events as their structs, by the names on the wire. One without a struct ends the bot with
  /// `errc::unknown_event`.
  void subscribe(std::vector<std::string> events, subscribe_options options = {});

  /// Receives these events as `raw_event`, all events where the list is empty.
  void subscribe_raw(std::vector<std::string> events = {}, subscribe_options options = {});

  /// Receives those that the predicate lets pass.
  template <std::predicate<const event_view&> Predicate>
  void subscribe_raw(std::vector<std::string> events, Predicate only, subscribe_options options = {}) {
    subscribe_to(std::move(events), true, std::move(options),
                 std::make_shared<const event_filter>(event_filter::on_raw(std::move(only))));
  }

  /// Receives these events no more, in no form; no events at all where none are named. Some may still come that were
  /// on their way.
  template <dispatch_event... Events>
  void unsubscribe() {
    unsubscribe({std::string{Events::event_name}...});
  }

  /// The same by the names on the wire.
  void unsubscribe(std::vector<std::string> events);

  /// Receives all lifecycle messages (messages/lifecycle.hpp).
  void subscribe_lifecycle();

  /// Inside an event's handler: whether Discord sent the event for a RESUME, so that it may have been handled before,
  /// by this process or by the one before it.
  [[nodiscard]] bool replayed() const;

  /// Inside an event's handler: whether a predecessor of this bot got the event and crashed before it was known to be
  /// handled.
  [[nodiscard]] bool redelivered() const;

  /// Answers a message in its channel, as a reply to it. A failure is logged.
  void reply(const message_create& message, std::string text);

  /// Sends a message to a channel. A failure is logged.
  void send_message(snowflake channel, std::string text);

  /// Puts a command on the wire of the shard that has this guild. A refusal is logged; for the outcome send a request
  /// to `services().shards`.
  void submit(snowflake guild, command what);

  /// Sets the presence on every shard that runs here.
  void set_presence(update_presence presence);

  /// The actors behind these methods.
  [[nodiscard]] const bot_services& services() const noexcept {
    return services_;
  }

  /// The guild that this actor is for, 0 for events of no guild. Nothing where it is for more than one.
  [[nodiscard]] const std::optional<snowflake>& guild() const noexcept {
    return place_.guild;
  }

  /// The index of the shard that this actor is for. Nothing where it is for more than one.
  [[nodiscard]] const std::optional<std::uint32_t>& shard() const noexcept {
    return place_.shard;
  }

  /// What the guild's last actor left when it fell asleep (`keep` in messages/bot.hpp). Null where there is nothing, or
  /// something of another type.
  template <class State>
  [[nodiscard]] const State* kept_state() const noexcept {
    return std::any_cast<State>(place_.kept.get());
  }

  /// For `run` and tests: must be called before anything else.
  void equip(std::string name, bot_services services, bot_place place = {});

  /// For exit handlers: it was told to end, behind the events that wait.
  void shut_down(const caf::error& reason);

  /// For `run`: the bot's function returned. The subscriptions that an actor of a guild makes before are known.
  void started() noexcept {
    starting_ = false;
    place_.rehearsal = false;
  }

  /// For `run`: whether one of its subscriptions `relays`.
  [[nodiscard]] bool hands_on() const noexcept {
    return hands_on_;
  }

private:
  void subscribe_to(std::vector<std::string> events, bool raw, subscribe_options options,
                    std::shared_ptr<const event_filter> only);
  void post_message(snowflake channel, std::string body);
  [[nodiscard]] caf::actor subscriber();
  [[nodiscard]] bool subscribes_for_others() const noexcept;
  /// By guild or by shard index.
  template <class Where>
  void submit_to(Where where, command what);

  /// The marks that hold for the events of one shard, or for those of them that overtake others.
  struct sender_marks {
    caf::actor_addr sender;
    bool replayed = false;
    bool redelivered = false;
  };

  void on_marks(const event_marks& now);
  /// Those of the sender of the current message; null where its events are first deliveries.
  [[nodiscard]] const sender_marks* marks() const;

  std::string name_ = "bot";
  /// By lane and shard index; only shards whose events are marked now.
  std::map<std::pair<bool, std::uint32_t>, sender_marks> marks_;
  bot_services services_;
  bot_place place_;
  bool starting_ = true;
  bool hands_on_ = false;
  /// It was stopped only to be started again.
  bool successor_follows_ = false;
};

} // namespace troupe
