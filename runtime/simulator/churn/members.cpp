// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/churn/acts.hpp"
#include "runtime/simulator/text.hpp"

#include <algorithm>

namespace troupe::simulator::churn {

namespace {

constexpr std::uint32_t members_min = 6;
constexpr std::size_t joined_max = 40;
// Every session that gets members at all knows all of those of a guild that is not large.
constexpr std::uint32_t known_to_all = 50;
constexpr std::int64_t minute_ms = 60'000;

bool is_member(const scene& s, snowflake user) {
  return s.where.member(s.guild, user).has_value();
}

json_object fresh_member(scene& s) {
  json_object made{{"roles", "[]"},       {"premium_since", "null"},
                   {"pending", s.flip()}, {"nick", "null"},
                   {"mute", "false"},     {"joined_at", s.time()},
                   {"flags", "0"},        {"deaf", "false"},
                   {"avatar", "null"},    {"communication_disabled_until", "null"},
                   {"banner", "null"}};
  // Guests of a voice or stage channel (protocol 5.5).
  if (s.chance(10))
    made.set("joined_at", "null").set("flags", "16");
  return made;
}

bool join(scene& s) {
  if (s.state.joined.size() >= joined_max && s.state.left.empty())
    return false;
  snowflake user;
  switch (s.dice.below(3)) {
  case 0:
    if (!s.state.left.empty())
      user = *s.pick(s.state.left);
    break;
  case 1: {
    auto other = static_cast<std::uint32_t>(s.dice.below(s.where.guild_count()));
    user = s.where.user_id({other, static_cast<std::uint32_t>(s.dice.below(s.where.member_count(other)))});
    break;
  }
  default:
    user = s.make_id();
  }
  if (!user || is_member(s, user) || s.state.banned.contains(user))
    return false;
  s.state.left.erase(user);
  if (!s.where.find_member(s.guild, user))
    s.state.joined.insert(user);
  s.state.presences[user].reset();
  s.state.members[user] = fresh_member(s);
  ++s.state.member_count;
  s.emit_here("GUILD_MEMBER_ADD", {intent::guild_members}, json_object::parse(s.where.member_text(s.guild, user)));
  return true;
}

// Nothing changes: Discord may do it.
bool join_again(scene& s) {
  auto user = s.somebody();
  if (!user || s.state.member_count > known_to_all)
    return false;
  s.emit_here("GUILD_MEMBER_ADD", {intent::guild_members}, json_object::parse(s.where.member_text(s.guild, user)));
  return true;
}

void remove_member(scene& s, snowflake user) {
  auto late = s.chance(2);
  if (!late)
    leave_voice(s, user, true);
  s.emit_here("GUILD_MEMBER_REMOVE", {intent::guild_members}, {{"user", s.where.user(user)}});
  s.state.members.erase(user);
  s.state.joined.erase(user);
  if (s.where.find_member(s.guild, user))
    s.state.left.insert(user);
  s.state.presences[user].reset();
  --s.state.member_count;
  if (late)
    leave_voice(s, user, false);
}

bool may_leave(const scene& s, snowflake user) {
  return user && s.state.member_count > members_min && s.state.guild.id("owner_id") != user;
}

bool leave(scene& s) {
  auto user = s.somebody();
  if (!may_leave(s, user))
    return false;
  remove_member(s, user);
  return true;
}

bool ban(scene& s) {
  auto user = s.somebody();
  if (!may_leave(s, user))
    return false;
  s.state.banned.insert(user);
  auto first = s.chance(2);
  if (first)
    remove_member(s, user);
  s.emit_here("GUILD_BAN_ADD", {intent::guild_moderation}, {{"user", s.where.user(user)}});
  if (!first)
    remove_member(s, user);
  return true;
}

bool unban(scene& s) {
  if (s.state.banned.empty())
    return false;
  auto user = *s.pick(s.state.banned);
  s.state.banned.erase(user);
  s.emit_here("GUILD_BAN_REMOVE", {intent::guild_moderation}, {{"user", s.where.user(user)}});
  return true;
}

// Keys that did not change may be absent (protocol 5.5).
void tell_update(scene& s, snowflake user, const json_object& before, intents needs) {
  auto told = json_object::parse(s.where.member_text(s.guild, user));
  for (auto name : {"nick", "premium_since", "deaf", "mute", "pending", "communication_disabled_until", "flags",
                    "avatar_decoration_data", "collectibles"})
    if (before.has(name) && before.get(name) == told.get(name) && s.chance(2))
      told.erase(name);
  s.emit_here("GUILD_MEMBER_UPDATE", needs, told);
}

void change_roles(scene& s, json_object& member) {
  std::vector<snowflake> held;
  // Roles that are no more go with the first change.
  for (auto role : json_ids(member.get("roles")))
    if (s.state.roles.contains(role))
      held.push_back(role);
  auto one = s.pick(s.state.roles)->first;
  if (auto found = std::find(held.begin(), held.end(), one); found != held.end())
    held.erase(found);
  else if (one != s.guild_id())
    held.push_back(one);
  member.set("roles", json_array(held));
}

void change_one_field(scene& s, json_object& member) {
  switch (s.dice.below(8)) {
  case 0:
  case 1:
    member.set("nick", s.chance(3) ? "null" : s.name("nick"));
    return;
  case 2:
  case 3:
    return change_roles(s, member);
  case 4:
    member.set("communication_disabled_until",
               s.chance(2) ? "null" : s.time(static_cast<std::int64_t>(1 + s.dice.below(60)) * minute_ms));
    return;
  case 5:
    member.set("avatar", s.chance(2) ? "null" : s.image()).set("banner", s.chance(3) ? s.image() : "null");
    return;
  case 6:
    member.set("premium_since", s.chance(2) ? "null" : s.time());
    member.set("avatar_decoration_data",
               s.maybe("{\"sku_id\":\"1144058844004233369\",\"asset\":\"a_fed43ab12698df65902ba06727e20c0e\"}"));
    return;
  default:
    member.set("pending", "false").set("flags", s.number(0, 11)).set("mute", s.flip()).set("deaf", s.flip());
    member.set("collectibles", s.maybe("{\"nameplate\":{\"sku_id\":\"2247558840304243\",\"asset\":\"nameplates/"
                                       "nameplates/twilight/\",\"label\":\"\",\"palette\":\"cobalt\"}}"));
  }
}

// Comes without GUILD_MEMBERS too.
bool own_update(scene& s) {
  auto& own = s.state.members.at(s.bot());
  auto before = own;
  if (s.chance(2))
    own.set("nick", s.chance(3) ? "null" : s.name("nick"));
  else {
    // ADMINISTRATOR would hide what overwrites do.
    auto role = s.pick(s.state.roles);
    if (role->first == s.guild_id() || role->second.is("permissions", "\"8\""))
      return false;
    auto held = json_ids(own.get("roles"));
    auto had = std::erase(held, role->first) > 0;
    if (!had)
      held.push_back(role->first);
    own.set("roles", json_array(held));
  }
  tell_update(s, s.bot(), before, {});
  return true;
}

json_object renamed(scene& s, snowflake user) {
  auto changed = json_object::parse(s.where.user(user));
  changed.set("global_name", s.chance(4) ? "null" : s.name("global")).set("avatar", s.maybe(s.image()));
  if (s.chance(2))
    changed.set("username", s.name("user"));
  if (s.chance(3))
    changed.set("banner", s.maybe(s.image())).set("accent_color", s.maybe("16711680"));
  if (s.chance(3))
    changed.set("public_flags", s.any({"0", "64", "4194304"}))
      .set("collectibles", s.maybe("{\"nameplate\":{\"sku_id\":\"2247558840304243\",\"asset\":\"nameplates/twilight/\","
                                   "\"label\":\"COLLECTIBLES_TWILIGHT_NAMEPLATE_A11Y\",\"palette\":\"violet\"}}"));
  // An id of a guild that is not the event's.
  if (s.chance(3))
    changed.set("primary_guild", s.maybe("{\"identity_guild_id\":\"81384788765712384\",\"identity_enabled\":true,"
                                         "\"tag\":\"DISC\",\"badge\":\"7d1734ae5a615e82bc7a4033b98fade8\"}"));
  return changed;
}

// Every guild of a user hears of a new name.
void tell_everywhere(scene& s, snowflake user, intents needs) {
  for (std::uint32_t guild = 0; guild < s.where.guild_count(); ++guild) {
    if (s.where.absent(guild) || s.where.unavailable(guild))
      continue;
    auto text = s.where.member_text(guild, user);
    if (!text.empty())
      s.emit("GUILD_MEMBER_UPDATE", needs,
             json_object::parse(text).set("guild_id", quote(s.where.guild_id(guild))).text())
        .guild = guild;
  }
}

bool rename_user(scene& s) {
  auto user = s.somebody();
  if (!user || is_settled(user))
    return false;
  s.where.change_user(user, renamed(s, user));
  tell_everywhere(s, user, {intent::guild_members});
  return true;
}

bool rename_bot(scene& s) {
  constexpr std::uint32_t guilds_max = 1'000;
  if (s.where.guild_count() > guilds_max || !s.chance(4))
    return false;
  auto changed = json_object::parse(s.where.bot_user());
  changed.set("username", s.name("local-bot")).set("avatar", s.maybe(s.image()));
  s.where.change_user(s.bot(), changed);
  auto told = changed;
  s.emit("USER_UPDATE", {}, told.set("mfa_enabled", s.flip()).set("locale", "\"en-US\"").text()).to =
    audience::everyone;
  tell_everywhere(s, s.bot(), {});
  return true;
}

} // namespace

json_object bare_member(scene& s, snowflake user) {
  auto made = s.where.member(s.guild, user).value_or(json_object{});
  if (s.chance(3))
    made.erase("pending");
  return made;
}

bool member_update(scene& s) {
  auto user = s.somebody();
  if (!user)
    return false;
  auto& one = s.member(user);
  auto before = one;
  change_one_field(s, one);
  tell_update(s, user, before, {intent::guild_members});
  return true;
}

std::span<const weighted_act> member_acts() {
  static constexpr weighted_act all[]{{8, join},       {2, join_again},      {6, leave},      {2, ban},
                                      {1, unban},      {20, member_update},  {3, own_update}, {4, rename_user},
                                      {1, rename_bot}, {10, presence_update}};
  return all;
}

} // namespace troupe::simulator::churn
