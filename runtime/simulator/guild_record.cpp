// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/guild_record.hpp"

#include "runtime/simulator/text.hpp"

#include <algorithm>
#include <charconv>

namespace troupe::simulator {

namespace {

constexpr std::uint64_t administrator = 1u << 3;
constexpr std::uint64_t view_channel = 1u << 10;
constexpr auto private_thread = "12";
constexpr std::size_t thread_members_shown = 50;

std::uint64_t bits_in(std::string_view quoted) {
  std::uint64_t bits = 0;
  if (quoted.size() >= 2)
    std::from_chars(quoted.data() + 1, quoted.data() + quoted.size() - 1, bits);
  return bits;
}

std::map<snowflake, json_object> read_list(std::string_view array, std::string_view key = "id") {
  std::map<snowflake, json_object> made;
  for (const auto& one : json_elements(array)) {
    auto object = json_object::parse(one);
    made.emplace(object.id(key), std::move(object));
  }
  return made;
}

} // namespace

guild_record guild_record::read(std::string_view guild_create, snowflake bot) {
  auto all = json_object::parse(guild_create);
  guild_record made;
  made.joined_at = all.get("joined_at");
  made.roles = read_list(all.get("roles"));
  made.channels = read_list(all.get("channels"));
  made.emojis = read_list(all.get("emojis"));
  made.stickers = read_list(all.get("stickers"));
  made.sounds = read_list(all.get("soundboard_sounds"), "sound_id");
  made.stages = read_list(all.get("stage_instances"));
  made.scheduled_events = read_list(all.get("guild_scheduled_events"));
  made.voice_states = read_list(all.get("voice_states"), "user_id");
  made.member_count = static_cast<std::uint32_t>(all.number("member_count"));
  for (const auto& one : json_elements(all.get("members")))
    made.members.emplace(bot, json_object::parse(one).erase("user"));
  for (auto name :
       {"joined_at", "large", "unavailable", "member_count", "roles", "channels", "members", "presences", "threads",
        "voice_states", "emojis", "stickers", "stage_instances", "guild_scheduled_events", "soundboard_sounds"})
    all.erase(name);
  made.guild = std::move(all);
  return made;
}

bool guild_record::bot_sees(const json_object& channel, snowflake guild, snowflake bot) const {
  auto own = members.find(bot);
  auto held = own == members.end() ? std::vector<snowflake>{} : json_ids(own->second.get("roles"));
  auto holds = [&](snowflake role) { return std::find(held.begin(), held.end(), role) != held.end(); };
  std::uint64_t bits = 0;
  for (const auto& [id, role] : roles)
    if (id == guild || holds(id))
      bits |= bits_in(role.get("permissions"));
  if ((bits & administrator) != 0)
    return true;
  struct {
    std::uint64_t allow = 0;
    std::uint64_t deny = 0;
  } everyone, by_role, member;
  for (const auto& text : json_elements(channel.get("permission_overwrites"))) {
    auto one = json_object::parse(text);
    auto whom = one.id();
    auto for_member = one.is("type", "1");
    if (for_member ? whom != bot : whom != guild && !(holds(whom) && roles.contains(whom)))
      continue;
    auto& into = for_member ? member : whom == guild ? everyone : by_role;
    into.allow |= bits_in(one.get("allow"));
    into.deny |= bits_in(one.get("deny"));
  }
  for (const auto& layer : {everyone, by_role, member})
    bits = (bits & ~layer.deny) | layer.allow;
  return (bits & view_channel) != 0;
}

bool guild_record::bot_sees(const thread_record& thread, snowflake guild, snowflake bot) const {
  auto parent = channels.find(thread.channel.id("parent_id"));
  return parent != channels.end() && (thread.own || !thread.channel.is("type", private_thread))
         && bot_sees(parent->second, guild, bot);
}

std::vector<snowflake> guild_record::visible_threads(snowflake guild, snowflake bot) const {
  std::vector<snowflake> found;
  for (const auto& [id, one] : threads)
    if (one.channel.get("thread_metadata").find("\"archived\":true") == std::string_view::npos
        && bot_sees(one, guild, bot))
      found.push_back(id);
  return found;
}

json_object guild_record::guild_object() const {
  auto made = guild;
  made.set("roles", json_array(roles)).set("emojis", json_array(emojis)).set("stickers", json_array(stickers));
  return made;
}

std::string guild_record::lists(snowflake id, snowflake bot) const {
  std::vector<std::string> active;
  for (auto one : visible_threads(id, bot))
    active.push_back(thread_object(threads.at(one)).set("guild_id", quote(id)).text());
  return "\"roles\":" + json_array(roles) + ",\"channels\":" + json_array(channels)
         + ",\"threads\":" + json_array(active) + ",\"voice_states\":" + json_array(voice_states)
         + ",\"emojis\":" + json_array(emojis) + ",\"stickers\":" + json_array(stickers)
         + ",\"stage_instances\":" + json_array(stages) + ",\"guild_scheduled_events\":" + json_array(scheduled_events)
         + ",\"soundboard_sounds\":" + json_array(sounds);
}

json_object thread_object(const thread_record& thread) {
  auto made = thread.channel;
  auto count = thread.members.size() + (thread.own ? 1 : 0);
  made.set("member_count", std::to_string(std::min(count, thread_members_shown)));
  if (thread.own)
    made.set("member", thread.own->text());
  return made;
}

std::string json_array(const std::map<snowflake, json_object>& objects) {
  std::string out = "[";
  for (const auto& [id, one] : objects)
    (out += out.size() > 1 ? "," : "") += one.text();
  return out += ']';
}

bool is_thread(const json_object& channel) {
  auto type = channel.number("type");
  return type >= 10 && type <= 12;
}

bool is_voice(const json_object& channel) {
  auto type = channel.number("type");
  return type == 2 || type == 13;
}

bool has_messages(const json_object& channel) {
  auto type = channel.number("type");
  return type == 0 || type == 2 || type == 5 || is_thread(channel);
}

} // namespace troupe::simulator
