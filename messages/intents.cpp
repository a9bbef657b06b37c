// SPDX-License-Identifier: BSD-3-Clause
#include "messages/intents.hpp"

#include "messages/nearest.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace troupe {

namespace {

constexpr std::array<std::pair<std::string_view, intent>, 21> names{{
  {"guilds", intent::guilds},
  {"guild_members", intent::guild_members},
  {"guild_moderation", intent::guild_moderation},
  {"guild_expressions", intent::guild_expressions},
  {"guild_integrations", intent::guild_integrations},
  {"guild_webhooks", intent::guild_webhooks},
  {"guild_invites", intent::guild_invites},
  {"guild_voice_states", intent::guild_voice_states},
  {"guild_presences", intent::guild_presences},
  {"guild_messages", intent::guild_messages},
  {"guild_message_reactions", intent::guild_message_reactions},
  {"guild_message_typing", intent::guild_message_typing},
  {"direct_messages", intent::direct_messages},
  {"direct_message_reactions", intent::direct_message_reactions},
  {"direct_message_typing", intent::direct_message_typing},
  {"message_content", intent::message_content},
  {"guild_scheduled_events", intent::guild_scheduled_events},
  {"auto_moderation_configuration", intent::auto_moderation_configuration},
  {"auto_moderation_execution", intent::auto_moderation_execution},
  {"guild_message_polls", intent::guild_message_polls},
  {"direct_message_polls", intent::direct_message_polls},
}};

std::string normalized(std::string_view word) {
  auto is_space = [](unsigned char c) { return std::isspace(c) != 0; };
  while (!word.empty() && is_space(static_cast<unsigned char>(word.front())))
    word.remove_prefix(1);
  while (!word.empty() && is_space(static_cast<unsigned char>(word.back())))
    word.remove_suffix(1);
  std::string text{word};
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return c == '-' ? '_' : static_cast<char>(std::tolower(c)); });
  return text;
}

error unknown(const std::string& word) {
  std::array<std::string_view, names.size() + 2> known{"unprivileged", "all"};
  std::transform(names.begin(), names.end(), known.begin() + 2, [](const auto& row) { return row.first; });
  if (!word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isdigit(c) != 0; }))
    return {errc::unknown_intent, "\"" + word + "\" is a number, write the names, for example guilds,guild_messages"};
  return {errc::unknown_intent, "\"" + word + "\"" + did_you_mean(word, known)};
}

} // namespace

intents intents::privileged() noexcept {
  return {intent::guild_members, intent::guild_presences, intent::message_content};
}

intents intents::all() noexcept {
  intents set;
  for (const auto& [name, bit] : names)
    set.bits |= static_cast<std::uint32_t>(bit);
  return set;
}

intents intents::unprivileged() noexcept {
  auto set = all();
  set.bits &= ~privileged().bits;
  return set;
}

result<intents> intents::parse(std::string_view text) {
  intents set;
  if (normalized(text).empty())
    return set;
  while (true) {
    auto comma = text.find(',');
    auto word = normalized(text.substr(0, comma));
    auto row = std::find_if(names.begin(), names.end(), [&](const auto& one) { return one.first == word; });
    if (row != names.end())
      set.bits |= static_cast<std::uint32_t>(row->second);
    else if (word == "unprivileged")
      set.bits |= unprivileged().bits;
    else if (word == "all")
      set.bits |= all().bits;
    else
      return unknown(word);
    if (comma == std::string_view::npos)
      return set;
    text.remove_prefix(comma + 1);
  }
}

std::string to_string(intents set) {
  std::string text;
  for (const auto& [name, bit] : names) {
    if (!set.has(bit))
      continue;
    if (!text.empty())
      text += ',';
    text += name;
  }
  return text;
}

} // namespace troupe
