// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/churn/acts.hpp"
#include "runtime/simulator/text.hpp"

namespace troupe::simulator::churn {

namespace {

constexpr std::size_t voice_states_max = 12;

bool is_stage(const json_object& channel) {
  return channel.is("type", "13");
}

void tell(scene& s, snowflake user, const json_object& state, bool with_member) {
  auto told = state;
  if (with_member)
    told.set("member", s.where.member_text(s.guild, user));
  s.emit_here("VOICE_STATE_UPDATE", {intent::guild_voice_states}, told);
}

json_object fresh_state(scene& s, snowflake user) {
  return {{"channel_id", "null"},    {"user_id", quote(user)},
          {"session_id", s.image()}, {"deaf", "false"},
          {"mute", "false"},         {"self_deaf", s.flip()},
          {"self_mute", s.flip()},   {"self_video", "false"},
          {"suppress", "false"},     {"request_to_speak_timestamp", "null"}};
}

bool enter(scene& s) {
  auto user = s.somebody();
  auto* channel = s.channel(is_voice);
  if (!user || channel == nullptr || s.state.voice_states.size() >= voice_states_max)
    return false;
  auto [found, is_new] = s.state.voice_states.try_emplace(user);
  auto& state = found->second;
  if (is_new)
    state = fresh_state(s, user);
  state.set("channel_id", quote(channel->id())).set("suppress", is_stage(*channel) ? "true" : "false");
  tell(s, user, state, !s.chance(8));
  return true;
}

bool change(scene& s) {
  if (s.state.voice_states.empty())
    return false;
  auto& [user, state] = *s.pick(s.state.voice_states);
  if (user == s.bot())
    return false; // Its commands decide.
  auto name = s.any({"self_mute", "self_deaf", "self_video", "self_stream", "mute", "deaf", "suppress"});
  state.set(name, state.is(name, "true") ? "false" : "true");
  if (s.chance(4))
    state.set("request_to_speak_timestamp", s.maybe(s.time()));
  tell(s, user, state, true);
  return true;
}

bool exit(scene& s) {
  if (s.state.voice_states.empty())
    return false;
  auto user = s.pick(s.state.voice_states)->first;
  if (user == s.bot())
    return false;
  leave_voice(s, user, true);
  return true;
}

bool stage_create(scene& s) {
  auto* channel = s.channel([&](const json_object& one) {
    for (const auto& [id, stage] : s.state.stages)
      if (stage.id("channel_id") == one.id())
        return false;
    return is_stage(one);
  });
  if (channel == nullptr)
    return false;
  auto id = s.make_id();
  auto scheduled =
    s.state.scheduled_events.empty() || s.chance(2) ? "null" : quote(s.pick(s.state.scheduled_events)->first);
  json_object made{{"id", quote(id)},
                   {"guild_id", quote(s.guild_id())},
                   {"channel_id", quote(channel->id())},
                   {"topic", quote(s.people.chatter())},
                   {"privacy_level", "2"},
                   {"discoverable_disabled", s.flip()},
                   {"guild_scheduled_event_id", scheduled}};
  s.emit("STAGE_INSTANCE_CREATE", in_guilds, made.text());
  s.state.stages.emplace(id, std::move(made));
  return true;
}

bool stage_update(scene& s) {
  if (s.state.stages.empty())
    return false;
  auto& one = s.pick(s.state.stages)->second;
  s.emit("STAGE_INSTANCE_UPDATE", in_guilds, one.set("topic", quote(s.people.chatter())).text());
  return true;
}

bool stage_delete(scene& s) {
  if (s.state.stages.empty())
    return false;
  auto found = s.pick(s.state.stages);
  s.emit("STAGE_INSTANCE_DELETE", in_guilds, found->second.text());
  s.state.stages.erase(found);
  return true;
}

bool server_update(scene& s) {
  s.emit_here("VOICE_SERVER_UPDATE", {},
              {{"token", "\"local-voice-token\""}, {"endpoint", s.maybe("\"voice.localhost:443\"")}});
  return true;
}

bool effect(scene& s) {
  auto user = s.somebody();
  auto* channel = s.channel(is_voice);
  if (!user || channel == nullptr)
    return false;
  json_object told{{"channel_id", quote(channel->id())}, {"user_id", quote(user)}};
  if (s.chance(2)) {
    told.set("emoji", s.maybe("{\"id\":null,\"name\":\"\U0001F389\"}"));
    told.set("animation_type", s.any({"null", "0", "1"})).set("animation_id", s.number(0, 20));
  } else {
    // Default sounds have small whole numbers.
    told.set("sound_id", s.state.sounds.empty() ? "1" : quote(s.pick(s.state.sounds)->first));
    told.set("sound_volume", s.any({"1.0", "0.25", "1"}));
  }
  s.emit_here("VOICE_CHANNEL_EFFECT_SEND", {intent::guild_voice_states}, told);
  return true;
}

} // namespace

void leave_voice(scene& s, snowflake user, bool with_member) {
  auto found = s.state.voice_states.find(user);
  if (found == s.state.voice_states.end())
    return;
  auto state = found->second;
  s.state.voice_states.erase(found);
  tell(s, user, state.set("channel_id", "null"), with_member);
}

bool voice_state_update(scene& s) {
  switch (s.dice.below(4)) {
  case 0:
    return exit(s) || enter(s);
  case 1:
    return change(s) || enter(s);
  default:
    return enter(s) || exit(s);
  }
}

std::span<const weighted_act> voice_acts() {
  static constexpr weighted_act all[]{{10, voice_state_update}, {4, stage_create},  {2, stage_update},
                                      {2, stage_delete},        {2, server_update}, {2, effect}};
  return all;
}

} // namespace troupe::simulator::churn
