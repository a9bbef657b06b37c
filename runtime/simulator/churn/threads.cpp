// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/churn/acts.hpp"
#include "runtime/simulator/text.hpp"

#include <algorithm>

namespace troupe::simulator::churn {

namespace {

constexpr std::size_t threads_max = 14;
constexpr std::size_t members_max = 60;
constexpr std::size_t added_at_once = 4;
constexpr auto private_thread = "12";
constexpr intents in_guilds_of_all{intent::guilds, intent::guild_members};

bool holds_threads(const json_object& channel) {
  auto type = channel.number("type");
  return type == 0 || type == 5 || type == 15 || type == 16;
}

bool is_forum(const json_object& channel) {
  return channel.number("type") >= 15;
}

json_object own_member(scene& s) {
  return {{"join_timestamp", s.time()}, {"flags", s.any({"0", "1", "2"})}};
}

// As events have it.
json_object named(const scene& s, snowflake thread, json_object member) {
  return member.set("id", quote(thread)).set("user_id", quote(s.bot()));
}

std::string tag_of(scene& s, const json_object& forum) {
  auto tags = json_elements(forum.get("available_tags"));
  if (tags.empty() || s.chance(2))
    return "[]";
  return json_array(std::vector<snowflake>{json_object::parse(tags[s.dice.below(tags.size())]).id()});
}

json_object make_thread(scene& s, const json_object& parent, snowflake id, std::string_view type) {
  auto duration = s.any({"60", "1440", "10080"});
  json_object metadata{{"archived", "false"},
                       {"auto_archive_duration", duration},
                       {"archive_timestamp", s.time()},
                       {"locked", "false"},
                       {"create_timestamp", s.time()}};
  if (type == private_thread)
    metadata.set("invitable", s.flip());
  json_object made{{"id", quote(id)},
                   {"type", std::string{type}},
                   {"name", s.name("thread")},
                   {"parent_id", quote(parent.id())},
                   {"owner_id", quote(s.somebody())},
                   {"last_message_id", "null"},
                   {"message_count", "0"},
                   {"total_message_sent", "0"},
                   {"rate_limit_per_user", s.number(0, 30)},
                   {"flags", "0"},
                   {"thread_metadata", metadata.text()}};
  if (is_forum(parent))
    made.set("applied_tags", tag_of(s, parent));
  return made;
}

void tell_created(scene& s, const thread_record& thread, bool is_new) {
  auto told = thread_object(thread);
  if (thread.own)
    told.set("member", named(s, thread.channel.id(), *thread.own).text());
  if (is_new)
    told.set("newly_created", "true");
  s.emit_here("THREAD_CREATE", in_guilds, told);
}

// The message that a thread begins at has the thread's id.
void begin_at_message(scene& s, message_record& from, const thread_record& thread) {
  from.message.set("flags", "32").set("thread", thread_object(thread).set("guild_id", quote(s.guild_id())).text());
  auto told = present(s, from);
  told.set("guild_id", quote(s.guild_id()));
  s.emit("MESSAGE_UPDATE", {intent::guild_messages}, told.text()).without_content = without_content(told).text();
}

bool create(scene& s) {
  auto* parent = s.channel(
    [&](const json_object& one) { return holds_threads(one) && s.state.bot_sees(one, s.guild_id(), s.bot()); });
  if (parent == nullptr || s.state.threads.size() >= threads_max)
    return false;
  auto plain = !is_forum(*parent);
  auto type = parent->is("type", "5") ? "10" : plain && s.chance(3) ? private_thread : "11";
  auto id = s.make_id();
  message_record* from = nullptr;
  if (plain && type != std::string_view{private_thread} && s.chance(2))
    for (auto& one : s.state.messages)
      if (one.channel == parent->id() && !s.state.threads.contains(one.message.id()))
        from = &one;
  if (from != nullptr)
    id = from->message.id();
  thread_record made{.channel = make_thread(s, *parent, id, type), .members = {}, .own = {}};
  auto creator = made.channel.id("owner_id");
  if (creator)
    made.members.insert(creator);
  // The bot sees private threads from inside only.
  if (type == std::string_view{private_thread} || s.chance(4))
    made.own = own_member(s);
  auto& kept = s.state.threads.insert_or_assign(id, std::move(made)).first->second;
  s.where.add_channel(s.guild, id);
  if (is_forum(*parent))
    parent->set("last_message_id", quote(id));
  tell_created(s, kept, true);
  if (from != nullptr)
    begin_at_message(s, *from, kept);
  else if (is_forum(*parent) && creator)
    post(s, id, make_message(s, creator, kept.channel).set("id", quote(id)));
  return true;
}

bool update(scene& s) {
  auto id = s.thread();
  if (!id)
    return false;
  auto& one = s.state.threads.at(id);
  if (s.chance(2))
    one.channel.set("name", s.name("thread"));
  if (s.chance(3))
    one.channel.set("rate_limit_per_user", s.number(0, 60));
  if (s.chance(3)) {
    auto metadata = json_object::parse(one.channel.get("thread_metadata"));
    one.channel.set("thread_metadata", metadata.set("locked", s.flip()).text());
  }
  if (auto parent = s.state.channels.find(one.channel.id("parent_id"));
      parent != s.state.channels.end() && is_forum(parent->second))
    one.channel.set("flags", s.any({"0", "2"})).set("applied_tags", tag_of(s, parent->second));
  auto told = thread_object(one);
  s.emit_here("THREAD_UPDATE", in_guilds, told.erase("member"));
  return true;
}

// Archives an active thread, or brings an archived one back. Clients need not know those.
bool archive(scene& s) {
  std::vector<snowflake> known;
  for (const auto& [id, one] : s.state.threads)
    if (s.state.bot_sees(one, s.guild_id(), s.bot()))
      known.push_back(id);
  if (known.empty())
    return false;
  auto id = known[s.dice.below(known.size())];
  auto& one = s.state.threads.at(id);
  auto metadata = json_object::parse(one.channel.get("thread_metadata"));
  auto was = metadata.is("archived", "true");
  metadata.set("archived", was ? "false" : "true").set("archive_timestamp", s.time());
  one.channel.set("thread_metadata", metadata.text());
  auto told = thread_object(one);
  s.emit_here("THREAD_UPDATE", in_guilds, told.erase("member"));
  if (was && one.own)
    s.emit_here("THREAD_MEMBER_UPDATE", in_guilds, named(s, id, *one.own));
  return true;
}

bool remove(scene& s) {
  if (s.state.threads.empty())
    return false;
  auto found = s.pick(s.state.threads);
  auto id = found->first;
  if (!s.state.bot_sees(found->second, s.guild_id(), s.bot()))
    return false;
  const auto& channel = found->second.channel;
  s.emit_here("THREAD_DELETE", in_guilds,
              {{"id", quote(id)},
               {"parent_id", std::string{channel.get("parent_id")}},
               {"type", std::string{channel.get("type")}}});
  std::erase_if(s.state.messages, [&](const auto& one) { return one.channel == id; });
  s.state.threads.erase(found);
  s.where.remove_channel(id);
  return true;
}

void tell_members(scene& s, const thread_record& thread, intents needs, const std::vector<std::string>& added,
                  const std::vector<snowflake>& removed) {
  json_object told{{"id", quote(thread.channel.id())},
                   {"member_count", std::string{thread_object(thread).get("member_count")}}};
  if (!added.empty())
    told.set("added_members", json_array(added));
  if (!removed.empty())
    told.set("removed_member_ids", json_array(removed));
  s.emit_here("THREAD_MEMBERS_UPDATE", needs, told);
}

bool change_members(scene& s) {
  auto id = s.thread();
  if (!id)
    return false;
  auto& one = s.state.threads.at(id);
  std::vector<std::string> added;
  std::vector<snowflake> removed;
  if (!one.members.empty() && s.chance(3)) {
    removed.push_back(*s.pick(one.members));
    one.members.erase(removed.front());
  }
  for (std::uint64_t i = 0; i < 1 + s.dice.below(added_at_once) && one.members.size() < members_max; ++i) {
    auto user = s.somebody();
    if (!user || (!removed.empty() && user == removed.front()) || !one.members.insert(user).second)
      continue;
    auto presence = s.where.presence(s.guild, user);
    if (!presence.empty()) // As an update has it.
      presence = json_object::parse(presence).set("guild_id", quote(s.guild_id())).text();
    added.push_back(json_object{{"id", quote(id)},
                                {"user_id", quote(user)},
                                {"join_timestamp", s.time()},
                                {"flags", "0"},
                                {"member", s.where.member_text(s.guild, user)},
                                {"presence", presence.empty() ? "null" : presence}}
                      .text());
  }
  if (added.empty() && removed.empty())
    return false;
  tell_members(s, one, in_guilds_of_all, added, removed);
  return true;
}

// The bot is added to a thread, perhaps one that it did not see, or leaves one.
bool move_bot(scene& s) {
  std::vector<thread_record*> found;
  for (auto& [id, one] : s.state.threads)
    if (auto parent = s.state.channels.find(one.channel.id("parent_id"));
        parent != s.state.channels.end() && s.state.bot_sees(parent->second, s.guild_id(), s.bot())
        && one.channel.get("thread_metadata").find("\"archived\":true") == std::string_view::npos)
      found.push_back(&one);
  if (found.empty())
    return false;
  auto& one = *found[s.dice.below(found.size())];
  auto id = one.channel.id();
  if (one.own) {
    one.own.reset();
    tell_members(s, one, in_guilds, {}, {s.bot()});
    return true;
  }
  one.own = own_member(s);
  tell_created(s, one, false);
  auto added = named(s, id, *one.own);
  added.set("member", s.where.member_text(s.guild, s.bot())).set("presence", "null");
  tell_members(s, one, in_guilds, {added.text()}, {});
  return true;
}

bool own_update(scene& s) {
  auto id = s.thread();
  if (!id || !s.state.threads.at(id).own)
    return false;
  auto& own = *s.state.threads.at(id).own;
  own.set("flags", s.number(0, 7));
  s.emit_here("THREAD_MEMBER_UPDATE", in_guilds, named(s, id, own));
  return true;
}

} // namespace

std::span<const weighted_act> thread_acts() {
  static constexpr weighted_act all[]{{8, create},         {5, update},   {6, archive},   {3, remove},
                                      {6, change_members}, {3, move_bot}, {2, own_update}};
  return all;
}

} // namespace troupe::simulator::churn
