// SPDX-License-Identifier: BSD-3-Clause
// The local Discord's rules, sans-IO: inputs say what a client did and what time it is, effects say what to put on the
// wire. The TCP shell (server.hpp) and the in-memory shell (actors/testing) share it. Deterministic from its seed.
#pragma once

#include "messages/error.hpp"

#include "runtime/simulator/churn/churn.hpp"
#include "runtime/simulator/faults.hpp"
#include "runtime/simulator/http.hpp"
#include "runtime/simulator/limits.hpp"
#include "runtime/simulator/options.hpp"
#include "runtime/simulator/session.hpp"
#include "runtime/simulator/traffic.hpp"
#include "runtime/simulator/world.hpp"

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::simulator {

/// Which of the two hosts a client dialled.
enum class host_kind : std::uint8_t { main, resume };

/// What one effect does to its connection.
enum class effect_kind : std::uint8_t {
  frame,   ///< Send `what`.
  partial, ///< Send the beginning of a frame that holds `what`, about half of it, and leave it at that.
  close,   ///< Send a close frame with `code` and `reason`, then end. The connection is no more.
  drop,    ///< End the socket without a close frame. The connection is no more.
};

/// What the shell must do.
struct effect {
  effect_kind kind = effect_kind::frame;
  connection_id connection = 0;
  frame what;
  std::uint16_t code = 0;
  std::string reason;
};

/// How a host behaves to new sockets, below HTTP.
enum class host_state : std::uint8_t {
  alive,
  refuses, ///< End new sockets at once.
  hangs,   ///< Take new sockets and say nothing, not even TLS.
};

/// What became of a WebSocket upgrade.
struct upgrade_answer {
  /// 0 where it was refused.
  connection_id connection = 0;
  /// What to answer where it was refused.
  http_reply refusal;
};

/// What happened so far.
struct counters {
  std::uint64_t connections = 0;
  std::uint64_t identifies = 0;
  std::uint64_t identifies_refused = 0;
  std::uint64_t resumes = 0;
  std::uint64_t resumes_refused = 0;
  /// Ends of connections, whoever began it.
  std::uint64_t disconnects = 0;
  /// Sessions that ended in any way, and those that nobody resumed in time.
  std::uint64_t sessions_ended = 0;
  std::uint64_t sessions_expired = 0;
  std::uint64_t heartbeats = 0;
  /// Client payloads of all kinds.
  std::uint64_t payloads_received = 0;
  /// Dispatches put on a wire, in a replay too; and how many of them RESUMEs asked for.
  std::uint64_t events_sent = 0;
  std::uint64_t events_replayed = 0;
  /// Traffic that did not happen because a client was too slow.
  std::uint64_t events_held = 0;
  std::uint64_t rest_requests = 0;
  std::uint64_t rest_rate_limited = 0;
  /// Messages that the bot wrote.
  std::uint64_t messages_posted = 0;
  std::uint64_t faults = 0;
};

/// One dispatch, for tests.
struct dispatch_record {
  std::string session;
  std::uint64_t sequence = 0;
  std::string payload;
  shard_id shard;
};

/// One session as it is, for tests.
struct session_view {
  std::string id;
  shard_id shard;
  troupe::intents intents;
  /// Of its last dispatch.
  std::uint64_t sequence = 0;
  /// 0 while it waits for RESUME.
  connection_id connection = 0;
};

/// One local Discord. Not thread-safe. `now` must not run backwards.
class model {
public:
  model(options opts, clock::time_point now);
  model(const model&) = delete;
  model& operator=(const model&) = delete;

  // -- inputs ------------------------------------------------------------------------------------

  /// A WebSocket upgrade; `target` has the query parameters.
  [[nodiscard]] upgrade_answer open(host_kind host, std::string_view target, clock::time_point now);
  /// A client's frame came.
  void on_frame(connection_id from, const frame& what, clock::time_point now);
  /// The socket ended, by a close frame with `code` or without one (0).
  void on_closed(connection_id from, std::uint16_t code, clock::time_point now);
  /// The shell's queue for this connection is full (or no longer): events wait in the session meanwhile.
  void hold(connection_id which, bool full, clock::time_point now);
  /// A REST call. What it causes at the gateway is among the effects.
  [[nodiscard]] http_reply on_request(const http_request& request, clock::time_point now);
  /// Does what is due.
  void tick(clock::time_point now);

  // -- outputs -----------------------------------------------------------------------------------

  /// What is to be done by now, in order. Call it after each input.
  [[nodiscard]] std::vector<effect> take_effects(clock::time_point now);
  /// When to call `tick` and `take_effects` next; nothing where nothing is planned.
  [[nodiscard]] std::optional<clock::time_point> next_due() const;
  [[nodiscard]] host_state state_of(host_kind host, clock::time_point now);
  /// Whether TLS handshakes fail just now.
  [[nodiscard]] bool tls_fails(clock::time_point now) {
    return strike(fault_kind::tls_failure, now, false) != nullptr;
  }

  // -- control -----------------------------------------------------------------------------------

  /// Plays a fault now.
  void inject(const fault& what, clock::time_point now);
  /// Dispatches an event to every session of a shard: to the wire, or for RESUME where it is not connected. Looks at
  /// neither intents nor guilds.
  /// @param data `d`: a JSON object.
  /// @returns how many sessions there are.
  std::size_t dispatch(std::uint32_t shard, std::string_view type, std::string_view data, clock::time_point now);
  /// Times count from the model's start.
  void run_script(std::vector<timed_fault> script);
  void set_events_per_second(double rate, clock::time_point now);
  [[nodiscard]] const troupe::simulator::counters& counts() const noexcept {
    return counters_;
  }
  [[nodiscard]] const std::vector<breach>& breaches() const noexcept {
    return breaches_;
  }
  /// {"counters":{..},"breaches":[..],"shards":[..],...}
  [[nodiscard]] std::string summary(clock::time_point now);
  /// All sessions that could be used or resumed, by age.
  [[nodiscard]] std::vector<session_view> sessions() const;
  [[nodiscard]] const std::vector<dispatch_record>& dispatch_log() const noexcept {
    return log_;
  }
  /// As above, and forgets it: for runs that last.
  [[nodiscard]] std::vector<dispatch_record> take_dispatch_log() noexcept {
    return std::exchange(log_, {});
  }
  [[nodiscard]] const options& settings() const noexcept {
    return options_;
  }
  /// What is true of a guild now: `d` of the GUILD_CREATE that a session with all intents would get, with every member
  /// and presence. `unavailable` says whether it is in an outage. Nothing where the bot is in no such guild.
  [[nodiscard]] std::optional<std::string> truth(snowflake guild) const;
  /// The guilds that the bot is in.
  [[nodiscard]] std::vector<snowflake> guilds() const;

private:
  struct armed_fault {
    fault what;
    std::uint32_t left = 0;
    clock::time_point ends;
  };
  struct delayed_effect {
    clock::time_point due;
    effect what;
  };

  // model.cpp: sessions, connections, time
  [[nodiscard]] std::int64_t unix_ms(clock::time_point now) const;
  connection* find(connection_id id);
  connection* connection_of(const session& which);
  void emit(effect what, clock::time_point now);
  void send_text(connection& to, std::string_view text, clock::time_point now);
  void send_hello(connection& to, clock::time_point now);
  void flush(connection& to, clock::time_point now);
  void dispatch(session& to, std::string_view type, std::string_view data, clock::time_point now);
  void publish(const event& what, clock::time_point now);
  void close(connection& which, std::uint16_t code, std::string_view reason, clock::time_point now);
  void detach(connection& which, bool keep_session, clock::time_point now);
  void end_session(session& which);
  void add_breach(const connection* by, std::string_view rule, std::string sentence, clock::time_point now);
  void run_traffic(clock::time_point now);
  void run_connections(clock::time_point now);
  void run_sessions(clock::time_point now);

  // model_guilds.cpp: guilds that change, and their REST
  [[nodiscard]] static guild_view view_of(const session& which);
  /// One step of traffic that changes the world. `regardless` of clients that are too slow.
  void step(clock::time_point now, bool regardless);
  [[nodiscard]] bool is_held(std::uint32_t guild);
  /// GUILD_CREATE, or what comes in its place.
  void send_stub(session& to, std::uint32_t guild, clock::time_point now);
  /// GUILD_CREATE to every session: now, or when its turn comes.
  void publish_guild(std::uint32_t guild, clock::time_point now);
  /// A guild of this session that the bot is in.
  [[nodiscard]] std::optional<std::uint32_t> guild_of(const session& who, const std::optional<snowflake>& id) const;
  [[nodiscard]] std::optional<http_reply> guild_route(const http_request& request, std::string_view path) const;
  /// Why the bot cannot write there; nothing where it can.
  [[nodiscard]] std::optional<http_reply> refuse_message(std::uint32_t guild, snowflake channel) const;

  // model_gateway.cpp: what a client says
  void identify(connection& from, const struct client_payload& payload, clock::time_point now);
  void resume(connection& from, const struct client_payload& payload, clock::time_point now);
  void command(connection& from, const struct client_payload& payload, clock::time_point now);
  void invalid_session(connection& to, bool resumable, clock::time_point now);
  [[nodiscard]] std::string ready(const session& of) const;
  [[nodiscard]] bool acceptable(connection& from, shard_id shard, std::uint64_t bits, clock::time_point now);

  // model_commands.cpp: op 3, 4, 8, 31, 43
  void request_members(connection& from, const struct client_payload& payload, clock::time_point now);
  void update_voice(connection& from, const struct client_payload& payload, clock::time_point now);
  void send_sounds(connection& from, const struct client_payload& payload, clock::time_point now);
  void send_channel_info(connection& from, const struct client_payload& payload, clock::time_point now);
  void send_member_chunk(session& to, clock::time_point now);

  // model_rest.cpp
  http_reply route(const http_request& request, std::string_view path, clock::time_point now);
  http_reply gateway_bot(clock::time_point now);
  [[nodiscard]] http_reply open_direct(const http_request& request) const;
  http_reply post_message(const http_request& request, std::string_view channel, clock::time_point now);
  std::optional<http_reply> rest_fault(clock::time_point now);

  // model_faults.cpp
  armed_fault* strike(fault_kind kind, clock::time_point now, bool use_up);
  void hit(connection& which, const fault& what, clock::time_point now);
  /// Faults that waited for this shard to connect; false where the connection did not survive.
  bool hit_on_attach(connection& which, shard_id shard, clock::time_point now);
  void begin_outage(const fault& what, clock::time_point now);
  void end_outages(clock::time_point now);

  options options_;
  clock::time_point start_;
  world world_;
  traffic traffic_;
  churn_traffic churn_;
  random random_;
  identify_limits identify_limits_;
  sliding_window rest_global_{50, std::chrono::seconds{1}};
  std::map<std::uint64_t, sliding_window> rest_buckets_;
  std::map<connection_id, connection> connections_;
  connection_id last_connection_ = 0;
  /// Ordered by age; stable addresses.
  std::list<session> sessions_;
  std::uint64_t last_session_ = 0;
  clock::time_point next_event_;
  std::deque<delayed_effect> effects_;
  std::vector<timed_fault> script_;
  std::size_t script_next_ = 0;
  /// Faults that wait for an occasion or last for a while.
  std::list<armed_fault> armed_;
  /// Guilds in an outage, by the end of it.
  std::multimap<clock::time_point, std::uint32_t> outages_;
  counters counters_;
  std::vector<breach> breaches_;
  std::vector<dispatch_record> log_;
};

} // namespace troupe::simulator
