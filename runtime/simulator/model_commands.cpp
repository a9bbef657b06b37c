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

// Members whose name or nickname begins like this, at most `limit`.
std::vector<snowflake> search(const world& where, std::uint32_t guild, std::string_view prefix, std::uint64_t limit) {
  auto quoted = quote(prefix);
  quoted.pop_back();
  std::vector<snowflake> found;
  auto look = [&](snowflake user) {
    auto text = found.size() < limit ? where.member_text(guild, user) : std::string{};
    if (text.find("\"username\":" + quoted) != std::string::npos
        || text.find("\"nick\":" + quoted) != std::string::npos)
      found.push_back(user);
  };
  for (std::uint32_t i = 0; i < where.member_count(guild) && found.size() < limit; ++i)
    look(where.user_id({guild, i}));
  look(where.bot());
  if (const auto* changed = where.record(guild))
    for (auto user : changed->joined)
      look(user);
  return found;
}

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
  auto guild = guild_of(who, payload.guild_id);
  if (!guild)
    return; // Discord does not answer either.
  auto guild_id = quote(*payload.guild_id);
  if (payload.channel_id) {
    const auto* state = world_.record(*guild);
    auto found =
      state == nullptr ? std::map<snowflake, json_object>::const_iterator{} : state->channels.find(*payload.channel_id);
    if (state == nullptr ? *payload.channel_id != world_.voice_channel(*guild)
                         : found == state->channels.end() || !is_voice(found->second))
      return;
  }
  json_object state{{"user_id", quote(snowflake{options_.bot_id})},
                    {"channel_id", payload.channel_id ? quote(*payload.channel_id) : "null"},
                    {"session_id", '"' + who.id + '"'},
                    {"self_mute", payload.self_mute ? "true" : "false"},
                    {"self_deaf", payload.self_deaf ? "true" : "false"},
                    {"self_video", "false"},
                    {"mute", "false"},
                    {"deaf", "false"},
                    {"suppress", "false"},
                    {"request_to_speak_timestamp", "null"}};
  // The bot's own state comes whatever the intents say.
  if (!world_.changes()) {
    state.set("guild_id", guild_id).set("member", world_.bot_member());
    dispatch(who, "VOICE_STATE_UPDATE", state.text(), now);
  } else {
    auto told = churn_.move_bot(*guild, state, unix_ms(now));
    for (auto& one : sessions_)
      if (&one == &who
          || (one.shard.owns(*payload.guild_id) && !one.awaits(*guild) && one.intents.has(intent::guild_voice_states)))
        dispatch(one, told.type, told.data, now);
  }
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
  auto guild = guild_of(who, payload.guild_id);
  if (!guild)
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
    if (const auto* changed = world_.record(*guild))
      wanted.members.assign(changed->joined.begin(), changed->joined.end());
    auto total = world_.member_count(*guild) + 1 + static_cast<std::uint32_t>(wanted.members.size());
    wanted.chunk_count = (total + chunk_size - 1) / chunk_size;
  } else if (payload.query) {
    wanted.members = search(world_, *guild, *payload.query, std::clamp<std::uint64_t>(*payload.limit, 1, 100));
  } else {
    for (auto user : *payload.user_ids) {
      if (!world_.member_text(*guild, user).empty())
        wanted.members.push_back(user);
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
  if (world_.absent(request.guild)) {
    to.member_requests.pop_front(); // The bot left meanwhile.
    return;
  }
  auto by_index = request.all ? world_.member_count(request.guild) + 1 : 0;
  auto total = by_index + static_cast<std::uint32_t>(request.members.size());
  auto begin = request.next_chunk * chunk_size;
  auto end = std::min(total, begin + chunk_size);
  std::string members;
  std::string presences;
  for (auto i = begin; i < end; ++i) {
    auto user = i >= by_index      ? request.members[i - by_index]
                : i + 1 < by_index ? world_.user_id({request.guild, i})
                                   : world_.bot();
    auto member = world_.member_text(request.guild, user);
    if (member.empty())
      continue; // Left meanwhile.
    (members += members.empty() ? "" : ",") += member;
    if (!request.presences)
      continue;
    if (auto presence = world_.presence(request.guild, user); !presence.empty())
      (presences += presences.empty() ? "" : ",") += presence;
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
  for (auto id : payload.guild_ids) {
    auto guild = guild_of(who, id);
    if (!guild)
      continue;
    const auto* changed = world_.record(*guild);
    dispatch(who, "SOUNDBOARD_SOUNDS",
             "{\"soundboard_sounds\":" + (changed == nullptr ? "[]" : json_array(changed->sounds))
               + ",\"guild_id\":" + quote(id) + '}',
             now);
  }
}

void model::send_channel_info(connection& from, const client_payload& payload, clock::time_point now) {
  auto& who = *from.session;
  auto guild = guild_of(who, payload.guild_id);
  if (!guild)
    return;
  std::vector<std::string> channels;
  auto add = [&](snowflake channel, const std::string& status, const std::string& start) {
    json_object made{{"id", quote(channel)}};
    for (const auto& field : payload.fields) {
      if (field == "status")
        made.set(field, status);
      else if (field == "voice_start_time")
        made.set(field, start);
    }
    channels.push_back(made.text());
  };
  if (const auto* changed = world_.record(*guild)) {
    for (const auto& [id, channel] : changed->channels)
      if (auto info = changed->voice_info.find(id); info != changed->voice_info.end())
        add(id, info->second.first, info->second.second);
      else if (is_voice(channel))
        add(id, "null", "null");
  } else {
    add(world_.voice_channel(*guild), "null", "null");
  }
  dispatch(who, "CHANNEL_INFO",
           "{\"guild_id\":" + quote(*payload.guild_id) + ",\"channels\":" + json_array(channels) + '}', now);
}

} // namespace troupe::simulator
