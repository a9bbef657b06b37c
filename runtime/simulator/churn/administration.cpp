// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/churn/acts.hpp"
#include "runtime/simulator/text.hpp"

namespace troupe::simulator::churn {

namespace {

constexpr std::size_t each_max = 6;
constexpr intents invites{intent::guild_invites};
constexpr intents integrations{intent::guild_integrations};
constexpr intents rules{intent::auto_moderation_configuration};

bool invite_create(scene& s) {
  auto* channel = s.text_channel();
  if (channel == nullptr || s.state.invites.size() >= each_max)
    return false;
  std::string code;
  for (int i = 0; i < 8; ++i)
    code += "abcdefghjkmnpqrstuvwxyz23456789"[s.dice.below(31)];
  s.state.invites.emplace(code, channel->id());
  json_object told{{"channel_id", quote(channel->id())},
                   {"code", quote(code)},
                   {"created_at", s.time()},
                   {"max_age", s.any({"0", "3600", "86400"})},
                   {"max_uses", s.number(0, 10)},
                   {"temporary", s.flip()},
                   {"uses", "0"}};
  if (auto user = s.somebody(); user && s.chance(2))
    told.set("inviter", s.where.user(user));
  if (s.chance(4)) {
    told.set("target_type", s.any({"1", "2"})).set("expires_at", s.maybe(s.time(86'400'000)));
    told.set("target_application", "{\"id\":" + quote(s.make_id())
                                     + ",\"name\":\"game\",\"icon\":null,\"description\":\"\",\"verify_key\":\"x\"}");
    if (auto user = s.somebody())
      told.set("target_user", s.where.user(user));
    told.set("role_ids", json_array(std::vector<snowflake>{s.pick(s.state.roles)->first}));
  }
  s.emit_here("INVITE_CREATE", invites, told);
  return true;
}

bool invite_delete(scene& s) {
  if (s.state.invites.empty())
    return false;
  auto found = s.pick(s.state.invites);
  s.emit_here("INVITE_DELETE", invites, {{"channel_id", quote(found->second)}, {"code", quote(found->first)}});
  s.state.invites.erase(found);
  return true;
}

json_object make_rule(scene& s, snowflake id) {
  return {{"id", quote(id)},
          {"guild_id", quote(s.guild_id())},
          {"name", s.name("rule")},
          {"creator_id", quote(s.somebody())},
          {"event_type", s.any({"1", "2"})},
          {"trigger_type", s.any({"1", "3", "4", "5", "6"})},
          {"trigger_metadata", s.chance(3)
                                 ? "{}"
                                 : "{\"keyword_filter\":[\"bad*\"],\"regex_patterns\":[\"b[a4]d\"],\"presets\":[1,"
                                   "3],\"allow_list\":[\"badge\"],\"mention_total_limit\":5,"
                                   "\"mention_raid_protection_enabled\":true}"},
          {"actions", "[{\"type\":1,\"metadata\":{\"custom_message\":\"Please don't\"}},{\"type\":2,\"metadata\":{"
                      "\"channel_id\":"
                        + quote(s.state.channels.begin()->first)
                        + "}},{\"type\":3,\"metadata\":{\"duration_seconds\":60}},{\"type\":4}]"},
          {"enabled", s.flip()},
          {"exempt_roles", json_array(std::vector<snowflake>{s.pick(s.state.roles)->first})},
          {"exempt_channels", "[]"}};
}

bool rule(scene& s) {
  if (s.state.rules.empty() || (s.state.rules.size() < each_max && s.chance(3))) {
    auto id = s.make_id();
    auto made = make_rule(s, id);
    s.emit("AUTO_MODERATION_RULE_CREATE", rules, made.text());
    s.state.rules.emplace(id, std::move(made));
    return true;
  }
  auto found = s.pick(s.state.rules);
  if (s.chance(2)) {
    found->second.set("name", s.name("rule")).set("enabled", s.flip());
    s.emit("AUTO_MODERATION_RULE_UPDATE", rules, found->second.text());
  } else {
    s.emit("AUTO_MODERATION_RULE_DELETE", rules, found->second.text());
    s.state.rules.erase(found);
  }
  return true;
}

bool rule_action(scene& s) {
  auto user = s.somebody();
  auto* channel = s.text_channel();
  if (s.state.rules.empty() || !user || channel == nullptr)
    return false;
  const auto& [id, one] = *s.pick(s.state.rules);
  json_object told{{"action", s.any({"{\"type\":1,\"metadata\":{}}",
                                     "{\"type\":3,\"metadata\":{\"duration_seconds\":60}}", "{\"type\":4}"})},
                   {"rule_id", quote(id)},
                   {"rule_trigger_type", std::string{one.get("trigger_type")}},
                   {"user_id", quote(user)},
                   {"matched_keyword", s.maybe("\"bad*\"")},
                   {"content", "\"this is bad\""},
                   {"matched_content", s.maybe("\"bad\"")}};
  if (s.chance(2))
    told.set("channel_id", quote(channel->id())).set("message_id", quote(s.make_id()));
  if (s.chance(3))
    told.set("alert_system_message_id", quote(s.make_id()));
  auto blank = told;
  blank.set("content", "\"\"").set("matched_content", "\"\"").set("guild_id", quote(s.guild_id()));
  s.emit_here("AUTO_MODERATION_ACTION_EXECUTION", {intent::auto_moderation_execution}, told).without_content =
    blank.text();
  return true;
}

json_object make_integration(scene& s, snowflake id) {
  json_object made{{"id", quote(id)},
                   {"guild_id", quote(s.guild_id())},
                   {"name", s.name("integration")},
                   {"type", s.any({"\"discord\"", "\"twitch\"", "\"youtube\"", "\"guild_subscription\""})},
                   {"enabled", "true"},
                   {"account", "{\"id\":\"account-1\",\"name\":\"them\"}"}};
  if (s.chance(2))
    made.set("syncing", "false")
      .set("role_id", quote(s.pick(s.state.roles)->first))
      .set("enable_emoticons", "true")
      .set("expire_behavior", s.any({"0", "1"}))
      .set("expire_grace_period", "7")
      .set("synced_at", s.time())
      .set("subscriber_count", s.number(0, 500))
      .set("revoked", "false");
  else
    made.set("scopes", "[\"bot\",\"applications.commands\"]")
      .set("application", "{\"id\":" + quote(s.make_id())
                            + ",\"name\":\"other bot\",\"icon\":null,\"description\":\"does things\",\"bot\":"
                            + s.where.user(s.somebody()) + '}');
  return made;
}

bool integration(scene& s) {
  if (s.state.integrations.empty() || (s.state.integrations.size() < each_max && s.chance(3))) {
    auto id = s.make_id();
    auto made = make_integration(s, id);
    s.emit("INTEGRATION_CREATE", integrations, made.text());
    // Its bot's user is told once: it may be renamed.
    s.state.integrations.emplace(id, made.erase("application"));
  } else if (auto found = s.pick(s.state.integrations); s.chance(2)) {
    s.emit("INTEGRATION_UPDATE", integrations, found->second.set("enabled", s.flip()).text());
  } else {
    json_object told{{"id", quote(found->first)}};
    if (s.chance(2))
      told.set("application_id", quote(s.make_id()));
    s.emit_here("INTEGRATION_DELETE", integrations, told);
    s.state.integrations.erase(found);
  }
  s.emit_here("GUILD_INTEGRATIONS_UPDATE", integrations, {});
  return true;
}

bool audit_log_entry(scene& s) {
  auto user = s.somebody();
  auto target = s.somebody();
  if (!user || !target)
    return false;
  json_object told{{"id", quote(s.make_id())},
                   {"target_id", s.chance(4) ? "null" : quote(target)},
                   {"user_id", s.chance(6) ? "null" : quote(user)},
                   {"action_type", s.any({"1", "10", "20", "22", "24", "26", "72", "143", "999"})}};
  if (s.chance(2))
    told.set("changes",
             "[{\"key\":\"nick\",\"old_value\":\"a\",\"new_value\":{\"any\":[1,2.5,null]}},{\"key\":\"$add\","
             "\"new_value\":[{\"name\":\"role\",\"id\":\"1\"}]},{\"key\":\"topic\",\"old_value\":\"t\"}]");
  if (s.chance(2))
    told.set("reason", quote(s.people.chatter()));
  if (s.chance(2))
    told.set("options",
             "{\"application_id\":" + quote(s.make_id())
               + ",\"auto_moderation_rule_name\":\"rule\",\"auto_moderation_rule_trigger_type\":\"1\","
                 "\"channel_id\":"
               + quote(s.state.channels.begin()->first) + ",\"count\":\"3\",\"delete_member_days\":\"7\",\"id\":"
               + quote(target) + ",\"members_removed\":\"2\",\"message_id\":" + quote(s.make_id())
               + ",\"role_name\":\"admin\",\"type\":\"0\",\"integration_type\":\"twitch\",\"status\":\"busy\"}");
  s.emit_here("GUILD_AUDIT_LOG_ENTRY_CREATE", {intent::guild_moderation}, told);
  return true;
}

bool webhooks_update(scene& s) {
  auto* channel = s.text_channel();
  if (channel == nullptr)
    return false;
  s.emit_here("WEBHOOKS_UPDATE", {intent::guild_webhooks}, {{"channel_id", quote(channel->id())}});
  return true;
}

bool command_permissions(scene& s) {
  s.emit_here("APPLICATION_COMMAND_PERMISSIONS_UPDATE", {},
              {{"id", s.chance(2) ? quote(s.bot()) : quote(s.make_id())},
               {"application_id", quote(s.bot())},
               {"permissions", "[{\"id\":" + quote(s.pick(s.state.roles)->first)
                                 + ",\"type\":1,\"permission\":true},{\"id\":" + quote(s.somebody())
                                 + ",\"type\":2,\"permission\":false},{\"id\":" + quote({s.guild_id().value - 1})
                                 + ",\"type\":3,\"permission\":true}]"}});
  return true;
}

} // namespace

std::span<const weighted_act> administration_acts() {
  static constexpr weighted_act all[]{{3, invite_create},   {2, invite_delete},      {3, rule},
                                      {2, rule_action},     {3, integration},        {3, audit_log_entry},
                                      {2, webhooks_update}, {1, command_permissions}};
  return all;
}

} // namespace troupe::simulator::churn
