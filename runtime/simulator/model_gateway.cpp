// SPDX-License-Identifier: BSD-3-Clause
// What a client says at the gateway: the envelope, HEARTBEAT, IDENTIFY and RESUME (protocol 2, 3 and 4).
#include "runtime/simulator/model.hpp"
#include "runtime/simulator/payload.hpp"
#include "runtime/simulator/text.hpp"

#include <algorithm>

namespace troupe::simulator {

namespace {

constexpr std::uint64_t known_intents = 0x331FFFF;
constexpr std::uint64_t privileged_intents = 33'026;

} // namespace

void model::on_frame(connection_id id, const frame& what, clock::time_point now) {
  auto* from = find(id);
  if (from == nullptr)
    return;
  ++counters_.payloads_received;
  auto refuse = [&](std::uint16_t code, std::string_view reason, std::string_view rule, std::string sentence) {
    add_breach(from, rule, std::move(sentence), now);
    close(*from, code, reason, now);
  };
  if (!from->commands.take(now))
    return refuse(4008, "You are being rate limited.", "command_rate",
                  "more than " + std::to_string(options_.command_limit) + " payloads in 60 s");
  if (what.bytes.size() > options_.payload_limit)
    return refuse(4002, "Error while decoding payload.", "payload_size",
                  "a payload of " + std::to_string(what.bytes.size()) + " bytes");
  auto payload = parse_payload(what.bytes);
  if (!payload)
    return refuse(4002, "Error while decoding payload.", "decode_error", "a payload that is no JSON object with an op");
  switch (payload->op) {
  case 1:
    if (!payload->has_nothing && !payload->beat)
      return refuse(4002, "Error while decoding payload.", "decode_error", "a heartbeat whose d is no sequence");
    ++counters_.heartbeats;
    from->last_beat = now;
    return send_text(*from, R"({"t":null,"s":null,"op":11,"d":null})", now);
  case 2:
  case 6:
    if (!payload->has_object)
      return refuse(4002, "Error while decoding payload.", "decode_error", "d is no object");
    if (from->session != nullptr)
      return refuse(4005, "Already authenticated.", "already_authenticated", "IDENTIFY or RESUME came twice");
    return payload->op == 2 ? identify(*from, *payload, now) : resume(*from, *payload, now);
  case 3:
  case 4:
  case 8:
  case 31:
  case 43:
    if (from->session == nullptr && from->invalidated)
      return; // The client has not read op 9 yet.
    if (from->session == nullptr)
      return refuse(4003, "Not authenticated.", "not_authenticated",
                    "op " + std::to_string(payload->op) + " came before IDENTIFY");
    if (!payload->has_object)
      return refuse(4002, "Error while decoding payload.", "decode_error", "d is no object");
    return command(*from, *payload, now);
  default:
    return refuse(4001, "Unknown opcode.", "unknown_opcode", "op " + std::to_string(payload->op));
  }
}

void model::invalid_session(connection& to, bool resumable, clock::time_point now) {
  to.invalidated = true;
  send_text(to, resumable ? R"({"t":null,"s":null,"op":9,"d":true})" : R"({"t":null,"s":null,"op":9,"d":false})", now);
}

bool model::acceptable(connection& from, shard_id shard, std::uint64_t bits, clock::time_point now) {
  auto refuse = [&](std::uint16_t code, std::string_view reason, std::string_view rule, std::string sentence) {
    ++counters_.identifies_refused;
    add_breach(&from, rule, to_string(shard) + ": " + std::move(sentence), now);
    close(from, code, reason, now);
    return false;
  };
  if (shard.count == 0 || shard.index >= shard.count)
    return refuse(4010, "Invalid shard.", "invalid_shard", "no shard of this number exists");
  if (options_.shard_multiple > 0 && shard.count % options_.shard_multiple != 0)
    return refuse(4010, "Invalid shard.", "invalid_shard",
                  "the count must be a multiple of " + std::to_string(options_.shard_multiple));
  if (auto guilds = world_.guilds_on(shard); guilds > options_.guild_limit)
    return refuse(4011, "Sharding required.", "sharding_required", std::to_string(guilds) + " guilds on one session");
  if ((bits & ~known_intents) != 0)
    return refuse(4013, "Invalid intent(s).", "invalid_intents", "unknown bits in " + std::to_string(bits));
  if ((bits & privileged_intents & ~std::uint64_t{options_.allowed_privileged}) != 0)
    return refuse(4014, "Disallowed intent(s).", "disallowed_intents", "not approved: " + std::to_string(bits));
  return true;
}

void model::identify(connection& from, const client_payload& payload, clock::time_point now) {
  ++counters_.identifies;
  shard_id shard{0, 1};
  if (payload.shard && payload.shard->second <= 0xffffffff && payload.shard->first <= 0xffffffff)
    shard = {static_cast<std::uint32_t>(payload.shard->first), static_cast<std::uint32_t>(payload.shard->second)};
  else if (payload.has_shard)
    shard = {0, 0};
  if (!payload.token || !payload.has_properties || !payload.intents) {
    ++counters_.identifies_refused;
    add_breach(&from, "decode_error", "IDENTIFY lacks token, properties or intents", now);
    return close(from, 4002, "Error while decoding payload.", now);
  }
  if (*payload.token != options_.token) {
    ++counters_.identifies_refused;
    add_breach(&from, "authentication_failed", "IDENTIFY with a wrong token", now);
    return close(from, 4004, "Authentication failed.", now);
  }
  if (!acceptable(from, shard, *payload.intents, now))
    return;
  switch (identify_limits_.take(shard, now)) {
  case identify_limits::verdict::allowed:
    break;
  case identify_limits::verdict::budget_spent:
    // Discord ends all sessions and resets the token; the client finds out like this.
    ++counters_.identifies_refused;
    add_breach(&from, "identify_budget", to_string(shard) + ": no session start is left", now);
    return close(from, 4004, "Authentication failed.", now);
  case identify_limits::verdict::too_early:
    ++counters_.identifies_refused;
    add_breach(&from, "identify_concurrency",
               to_string(shard) + ": less than " + std::to_string(options_.identify_interval.count())
                 + " ms after the last IDENTIFY with this key",
               now);
    return invalid_session(from, false, now);
  }
  if (!hit_on_attach(from, shard, now))
    return;
  auto guilds = world_.guilds_of(shard);
  if (sessions_.empty() && options_.events_per_second > 0)
    next_event_ = now; // While nobody listened, nothing happened.
  auto& made = sessions_.emplace_back();
  random name{options_.seed + ++last_session_};
  for (int i = 0; i < 32; ++i)
    made.id += "0123456789abcdef"[name.below(16)];
  made.shard = shard;
  made.intents.bits = static_cast<std::uint32_t>(*payload.intents);
  made.large_threshold =
    static_cast<std::uint32_t>(std::clamp<std::uint64_t>(payload.large_threshold.value_or(50), 50, 250));
  made.replay_limit =
    options_.replay_buffer > 0 ? options_.replay_buffer : std::clamp<std::size_t>(guilds.size() * 75, 100, 3'500);
  made.attached = from.id;
  from.compresses = payload.compress;
  from.session = &made;
  from.cursor = 1;
  if (made.intents.has(intent::guilds)) {
    auto stubs = world_.stubs_of(shard);
    made.stubs.assign(stubs.begin(), stubs.end());
  }
  made.next_stubs = now + options_.guild_batch_interval;
  dispatch(made, "READY", ready(made), now);
}

std::string model::ready(const session& of) const {
  std::string guilds;
  for (auto guild : world_.stubs_of(of.shard))
    guilds += (guilds.empty() ? "{\"unavailable\":true,\"id\":" : ",{\"unavailable\":true,\"id\":")
              + quote(world_.guild_id(guild)) + '}';
  return "{\"v\":10,\"user_settings\":{},\"user\":" + world_.bot_user() + ",\"shard\":["
         + std::to_string(of.shard.index) + ',' + std::to_string(of.shard.count)
         + "],\"session_type\":\"normal\",\"session_id\":\"" + of.id + "\",\"resume_gateway_url\":"
         + quote(options_.resume_url) + ",\"relationships\":[],\"private_channels\":[],\"presences\":[],\"guilds\":["
         + guilds + "],\"application\":{\"id\":" + quote(snowflake{options_.bot_id}) + ",\"flags\":0},\"_trace\":[]}";
}

void model::resume(connection& from, const client_payload& payload, clock::time_point now) {
  if (!payload.token || !payload.session_id || !payload.seq) {
    add_breach(&from, "decode_error", "RESUME lacks token, session_id or seq", now);
    return close(from, 4002, "Error while decoding payload.", now);
  }
  if (*payload.token != options_.token) {
    add_breach(&from, "authentication_failed", "RESUME with a wrong token", now);
    return close(from, 4004, "Authentication failed.", now);
  }
  auto found =
    std::find_if(sessions_.begin(), sessions_.end(), [&](const session& one) { return one.id == *payload.session_id; });
  if (found == sessions_.end()) {
    ++counters_.resumes_refused;
    return invalid_session(from, false, now);
  }
  auto& back = *found;
  if (*payload.seq > back.sequence) {
    ++counters_.resumes_refused;
    add_breach(&from, "invalid_sequence",
               to_string(back.shard) + ": RESUME from " + std::to_string(*payload.seq) + ", but the last was "
                 + std::to_string(back.sequence),
               now);
    end_session(back);
    return close(from, 4007, "Invalid seq.", now);
  }
  if (*payload.seq + 1 < back.oldest()) {
    ++counters_.resumes_refused; // The replay buffer overflowed.
    end_session(back);
    return invalid_session(from, false, now);
  }
  if (!hit_on_attach(from, back.shard, now))
    return;
  if (auto* old = connection_of(back)) {
    old->session = nullptr;
    close(*old, 4000, "The session was resumed elsewhere.", now);
  }
  ++counters_.resumes;
  counters_.events_replayed += back.sequence - *payload.seq;
  back.attached = from.id;
  from.session = &back;
  from.cursor = *payload.seq + 1;
  dispatch(back, "RESUMED", "{\"_trace\":[]}", now);
}

} // namespace troupe::simulator
