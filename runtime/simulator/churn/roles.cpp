// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/churn/acts.hpp"
#include "runtime/simulator/text.hpp"

namespace troupe::simulator::churn {

namespace {

constexpr std::size_t roles_max = 14;

// None decides what the bot sees: VIEW_CHANNEL is @everyone's, and nobody gets ADMINISTRATOR.
std::string permissions(scene& s) {
  return s.any({"\"0\"", "\"2048\"", "\"274877906944\"", "\"4503599627370496\"", "\"1125899906842624\""});
}

std::string tags(scene& s) {
  switch (s.dice.below(4)) {
  case 0:
    return "{\"bot_id\":" + quote(s.somebody()) + '}';
  case 1:
    return "{\"integration_id\":" + quote(s.make_id()) + '}';
  case 2:
    return "{\"premium_subscriber\":null}";
  default:
    return "{\"integration_id\":" + quote(s.make_id()) + ",\"subscription_listing_id\":" + quote(s.make_id())
           + ",\"available_for_purchase\":null,\"guild_connections\":null}";
  }
}

void tell(scene& s, std::string_view type, const json_object& role) {
  s.emit_here(type, in_guilds, {{"role", role.text()}});
}

void paint(scene& s, json_object& role) {
  auto color = s.number(0, 0xffffff);
  role.set("color", color);
  role.set("colors", "{\"primary_color\":" + color + ",\"secondary_color\":" + s.maybe("11127295")
                       + ",\"tertiary_color\":" + s.maybe("16761760") + '}');
}

bool create(scene& s) {
  if (s.state.roles.size() >= roles_max)
    return false;
  auto id = s.make_id();
  json_object made{{"id", quote(id)},
                   {"name", s.name("role")},
                   {"hoist", s.flip()},
                   {"position", "1"},
                   {"permissions", permissions(s)},
                   {"managed", "false"},
                   {"mentionable", s.flip()},
                   {"icon", s.chance(4) ? s.image() : "null"},
                   {"unicode_emoji", s.maybe("\"\U0001F525\"")},
                   {"flags", s.any({"0", "1"})}};
  paint(s, made);
  if (s.chance(4))
    made.set("tags", tags(s)).set("managed", "true");
  tell(s, "GUILD_ROLE_CREATE", made);
  s.state.roles.emplace(id, std::move(made));
  return true;
}

bool update(scene& s) {
  auto found = s.pick(s.state.roles);
  auto& one = found->second;
  if (found->first != s.guild_id()) {
    one.set("name", s.name("role")).set("position", s.number(1, 10));
    if (s.chance(2))
      paint(s, one);
    if (s.chance(3) && !one.is("permissions", "\"8\""))
      one.set("permissions", permissions(s));
  }
  one.set("mentionable", s.flip());
  tell(s, "GUILD_ROLE_UPDATE", one);
  return true;
}

// The id stays in members and overwrites: no event tells of those.
bool remove(scene& s) {
  auto found = s.pick(s.state.roles);
  if (found->first == s.guild_id() || s.state.roles.size() < 3)
    return false;
  s.emit_here("GUILD_ROLE_DELETE", in_guilds, {{"role_id", quote(found->first)}});
  s.state.roles.erase(found);
  return true;
}

} // namespace

std::span<const weighted_act> role_acts() {
  static constexpr weighted_act all[]{{5, create}, {6, update}, {4, remove}};
  return all;
}

} // namespace troupe::simulator::churn
