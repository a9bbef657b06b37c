// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/cache/settings.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <unordered_map>
#include <vector>

namespace troupe::cache {

namespace {

using flag = bool settings::*;
using flags = std::vector<flag>;

const std::unordered_map<std::string_view, flags>& reasons() {
  using s = settings;
  static const flags channels{&s::channels, &s::threads};
  static const flags message{&s::messages};
  // A member comes along.
  static const flags seen{&s::members};
  static const std::unordered_map<std::string_view, flags> all{
    {"GUILD_CREATE", {}},
    {"GUILD_UPDATE", {}},
    {"GUILD_DELETE", {}},
    {"CHANNEL_CREATE", channels},
    {"CHANNEL_UPDATE", channels},
    {"CHANNEL_DELETE", {&s::channels, &s::threads, &s::messages, &s::stage_instances, &s::voice_states, &s::invites}},
    {"CHANNEL_INFO", {&s::channels}},
    {"CHANNEL_PINS_UPDATE", channels},
    {"VOICE_CHANNEL_STATUS_UPDATE", {&s::channels}},
    {"VOICE_CHANNEL_START_TIME_UPDATE", {&s::channels}},
    {"THREAD_CREATE", channels},
    {"THREAD_UPDATE", {&s::threads, &s::messages}},
    {"THREAD_DELETE", {&s::threads, &s::messages}},
    {"THREAD_LIST_SYNC", {&s::threads, &s::messages}},
    {"THREAD_MEMBER_UPDATE", {&s::threads}},
    {"THREAD_MEMBERS_UPDATE", {&s::threads, &s::members, &s::presences}},
    {"GUILD_EMOJIS_UPDATE", {&s::emojis}},
    {"GUILD_STICKERS_UPDATE", {&s::stickers}},
    {"GUILD_ROLE_CREATE", {&s::roles}},
    {"GUILD_ROLE_UPDATE", {&s::roles}},
    {"GUILD_ROLE_DELETE", {&s::roles}},
    {"GUILD_SOUNDBOARD_SOUND_CREATE", {&s::soundboard_sounds}},
    {"GUILD_SOUNDBOARD_SOUND_UPDATE", {&s::soundboard_sounds}},
    {"GUILD_SOUNDBOARD_SOUND_DELETE", {&s::soundboard_sounds}},
    {"GUILD_SOUNDBOARD_SOUNDS_UPDATE", {&s::soundboard_sounds}},
    {"SOUNDBOARD_SOUNDS", {&s::soundboard_sounds}},
    // Also for the member count.
    {"GUILD_MEMBER_ADD", {}},
    {"GUILD_MEMBER_REMOVE", {}},
    {"GUILD_MEMBER_UPDATE", seen},
    // Also answers requests for members.
    {"GUILD_MEMBERS_CHUNK", {}},
    {"RATE_LIMITED", {}},
    {"PRESENCE_UPDATE", {&s::presences}},
    {"TYPING_START", seen},
    {"INTERACTION_CREATE", seen},
    {"VOICE_STATE_UPDATE", {&s::voice_states, &s::members}},
    {"MESSAGE_CREATE", {&s::messages, &s::channels, &s::threads, &s::members}},
    {"MESSAGE_UPDATE", {&s::messages, &s::members}},
    {"MESSAGE_DELETE", {&s::messages, &s::threads}},
    {"MESSAGE_DELETE_BULK", {&s::messages, &s::threads}},
    {"MESSAGE_REACTION_ADD", {&s::messages, &s::members}},
    {"MESSAGE_REACTION_REMOVE", message},
    {"MESSAGE_REACTION_REMOVE_ALL", message},
    {"MESSAGE_REACTION_REMOVE_EMOJI", message},
    {"MESSAGE_POLL_VOTE_ADD", message},
    {"MESSAGE_POLL_VOTE_REMOVE", message},
    {"GUILD_SCHEDULED_EVENT_CREATE", {&s::scheduled_events}},
    {"GUILD_SCHEDULED_EVENT_UPDATE", {&s::scheduled_events}},
    {"GUILD_SCHEDULED_EVENT_DELETE", {&s::scheduled_events}},
    {"GUILD_SCHEDULED_EVENT_USER_ADD", {&s::scheduled_events}},
    {"GUILD_SCHEDULED_EVENT_USER_REMOVE", {&s::scheduled_events}},
    {"INVITE_CREATE", {&s::invites}},
    {"INVITE_DELETE", {&s::invites}},
    {"STAGE_INSTANCE_CREATE", {&s::stage_instances}},
    {"STAGE_INSTANCE_UPDATE", {&s::stage_instances}},
    {"STAGE_INSTANCE_DELETE", {&s::stage_instances}},
  };
  return all;
}

} // namespace

bool settings::wants(std::string_view event) const noexcept {
  auto found = reasons().find(event);
  if (found == reasons().end())
    return false;
  const auto& any = found->second;
  return any.empty() || std::any_of(any.begin(), any.end(), [this](flag one) { return this->*one; });
}

} // namespace troupe::cache
