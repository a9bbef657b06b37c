// SPDX-License-Identifier: BSD-3-Clause
// Interactions and money: events that no intent hides and that change no guild.
#include "runtime/simulator/churn/acts.hpp"
#include "runtime/simulator/text.hpp"

#include <array>

namespace troupe::simulator::churn {

namespace {

constexpr std::int64_t month_ms = 30 * std::int64_t{86'400'000};
constexpr auto all_permissions = "\"9007199254740991\"";

// As `resolved` has them, by id.
std::string resolved(scene& s, snowflake user) {
  const auto& [role, object] = *s.pick(s.state.roles);
  const auto& [channel, place] = *s.pick(s.state.channels);
  auto bare = bare_member(s, user);
  json_object partial{{"id", quote(channel)},
                      {"name", std::string{place.get("name")}},
                      {"type", std::string{place.get("type")}},
                      {"permissions", all_permissions},
                      {"parent_id", std::string{place.get("parent_id")}}};
  return "{\"users\":{" + quote(user) + ':' + s.where.user(user) + "},\"members\":{" + quote(user) + ':'
         + bare.erase("deaf").erase("mute").set("permissions", all_permissions).text() + "},\"roles\":{" + quote(role)
         + ':' + object.text() + "},\"channels\":{" + quote(channel) + ':' + partial.text()
         + "},\"attachments\":{\"7\":{\"id\":\"7\",\"filename\":\"f\",\"size\":1,\"url\":\"https://media.example.org/"
           "f\","
           "\"proxy_url\":\"https://media.example.org/p\"}}}";
}

std::string command_data(scene& s, snowflake user) {
  json_object data{{"id", quote(s.make_id())}, {"name", "\"poke\""}, {"type", s.any({"1", "2", "3"})}};
  if (data.is("type", "1"))
    data.set("options",
             "[{\"name\":\"who\",\"type\":6,\"value\":" + quote(user)
               + "},{\"name\":\"often\",\"type\":4,\"value\":3},{\"name\":\"hard\",\"type\":5,\"value\":true},"
                 "{\"name\":\"weight\",\"type\":10,\"value\":0.5},{\"name\":\"sub\",\"type\":1,\"options\":[{"
                 "\"name\":\"word\",\"type\":3,\"value\":\"x\",\"focused\":true}]}]");
  else
    data.set("target_id", quote(user));
  if (s.chance(2))
    data.set("resolved", resolved(s, user));
  if (s.chance(3))
    data.set("guild_id", quote(s.guild_id()));
  return data.text();
}

std::string component_data(scene& s, snowflake user) {
  json_object data{{"id", "2"}, {"custom_id", "\"menu\""}, {"component_type", s.any({"2", "3", "5"})}};
  if (!data.is("component_type", "2"))
    data.set("values", json_array(std::vector<snowflake>{user})).set("resolved", resolved(s, user));
  return data.text();
}

std::string modal_data(scene& s, snowflake user) {
  return "{\"custom_id\":\"form\",\"components\":[{\"type\":1,\"id\":1,\"components\":[{\"type\":4,\"id\":2,\"custom_"
         "id\":"
         "\"text\",\"value\":\"typed\"}]},{\"type\":18,\"id\":3,\"component\":{\"type\":5,\"id\":4,\"custom_id\":"
         "\"who\","
         "\"values\":["
         + quote(user) + "]}}],\"resolved\":" + resolved(s, user) + '}';
}

void say_where(scene& s, json_object& told, snowflake user, const json_object& channel) {
  auto member = json_object::parse(s.where.member_text(s.guild, user));
  auto place = channel;
  told.set("guild_id", quote(s.guild_id()))
    .set("guild", "{\"id\":" + quote(s.guild_id()) + ",\"locale\":\"en-US\",\"features\":[\"COMMUNITY\"]}")
    .set("guild_locale", "\"en-US\"")
    .set("channel_id", quote(channel.id()))
    .set("channel", place.set("guild_id", quote(s.guild_id())).set("permissions", all_permissions).text())
    .set("member", member.set("permissions", all_permissions).text())
    .set("context", "0");
}

bool interaction(scene& s) {
  auto user = s.somebody();
  auto* channel = s.text_channel();
  if (!user || channel == nullptr)
    return false;
  auto type = 1 + s.dice.below(5);
  auto bot = quote(s.bot());
  json_object told{{"id", quote(s.make_id())},
                   {"application_id", bot},
                   {"type", std::to_string(type)},
                   {"token", s.image()},
                   {"version", "1"},
                   {"app_permissions", all_permissions},
                   {"locale", "\"de\""},
                   {"entitlements", "[]"},
                   {"authorizing_integration_owners", "{\"0\":" + quote(s.guild_id()) + ",\"1\":" + quote(user) + '}'},
                   {"attachment_size_limit", "10485760"}};
  if (type == 2 || type == 4)
    told.set("data", command_data(s, user));
  else if (type == 3)
    told.set("data", component_data(s, user)).set("message", make_message(s, user, *channel).erase("member").text());
  else if (type == 5)
    told.set("data", modal_data(s, user));
  if (!s.chance(4)) {
    say_where(s, told, user, *channel);
    s.emit("INTERACTION_CREATE", {}, told.text());
    return true;
  }
  auto place = s.where.direct_channel({s.guild, 0});
  told.set("user", s.where.user(user)).set("context", s.any({"1", "2"})).set("channel_id", quote(place));
  told.set("channel", "{\"id\":" + quote(place) + ",\"type\":1,\"flags\":0}");
  s.emit("INTERACTION_CREATE", {}, told.text()).to = audience::shard_0;
  return true;
}

bool entitlement(scene& s) {
  static constexpr std::array<std::string_view, 3> names{"ENTITLEMENT_CREATE", "ENTITLEMENT_UPDATE",
                                                         "ENTITLEMENT_DELETE"};
  auto type = names[s.dice.below(names.size())];
  json_object told{{"id", quote(s.make_id())},
                   {"sku_id", quote(s.make_id())},
                   {"application_id", quote(s.bot())},
                   {"type", s.any({"1", "4", "8"})},
                   {"deleted", type == names.back() ? "true" : "false"},
                   {"starts_at", s.maybe(s.time())},
                   {"ends_at", s.maybe(s.time(month_ms))}};
  if (s.chance(2))
    told.set("guild_id", quote(s.guild_id()));
  else
    told.set("user_id", quote(s.somebody())).set("consumed", s.flip());
  s.emit(type, {}, told.text()).to = audience::shard_0;
  return true;
}

bool subscription(scene& s) {
  static constexpr std::array<std::string_view, 3> names{"SUBSCRIPTION_CREATE", "SUBSCRIPTION_UPDATE",
                                                         "SUBSCRIPTION_DELETE"};
  json_object told{{"id", quote(s.make_id())},
                   {"user_id", quote(s.somebody())},
                   {"sku_ids", json_array(std::vector<snowflake>{s.make_id()})},
                   {"entitlement_ids", json_array(std::vector<snowflake>{s.make_id()})},
                   {"renewal_sku_ids", s.maybe(json_array(std::vector<snowflake>{s.make_id()}))},
                   {"current_period_start", s.time()},
                   {"current_period_end", s.time(month_ms)},
                   {"status", s.any({"0", "1", "2"})},
                   {"canceled_at", s.maybe(s.time())}};
  if (s.chance(3))
    told.set("country", "\"NL\"");
  s.emit(names[s.dice.below(names.size())], {}, told.text()).to = audience::shard_0;
  return true;
}

// Names that nobody documented yet come too (protocol 5.1).
bool unheard_of(scene& s) {
  s.emit_here("GUILD_POWERUP_ENTITLEMENTS_CREATE", in_guilds, {{"entitlements", "[]"}});
  return true;
}

} // namespace

std::span<const weighted_act> notice_acts() {
  static constexpr weighted_act all[]{
    {4, interaction}, {2, entitlement}, {2, subscription}, {1, unheard_of}, {3, typing_start}};
  return all;
}

} // namespace troupe::simulator::churn
