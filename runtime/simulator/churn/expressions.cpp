// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/churn/acts.hpp"
#include "runtime/simulator/text.hpp"

namespace troupe::simulator::churn {

namespace {

constexpr std::size_t each_max = 8;
constexpr intents expressions{intent::guild_expressions};

void add_creator(scene& s, json_object& to) {
  if (auto user = s.somebody_settled(); user && s.chance(2))
    to.set("user", s.where.user(user));
}

json_object make_emoji(scene& s) {
  json_object made{{"id", quote(s.make_id())}, {"name", s.name("emoji")}, {"roles", "[]"},
                   {"require_colons", "true"}, {"managed", s.flip()},     {"animated", s.flip()},
                   {"available", "true"}};
  if (s.chance(3))
    made.set("roles", json_array(std::vector<snowflake>{s.pick(s.state.roles)->first}));
  add_creator(s, made);
  return made;
}

json_object make_sticker(scene& s) {
  json_object made{{"id", quote(s.make_id())},
                   {"name", s.name("sticker")},
                   {"description", s.maybe("\"what it shows\"")},
                   {"tags", "\"smile\""},
                   {"type", "2"},
                   {"format_type", s.any({"1", "2", "3", "4"})},
                   {"available", "true"},
                   {"guild_id", quote(s.guild_id())}};
  if (s.chance(4))
    made.set("pack_id", quote(s.make_id())).set("sort_value", s.number(0, 20));
  add_creator(s, made);
  return made;
}

// One comes, goes or changes; the event has the whole list.
void change_list(scene& s, std::map<snowflake, json_object>& list, json_object (*make)(scene&)) {
  if (list.size() < 2 || (list.size() < each_max && s.chance(2))) {
    auto made = make(s);
    auto id = made.id();
    list.emplace(id, std::move(made));
  } else if (auto found = s.pick(list); s.chance(2)) {
    list.erase(found);
  } else {
    found->second.set("name", s.name("other")).set("available", s.flip());
  }
}

bool emojis(scene& s) {
  change_list(s, s.state.emojis, make_emoji);
  s.emit_here("GUILD_EMOJIS_UPDATE", expressions, {{"emojis", json_array(s.state.emojis)}});
  return true;
}

bool stickers(scene& s) {
  change_list(s, s.state.stickers, make_sticker);
  s.emit_here("GUILD_STICKERS_UPDATE", expressions, {{"stickers", json_array(s.state.stickers)}});
  return true;
}

bool sound_create(scene& s) {
  if (s.state.sounds.size() >= each_max)
    return false;
  auto id = s.make_id();
  json_object made{{"sound_id", quote(id)},
                   {"name", s.name("sound")},
                   {"volume", s.any({"1.0", "0.5", "1"})},
                   {"emoji_id", "null"},
                   {"emoji_name", s.maybe("\"\U0001F989\"")},
                   {"available", "true"}};
  add_creator(s, made);
  s.emit_here("GUILD_SOUNDBOARD_SOUND_CREATE", expressions, made);
  s.state.sounds.emplace(id, std::move(made));
  return true;
}

bool sound_update(scene& s) {
  if (s.state.sounds.empty())
    return false;
  auto& one = s.pick(s.state.sounds)->second;
  s.emit_here("GUILD_SOUNDBOARD_SOUND_UPDATE", expressions, one.set("name", s.name("sound")).set("volume", "0.75"));
  return true;
}

// The listed ones changed, the others stay.
bool sounds_update(scene& s) {
  std::vector<std::string> changed;
  for (auto& [id, one] : s.state.sounds)
    if (s.chance(2))
      changed.push_back(one.set("available", s.flip()).text());
  if (changed.empty())
    return false;
  s.emit_here("GUILD_SOUNDBOARD_SOUNDS_UPDATE", expressions, {{"soundboard_sounds", json_array(changed)}});
  return true;
}

bool sound_delete(scene& s) {
  if (s.state.sounds.empty())
    return false;
  auto found = s.pick(s.state.sounds);
  s.emit_here("GUILD_SOUNDBOARD_SOUND_DELETE", expressions, {{"sound_id", quote(found->first)}});
  s.state.sounds.erase(found);
  return true;
}

} // namespace

std::span<const weighted_act> expression_acts() {
  static constexpr weighted_act all[]{{4, emojis},       {3, stickers},      {3, sound_create},
                                      {2, sound_update}, {2, sounds_update}, {2, sound_delete}};
  return all;
}

} // namespace troupe::simulator::churn
