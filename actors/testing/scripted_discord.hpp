// SPDX-License-Identifier: BSD-3-Clause
// The local Discord of a stage, as a test plays with it: events by hand, ends of connections, what the clients said. It
// is silent unless the test says something. After each order everything happens that follows without time passing.
#pragma once

#include "messages/command.hpp"
#include "messages/discord/events.hpp"
#include "messages/snowflake.hpp"

#include "runtime/codec/json.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::simulator {

struct fault;

} // namespace troupe::simulator

namespace troupe::testing {

struct stage_state;

/// A gateway payload that a shard sent, but for heartbeats.
struct client_command {
  /// Since the stage was set.
  std::chrono::milliseconds at{0};
  std::uint32_t shard = 0;
  /// 2 IDENTIFY, 3 presence, 4 voice state, 6 RESUME, 8 guild members.
  std::uint32_t op = 0;
  /// The whole payload, but for the token.
  std::string json;
};

/// The Discord of a stage. Its guilds are counted from 0; consecutive guilds are on consecutive shards.
class scripted_discord {
public:
  /// INTERNAL to the stage.
  explicit scripted_discord(stage_state& state) : state_{&state} {
    // nop
  }

  // -- events ------------------------------------------------------------------------------------

  /// Dispatches an event as Discord does: to the shard of its guild (of `guild_id`, or `id` of a GUILD_ event; without
  /// one it is a direct message, for shard 0), with the next sequence. Where the shard is not connected the event waits
  /// for its RESUME.
  /// @param event The name on the wire, "MESSAGE_CREATE".
  /// @param json `d`: an object.
  /// @throws failure where Discord would not send it: nobody has a session, or the bot did not ask for the intent.
  void dispatch(std::string_view event, std::string_view json);
  /// As above, to a shard whatever the guild.
  void dispatch(std::uint32_t shard, std::string_view event, std::string_view json);
  /// As above, for an event that has a struct.
  template <dispatch_event Event>
  void dispatch(const Event& event) {
    dispatch(Event::event_name, codec::encode(event));
  }

  /// A message that a member writes in a guild's text channel: with a fresh id, not dispatched yet.
  [[nodiscard]] message_create message(std::string content, std::uint32_t guild = 0, std::uint32_t channel = 0);
  /// Dispatches such a message and returns it.
  message_create say(std::string content, std::uint32_t guild = 0, std::uint32_t channel = 0);
  /// Dispatches a direct message of a guild's member and returns it.
  message_create whisper(std::string content, std::uint32_t guild = 0);

  /// What happens by itself from now on, in all guilds together; what kinds it is of is in the options of the stage.
  void set_traffic(double events_per_second);

  /// The ids of this Discord's guilds, text channels (4 in each guild) and users.
  [[nodiscard]] snowflake guild(std::uint32_t number) const;
  [[nodiscard]] snowflake channel(std::uint32_t guild, std::uint32_t number = 0) const;
  [[nodiscard]] user member(std::uint32_t guild, std::uint32_t number = 0) const;
  /// The bot itself.
  [[nodiscard]] snowflake bot() const;
  /// The guilds that the bot is in now, and what is true of one of them, as a GUILD_CREATE with everything in it.
  /// Nothing for any other guild.
  [[nodiscard]] std::vector<snowflake> guilds() const;
  [[nodiscard]] std::optional<guild_create> truth(snowflake guild) const;
  /// The shard that gets the events of a guild, as long as there are as many shards as Discord recommends.
  [[nodiscard]] std::uint32_t shard_of(snowflake guild) const;

  // -- connections: each throws `failure` where the shard is not connected -------------------------

  /// The socket ends without a close frame.
  void drop(std::uint32_t shard);
  /// The gateway closes with this code.
  void close(std::uint32_t shard, std::uint16_t code, std::string reason = {});
  /// Op 7: the shard is to reconnect and resume.
  void reconnect(std::uint32_t shard);
  /// Op 9: the session is invalid; where it is not resumable it is forgotten.
  void invalidate(std::uint32_t shard, bool resumable = false);
  /// The gateway says nothing any more on this connection and acknowledges nothing.
  void silence(std::uint32_t shard);
  /// Any other fault, as a line of runtime/simulator's: "hello-delay ms=3000", "rest-error status=502 count=2",
  /// "outage guilds=1 seconds=20". One that is aimed at a shard that is not connected waits for it.
  void inject(std::string_view fault);

  // -- what clients did ----------------------------------------------------------------------------

  /// Whether the shard has a connection with a session on it.
  [[nodiscard]] bool connected(std::uint32_t shard) const;
  /// IDENTIFYs and RESUMEs so far.
  [[nodiscard]] std::size_t identifies() const;
  [[nodiscard]] std::size_t resumes() const;
  /// Every rule of Discord's that a client broke, "identify_concurrency: 0/2: less than ...". Empty on a good day.
  [[nodiscard]] std::vector<std::string> breaches() const;
  /// What shards sent, in order.
  [[nodiscard]] const std::vector<client_command>& commands() const;
  /// The presence that a shard has: of its last op 3, or of its IDENTIFY. Nothing where it never named one.
  [[nodiscard]] std::optional<update_presence> presence(std::uint32_t shard = 0) const;

private:
  void play(std::uint32_t shard, simulator::fault what);

  stage_state* state_;
};

} // namespace troupe::testing
