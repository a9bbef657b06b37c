// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/churn/acts.hpp"
#include "runtime/simulator/text.hpp"

#include <iterator>

namespace troupe::simulator::churn {

namespace {

// One guild, and one more for so many.
constexpr std::uint32_t outage_each = 8;
constexpr std::uint32_t absent_max = 3;

std::string unavailable(const scene& s, std::uint32_t guild) {
  return "{\"id\":" + quote(s.where.guild_id(guild)) + ",\"unavailable\":true}";
}

// What every guild object has and the short ones here had not.
void complete(json_object& guild) {
  for (auto name :
       {"splash", "discovery_splash", "afk_channel_id", "application_id", "rules_channel_id", "vanity_url_code",
        "description", "banner", "public_updates_channel_id", "safety_alerts_channel_id", "incidents_data"})
    if (!guild.has(name))
      guild.set(name, "null");
  if (!guild.has("system_channel_flags"))
    guild.set("system_channel_flags", "0").set("premium_progress_bar_enabled", "false");
}

void change_rarely(scene& s, json_object& guild) {
  guild.set("icon", s.maybe(s.image()))
    .set("splash", s.maybe(s.image()))
    .set("banner", s.maybe(s.image()))
    .set("widget_enabled", s.flip())
    .set("widget_channel_id", "null")
    .set("max_presences", "null")
    .set("max_members", "500000")
    .set("max_video_channel_users", "25")
    .set("max_stage_video_channel_users", "50")
    .set("premium_tier", s.number(0, 3))
    .set("premium_subscription_count", s.number(0, 30))
    .set("nsfw_level", s.number(0, 3))
    .set("incidents_data",
         s.maybe("{\"invites_disabled_until\":" + s.time(60'000)
                 + ",\"dms_disabled_until\":null,\"dm_spam_detected_at\":null,\"raid_detected_at\":" + s.time() + '}'))
    .set("welcome_screen", "{\"description\":null,\"welcome_channels\":[]}");
}

bool update(scene& s) {
  auto& guild = s.state.guild;
  complete(guild);
  guild.set("name", s.name("Guild"));
  if (s.chance(2))
    guild.set("description", s.maybe(quote(s.people.chatter())));
  if (s.chance(3))
    guild.set("afk_timeout", s.any({"60", "300", "900"})).set("verification_level", s.number(0, 4));
  if (s.chance(3)) {
    auto* channel = s.text_channel();
    guild.set("system_channel_id", channel == nullptr ? "null" : quote(channel->id()));
  }
  if (s.chance(3))
    guild.set("features",
              s.any({"[\"COMMUNITY\",\"NEWS\"]", "[]", "[\"COMMUNITY\",\"DISCOVERABLE\",\"SOMETHING_NEW\"]"}));
  if (s.chance(4))
    change_rarely(s, guild);
  if (s.chance(8))
    if (auto user = s.somebody())
      guild.set("owner_id", quote(user));
  s.emit("GUILD_UPDATE", in_guilds, s.state.guild_object().text());
  return true;
}

// Down for a moment; now and then it comes and goes (protocol 5.5, outage flapping).
bool outage(scene& s) {
  if (s.where.unavailable().size() > s.where.guild_count() / outage_each)
    return false;
  while (s.chance(3)) {
    s.emit("GUILD_DELETE", in_guilds, unavailable(s, s.guild));
    s.emit("GUILD_CREATE", in_guilds, {});
  }
  s.where.set_unavailable(s.guild, true);
  s.emit("GUILD_DELETE", in_guilds, unavailable(s, s.guild)).outage =
    std::chrono::milliseconds{50 + static_cast<std::int64_t>(s.dice.below(3'000))};
  return true;
}

// Told again that a guild is down.
bool outage_again(scene& s) {
  const auto& down = s.where.unavailable();
  if (down.empty())
    return false;
  auto guild = *s.pick(down);
  if (s.where.absent(guild))
    return false;
  s.emit("GUILD_DELETE", in_guilds, unavailable(s, guild)).guild = guild;
  return true;
}

bool leave(scene& s) {
  if (s.where.absent().size() >= absent_max || s.where.guild_count() < 4)
    return false;
  leave_voice(s, s.bot(), true);
  // Which comes first is nowhere said.
  auto first = s.chance(2);
  json_object told{{"user", s.where.bot_user()}};
  if (first)
    s.emit_here("GUILD_MEMBER_REMOVE", {intent::guild_members}, told);
  s.emit("GUILD_DELETE", in_guilds, "{\"id\":" + quote(s.guild_id()) + '}');
  if (!first)
    s.emit_here("GUILD_MEMBER_REMOVE", {intent::guild_members}, told);
  s.where.set_absent(s.guild, true);
  return true;
}

bool join(scene& s) {
  const auto& gone = s.where.absent();
  if (gone.empty())
    return false;
  auto guild = *s.pick(gone);
  s.where.set_absent(guild, false);
  auto& state = s.where.change(guild);
  state.joined_at = s.time();
  state.members[s.bot()].set("roles", "[]").set("nick", "null").set("joined_at", s.time());
  for (auto& [id, thread] : state.threads)
    thread.own.reset();
  s.emit("GUILD_CREATE", in_guilds, {}).guild = guild;
  return true;
}

} // namespace

std::span<const weighted_act> guild_acts() {
  static constexpr weighted_act all[]{{6, update}, {1, outage}, {1, outage_again}, {1, leave}, {1, join}};
  return all;
}

} // namespace troupe::simulator::churn
