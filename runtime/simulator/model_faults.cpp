// SPDX-License-Identifier: BSD-3-Clause
// Faults: those aimed at connections happen at once or wait for the shard to connect, the others are armed and struck
// when their occasion comes.
#include "runtime/simulator/model.hpp"
#include "runtime/simulator/text.hpp"

#include <algorithm>
#include <vector>

namespace troupe::simulator {

namespace {

bool aims_at_connection(fault_kind kind) noexcept {
  return kind <= fault_kind::invalidate;
}

} // namespace

void model::inject(const fault& what, clock::time_point now) {
  ++counters_.faults;
  if (what.kind == fault_kind::burst) {
    for (std::uint32_t i = 0; i < what.count; ++i)
      if (world_.changes())
        step(now, true);
      else if (auto made = traffic_.next(unix_ms(now)))
        publish(*made, now);
    return;
  }
  if (what.kind == fault_kind::outage)
    return begin_outage(what, now);
  if (!aims_at_connection(what.kind)) {
    armed_.push_back({what, what.count, now + what.lasting});
    return;
  }
  std::vector<connection_id> targets;
  for (auto& [id, one] : connections_)
    if (one.session != nullptr && (!what.shard || one.session->shard.index == *what.shard))
      targets.push_back(id);
  if (targets.empty())
    armed_.push_back({what, 1, clock::time_point::max()});
  for (auto id : targets)
    if (auto* target = find(id))
      hit(*target, what, now);
}

model::armed_fault* model::strike(fault_kind kind, clock::time_point now, bool use_up) {
  for (auto one = armed_.begin(); one != armed_.end();) {
    if (!aims_at_connection(one->what.kind) && (one->left == 0 || one->ends <= now)) {
      one = armed_.erase(one);
      continue;
    }
    if (one->what.kind == kind) {
      // One that is used up now stays until the next look, because the caller reads it.
      one->left -= use_up ? 1 : 0;
      return &*one;
    }
    ++one;
  }
  return nullptr;
}

bool model::hit_on_attach(connection& which, shard_id shard, clock::time_point now) {
  auto id = which.id;
  for (auto one = armed_.begin(); one != armed_.end();) {
    auto what = one->what;
    if (!aims_at_connection(what.kind) || (what.shard && *what.shard != shard.index)) {
      ++one;
      continue;
    }
    one = armed_.erase(one);
    hit(which, what, now);
    // Op 9 leaves the socket open, but the attempt is over.
    if (find(id) == nullptr || what.kind == fault_kind::invalid_session)
      return false;
  }
  return true;
}

void model::hit(connection& which, const fault& what, clock::time_point now) {
  switch (what.kind) {
  case fault_kind::reconnect:
    return send_text(which, R"({"t":null,"s":null,"op":7,"d":null})", now);
  case fault_kind::invalid_session:
    invalid_session(which, what.resumable, now);
    // Either way the socket is not authenticated any more; it may resume or identify again.
    if (auto* left = which.session) {
      which.session = nullptr;
      left->attached = 0;
      left->expires = now + options_.session_lifetime;
      if (!what.resumable)
        end_session(*left);
    }
    return;
  case fault_kind::close:
    return close(which, what.code, what.variant, now);
  case fault_kind::drop:
    emit({.kind = effect_kind::drop, .connection = which.id}, now);
    return detach(which, true, now);
  case fault_kind::silence:
    which.silent = true;
    return;
  case fault_kind::half_frame:
    which.half_frame = 1;
    // Something must be sent for half of it to be seen.
    return send_text(which, R"({"t":null,"s":null,"op":11,"d":null})", now);
  case fault_kind::split_messages:
    which.split += what.count;
    return;
  case fault_kind::missing_suffix:
    which.missing_suffix += what.count;
    return;
  case fault_kind::corrupt_stream:
    which.corrupt += what.count;
    return;
  case fault_kind::request_heartbeat:
    return send_text(which, R"({"t":null,"s":null,"op":1,"d":null})", now);
  case fault_kind::invalidate:
    if (auto* left = which.session)
      end_session(*left);
    return close(which, 4000, "Unknown error.", now);
  default:
    return;
  }
}

host_state model::state_of(host_kind host, clock::time_point now) {
  if (host == host_kind::main)
    return host_state::alive;
  auto* dead = strike(fault_kind::resume_host_dead, now, false);
  if (dead == nullptr)
    return host_state::alive;
  return dead->what.variant == "hang" ? host_state::hangs : host_state::refuses;
}

void model::begin_outage(const fault& what, clock::time_point now) {
  auto left = what.count;
  for (std::uint32_t guild = 0; guild < world_.guild_count() && left > 0; ++guild) {
    if (world_.unavailable(guild) || world_.absent(guild))
      continue;
    --left;
    world_.set_unavailable(guild, true);
    outages_.emplace(now + what.lasting, guild);
    publish({"GUILD_DELETE",
             guild,
             {intent::guilds},
             "{\"id\":" + quote(world_.guild_id(guild)) + ",\"unavailable\":true}",
             {}},
            now);
  }
}

void model::end_outages(clock::time_point now) {
  while (!outages_.empty() && outages_.begin()->first <= now) {
    auto guild = outages_.begin()->second;
    outages_.erase(outages_.begin());
    world_.set_unavailable(guild, false);
    if (!world_.absent(guild))
      publish_guild(guild, now);
  }
}

} // namespace troupe::simulator
