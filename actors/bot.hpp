// SPDX-License-Identifier: BSD-3-Clause
// The base of every bot: an ordinary event-based actor that can subscribe to events and talk back.
#pragma once

#include "messages/command.hpp"
#include "messages/discord/events.hpp"
#include "messages/interfaces.hpp"
#include "messages/snowflake.hpp"

#include <caf/actor_config.hpp>
#include <caf/event_based_actor.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace troupe {

/// The actors that a bot works with, for requests of its own.
struct bot_services {
  subscriptions_actor subscriptions;
  lifecycle_actor lifecycle;
  rest_actor rest;
  shard_set_actor shards;
};

/// A bot's actor. Its methods may be called from its own handlers only, as with every actor.
///
/// A handler that throws ends the bot; it is started again and gets the events from then on.
class bot : public caf::event_based_actor {
public:
  explicit bot(caf::actor_config& cfg);

  const char* name() const override;

  /// Receives these events as their structs: `self->subscribe<message_create, guild_create>()`.
  template <dispatch_event... Events>
  void subscribe() {
    static_assert(sizeof...(Events) > 0, "name the events");
    subscribe_to({std::string{Events::event_name}...}, false);
  }

  /// Receives these events as their structs, by the names on the wire. One without a struct ends the bot with
  /// `errc::unknown_event`.
  void subscribe(std::vector<std::string> events);

  /// Receives these events as `raw_event`, all events where the list is empty.
  void subscribe_raw(std::vector<std::string> events = {});

  /// Receives all lifecycle messages (messages/lifecycle.hpp).
  void subscribe_lifecycle();

  /// Answers a message in its channel, as a reply to it. A failure is logged.
  void reply(const message_create& message, std::string text);

  /// Sends a message to a channel. A failure is logged.
  void send_message(snowflake channel, std::string text);

  /// Puts a command on the wire of the shard that has this guild. A refusal is logged; for the outcome send a request
  /// to `services().shards`.
  void submit(snowflake guild, command what);

  /// Sets the presence on every shard that runs here.
  void set_presence(presence_update presence);

  /// The actors behind these methods.
  [[nodiscard]] const bot_services& services() const noexcept {
    return services_;
  }

  /// For `run` and tests: must be called before anything else.
  void attach(std::string name, bot_services services);

private:
  void subscribe_to(std::vector<std::string> events, bool raw);
  void post_message(snowflake channel, std::string body);
  /// By guild or by shard index.
  template <class Where>
  void submit_to(Where where, command what);

  std::string name_ = "bot";
  bot_services services_;
};

} // namespace troupe
