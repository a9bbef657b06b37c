// SPDX-License-Identifier: BSD-3-Clause
// The model's members, presences, voice states and messages.
#include "tests/cache/merging.hpp"
#include "tests/cache/model.hpp"

#include <algorithm>

namespace troupe::testing {

// -- members --------------------------------------------------------------------------------------------

void model::see(const member& what, bool whole, const user* author) {
  const auto* who = what.user ? &*what.user : author;
  if (!keep.members || who == nullptr)
    return;
  auto known = members.find(who->id);
  auto is_new = known == members.end();
  auto& slot = members[who->id];
  auto person = is_new ? user{} : *slot.who.user;
  take_what_is_there(person, *who);
  if (is_new || whole)
    slot.who = what;
  else
    take_what_is_there(slot.who, what);
  slot.who.user = person;
  slot.who.permissions.reset();
  slot.seen = ++clock;
  if (keep.members_per_guild == 0 || members.size() <= keep.members_per_guild)
    return;
  auto leave = keep.members_per_guild - keep.members_per_guild / 16;
  while (members.size() > leave) {
    auto oldest = members.end();
    for (auto one = members.begin(); one != members.end(); ++one)
      if (one->first != bot && (oldest == members.end() || one->second.seen < oldest->second.seen))
        oldest = one;
    if (oldest == members.end())
      return;
    members.erase(oldest);
    ++evicted_members;
  }
}

std::optional<member> model::find_member(snowflake user) const {
  auto known = members.find(user);
  if (known == members.end())
    return std::nullopt;
  auto who = known->second.who;
  if (!keep.users) {
    who.user.emplace();
    who.user->id = user;
  }
  if (!roles.empty())
    std::erase_if(who.roles, [&](snowflake one) { return !roles.contains(one); });
  return who;
}

void model::apply(const guild_member_add& e) {
  if (!e.user)
    return;
  if (!members.contains(e.user->id))
    ++member_count;
  see(e, true);
}

void model::apply(const guild_member_update& e) {
  see(e, false);
}

void model::apply(const guild_member_remove& e) {
  if (member_count > 0)
    --member_count;
  members.erase(e.user.id);
  presences.erase(e.user.id);
}

void model::apply(const guild_members_chunk& e) {
  for (const auto& one : e.members)
    see(one, true);
  for (const auto& one : e.presences.value_or(std::vector<presence>{}))
    set_presence(one);
}

void model::apply(const interaction_create& e) {
  if (e.member)
    see(*e.member, false);
}

void model::apply(const typing_start& e) {
  if (e.member)
    see(*e.member, false);
}

// -- presences and voice --------------------------------------------------------------------------------

void model::set_presence(const presence& what) {
  if (!keep.presences)
    return;
  if (auto known = members.find(what.user.id); known != members.end()) {
    auto& who = *known->second.who.user;
    const auto& news = what.user;
    take(who.username, news.username);
    take(who.discriminator, news.discriminator);
    take(who.global_name, news.global_name);
    take(who.avatar, news.avatar);
    take(who.bot, news.bot);
    take(who.public_flags, news.public_flags);
    take(who.avatar_decoration_data, news.avatar_decoration_data);
    take(who.collectibles, news.collectibles);
    take(who.primary_guild, news.primary_guild);
  }
  auto& slot = presences[what.user.id];
  if (what.status)
    slot.status = what.status;
  if (what.activities)
    slot.activities = what.activities;
  if (what.client_status)
    slot.client_status = what.client_status;
  if (slot.status == "offline")
    presences.erase(what.user.id);
}

std::optional<presence> model::find_presence(snowflake user) const {
  auto known = presences.find(user);
  if (known == presences.end())
    return std::nullopt;
  auto what = known->second;
  what.user.id = user;
  what.guild_id = id;
  return what;
}

void model::apply(const presence_update& e) {
  set_presence(e);
}

void model::set_voice_state(const voice_state& what) {
  if (what.member)
    see(*what.member, false);
  if (!keep.voice_states)
    return;
  if (what.channel_id)
    voice_states[what.user_id] = what;
  else
    voice_states.erase(what.user_id);
}

std::optional<voice_state> model::find_voice_state(snowflake user) const {
  auto known = voice_states.find(user);
  if (known == voice_states.end())
    return std::nullopt;
  auto what = known->second;
  what.guild_id = id;
  what.member.reset();
  return what;
}

void model::apply(const voice_state_update& e) {
  set_voice_state(e);
}

// -- messages -------------------------------------------------------------------------------------------

message* model::known_message(snowflake channel, snowflake which) {
  auto log = messages.find(channel);
  if (log == messages.end())
    return nullptr;
  auto known = log->second.find(which);
  return known == log->second.end() ? nullptr : &known->second;
}

std::optional<message> model::find_message(snowflake channel, snowflake which) const {
  auto log = messages.find(channel);
  if (log == messages.end() || !log->second.contains(which))
    return std::nullopt;
  return log->second.at(which);
}

void model::apply(const message_create& e) {
  if (e.member && !e.webhook_id)
    see(*e.member, false, &e.author);
  if (auto known = channels.find(e.channel_id); known != channels.end())
    if (e.id > known->second.last_message_id.value_or(snowflake{}))
      known->second.last_message_id = e.id;
  if (auto known = threads.find(e.channel_id); known != threads.end())
    if (auto& thread = known->second; e.id > thread.last_message_id.value_or(snowflake{})) {
      thread.last_message_id = e.id;
      if (e.id != thread.id && e.type != message_type::thread_starter_message) {
        if (thread.message_count)
          ++*thread.message_count;
        if (thread.total_message_sent)
          ++*thread.total_message_sent;
      }
    }
  if (!keep.messages)
    return;
  auto& log = messages[e.channel_id];
  log[e.id] = e;
  for (; log.size() > keep.messages_per_channel; ++evicted_messages)
    log.erase(log.begin());
}

void model::apply(const message_update& e) {
  auto whole = e.author.id.value != 0;
  if (e.member && whole && !e.webhook_id)
    see(*e.member, false, &e.author);
  auto* known = known_message(e.channel_id, e.id);
  if (known == nullptr)
    return;
  auto before = *known;
  if (whole)
    take_what_is_there(*known, static_cast<const message&>(e));
  else
    take_what_is_set(*known, static_cast<const message&>(e));
  known->tts = before.tts;
  if (!e.edited_timestamp)
    known->edited_timestamp = before.edited_timestamp;
}

void model::apply(const message_delete& e) {
  if (auto log = messages.find(e.channel_id); log != messages.end())
    log->second.erase(e.id);
  auto thread = threads.find(e.channel_id);
  if (thread != threads.end() && e.id != e.channel_id && thread->second.message_count.value_or(0) > 0)
    --*thread->second.message_count;
}

void model::apply(const message_delete_bulk& e) {
  for (auto one : e.ids)
    apply(message_delete{one, e.channel_id, std::nullopt});
}

namespace {

bool same(const emoji& a, const emoji& b) {
  if (a.id.has_value() != b.id.has_value())
    return false;
  return a.id ? *a.id == *b.id : a.name == b.name;
}

} // namespace

void model::apply(const message_reaction_add& e) {
  if (e.member)
    see(*e.member, false);
  auto* known = known_message(e.channel_id, e.message_id);
  if (known == nullptr)
    return;
  auto all = known->reactions.value_or(std::vector<reaction>{});
  auto one = std::find_if(all.begin(), all.end(), [&](const reaction& r) { return same(r.emoji, e.emoji); });
  if (one == all.end()) {
    reaction made;
    made.emoji = e.emoji;
    made.count_details = reaction_counts{};
    made.me_burst = false;
    one = all.insert(all.end(), made);
  }
  one->count += 1;
  if (one->count_details)
    (e.burst ? one->count_details->burst : one->count_details->normal) += 1;
  if (e.burst_colors)
    one->burst_colors = e.burst_colors;
  if (e.user_id == bot) {
    if (e.burst)
      one->me_burst = true;
    else
      one->me = true;
  }
  known->reactions = all;
}

void model::apply(const message_reaction_remove& e) {
  auto* known = known_message(e.channel_id, e.message_id);
  if (known == nullptr || !known->reactions)
    return;
  auto& all = *known->reactions;
  auto one = std::find_if(all.begin(), all.end(), [&](const reaction& r) { return same(r.emoji, e.emoji); });
  if (one == all.end())
    return;
  one->count -= 1;
  if (one->count_details) {
    auto& part = e.burst ? one->count_details->burst : one->count_details->normal;
    if (part > 0)
      part -= 1;
  }
  if (e.user_id == bot) {
    if (e.burst)
      one->me_burst = false;
    else
      one->me = false;
  }
  if (one->count <= 0)
    std::erase_if(all, [&](const reaction& r) { return same(r.emoji, e.emoji); });
  if (all.empty())
    known->reactions.reset();
}

void model::apply(const message_reaction_remove_all& e) {
  if (auto* known = known_message(e.channel_id, e.message_id))
    known->reactions.reset();
}

void model::apply(const message_reaction_remove_emoji& e) {
  auto* known = known_message(e.channel_id, e.message_id);
  if (known == nullptr || !known->reactions)
    return;
  std::erase_if(*known->reactions, [&](const reaction& r) { return same(r.emoji, e.emoji); });
  if (known->reactions->empty())
    known->reactions.reset();
}

void model::vote(snowflake channel, snowflake which, std::int32_t answer, int difference, bool mine) {
  auto* known = known_message(channel, which);
  if (known == nullptr || !known->poll)
    return;
  auto changed = **known->poll;
  auto results = changed.results.value_or(poll_results{});
  auto one = std::find_if(results.answer_counts.begin(), results.answer_counts.end(),
                          [&](const poll_answer_count& c) { return c.id == answer; });
  if (one == results.answer_counts.end())
    one = results.answer_counts.insert(one, poll_answer_count{answer, 0, false});
  one->count += difference;
  if (one->count < 0)
    one->count = 0;
  if (mine)
    one->me_voted = difference > 0;
  changed.results = results;
  known->poll = changed;
}

void model::apply(const message_poll_vote_add& e) {
  vote(e.channel_id, e.message_id, e.answer_id, 1, e.user_id == bot);
}

void model::apply(const message_poll_vote_remove& e) {
  vote(e.channel_id, e.message_id, e.answer_id, -1, e.user_id == bot);
}

} // namespace troupe::testing
