// SPDX-License-Identifier: BSD-3-Clause
// The commands of a client that has a session: presence, voice, members, sounds, channel info (protocol 2.1, 4.5).
#include "runtime/simulator/model.hpp"
#include "runtime/simulator/payload.hpp"
#include "runtime/simulator/text.hpp"

#include <algorithm>
#include <array>

namespace troupe::simulator {

namespace {

constexpr std::uint32_t chunk_size = 1'000;
constexpr std::chrono::seconds full_list_interval{30};
constexpr std::chrono::milliseconds chunk_interval{5};

} // namespace

void model::command(connection& from, const client_payload& payload, clock::time_point now) {
  switch (payload.op) {
  case 3: {
    constexpr std::array<std::string_view, 5> states{"online", "dnd", "idle", "invisible", "offline"};
    if (!payload.status || !payload.has_activities
        || std::find(states.begin(), states.end(), *payload.status) == states.end()) {
      add_breach(&from, "decode_error", "a presence without activities or with an unknown status", now);
      return close(from, 4002, "Error while decoding payload.", now);
    }
    if (!from.session->presences.take(now))
      add_breach(&from, "presence_rate", "more than 5 presence updates in 20 s; this one was dropped", now);
    return;
  }
  case 4:
    return update_voice(from, payload, now);
  case 8:
    return request_members(from, payload, now);
  case 31:
    return send_sounds(from, payload, now);
  default:
    return send_channel_info(from, payload, now);
  }
}

void model::update_voice(connection& from, const client_payload& payload, clock::time_point now) {
  auto& who = *from.session;
  auto guild = payload.guild_id ? world_.find_guild(*payload.guild_id) : std::nullopt;
  if (!guild || !who.shard.owns(*payload.guild_id))
    return; // Discord does not answer either.
  auto guild_id = quote(*payload.guild_id);
  if (payload.channel_id && *payload.channel_id != world_.voice_channel(*guild))
    return;
  // The bot's own state comes whatever the intents say.
  dispatch(who, "VOICE_STATE_UPDATE",
           "{\"guild_id\":" + guild_id + ",\"user_id\":" + quote(snowflake{options_.bot_id}) + ",\"member\":"
             + world_.bot_member() + ",\"channel_id\":" + (payload.channel_id ? quote(*payload.channel_id) : "null")
             + ",\"session_id\":\"" + who.id + "\",\"self_mute\":" + (payload.self_mute ? "true" : "false")
             + ",\"self_deaf\":" + (payload.self_deaf ? "true" : "false")
             + ",\"self_video\":false,\"mute\":false,\"deaf\":false,\"suppress\":false,"
             + "\"request_to_speak_timestamp\":null}",
           now);
  // The connection may be gone by now, the session is not.
  if (payload.channel_id)
    dispatch(who, "VOICE_SERVER_UPDATE",
             "{\"token\":\"local-voice-token\",\"guild_id\":" + guild_id + ",\"endpoint\":\"voice.localhost:443\"}",
             now);
}

void model::request_members(connection& from, const client_payload& payload, clock::time_point now) {
  auto& who = *from.session;
  auto refuse = [&](std::string sentence) {
    add_breach(&from, "decode_error", "op 8: " + std::move(sentence), now);
    close(from, 4002, "Error while decoding payload.", now);
  };
  if (!payload.guild_id || payload.query.has_value() == payload.user_ids.has_value())
    return refuse("needs guild_id and either query or user_ids");
  if ((payload.query && !payload.limit) || (payload.user_ids && payload.user_ids->size() > 100))
    return refuse("query needs a limit, user_ids are at most 100");
  auto guild = world_.find_guild(*payload.guild_id);
  if (!guild || !who.shard.owns(*payload.guild_id))
    return;
  member_request wanted{.guild = *guild, .presences = payload.presences && who.intents.has(intent::guild_presences)};
  if (payload.nonce && payload.nonce->size() <= 32)
    wanted.nonce = quote(*payload.nonce);
  wanted.all = payload.query && payload.query->empty() && *payload.limit == 0;
  if (wanted.all) {
    if (!who.intents.has(intent::guild_members)) {
      add_breach(&from, "disallowed_intents", "op 8 for all members without GUILD_MEMBERS", now);
      return close(from, 4014, "Disallowed intent(s).", now);
    }
    auto [last, first] = who.full_lists.try_emplace(*guild, now);
    if (!first && now - last->second < full_list_interval) {
      auto wait = std::chrono::duration<double>(last->second + full_list_interval - now).count();
      return dispatch(who, "RATE_LIMITED",
                      "{\"opcode\":8,\"retry_after\":" + std::to_string(wait) + ",\"meta\":{\"guild_id\":"
                        + quote(*payload.guild_id) + (wanted.nonce.empty() ? "" : ",\"nonce\":" + wanted.nonce) + "}}",
                      now);
    }
    last->second = now;
    wanted.chunk_count = (world_.member_count(*guild) + chunk_size - 1) / chunk_size;
  } else if (payload.query) {
    auto limit = std::clamp<std::uint64_t>(*payload.limit, 1, 100);
    for (std::uint32_t i = 0; i < world_.member_count(*guild) && wanted.members.size() < limit; ++i)
      if (world_.user_name({*guild, i}).starts_with(*payload.query))
        wanted.members.push_back(i);
  } else {
    for (auto user : *payload.user_ids) {
      if (auto member = world_.find_member(*guild, user))
        wanted.members.push_back(*member);
      else
        wanted.not_found += (wanted.not_found.empty() ? "" : ",") + quote(user);
    }
  }
  if (who.member_requests.empty())
    who.next_chunk = now;
  who.member_requests.push_back(std::move(wanted));
  send_member_chunk(who, now);
}

void model::send_member_chunk(session& to, clock::time_point now) {
  to.next_chunk = now + chunk_interval;
  auto& request = to.member_requests.front();
  auto total = request.all ? world_.member_count(request.guild) : static_cast<std::uint32_t>(request.members.size());
  auto begin = request.next_chunk * chunk_size;
  auto end = std::min(total, begin + chunk_size);
  std::string members;
  std::string presences;
  for (auto i = begin; i < end; ++i) {
    member_ref who{request.guild, request.all ? i : request.members[i]};
    members += (members.empty() ? "" : ",") + world_.member_with_user(who);
    if (request.presences)
      presences += (presences.empty() ? "" : ",") + std::string{"{\"user\":{\"id\":"} + quote(world_.user_id(who))
                   + "},\"status\":\"online\",\"client_status\":{\"desktop\":\"online\"},\"activities\":[]}";
  }
  auto text = "{\"guild_id\":" + quote(world_.guild_id(request.guild)) + ",\"members\":[" + members
              + "],\"chunk_index\":" + std::to_string(request.next_chunk)
              + ",\"chunk_count\":" + std::to_string(request.chunk_count) + ",\"not_found\":[" + request.not_found + ']'
              + (request.presences ? ",\"presences\":[" + presences + ']' : "")
              + (request.nonce.empty() ? "" : ",\"nonce\":" + request.nonce) + '}';
  if (++request.next_chunk >= request.chunk_count)
    to.member_requests.pop_front();
  dispatch(to, "GUILD_MEMBERS_CHUNK", text, now);
}

void model::send_sounds(connection& from, const client_payload& payload, clock::time_point now) {
  auto& who = *from.session;
  for (auto id : payload.guild_ids)
    if (world_.find_guild(id) && who.shard.owns(id))
      dispatch(who, "SOUNDBOARD_SOUNDS", "{\"soundboard_sounds\":[],\"guild_id\":" + quote(id) + '}', now);
}

void model::send_channel_info(connection& from, const client_payload& payload, clock::time_point now) {
  auto& who = *from.session;
  auto guild = payload.guild_id ? world_.find_guild(*payload.guild_id) : std::nullopt;
  if (!guild || !who.shard.owns(*payload.guild_id))
    return;
  std::string fields;
  for (auto& field : payload.fields) {
    if (field == "status")
      fields += ",\"status\":null";
    else if (field == "voice_start_time")
      fields += ",\"voice_start_time\":null";
  }
  dispatch(who, "CHANNEL_INFO",
           "{\"guild_id\":" + quote(*payload.guild_id) + ",\"channels\":[{\"id\":" + quote(world_.voice_channel(*guild))
             + fields + "}]}",
           now);
}

} // namespace troupe::simulator
