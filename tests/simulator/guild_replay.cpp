// SPDX-License-Identifier: BSD-3-Clause
#include "tests/simulator/guild_replay.hpp"

#include <simdjson.h>

#include <algorithm>

namespace troupe::test {

namespace {

// Lists of GUILD_CREATE and what their elements are known by.
const std::map<std::string, std::string> list_keys{{"roles", "id"},
                                                   {"channels", "id"},
                                                   {"threads", "id"},
                                                   {"emojis", "id"},
                                                   {"stickers", "id"},
                                                   {"soundboard_sounds", "sound_id"},
                                                   {"stage_instances", "id"},
                                                   {"guild_scheduled_events", "id"},
                                                   {"voice_states", "user_id"},
                                                   {"members", "user"},
                                                   {"presences", "user"}};

json_value convert(simdjson::dom::element from) {
  json_value made;
  simdjson::dom::array list;
  simdjson::dom::object object;
  if (from.get_array().get(list) == simdjson::SUCCESS) {
    made.what = json_value::kind::list;
    for (auto one : list)
      made.items.push_back(convert(one));
  } else if (from.get_object().get(object) == simdjson::SUCCESS) {
    made.what = json_value::kind::object;
    for (auto one : object)
      made.members.emplace(one.key, convert(one.value));
  } else {
    made.scalar = simdjson::minify(from);
  }
  return made;
}

std::string key_of(const json_value& element, const std::string& list) {
  const auto& key = element[list_keys.at(list)];
  return key.what == json_value::kind::object ? key["id"].plain() : key.plain();
}

// An element of a list, without what only some forms have.
json_value element(const std::string& list, json_value one) {
  one.erase("guild_id");
  if (list == "members" || list == "presences")
    one.erase("user");
  if (list == "voice_states")
    one.erase("member");
  if (list == "presences")
    one.erase("broadcast");
  if (list == "threads") {
    one.erase("newly_created");
    if (auto own = one.members.find("member"); own != one.members.end())
      for (auto name : {"id", "user_id", "guild_id", "member", "presence"})
        own->second.erase(name);
  }
  return one;
}

std::uint64_t bits(const json_value& from) {
  return from.is("null") ? 0 : std::stoull(from.plain());
}

} // namespace

// -- values ----------------------------------------------------------------------------------------

json_value json_value::parse(const std::string& text) {
  static simdjson::dom::parser parser;
  simdjson::padded_string padded{text};
  return convert(parser.parse(padded).value());
}

const json_value& json_value::operator[](const std::string& name) const {
  static const json_value nothing;
  auto found = members.find(name);
  return found == members.end() ? nothing : found->second;
}

std::string json_value::plain() const {
  return scalar.starts_with('"') ? scalar.substr(1, scalar.size() - 2) : scalar;
}

void json_value::merge(const json_value& other) {
  what = kind::object;
  for (const auto& [name, value] : other.members)
    members[name] = value;
}

std::string difference(const json_value& left, const json_value& right, const std::string& path) {
  if (left.what != right.what)
    return path + ": another kind of value";
  if (left.scalar != right.scalar)
    return path + ": " + left.scalar + " or " + right.scalar;
  if (left.items.size() != right.items.size())
    return path + ": " + std::to_string(left.items.size()) + " or " + std::to_string(right.items.size()) + " elements";
  for (std::size_t i = 0; i < left.items.size(); ++i)
    if (auto found = difference(left.items[i], right.items[i], path + '/' + std::to_string(i)); !found.empty())
      return found;
  for (const auto& [name, value] : left.members)
    if (!right.has(name))
      return path + '/' + name + ": only on the left";
    else if (auto found = difference(value, right[name], path + '/' + name); !found.empty())
      return found;
  for (const auto& [name, value] : right.members)
    if (!left.has(name))
      return path + '/' + name + ": only on the right";
  return {};
}

// -- guilds ----------------------------------------------------------------------------------------

std::set<std::string> guild_replay::guilds() const {
  std::set<std::string> found;
  for (const auto& [id, one] : guilds_)
    found.insert(id);
  return found;
}

guild_replay::known_guild guild_replay::read(const json_value& create) const {
  known_guild made;
  made.fields.what = json_value::kind::object;
  for (const auto& [name, value] : create.members) {
    if (!list_keys.contains(name)) {
      if (name != "large" && name != "unavailable")
        made.fields.members[name] = value;
      continue;
    }
    auto& list = made.lists[name];
    for (const auto& one : value.items)
      list[key_of(one, name)] = element(name, one);
  }
  return made;
}

std::string guild_replay::compare(const std::string& guild, const std::string& truth) const {
  auto found = guilds_.find(guild);
  if (found == guilds_.end())
    return "unknown guild";
  auto create = json_value::parse(truth);
  auto right = read(create);
  if (auto what = difference(found->second.fields, right.fields, "guild"); !what.empty())
    return what;
  for (const auto& [name, key] : list_keys) {
    json_value a;
    json_value b;
    a.what = b.what = json_value::kind::object;
    if (auto list = found->second.lists.find(name); list != found->second.lists.end())
      a.members = list->second;
    b.members = right.lists[name];
    if (auto what = difference(a, b, name); !what.empty())
      return what;
  }
  for (const auto& one : create["members"].items) {
    auto id = one["user"]["id"].plain();
    auto known = users_.find(id);
    if (known == users_.end())
      return "unknown user " + id;
    if (auto what = difference(known->second, one["user"], "user " + id); !what.empty())
      return what;
  }
  return {};
}

// Whatever holds a user holds it as it is now.
void guild_replay::learn_users(const json_value& from) {
  if (from.has("id") && from.has("discriminator")) {
    auto user = from;
    for (auto name : {"member", "locale", "mfa_enabled"}) // Of a mention, and of one's own user.
      user.erase(name);
    auto& known = users_[from["id"].plain()];
    for (const auto& [name, value] : user.members)
      known.members[name] = value;
    if (from.has("mfa_enabled"))
      known.members["mfa_enabled"] = from["mfa_enabled"];
    known.what = json_value::kind::object;
  }
  for (const auto& one : from.items)
    learn_users(one);
  for (const auto& [name, one] : from.members)
    learn_users(one);
}

void guild_replay::ready(const json_value& d) {
  std::set<std::string> told;
  for (const auto& one : d["guilds"].items)
    told.insert(one["id"].plain());
  std::erase_if(guilds_, [&](const auto& one) { return !told.contains(one.first); });
  down_ = told;
}

void guild_replay::guild_delete(const json_value& d) {
  auto id = d["id"].plain();
  if (d["unavailable"].is("true")) {
    down_.insert(id);
    return;
  }
  down_.erase(id);
  guilds_.erase(id);
}

void guild_replay::handle(const std::string& event, const std::string& text) {
  auto d = json_value::parse(text);
  learn_users(d);
  if (event == "READY")
    return ready(d);
  if (event == "GUILD_DELETE")
    return guild_delete(d);
  if (event == "GUILD_CREATE") {
    auto id = d["id"].plain();
    if (d["unavailable"].is("true")) {
      down_.insert(id);
      return;
    }
    down_.erase(id);
    guilds_[id] = read(d);
    return;
  }
  auto guild = event == "GUILD_UPDATE" ? d["id"].plain() : d["guild_id"].plain();
  auto found = guilds_.find(guild);
  if (found == guilds_.end())
    return;
  auto& in = found->second;
  if (channels(in, event, d) || threads(in, event, d) || people(in, event, d) || lists(in, event, d))
    drop_hidden(guild, in);
  else
    messages(in, event, d);
}

// -- events ----------------------------------------------------------------------------------------

bool guild_replay::channels(known_guild& in, const std::string& event, const json_value& d) {
  auto id = d["id"].plain();
  auto& all = in.lists["channels"];
  if (event == "CHANNEL_CREATE" || event == "CHANNEL_UPDATE") {
    all[id].merge(element("channels", d));
  } else if (event == "CHANNEL_DELETE") {
    all.erase(id);
    std::erase_if(in.lists["threads"], [&](const auto& one) { return one.second["parent_id"].plain() == id; });
    for (auto name : {"voice_states", "stage_instances"})
      std::erase_if(in.lists[name], [&](const auto& one) { return one.second["channel_id"].plain() == id; });
  } else if (event == "CHANNEL_PINS_UPDATE") {
    all[d["channel_id"].plain()].members["last_pin_timestamp"] = d["last_pin_timestamp"];
  } else if (event == "GUILD_UPDATE") {
    auto part = read(d);
    in.fields.merge(part.fields);
    for (const auto& [name, list] : part.lists)
      in.lists[name] = list;
  } else {
    return false;
  }
  return true;
}

bool guild_replay::threads(known_guild& in, const std::string& event, const json_value& d) {
  auto id = d["id"].plain();
  auto& all = in.lists["threads"];
  if (event == "THREAD_CREATE" || event == "THREAD_UPDATE") {
    all[id].merge(element("threads", d));
    auto parent = in.lists["channels"].find(d["parent_id"].plain());
    if (d["newly_created"].is("true") && parent != in.lists["channels"].end()
        && (parent->second["type"].is("15") || parent->second["type"].is("16")))
      parent->second.members["last_message_id"] = d["id"];
    if (all[id]["thread_metadata"]["archived"].is("true"))
      all.erase(id);
  } else if (event == "THREAD_DELETE") {
    all.erase(id);
  } else if (event == "THREAD_LIST_SYNC") {
    std::set<std::string> of;
    for (const auto& one : d["channel_ids"].items)
      of.insert(one.plain());
    std::erase_if(all, [&](const auto& one) { return of.empty() || of.contains(one.second["parent_id"].plain()); });
    for (const auto& one : d["threads"].items)
      all[one["id"].plain()] = element("threads", one);
    for (auto one : d["members"].items) {
      auto& thread = all[one["id"].plain()];
      one.erase("id");
      one.erase("user_id");
      thread.members["member"] = one;
    }
  } else if (event == "THREAD_MEMBER_UPDATE") {
    auto own = d;
    for (auto name : {"id", "user_id", "guild_id"})
      own.erase(name);
    if (all.contains(id))
      all[id].members["member"] = own;
  } else if (event == "THREAD_MEMBERS_UPDATE") {
    if (!all.contains(id))
      return true;
    all[id].members["member_count"] = d["member_count"];
    for (const auto& one : d["removed_member_ids"].items)
      if (one.plain() == bot_)
        all[id].erase("member");
    if (all[id]["type"].is("12") && !all[id].has("member"))
      all.erase(id);
  } else {
    return false;
  }
  return true;
}

void guild_replay::keep_member(known_guild& in, const std::string& user, json_value member, bool whole) {
  for (auto name : {"user", "guild_id"})
    member.erase(name);
  auto& known = in.lists["members"][user];
  if (whole)
    known = member;
  else
    known.merge(member);
}

bool guild_replay::people(known_guild& in, const std::string& event, const json_value& d) {
  auto user = d.has("user") ? d["user"]["id"].plain() : d["user_id"].plain();
  auto& count = in.fields.members["member_count"].scalar;
  if (event == "GUILD_MEMBER_ADD") {
    if (!in.lists["members"].contains(user))
      count = std::to_string(std::stoi(count) + 1);
    keep_member(in, user, d, true);
  } else if (event == "GUILD_MEMBER_UPDATE") {
    keep_member(in, user, d, false);
  } else if (event == "GUILD_MEMBER_REMOVE") {
    if (in.lists["members"].erase(user) > 0)
      count = std::to_string(std::stoi(count) - 1);
    in.lists["presences"].erase(user);
  } else if (event == "PRESENCE_UPDATE") {
    if (d["status"].is("\"offline\""))
      in.lists["presences"].erase(user);
    else
      in.lists["presences"][user] = element("presences", d);
  } else if (event == "VOICE_STATE_UPDATE") {
    if (d["channel_id"].is("null"))
      in.lists["voice_states"].erase(user);
    else
      in.lists["voice_states"][user] = element("voice_states", d);
    if (d.has("member"))
      keep_member(in, user, d["member"], false);
  } else if (event == "GUILD_MEMBERS_CHUNK") {
    for (const auto& one : d["members"].items)
      keep_member(in, one["user"]["id"].plain(), one, true);
  } else {
    return false;
  }
  return true;
}

bool guild_replay::lists(known_guild& in, const std::string& event, const json_value& d) {
  auto id = d["id"].plain();
  auto is = [&](std::string_view name) { return event == name; };
  auto& events = in.lists["guild_scheduled_events"];
  if (is("GUILD_ROLE_CREATE") || is("GUILD_ROLE_UPDATE"))
    in.lists["roles"][d["role"]["id"].plain()].merge(d["role"]);
  else if (is("GUILD_ROLE_DELETE"))
    in.lists["roles"].erase(d["role_id"].plain());
  else if (is("GUILD_EMOJIS_UPDATE"))
    in.lists["emojis"] = read(d).lists["emojis"];
  else if (is("GUILD_STICKERS_UPDATE"))
    in.lists["stickers"] = read(d).lists["stickers"];
  else if (is("SOUNDBOARD_SOUNDS"))
    in.lists["soundboard_sounds"] = read(d).lists["soundboard_sounds"];
  else if (is("GUILD_SOUNDBOARD_SOUND_CREATE") || is("GUILD_SOUNDBOARD_SOUND_UPDATE"))
    in.lists["soundboard_sounds"][d["sound_id"].plain()] = element("soundboard_sounds", d);
  else if (is("GUILD_SOUNDBOARD_SOUNDS_UPDATE"))
    for (const auto& one : d["soundboard_sounds"].items)
      in.lists["soundboard_sounds"][one["sound_id"].plain()] = element("soundboard_sounds", one);
  else if (is("GUILD_SOUNDBOARD_SOUND_DELETE"))
    in.lists["soundboard_sounds"].erase(d["sound_id"].plain());
  else if (is("STAGE_INSTANCE_CREATE") || is("STAGE_INSTANCE_UPDATE"))
    in.lists["stage_instances"][id] = element("stage_instances", d);
  else if (is("STAGE_INSTANCE_DELETE"))
    in.lists["stage_instances"].erase(id);
  else if (is("GUILD_SCHEDULED_EVENT_DELETE")
           || (is("GUILD_SCHEDULED_EVENT_UPDATE") && (d["status"].is("3") || d["status"].is("4"))))
    events.erase(id);
  else if (is("GUILD_SCHEDULED_EVENT_CREATE") || is("GUILD_SCHEDULED_EVENT_UPDATE"))
    events[id] = element("guild_scheduled_events", d);
  else if (is("GUILD_SCHEDULED_EVENT_USER_ADD") || is("GUILD_SCHEDULED_EVENT_USER_REMOVE")) {
    auto& count = events[d["guild_scheduled_event_id"].plain()].members["user_count"].scalar;
    count = std::to_string(std::stoi(count) + (is("GUILD_SCHEDULED_EVENT_USER_ADD") ? 1 : -1));
  } else {
    return false;
  }
  return true;
}

void guild_replay::messages(known_guild& in, const std::string& event, const json_value& d) {
  auto thread = in.lists["threads"].find(d["channel_id"].plain());
  auto count = [&](const json_value& message, int change) {
    if (thread == in.lists["threads"].end() || message.plain() == thread->first)
      return;
    for (auto name : {"message_count", "total_message_sent"})
      if (auto& number = thread->second.members[name].scalar;
          change > 0 || name != std::string_view{"total_message_sent"})
        number = std::to_string(std::max(0, std::stoi(number) + change));
  };
  if (event == "MESSAGE_CREATE") {
    count(d["id"], 1);
    auto channel = in.lists["channels"].find(d["channel_id"].plain());
    if (thread != in.lists["threads"].end())
      thread->second.members["last_message_id"] = d["id"];
    else if (channel != in.lists["channels"].end())
      channel->second.members["last_message_id"] = d["id"];
  } else if (event == "MESSAGE_DELETE") {
    count(d["id"], -1);
  } else if (event == "MESSAGE_DELETE_BULK") {
    for (const auto& one : d["ids"].items)
      count(one, -1);
  }
  auto has_member = event == "MESSAGE_CREATE" || event == "MESSAGE_UPDATE" || event == "TYPING_START"
                    || event == "MESSAGE_REACTION_ADD";
  if (has_member && d.has("member"))
    keep_member(in, d.has("author") ? d["author"]["id"].plain() : d["user_id"].plain(), d["member"], false);
}

// -- what the bot sees -----------------------------------------------------------------------------

bool guild_replay::sees(const std::string& guild, const known_guild& in, const json_value& channel) const {
  constexpr std::uint64_t administrator = 8;
  constexpr std::uint64_t view_channel = 1'024;
  std::set<std::string> held{guild};
  for (const auto& one : in.lists.at("members").at(bot_)["roles"].items)
    if (in.lists.at("roles").contains(one.plain()))
      held.insert(one.plain());
  std::uint64_t have = 0;
  for (const auto& one : held)
    have |= bits(in.lists.at("roles").at(one)["permissions"]);
  if ((have & administrator) != 0)
    return true;
  // First @everyone, then all roles at once, then the member.
  for (int layer = 0; layer < 3; ++layer) {
    std::uint64_t allow = 0;
    std::uint64_t deny = 0;
    for (const auto& one : channel["permission_overwrites"].items) {
      auto id = one["id"].plain();
      auto its = one["type"].is("1") ? (id == bot_ ? 2 : -1) : id == guild ? 0 : held.contains(id) ? 1 : -1;
      if (its == layer) {
        allow |= bits(one["allow"]);
        deny |= bits(one["deny"]);
      }
    }
    have = (have & ~deny) | allow;
  }
  return (have & view_channel) != 0;
}

void guild_replay::drop_hidden(const std::string& guild, known_guild& in) {
  if (!in.lists["members"].contains(bot_))
    return; // It was thrown out: GUILD_DELETE follows.
  std::erase_if(in.lists["threads"], [&](const auto& one) {
    auto parent = in.lists["channels"].find(one.second["parent_id"].plain());
    return parent == in.lists["channels"].end() || !sees(guild, in, parent->second);
  });
}

} // namespace troupe::test
