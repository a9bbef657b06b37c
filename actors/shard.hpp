// SPDX-License-Identifier: BSD-3-Clause
// The SHARD: owns one session and executes what it decides. All protocol is in `gateway::session`; here are only the
// neighbours: connection, ratelimiter, identify queue, subscribers, lifecycle.
#pragma once

#include "messages/connection.hpp"
#include "messages/identify.hpp"
#include "messages/interfaces.hpp"
#include "messages/lifecycle.hpp"
#include "messages/shard.hpp"
#include "messages/subscription.hpp"
#include "messages/supervision.hpp"

#include "runtime/gateway/command_queue.hpp"
#include "runtime/gateway/session.hpp"
#include "runtime/gateway/watchdog.hpp"

#include "actors/delivery.hpp"
#include "actors/event_intake.hpp"
#include "actors/guild_router.hpp"
#include "actors/outbox.hpp"
#include "actors/shard_timers.hpp"
#include "actors/subscription_table.hpp"

#include <caf/error.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace troupe {

/// Starts the connection of one shard: over Beast, or the local Discord's in-memory one.
using connection_factory = std::function<connection_actor(caf::actor_system& sys, connection_owner_actor owner)>;

/// What a shard needs.
struct shard_dependencies {
  gateway::session_settings settings;
  /// What to resume where `sessions` is null, as in some tests.
  std::optional<gateway::resume_point> resume;
  connection_factory connect;
  identify_queue_actor queue;
  /// Told everything that happens to the shard. May be null.
  lifecycle_actor lifecycle;
  /// Gives the table; the session starts when it came. Null where nobody listens, as in some tests.
  subscriptions_actor subscriptions;
  /// Gives the session to resume, asked again until it answers, and keeps the checkpoints. May be null.
  sessions_actor sessions;
  /// Told that the shard runs. May be null.
  shard_set_actor shard_set;
  /// Told a fatal end. May be null.
  shard_owner_actor owner;
  /// Whom events that change a guild go to. Null where the caches are off.
  std::shared_ptr<guild_directory> guilds;
  /// From the root, for `which_children`.
  std::string path = "shard";
  /// Told the shard's parts, "connection" and "ratelimiter", at its start: for crash injection. May be empty.
  std::function<void(const char* part, const caf::actor& who)> on_part;
  /// Counts the starts of this shard in this process, from 1.
  std::uint32_t start = 1;
  gateway::command_limits commands;
  /// How many frames may be on their way from the connection (promise P6).
  std::uint32_t credit = 512;
  /// When it stops reading, and when it complains about subscribers.
  delivery_limits window;
  /// While events are handled `sessions` gets a checkpoint this often.
  std::chrono::milliseconds checkpoint_period{1'000};
  /// How long it waits at its end for the events that it sent to be handled.
  std::chrono::milliseconds drain{5'000};
};

/// One shard's session with its neighbours.
struct shard_state : private delivery::outlet {
  static inline const char* name = "shard";

  explicit shard_state(shard_actor::pointer self);
  virtual ~shard_state() = default;

  void start(shard_dependencies with);
  void on_opened(const connection_opened& msg);
  void on_frames(const frames_received& msg);
  void on_closed(const connection_closed& msg);
  void on_turn(const prepare_identify& msg);
  void on_permit(const permit_granted& msg);
  void on_timer(const session_timer_due& msg);
  void on_table(const subscriptions_changed& msg);
  void on_session_found(const session_checkpoint& found);
  void on_probe_answered(const delivery_probe& what);
  [[nodiscard]] caf::delegated<command_result> submit(const submit_command& order);
  [[nodiscard]] shard_status status();
  void stop(const stop_shard& order);
  void on_delivery_due(const delivery_due& msg);
  [[nodiscard]] children_report children() const;
  /// The shard lives and dies with its connection and its ratelimiter. A supervisor's wish ends it resumably, the
  /// second one at once.
  void on_exit_message(const caf::exit_msg& msg);

  // -- one method per action of the session

  void perform(const gateway::connect& what);
  void perform(const gateway::transmit& what);
  void perform(const gateway::disconnect& what);
  void perform(const gateway::arm& what);
  void perform(const gateway::join_queue& what);
  void perform(const gateway::want_permit& what);
  void perform(const gateway::commit_permit& what);
  void perform(const gateway::spend_permit& what);
  void perform(const gateway::leave_queue& what);
  void perform(const gateway::identify_result& what);
  void perform(const gateway::entered& what);
  void perform(const gateway::deliver& what);
  void perform(const gateway::open_window& what);
  void perform(const gateway::close_window& what);
  void perform(const gateway::checkpoint& what);
  void perform(const gateway::became_ready& what);
  void perform(const gateway::became_resumed& what);
  void perform(const gateway::restarting& what);
  void perform(const gateway::pinged& what);
  void perform(const gateway::ping_missed& what);
  void perform(const gateway::invalid_message& what);
  void perform(const gateway::warned& what);
  void perform(const gateway::failed& what);
  void perform(const gateway::stopped& what);

  shard_actor::pointer self;
  /// As given to `shard`; `resume` is taken at the start.
  shard_dependencies deps;
  /// Decides everything; there is one from `start` on.
  std::optional<gateway::session> session;
  /// The parts that live and die with this actor.
  connection_actor connection;
  ratelimiter_actor limiter;
  /// Knows who wants what and who handled what; there is one from `start` on.
  std::optional<delivery> events;
  /// Events and changes of guilds on their way out.
  outbox out;
  /// Filters and decodes.
  event_intake intake;
  /// Knows the actors of guilds.
  guild_router router;
  /// The change of the event that is delivered now: its guild makes it when it passes the event on.
  std::optional<guild_router::order> change;
  /// Of the session.
  shard_timers timers;
  /// Judges the shard by its own history, and when it looks next.
  gateway::watchdog dog;
  gateway::clock::time_point looks_at;
  /// The actions of one call; kept for its memory.
  gateway::actions actions;
  /// What the start of the session waits for.
  bool has_table = false;
  bool has_session = false;
  /// Whether the session was started, and whether the shard ended: nothing is done afterwards.
  bool started = false;
  bool finished = false;
  /// Numbers attempts to identify. The start is in the upper half, so that no predecessor's ticket is met again.
  std::uint64_t ticket = 0;
  /// Numbers writes.
  std::uint64_t last_write = 0;
  /// Frames that were processed since credit was granted last, or are withheld from a new connection.
  std::uint32_t consumed = 0;
  /// Whether the delivery window is closed, as the session was told.
  bool reading_withheld = false;
  /// Guilds that are known and available.
  std::unordered_set<snowflake> guilds;
  /// The counters of `shard_status`; the rest of it is filled in when somebody asks.
  shard_status counts;
  /// The session, as `sessions` knows it; empty where there is none.
  std::string session_id;
  std::string resume_url;
  /// The sequence of the last checkpoint, and when it was sent.
  std::uint64_t checkpointed = 0;
  gateway::clock::time_point checkpointed_at;
  /// When the next `delivery_due` comes and its number; none where none is on its way.
  std::optional<gateway::clock::time_point> due_at;
  std::uint64_t due_epoch = 0;
  /// When the frames came that are processed now.
  gateway::clock::time_point batch_time;
  /// Set by the order to stop: whether somebody will resume, and until when the events that were sent are waited for.
  std::optional<gateway::farewell> farewell;
  gateway::clock::time_point drained_by;
  /// The session is over; only the drain is waited for.
  bool draining = false;

private:
  [[nodiscard]] gateway::clock::time_point now() const;
  void perform_all();
  void leave(caf::error reason);
  void wake_after(gateway::timer which, const shard_timers::wake_up& when);
  void look_around();
  void look_again();
  template <class Message>
  void announce(Message message) {
    if (deps.lifecycle)
      self->send(deps.lifecycle, std::move(message));
  }

  // -- events, checkpoints and credit (shard_delivery.cpp)

  [[nodiscard]] std::optional<guild_router::order> prepare_change(const gateway::deliver& what);
  void make_change();
  void find_session();
  void start_session();
  void count_guild(std::string_view event, std::string_view data);
  void return_credit(std::uint32_t frames);
  void settle_window();
  void keep(const std::optional<gateway::resume_point>& point);
  void send_checkpoint();
  void checkpoint_if_due();
  void wake_for_delivery();
  void drain();

  void ask(const caf::actor& to, const delivery_probe& what);

  void send(const caf::actor& to, const caf::message& what, bool lane) override;
  caf::actor relay(const std::vector<caf::actor>& to, const event_ring::event& event, const caf::message& message,
                   bool previous) override;
  caf::message without_previous(const event_ring::event& event) override;
  void probe(const caf::actor& to, const delivery_probe& what, const std::vector<caf::actor>& guilds) override;
  void report(events_redelivered what) override;
  void report(event_set_aside what, const event_ring::event& which) override;
  void report(shard_alarm what) override;
  void report(shard_alarm_ended what) override;
};

/// Spawns its own connection (through `deps.connect`) and ratelimiter, linked: all three die together. Ends with
/// `exit_reason::user_shutdown` after `stop_shard`, after a supervisor's order and after a fatal close code, with an
/// error where a part of it died.
shard_actor::behavior_type shard(shard_actor::stateful_pointer<shard_state> self, shard_dependencies deps);

} // namespace troupe
