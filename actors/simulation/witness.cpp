// SPDX-License-Identifier: BSD-3-Clause
// What a world hears of its tree: a line of the trace for each lifecycle message, and what the judges make of it.
#include "messages/inspect.hpp"
#include "messages/lifecycle.hpp"
#include "messages/shard.hpp"
#include "messages/supervision.hpp"

#include "actors/simulation/world.hpp"

#include <caf/event_based_actor.hpp>

namespace troupe::simulation {

using namespace std::chrono_literals;

namespace {

std::string reason_text(errc reason, const std::string& detail) {
  return std::string{to_string(reason)} + (detail.empty() ? "" : " (" + detail + ")");
}

} // namespace

void world::on_restarting(const shard_restarting& msg) {
  note("shard " + to_string(msg.shard) + " restarts after " + std::to_string(msg.delay_ms) + " ms, "
       + (msg.resumes ? "to resume: " : "to identify: ") + reason_text(msg.reason, msg.detail));
  auto since = attached_at_.find(msg.shard);
  if (since != attached_at_.end() && now() - since->second >= 5min)
    backoff.on_forgotten(msg.shard);
  auto asked = msg.reason == errc::reconnect_requested || msg.reason == errc::heartbeat_unanswered;
  if (!asked || msg.delay_ms > 0)
    backoff.on_restarting(msg.shard, std::chrono::milliseconds{msg.delay_ms});
  resumes.on_restarting(msg.shard, msg.reason == errc::session_invalidated);
  if (msg.reason == errc::corrupt_stream)
    sometimes.hit("a stream was corrupt");
  if (msg.reason == errc::reconnect_requested)
    sometimes.hit("Discord asked to reconnect");
  if (msg.reason == errc::session_invalidated && !msg.resumes)
    sometimes.hit("a session was lost");
}

void world::on_attached(shard_id shard) {
  attached_at_[shard] = now();
  resumes.on_attached(shard);
}

void world::on_shard_exited(const shard_exited& msg) {
  note("shard " + to_string(msg.shard) + " exited: " + reason_text(msg.reason, msg.detail));
  if (remedy_for(msg.reason) == remedy::fatal) {
    fatal.on_fatal(msg.shard);
    sometimes.hit("a shard met a fatal close code");
  } else if (msg.reason != errc::none) {
    crashed_.insert(msg.shard);
  }
}

void world::on_child_restarting(const child_restarting& msg) {
  note(msg.path + " restarts after " + std::to_string(msg.delay_ms) + " ms");
  // Guilds' bots have no supervisor, but a backoff each.
  auto below_bot = msg.path.starts_with(bot_path) && msg.path != bot_path;
  if (options_.where != placement::per_guild || !below_bot)
    intensity.on_restarting(msg.path, now());
}

caf::behavior world::witness(caf::event_based_actor* self) {
  self->set_default_handler(caf::drop);
  return {
    [this](const shard_created& msg) {
      note("shard " + to_string(msg.shard) + " created");
      backoff.on_forgotten(msg.shard);
    },
    [this](const shard_ready& msg) {
      note("shard " + to_string(msg.shard) + " ready");
      on_attached(msg.shard);
    },
    [this](const shard_resumed& msg) {
      note("shard " + to_string(msg.shard) + " resumed, " + std::to_string(msg.replayed) + " replayed");
      on_attached(msg.shard);
      sometimes.hit("a session was resumed");
      if (crashed_.erase(msg.shard) > 0)
        sometimes.hit("a session was resumed after a crash of its shard");
    },
    [this](const shard_restarting& msg) { on_restarting(msg); },
    [this](const shard_exited& msg) { on_shard_exited(msg); },
    [this](const shard_destroyed& msg) { note("shard " + to_string(msg.shard) + " destroyed"); },
    [this](const shard_ping_missed& msg) {
      note("shard " + to_string(msg.shard) + " missed a ping");
      sometimes.hit("a connection was given up for want of a heartbeat acknowledgement");
    },
    [this](const shard_alarm& msg) { note("alarm of shard " + to_string(msg.shard) + ": " + msg.detail); },
    [this](const events_redelivered& msg) {
      note("shard " + to_string(msg.shard) + " redelivered " + std::to_string(msg.events));
      sometimes.hit("events were redelivered");
    },
    [this](const event_set_aside& msg) {
      note("shard " + to_string(msg.shard) + " set aside " + std::to_string(msg.sequence));
      lost.on_set_aside(msg.shard, msg.sequence);
      sometimes.hit("an event was set aside");
      poison = 0;
    },
    [this](const child_started& msg) {
      note(msg.path + " started, " + std::to_string(msg.start));
      intensity.on_started(msg.path);
      // With their supervisor all shards start anew, and each may ask once more.
      if (msg.path == "root/shards")
        fatal.on_process_restart();
    },
    [this](const child_exited& msg) {
      note(msg.path + " exited: " + reason_text(msg.reason, msg.detail));
      // What it held, or all that the queue had granted, may count though nobody used it.
      for (std::uint32_t bucket = 0; msg.reason != errc::none && bucket < max_concurrency; ++bucket)
        permits.on_excuse();
    },
    [this](const child_restarting& msg) { on_child_restarting(msg); },
    [this](const supervisor_degraded& msg) {
      note(msg.path + " degraded");
      intensity.on_degraded(msg.path);
      sometimes.hit("a supervisor degraded");
    },
    [this](const supervisor_recovered& msg) {
      note(msg.path + " recovered");
      intensity.on_recovered(msg.path);
    },
    [this](const supervisor_gave_up& msg) {
      note(msg.path + " gave up");
      intensity.on_gave_up(msg.path);
    },
    [this](const run_failed& msg) {
      note("the run failed: " + reason_text(msg.code, msg.detail));
      failed = {msg.code, msg.detail};
    },
  };
}

} // namespace troupe::simulation
