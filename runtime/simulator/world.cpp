// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/world.hpp"

#include "runtime/simulator/random.hpp"
#include "runtime/simulator/text.hpp"

#include <algorithm>

namespace troupe::simulator {

namespace {

// The creation milliseconds (upper 42 bits) of the first guild and the first user. Guild i was created i ms after the
// first: `(id >> 22) % count` walks over all shards.
constexpr std::uint64_t guild_base = 157'766'400'000;
constexpr std::uint64_t user_base = 31'536'000'000;
// Direct channels are named after their user.
constexpr std::uint64_t direct_place = 1;
constexpr std::int64_t joined_at = 1'600'000'000'000;

std::string_view first_role(std::uint32_t member) {
  return member % 7 == 0 ? "admin" : "";
}

constexpr std::uint32_t online_every = 7;

} // namespace

bool begins_online(std::uint32_t member) noexcept {
  return member % online_every == 0;
}

world::world(const options& opts)
  : count_{opts.guilds}, members_min_{std::max(1u, opts.members_min)},
    members_spread_{opts.members_max > members_min_ ? opts.members_max - members_min_ : 0}, seed_{opts.seed},
    bot_{opts.bot_id}, changes_{opts.churn > 0} {
  // nop
}

snowflake world::guild_id(std::uint32_t guild) const noexcept {
  return {(guild_base + guild) << 22};
}

std::optional<std::uint32_t> world::find_guild(snowflake id) const noexcept {
  auto guild = (id.value >> 22) - guild_base;
  if (guild >= count_ || id != guild_id(static_cast<std::uint32_t>(guild)))
    return std::nullopt;
  return static_cast<std::uint32_t>(guild);
}

snowflake world::text_channel(std::uint32_t guild, std::uint32_t channel) const noexcept {
  return {guild_id(guild).value + 1 + channel % text_channels};
}

snowflake world::voice_channel(std::uint32_t guild) const noexcept {
  return {guild_id(guild).value + 1 + text_channels};
}

std::optional<std::uint32_t> world::find_channel(snowflake id) const noexcept {
  if (auto known = channels_.find(id); known != channels_.end())
    return known->second;
  auto place = id.value & 0x3fffff;
  if (place < 1 || place > 1 + text_channels)
    return std::nullopt;
  return find_guild({id.value - place});
}

snowflake world::direct_channel(member_ref who) const noexcept {
  return {user_id(who).value + direct_place};
}

std::optional<member_ref> world::find_user(snowflake id) const noexcept {
  // The guilds' first users rise; the last guild whose first user is not above this one is the likeliest to have it.
  auto place = (id.value >> 22) - user_base;
  if (count_ == 0 || place >= std::uint64_t{count_} * (members_min_ + 1) + members_min_ + members_spread_)
    return std::nullopt;
  auto guild = static_cast<std::uint32_t>(std::min<std::uint64_t>(count_ - 1, place * 2 / (members_min_ + 1)));
  for (;; --guild) {
    if (auto member = find_member(guild, id))
      return member_ref{guild, *member};
    // Below this no guild reaches so far.
    auto first = user_id({guild, 0}).value >> 22;
    if (guild == 0 || (first <= (id.value >> 22) && (id.value >> 22) - first > members_min_ + members_spread_))
      return std::nullopt;
  }
}

std::optional<member_ref> world::find_direct(snowflake channel) const noexcept {
  if ((channel.value & 0x3fffff) != direct_place)
    return std::nullopt;
  return find_user({channel.value - direct_place});
}

std::vector<std::uint32_t> world::guilds_of(shard_id shard) const {
  std::vector<std::uint32_t> found;
  for (std::uint32_t guild = 0; guild < count_; ++guild)
    if (shard.owns(guild_id(guild)) && !absent(guild))
      found.push_back(guild);
  return found;
}

std::uint32_t world::guilds_on(shard_id shard) const noexcept {
  std::uint32_t found = 0;
  for (std::uint32_t guild = 0; guild < count_; ++guild)
    found += shard.owns(guild_id(guild)) && !absent(guild) ? 1 : 0;
  return found;
}

std::uint32_t world::member_count(std::uint32_t guild) const noexcept {
  random generator{seed_ * 1'000'003 + guild};
  return members_min_ + static_cast<std::uint32_t>(generator.below(members_spread_ + 1));
}

snowflake world::user_id(member_ref who) const noexcept {
  // Neighbouring guilds share half of their users.
  auto first = std::uint64_t{who.guild} * (members_min_ + 1) / 2;
  return {(user_base + first + who.member) << 22};
}

std::string world::user_name(member_ref who) const {
  return "user" + std::to_string((user_id(who).value >> 22) - user_base);
}

std::optional<std::uint32_t> world::find_member(std::uint32_t guild, snowflake user) const noexcept {
  auto first = user_id({guild, 0}).value >> 22;
  auto place = (user.value >> 22) - first;
  if (place >= member_count(guild) || user != user_id({guild, static_cast<std::uint32_t>(place)}))
    return std::nullopt;
  return static_cast<std::uint32_t>(place);
}

std::string world::user(member_ref who) const {
  return user(user_id(who));
}

std::string world::user(snowflake id) const {
  if (!users_.empty())
    if (auto changed = users_.find(id); changed != users_.end())
      return changed->second;
  if (id == bot_)
    return bot_user();
  auto name = "user" + std::to_string((id.value >> 22) - user_base);
  return "{\"username\":\"" + name + "\",\"public_flags\":0,\"id\":" + quote(id) + ",\"global_name\":\"" + name
         + "\",\"discriminator\":\"0\",\"avatar\":\"8342729096ea3675442027381ff50dfe\",\"avatar_decoration_data\":"
           "null}";
}

std::string world::member(member_ref who) const {
  std::string roles;
  if (!first_role(who.member).empty())
    roles = quote(snowflake{guild_id(who.guild).value + 100});
  return "{\"roles\":[" + roles
         + "],\"premium_since\":null,\"pending\":false,\"nick\":null,\"mute\":false,\"joined_at\":"
         + quote_time(joined_at + who.member) + ",\"flags\":0,\"deaf\":false,\"communication_disabled_until\":null,"
         + "\"banner\":null,\"avatar\":null}";
}

std::string world::member_with_user(member_ref who) const {
  return "{\"user\":" + user(who) + ',' + member(who).substr(1);
}

std::string world::bot_user() const {
  if (auto changed = users_.find(bot_); changed != users_.end())
    return changed->second;
  return "{\"verified\":true,\"username\":\"local-bot\",\"mfa_enabled\":false,\"id\":" + quote(bot_)
         + ",\"global_name\":null,\"flags\":0,\"email\":null,\"discriminator\":\"0001\",\"bot\":true,\"avatar\":null}";
}

std::string world::bot_member() const {
  return "{\"user\":" + bot_user() + ",\"roles\":[],\"pending\":false,\"nick\":null,\"mute\":false,\"joined_at\":"
         + quote_time(joined_at) + ",\"flags\":0,\"deaf\":false}";
}

std::string world::guild_create(std::uint32_t guild, const guild_view& view) const {
  const auto* changed = record(guild);
  return changed == nullptr ? create_unchanged(guild, view) : create_changed(guild, *changed, view);
}

std::string world::create_unchanged(std::uint32_t guild, const guild_view& view) const {
  auto id = quote(guild_id(guild));
  auto members = member_count(guild);
  std::string out =
    "{\"id\":" + id + ",\"name\":\"Guild " + std::to_string(guild)
    + "\",\"icon\":null,\"owner_id\":" + quote(user_id({guild, 0})) + ",\"region\":\"rotterdam\",\"afk_timeout\":300,"
    + "\"verification_level\":1,\"default_message_notifications\":1,\"explicit_content_filter\":0,"
    + "\"features\":[\"COMMUNITY\",\"NEWS\"],\"mfa_level\":0,\"premium_tier\":0,"
    + "\"preferred_locale\":\"en-US\",\"nsfw_level\":0,\"system_channel_id\":" + quote(text_channel(guild, 0))
    + ",\"joined_at\":" + quote_time(joined_at) + ",\"large\":" + (members > view.large_threshold ? "true" : "false")
    + ",\"unavailable\":false,\"member_count\":" + std::to_string(members + 1);
  out += ",\"roles\":[{\"id\":" + id + ",\"name\":\"@everyone\",\"color\":0,\"hoist\":false,\"position\":0,"
         + "\"permissions\":\"1071698660929\",\"managed\":false,\"mentionable\":false,\"flags\":0},{\"id\":"
         + quote(snowflake{guild_id(guild).value + 100})
         + ",\"name\":\"admin\",\"color\":15158332,\"hoist\":true,\"position\":1,\"permissions\":\"8\","
         + "\"managed\":false,\"mentionable\":true,\"flags\":0}],\"channels\":[";
  for (std::uint32_t i = 0; i < text_channels; ++i)
    out += "{\"id\":" + quote(text_channel(guild, i)) + ",\"type\":0,\"name\":\"channel-" + std::to_string(i)
           + "\",\"position\":" + std::to_string(i)
           + ",\"topic\":null,\"nsfw\":false,\"rate_limit_per_user\":0,\"last_message_id\":null,\"parent_id\":null,"
           + "\"permission_overwrites\":[],\"flags\":0},";
  out += "{\"id\":" + quote(voice_channel(guild)) + ",\"type\":2,\"name\":\"voice\",\"position\":4,\"bitrate\":64000,"
         + "\"user_limit\":0,\"parent_id\":null,\"permission_overwrites\":[],\"flags\":0}],\"members\":["
         + bot_member();
  // Without presences a session gets only its own member (protocol 4.5, last line); above the threshold those with a
  // role.
  if (view.presences)
    for (std::uint32_t i = 0; i < members; ++i)
      if (members <= view.large_threshold || !first_role(i).empty())
        out += ',' + member_with_user({guild, i});
  out += "],\"presences\":[";
  if (view.presences)
    for (std::uint32_t i = 0; i < members; i += online_every)
      out += (i == 0 ? "" : ",") + std::string{"{\"user\":{\"id\":"} + quote(user_id({guild, i}))
             + "},\"status\":\"online\",\"client_status\":{\"desktop\":\"online\"},\"activities\":[]}";
  return out + "],\"threads\":[],\"voice_states\":[],\"emojis\":[],\"stickers\":[],\"stage_instances\":[],"
         + "\"guild_scheduled_events\":[],\"soundboard_sounds\":[]}";
}

void world::set_unavailable(std::uint32_t guild, bool value) {
  if (value)
    unavailable_.insert(guild);
  else
    unavailable_.erase(guild);
}

} // namespace troupe::simulator
