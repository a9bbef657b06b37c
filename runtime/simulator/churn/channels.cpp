// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/churn/acts.hpp"
#include "runtime/simulator/text.hpp"

#include <algorithm>

namespace troupe::simulator::churn {

namespace {

constexpr std::size_t channels_max = 18;
constexpr auto view_channel = "1024";
constexpr auto member_overwrite = "1";

bool is_category(const json_object& channel) {
  return channel.is("type", "4");
}

bool has_threads(const json_object& channel) {
  auto type = channel.number("type");
  return type == 0 || type == 5 || type == 15 || type == 16;
}

bool is_forum(const json_object& channel) {
  return channel.is("type", "15") || channel.is("type", "16");
}

std::string tags(scene& s) {
  std::vector<std::string> made;
  for (std::uint64_t i = 0; i < 1 + s.dice.below(3); ++i)
    made.push_back(json_object{{"id", quote(s.make_id())},
                               {"name", s.name("tag")},
                               {"moderated", s.flip()},
                               {"emoji_id", "null"},
                               {"emoji_name", s.maybe("\"\U0001F525\"")}}
                     .text());
  return json_array(made);
}

void fill_forum(scene& s, json_object& into) {
  into.set("available_tags", tags(s))
    .set("default_reaction_emoji", s.maybe("{\"emoji_id\":null,\"emoji_name\":\"\u2764\"}"))
    .set("default_thread_rate_limit_per_user", s.number(0, 60))
    .set("default_sort_order", s.any({"null", "0", "1"}))
    .set("default_forum_layout", s.any({"0", "1", "2"}));
}

// Overwrites of roles and members; those of the bot and of its roles are for `change_access`.
std::string overwrites(scene& s, std::string_view present) {
  auto all = json_elements(present);
  if (!all.empty() && s.chance(2)) {
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(s.dice.below(all.size())));
    return json_array(all);
  }
  auto for_member = s.chance(3);
  auto whom = for_member ? s.somebody() : s.pick(s.state.roles)->first;
  if (!whom || all.size() > 5)
    return std::string{present};
  auto known =
    std::any_of(all.begin(), all.end(), [&](const std::string& one) { return json_object::parse(one).id() == whom; });
  if (!known)
    all.push_back(json_object{{"id", quote(whom)},
                              {"type", for_member ? member_overwrite : "0"},
                              {"allow", s.any({"\"0\"", "\"2048\"", "\"9007199254740992\""})},
                              {"deny", s.any({"\"0\"", "\"64\"", "\"274877906944\""})}}
                    .text());
  return json_array(all);
}

bool create(scene& s) {
  if (s.state.channels.size() >= channels_max)
    return false;
  static constexpr int types[]{0, 0, 0, 2, 2, 4, 5, 13, 15, 15, 16};
  auto made = make_channel(s, types[s.dice.below(std::size(types))]);
  auto id = made.id();
  s.emit_here("CHANNEL_CREATE", in_guilds, made);
  s.state.channels.emplace(id, std::move(made));
  s.where.add_channel(s.guild, id);
  return true;
}

bool update(scene& s) {
  auto* one = s.channel([](const json_object&) { return true; });
  if (one == nullptr)
    return false;
  if (s.chance(2))
    one->set("name", s.name("channel"));
  if (s.chance(3))
    one->set("position", s.number(0, 20));
  if (s.chance(3))
    one->set("permission_overwrites", overwrites(s, one->get("permission_overwrites")));
  if (has_threads(*one) && s.chance(2))
    one->set("topic", s.maybe(quote(s.people.chatter()))).set("nsfw", s.flip());
  if (has_messages(*one) && s.chance(3))
    one->set("rate_limit_per_user", s.number(0, 120));
  if (is_voice(*one) && s.chance(2))
    one->set("bitrate", s.any({"64000", "96000"}))
      .set("user_limit", s.number(0, 99))
      .set("rtc_region", s.maybe("\"rotterdam\""));
  if (is_forum(*one) && s.chance(2))
    fill_forum(s, *one);
  if (!is_category(*one) && s.chance(4)) {
    auto* parent = s.channel(is_category);
    one->set("parent_id", parent == nullptr ? "null" : quote(parent->id()));
  }
  s.emit_here("CHANNEL_UPDATE", in_guilds, *one);
  return true;
}

// The guild forgets channels that it named.
void release_settings(scene& s, snowflake channel) {
  auto changed = false;
  for (auto name : {"system_channel_id", "rules_channel_id", "public_updates_channel_id", "afk_channel_id",
                    "widget_channel_id", "safety_alerts_channel_id"})
    if (s.state.guild.id(name) == channel) {
      s.state.guild.set(name, "null");
      changed = true;
    }
  if (changed)
    s.emit("GUILD_UPDATE", in_guilds, s.state.guild_object().text());
}

bool remove(scene& s) {
  if (s.state.channels.size() < 4)
    return false;
  auto found = s.pick(s.state.channels);
  auto id = found->first;
  auto gone = found->second;
  for (auto& [other, child] : s.state.channels)
    if (child.id("parent_id") == id)
      s.emit_here("CHANNEL_UPDATE", in_guilds, child.set("parent_id", "null"));
  release_settings(s, id);
  s.emit_here("CHANNEL_DELETE", in_guilds, gone);
  // No event tells that these went with it (protocol 5.1).
  std::erase_if(s.state.threads, [&](const auto& one) {
    auto its = one.second.channel.id("parent_id") == id;
    if (its)
      s.where.remove_channel(one.first);
    return its;
  });
  std::erase_if(s.state.voice_states, [&](const auto& one) { return one.second.id("channel_id") == id; });
  std::erase_if(s.state.stages, [&](const auto& one) { return one.second.id("channel_id") == id; });
  std::erase_if(s.state.invites, [&](const auto& one) { return one.second == id; });
  std::erase_if(s.state.messages,
                [&](const auto& one) { return !s.where.find_channel(one.channel) || one.channel == id; });
  s.state.voice_info.erase(id);
  s.state.channels.erase(id);
  s.where.remove_channel(id);
  return true;
}

// What the bot may see changes; churn::step tells of threads that come into its sight.
bool change_access(scene& s) {
  auto* one = s.channel([](const json_object& c) { return has_threads(c); });
  if (one == nullptr)
    return false;
  auto all = json_elements(one->get("permission_overwrites"));
  auto before = all.size();
  auto visible = s.state.bot_sees(*one, s.guild_id(), s.bot());
  auto by_everyone = s.chance(2);
  auto whom = by_everyone ? s.guild_id() : s.bot();
  if (visible) {
    std::erase_if(all, [&](const std::string& text) { return json_object::parse(text).id() == whom; });
    all.push_back(json_object{{"id", quote(whom)},
                              {"type", by_everyone ? "0" : member_overwrite},
                              {"allow", "\"0\""},
                              {"deny", quote(view_channel)}}
                    .text());
  } else {
    std::erase_if(all,
                  [&](const std::string& text) { return json_object::parse(text).is("deny", quote(view_channel)); });
    if (all.size() == before)
      return false;
  }
  one->set("permission_overwrites", json_array(all));
  s.emit_here("CHANNEL_UPDATE", in_guilds, *one);
  return true;
}

bool pins_update(scene& s) {
  auto* one = s.text_channel();
  if (one == nullptr)
    return false;
  json_object told{{"channel_id", quote(one->id())}};
  if (s.chance(4)) {
    told.set("last_pin_timestamp", "null");
    one->set("last_pin_timestamp", "null");
  } else {
    told.set("last_pin_timestamp", s.time());
    one->set("last_pin_timestamp", s.time());
  }
  s.emit_here("CHANNEL_PINS_UPDATE", in_guilds, told);
  return true;
}

bool voice_info(scene& s) {
  auto* one = s.channel(is_voice);
  if (one == nullptr)
    return false;
  auto& [status, start] = s.state.voice_info.try_emplace(one->id(), "null", "null").first->second;
  if (s.chance(2)) {
    status = s.chance(3) ? "null" : s.name("talk");
    s.emit_here("VOICE_CHANNEL_STATUS_UPDATE", in_guilds, {{"id", quote(one->id())}, {"status", status}});
  } else {
    start = s.chance(3) ? "null" : std::to_string(s.unix_ms / 1000);
    s.emit_here("VOICE_CHANNEL_START_TIME_UPDATE", in_guilds, {{"id", quote(one->id())}, {"voice_start_time", start}});
  }
  return true;
}

} // namespace

