// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/cache/settings.hpp"

#include "messages/nearest.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe::cache {

namespace {

using flag = bool settings::*;
using flags = std::vector<flag>;

constexpr std::array<std::pair<std::string_view, flag>, 15> switches{
  {{"guilds", &settings::guilds},
   {"roles", &settings::roles},
   {"channels", &settings::channels},
   {"threads", &settings::threads},
   {"members", &settings::members},
   {"users", &settings::users},
   {"presences", &settings::presences},
   {"voice_states", &settings::voice_states},
   {"messages", &settings::messages},
   {"emojis", &settings::emojis},
   {"stickers", &settings::stickers},
   {"stage_instances", &settings::stage_instances},
   {"scheduled_events", &settings::scheduled_events},
   {"soundboard_sounds", &settings::soundboard_sounds},
   {"invites", &settings::invites}}};

settings switched(bool on) {
  settings made;
  for (const auto& one : switches)
    made.*one.second = on;
  return made;
}

settings united(settings one, const settings& other) {
  for (const auto& each : switches)
    one.*each.second = one.*each.second || other.*each.second;
  return one;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' '))
    text.remove_prefix(1);
  while (text.ends_with(' '))
    text.remove_suffix(1);
  return text;
}

error unknown(std::string_view word) {
  std::vector<std::string_view> known{"usual", "all", "none"};
  std::string list = "\"usual\", \"all\", \"none\"";
  for (const auto& one : switches) {
    known.push_back(one.first);
    list.append(", ").append(one.first);
  }
  return {errc::invalid_configuration,
          "there is no resource \"" + std::string{word} + "\"" + did_you_mean(word, known) + "; there are " + list};
}

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

result<settings> settings::parse(std::string_view resources) {
  auto read = switched(false);
  while (true) {
    auto comma = resources.find(',');
    auto word = trimmed(resources.substr(0, comma));
    auto row = std::find_if(switches.begin(), switches.end(), [&](const auto& one) { return one.first == word; });
    if (row != switches.end())
      read.*row->second = true;
    else if (word == "all")
      read = switched(true);
    else if (word == "usual")
      read = united(read, settings{});
    else if (word != "none" && !word.empty())
      return unknown(word);
    if (comma == std::string_view::npos)
      return read;
    resources.remove_prefix(comma + 1);
  }
}

bool settings::any() const noexcept {
  return std::any_of(switches.begin(), switches.end(), [this](const auto& one) { return this->*one.second; });
}

bool settings::wants(std::string_view event) const noexcept {
  auto found = reasons().find(event);
  if (found == reasons().end())
    return false;
  const auto& any = found->second;
  return any.empty() || std::any_of(any.begin(), any.end(), [this](flag one) { return this->*one; });
}

} // namespace troupe::cache
