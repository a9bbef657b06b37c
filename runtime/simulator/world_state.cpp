// SPDX-License-Identifier: BSD-3-Clause
// The world as churn left it. Where nothing changed, the answers are those of world.cpp.
#include "runtime/simulator/text.hpp"
#include "runtime/simulator/world.hpp"

#include <algorithm>

namespace troupe::simulator {

namespace {

// One in so many guilds of READY was deleted long ago.
constexpr std::uint32_t deleted_every = 50;

// GUILD_CREATE of a large guild has these members only (protocol 4.5).
bool stands_out(const json_object& member) {
  return member.get("roles") != "[]" || member.get("nick") != "null";
}

} // namespace

std::vector<std::uint32_t> world::stubs_of(shard_id shard) const {
  auto found = guilds_of(shard);
  auto deleted = changes_ && count_ > 0 ? count_ / deleted_every + 1 : 0;
  for (std::uint32_t i = 0; i < deleted; ++i)
    if (shard.owns(guild_id(count_ + i)))
      found.push_back(count_ + i);
  return found;
}

const guild_record* world::record(std::uint32_t guild) const noexcept {
  if (records_.empty())
    return nullptr;
  auto found = records_.find(guild);
  return found == records_.end() ? nullptr : &found->second;
}

guild_record world::look_at(std::uint32_t guild) const {
  const auto* changed = record(guild);
  return changed != nullptr ? *changed : guild_record::read(create_unchanged(guild, {}), bot_);
}

guild_record& world::change(std::uint32_t guild) {
  auto [found, is_new] = records_.try_emplace(guild);
  if (is_new)
    found->second = guild_record::read(create_unchanged(guild, {}), bot_);
  return found->second;
}

void world::add_channel(std::uint32_t guild, snowflake id) {
  channels_[id] = guild;
}

void world::remove_channel(snowflake id) {
  // Only those that the index knows must be remembered.
  channels_.erase(id);
  if (find_channel(id))
    channels_[id] = std::nullopt;
}

void world::change_user(snowflake id, const json_object& user) {
  users_[id] = user.text();
}

void world::set_absent(std::uint32_t guild, bool value) {
  if (value)
    absent_.insert(guild);
  else
    absent_.erase(guild);
}

std::optional<json_object> world::member(std::uint32_t guild, snowflake user) const {
  const auto* changed = record(guild);
  if (changed != nullptr) {
    if (auto found = changed->members.find(user); found != changed->members.end())
      return found->second;
    if (changed->left.contains(user))
      return std::nullopt;
  } else if (user == bot_) {
    return json_object::parse(bot_member()).erase("user");
  }
  auto index = find_member(guild, user);
  return index ? std::optional{json_object::parse(member({guild, *index}))} : std::nullopt;
}

std::string world::member_text(std::uint32_t guild, snowflake user) const {
  const auto* changed = record(guild);
  auto with_user = [&](const std::string& member) { return "{\"user\":" + this->user(user) + ',' + member.substr(1); };
  if (changed != nullptr) {
    if (auto found = changed->members.find(user); found != changed->members.end())
      return with_user(found->second.text());
    if (changed->left.contains(user))
      return {};
  } else if (user == bot_) {
    return bot_member();
  }
  auto index = find_member(guild, user);
  return index ? with_user(member({guild, *index})) : std::string{};
}

std::string world::presence(std::uint32_t guild, snowflake user) const {
  if (const auto* changed = record(guild)) {
    if (auto found = changed->presences.find(user); found != changed->presences.end())
      return found->second ? found->second->text() : std::string{};
    if (changed->left.contains(user))
      return {};
  }
  auto index = find_member(guild, user);
  if (!index || !begins_online(*index))
    return {};
  return "{\"user\":{\"id\":" + quote(user)
         + "},\"status\":\"online\",\"client_status\":{\"desktop\":\"online\"},\"activities\":[]}";
}

std::uint32_t world::present_member_count(std::uint32_t guild) const {
  const auto* changed = record(guild);
  return changed == nullptr ? member_count(guild) + 1 : changed->member_count;
}

json_object world::guild_object(std::uint32_t guild) const {
  return look_at(guild).guild_object();
}

std::string world::create_changed(std::uint32_t guild, const guild_record& state, const guild_view& view) const {
  auto large = state.member_count > view.large_threshold;
  auto out = state.guild.text();
  out.back() = ',';
  out += "\"joined_at\":" + state.joined_at + ",\"large\":" + (large ? "true" : "false")
         + ",\"unavailable\":false,\"member_count\":" + std::to_string(state.member_count) + ','
         + state.lists(guild_id(guild), bot_) + ",\"members\":[" + member_text(guild, bot_);
  std::string presences;
  // Without presences a session gets its own member and those in voice (protocol 4.5, last line).
  auto add = [&](snowflake user, bool is_online) {
    auto in_voice = state.voice_states.contains(user);
    if (!in_voice && !view.presences)
      return;
    if (!in_voice && large && !is_online) {
      auto who = member(guild, user);
      if (who && !stands_out(*who))
        return;
    }
    if (auto text = member_text(guild, user); !text.empty())
      out += ',' + text;
  };
  auto visit = [&](snowflake user) {
    auto online = presence(guild, user);
    add(user, !online.empty());
    if (view.presences && !online.empty())
      presences += (presences.empty() ? "" : ",") + online;
  };
  for (std::uint32_t i = 0; i < member_count(guild); ++i)
    visit(user_id({guild, i}));
  for (auto user : state.joined)
    visit(user);
  return out + "],\"presences\":[" + presences + "]}";
}

} // namespace troupe::simulator
