// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/churn/scene.hpp"

#include "runtime/simulator/text.hpp"

#include <array>

namespace troupe::simulator::churn {

namespace {

constexpr int attempts = 8;

} // namespace

std::string scene::name(std::string_view kind) {
  constexpr std::array<std::string_view, 8> marks{"red",        "old",   "caf\u00e9", "north",
                                                  "\U0001F389", "\"q\"", "7",         "late"};
  std::string text{kind};
  return quote(text.append("-").append(marks[dice.below(marks.size())]).append("-").append(number(1, 999)));
}

std::string scene::image() {
  std::string text = "\"";
  for (int i = 0; i < 32; ++i)
    text += "0123456789abcdef"[dice.below(16)];
  return text += '"';
}

std::string scene::time(std::int64_t after_ms) const {
  return quote_time(unix_ms + after_ms);
}

snowflake scene::somebody() {
  auto first = where.member_count(guild);
  for (int attempt = 0; attempt < attempts; ++attempt) {
    auto i = dice.below(first + state.joined.size());
    if (i >= first)
      return *std::next(state.joined.begin(), static_cast<std::ptrdiff_t>(i - first));
    auto user = where.user_id({guild, static_cast<std::uint32_t>(i)});
    if (!state.left.contains(user))
      return user;
  }
  return {};
}

snowflake scene::somebody_settled() {
  for (int attempt = 0; attempt < attempts; ++attempt)
    if (auto user = somebody(); user && is_settled(user))
      return user;
  return {};
}

json_object& scene::member(snowflake user) {
  auto [found, is_new] = state.members.try_emplace(user);
  if (is_new)
    if (auto index = where.find_member(guild, user))
      found->second = json_object::parse(where.member({guild, *index}));
  return found->second;
}

json_object* scene::text_channel() {
  return channel(
    [this](const json_object& one) { return has_messages(one) && state.bot_sees(one, guild_id(), bot()); });
}

snowflake scene::thread() {
  auto visible = state.visible_threads(guild_id(), bot());
  return visible.empty() ? snowflake{} : visible[dice.below(visible.size())];
}

event& scene::emit(std::string_view type, intents needs, std::string data) {
  return out.emplace_back(
    event{.type = type, .guild = guild, .needs = needs, .data = std::move(data), .without_content = {}});
}

event& scene::emit_here(std::string_view type, intents needs, json_object what) {
  return emit(type, needs, what.set("guild_id", quote(guild_id())).text());
}

} // namespace troupe::simulator::churn