json_object make_channel(scene& s, int type) {
  auto id = s.make_id();
  json_object made{{"id", quote(id)},
                   {"type", std::to_string(type)},
                   {"name", s.name("channel")},
                   {"position", s.number(0, 20)},
                   {"permission_overwrites", s.chance(3) ? overwrites(s, "[]") : "[]"},
                   {"flags", "0"},
                   {"parent_id", "null"}};
  if (type == 4)
    return made;
  made.set("nsfw", s.flip()).set("rate_limit_per_user", "0");
  if (auto* parent = s.channel(is_category); parent != nullptr && s.chance(2))
    made.set("parent_id", quote(parent->id()));
  if (type != 13)
    made.set("last_message_id", "null");
  if (is_voice(made)) {
    made.set("bitrate", "64000").set("user_limit", s.number(0, 10)).set("rtc_region", s.maybe("\"us-east\""));
    made.set("video_quality_mode", s.any({"1", "2"}));
  } else {
    made.set("topic", s.maybe(quote(s.people.chatter())));
    made.set("default_auto_archive_duration", s.any({"60", "1440", "4320", "10080"}));
  }
  if (is_forum(made))
    fill_forum(s, made);
  return made;
}

std::span<const weighted_act> channel_acts() {
  static constexpr weighted_act all[]{{6, create},        {10, update},     {4, remove},
                                      {3, change_access}, {4, pins_update}, {4, voice_info}};
  return all;
}

} // namespace troupe::simulator::churn
