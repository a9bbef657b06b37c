// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/churn/acts.hpp"
#include "runtime/simulator/text.hpp"

#include <algorithm>

namespace troupe::simulator::churn {

namespace {

constexpr std::size_t recent_max = 16;
constexpr std::size_t bulk_max = 5;
constexpr std::size_t reactions_max = 12;
constexpr intents messages{intent::guild_messages};
constexpr intents reactions{intent::guild_message_reactions};
constexpr intents polls{intent::guild_message_polls};

// The message, where the bot still sees its channel.
message_record* seen_message(scene& s, snowflake id) {
  auto& one = *std::find_if(s.state.messages.begin(), s.state.messages.end(),
                            [id](const message_record& each) { return each.message.id() == id; });
  if (auto channel = s.state.channels.find(one.channel); channel != s.state.channels.end())
    return s.state.bot_sees(channel->second, s.guild_id(), s.bot()) ? &one : nullptr;
  auto seen = s.state.visible_threads(s.guild_id(), s.bot());
  return std::find(seen.begin(), seen.end(), one.channel) == seen.end() ? nullptr : &one;
}

// One of the latest.
message_record* some_message(scene& s) {
  return s.state.messages.empty() ? nullptr : seen_message(s, s.pick(s.state.messages)->message.id());
}

void count_message(scene& s, snowflake channel, snowflake message, int change) {
  auto thread = s.state.threads.find(channel);
  // The message that begins a thread does not count.
  if (thread == s.state.threads.end() || message == channel)
    return;
  auto& object = thread->second.channel;
  object.set("message_count", std::to_string(std::max<std::int64_t>(0, object.number("message_count") + change)));
  if (change > 0)
    object.set("total_message_sent", std::to_string(object.number("total_message_sent") + change));
}

void tell(scene& s, std::string_view type, json_object message) {
  message.set("guild_id", quote(s.guild_id()));
  auto blank = without_content(message).text();
  s.emit(type, messages, message.text()).without_content = std::move(blank);
}

void forget(scene& s, const message_record& which) {
  count_message(s, which.channel, which.message.id(), -1);
  auto id = which.message.id();
  std::erase_if(s.state.messages, [id](const message_record& one) { return one.message.id() == id; });
}

// What holds users is told as they are now; what tells of the past is told once.
json_object stored(json_object message) {
  return message.erase("referenced_message").erase("interaction_metadata").erase("interaction").erase("resolved");
}

json_object ids_of(const message_record& of) {
  return {{"channel_id", quote(of.channel)}, {"message_id", quote(of.message.id())}};
}

// Several of one channel.
bool delete_bulk(scene& s) {
  auto* one = some_message(s);
  if (one == nullptr)
    return false;
  auto channel = one->channel;
  std::vector<snowflake> ids;
  for (const auto& each : s.state.messages)
    if (each.channel == channel && each.message.id() != channel && ids.size() < bulk_max)
      ids.push_back(each.message.id());
  if (ids.size() < 2)
    return false;
  s.emit_here("MESSAGE_DELETE_BULK", messages, {{"ids", json_array(ids)}, {"channel_id", quote(channel)}});
  for (auto id : ids) {
    count_message(s, channel, id, -1);
    std::erase_if(s.state.messages, [id](const message_record& each) { return each.message.id() == id; });
  }
  return true;
}

bool clear_reactions(scene& s) {
  auto* one = some_message(s);
  if (one == nullptr || one->reactions.empty())
    return false;
  if (s.chance(2)) {
    one->reactions.clear();
    s.emit_here("MESSAGE_REACTION_REMOVE_ALL", reactions, ids_of(*one));
    return true;
  }
  auto emoji = s.pick(one->reactions)->first;
  std::erase_if(one->reactions, [&](const auto& each) { return each.first == emoji; });
  s.emit_here("MESSAGE_REACTION_REMOVE_EMOJI", reactions, ids_of(*one).set("emoji", emoji));
  return true;
}

bool vote(scene& s) {
  std::vector<snowflake> polls_open;
  for (const auto& each : s.state.messages)
    if (each.message.has("poll"))
      polls_open.push_back(each.message.id());
  auto* one = polls_open.empty() ? nullptr : seen_message(s, *s.pick(polls_open));
  if (one == nullptr)
    return false;
  auto leaves = !one->votes.empty() && s.chance(3);
  auto [user, answer] =
    leaves ? *s.pick(one->votes) : std::pair{s.somebody(), 1 + static_cast<std::int64_t>(s.dice.below(2))};
  if (!user)
    return false;
  auto known = std::find(one->votes.begin(), one->votes.end(), std::pair{user, answer});
  if (leaves)
    one->votes.erase(known);
  else if (known != one->votes.end() || one->votes.size() >= reactions_max)
    return false;
  else
    one->votes.emplace_back(user, answer);
  s.emit_here(leaves ? "MESSAGE_POLL_VOTE_REMOVE" : "MESSAGE_POLL_VOTE_ADD", polls,
              ids_of(*one).set("user_id", quote(user)).set("answer_id", std::to_string(answer)));
  return true;
}

// The old form of what links add: ids and embeds only (protocol 5.5).
bool unfurl(scene& s) {
  auto* one = some_message(s);
  if (one == nullptr || one->message.is("type", "18"))
    return false;
  auto embeds = "[{\"type\":\"link\",\"url\":\"https://example.org/\",\"title\":" + s.name("page") + "}]";
  one->message.set("embeds", embeds);
  json_object told{{"id", quote(one->message.id())}, {"channel_id", quote(one->channel)}, {"embeds", embeds}};
  if (s.chance(2))
    told = present(s, *one);
  tell(s, "MESSAGE_UPDATE", std::move(told));
  return true;
}

bool pin(scene& s) {
  auto* one = some_message(s);
  if (one == nullptr)
    return false;
  one->message.set("pinned", one->message.is("pinned", "true") ? "false" : "true");
  tell(s, "MESSAGE_UPDATE", present(s, *one));
  return true;
}

// What happens between the bot and one user.
bool direct(scene& s) {
  member_ref who{s.guild, static_cast<std::uint32_t>(s.dice.below(s.where.member_count(s.guild)))};
  auto channel = s.where.direct_channel(who);
  auto user = s.where.user_id(who);
  json_object ids{{"channel_id", quote(channel)}, {"message_id", quote(s.make_id())}, {"user_id", quote(user)}};
  auto told = [&](std::string_view type, intent needs, const json_object& data) {
    s.emit(type, {needs}, data.text()).to = audience::shard_0;
    return true;
  };
  switch (s.dice.below(8)) {
  case 0:
    return told("TYPING_START", intent::direct_message_typing,
                ids.erase("message_id").set("timestamp", std::to_string(s.unix_ms / 1000)));
  case 1:
    return told("CHANNEL_PINS_UPDATE", intent::direct_messages,
                {{"channel_id", quote(channel)}, {"last_pin_timestamp", s.maybe(s.time())}});
  case 2:
    return told("MESSAGE_POLL_VOTE_ADD", intent::direct_message_polls, ids.set("answer_id", "1"));
  case 3:
    return told("MESSAGE_DELETE", intent::direct_messages,
                {{"id", quote(s.make_id())}, {"channel_id", quote(channel)}});
  case 4:
    return told("MESSAGE_REACTION_ADD", intent::direct_message_reactions,
                ids.set("emoji", "{\"id\":null,\"name\":\"\u2764\"}").set("burst", "false").set("type", "0"));
  case 5:
    return told("MESSAGE_POLL_VOTE_REMOVE", intent::direct_message_polls, ids.set("answer_id", "1"));
  default:
    s.out.push_back(s.people.direct_message(who, s.unix_ms));
    return true;
  }
}

} // namespace

void post(scene& s, snowflake channel, json_object message) {
  message.set("channel_id", quote(channel));
  auto id = message.id();
  if (auto place = s.state.channels.find(channel); place != s.state.channels.end())
    place->second.set("last_message_id", quote(id));
  else if (auto thread = s.state.threads.find(channel); thread != s.state.threads.end())
    thread->second.channel.set("last_message_id", quote(id));
  count_message(s, channel, id, 1);
  s.state.messages.push_back({.message = stored(message), .channel = channel, .reactions = {}, .votes = {}});
  if (s.state.messages.size() > recent_max)
    s.state.messages.pop_front();
  tell(s, "MESSAGE_CREATE", std::move(message));
}

json_object present(scene& s, const message_record& of) {
  auto message = of.message;
  if (message.has("webhook_id"))
    return message;
  auto author = json_object::parse(message.get("author")).id();
  message.set("author", s.where.user(author));
  if (auto member = bare_member(s, author); member.empty())
    message.erase("member");
  else
    message.set("member", member.text());
  std::vector<std::string> mentions;
  for (const auto& text : json_elements(message.get("mentions"))) {
    auto user = json_object::parse(text).id();
    mentions.push_back(json_object::parse(s.where.user(user)).set("member", bare_member(s, user).text()).text());
  }
  return message.set("mentions", json_array(mentions));
}

bool message_create(scene& s) {
  auto author = s.somebody();
  auto thread = s.chance(4) ? s.thread() : snowflake{};
  const auto* place = thread ? &s.state.threads.at(thread).channel : s.text_channel();
  if (!author || place == nullptr)
    return false;
  // A copy: the message changes what it was made from.
  auto channel = *place;
  auto made = make_message(s, author, channel);
  if (s.dice.share() < s.settings.ping_share) {
    made.set("content", "\"!ping\"");
    s.people.count_ping();
  }
  post(s, channel.id(), std::move(made));
  return true;
}

bool message_update(scene& s) {
  auto* one = some_message(s);
  if (one == nullptr)
    return message_create(s);
  one->message.set("content", quote(s.people.chatter() + " (edited)")).set("edited_timestamp", s.time());
  tell(s, "MESSAGE_UPDATE", present(s, *one));
  return true;
}

bool message_delete(scene& s) {
  auto* one = some_message(s);
  if (one == nullptr)
    return message_create(s);
  s.emit_here("MESSAGE_DELETE", messages, {{"id", quote(one->message.id())}, {"channel_id", quote(one->channel)}});
  forget(s, *one);
  return true;
}

bool reaction_add(scene& s) {
  auto* one = some_message(s);
  auto user = s.somebody();
  if (one == nullptr || !user || one->reactions.size() >= reactions_max)
    return message_create(s);
  auto own = s.state.emojis.empty() || s.chance(2);
  std::string emoji = s.any({"{\"id\":null,\"name\":\"\u2764\"}", "{\"id\":null,\"name\":\"\U0001F525\"}"});
  if (!own) {
    const auto& [id, object] = *s.pick(s.state.emojis);
    emoji = "{\"id\":" + quote(id) + ",\"name\":" + std::string{object.get("name")}
            + ",\"animated\":" + std::string{object.get("animated")} + '}';
  }
  if (std::find(one->reactions.begin(), one->reactions.end(), std::pair{emoji, user}) != one->reactions.end())
    return false;
  one->reactions.emplace_back(emoji, user);
  auto burst = s.chance(6);
  auto told = ids_of(*one);
  told.set("user_id", quote(user)).set("emoji", emoji).set("burst", burst ? "true" : "false");
  told.set("type", burst ? "1" : "0").set("member", s.where.member_text(s.guild, user));
  if (!one->message.has("webhook_id"))
    told.set("message_author_id", quote(json_object::parse(one->message.get("author")).id()));
  if (burst)
    told.set("burst_colors", "[\"#ff5500\",\"#00aa33\"]");
  s.emit_here("MESSAGE_REACTION_ADD", reactions, told);
  return true;
}

bool reaction_remove(scene& s) {
  auto* one = some_message(s);
  if (one == nullptr || one->reactions.empty())
    return reaction_add(s);
  auto found = s.pick(one->reactions);
  auto told = ids_of(*one).set("user_id", quote(found->second)).set("emoji", found->first);
  one->reactions.erase(found);
  s.emit_here("MESSAGE_REACTION_REMOVE", reactions, told.set("burst", "false").set("type", "0"));
  return true;
}

std::span<const weighted_act> message_acts() {
  static constexpr weighted_act all[]{
    {12, message_create}, {4, message_update},  {3, message_delete}, {3, delete_bulk}, {6, reaction_add},
    {3, reaction_remove}, {3, clear_reactions}, {6, vote},           {3, unfurl},      {2, pin},
    {3, direct}};
  return all;
}

} // namespace troupe::simulator::churn
