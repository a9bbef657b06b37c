// SPDX-License-Identifier: BSD-3-Clause
// Answers: snapshots, made from what is stored.
#include "runtime/cache/guild_state.hpp"

#include <algorithm>
#include <string>

namespace troupe::cache {

namespace {

constexpr std::uint32_t page_max = 1000;

error not_cached(std::string_view what, snowflake id = {}) {
  std::string detail{what};
  if (id)
    detail += " " + to_string(id);
  return {errc::not_cached, std::move(detail)};
}

template <class T>
result<T> found_or(std::optional<T> found, std::string_view what, snowflake id = {}) {
  if (!found)
    return not_cached(what, id);
  return std::move(*found);
}

std::size_t page_size(std::uint32_t limit) {
  return std::clamp(limit, 1u, page_max);
}

} // namespace

// -- finding ------------------------------------------------------------------------------------------------

// Nothing tells that members and overwrites lost a role that was deleted (protocol 5.1). Without any roles nobody
// knows.
void guild_state::finish(member& what) const {
  if (roles_.size() > 0)
    std::erase_if(what.roles, [this](snowflake id) { return !roles_.contains(id); });
}

void guild_state::finish(channel& what) const {
  what.guild_id = id_;
  if (roles_.size() > 0 && what.permission_overwrites)
    std::erase_if(*what.permission_overwrites, [this](const permission_overwrite& one) {
      return one.type == overwrite_type::role && !roles_.contains(one.id);
    });
}

std::optional<channel> guild_state::find_channel(snowflake id) const {
  auto found = channels_.get(id);
  if (!found)
    found = threads_.get(id);
  if (found)
    finish(*found);
  return found;
}

std::optional<member> guild_state::find_member(snowflake user) const {
  auto found = members_.get(user);
  if (found)
    finish(*found);
  return found;
}

std::optional<presence> guild_state::find_presence(snowflake user) const {
  auto found = presences_.get(user);
  if (found) {
    found->user.id = user;
    found->guild_id = id_;
  }
  return found;
}

std::optional<voice_state> guild_state::find_voice_state(snowflake user) const {
  auto found = voice_states_.get(user);
  if (found) {
    found->user_id = user;
    found->guild_id = id_;
  }
  return found;
}

// -- answering ----------------------------------------------------------------------------------------------

result<guild> guild_state::answer(const get_guild&) const {
  return found_or(find_guild(), "the guild");
}

result<guild_counts> guild_state::answer(const get_guild_counts&) const {
  guild_counts all;
  all.guild = id_;
  all.available = available_;
  all.dirty = dirty();
  all.member_count = static_cast<std::uint64_t>(member_count_);
  all.members = members_.size();
  all.channels = channels_.size();
  all.threads = threads_.size();
  all.roles = roles_.size();
  all.presences = presences_.size();
  all.voice_states = voice_states_.size();
  all.messages = messages_.size();
  all.bytes = bytes();
  all.evicted_members = evicted_members_;
  all.evicted_messages = evicted_messages_;
  return all;
}

result<channel> guild_state::answer(const get_channel& what) const {
  return found_or(find_channel(what.channel), "the channel", what.channel);
}

result<channel_list> guild_state::answer(const get_channels&) const {
  if (!keep_.channels)
    return not_cached("channels");
  channel_list list{channels_.all()};
  for (auto& one : list.channels)
    finish(one);
  return list;
}

result<channel_list> guild_state::answer(const get_threads& what) const {
  if (!keep_.threads)
    return not_cached("threads");
  channel_list list{threads_.all(what.parent)};
  for (auto& one : list.channels)
    finish(one);
  return list;
}

result<role> guild_state::answer(const get_role& what) const {
  return found_or(roles_.get(what.role), "the role", what.role);
}

result<role_list> guild_state::answer(const get_roles&) const {
  if (!keep_.roles)
    return not_cached("roles");
  role_list list;
  roles_.each([&](role one) { list.roles.push_back(std::move(one)); });
  std::sort(list.roles.begin(), list.roles.end(), &is_higher);
  return list;
}

result<member> guild_state::answer(const get_member& what) const {
  return found_or(find_member(what.user), "the member", what.user);
}

result<member_page> guild_state::answer(const get_members& what) const {
  if (!keep_.members)
    return not_cached("members");
  auto limit = page_size(what.limit);
  auto ids = members_.page(what.after, limit + 1);
  member_page page;
  page.more = ids.size() > limit;
  if (page.more)
    ids.pop_back();
  for (auto id : ids)
    page.members.push_back(*find_member(id));
  return page;
}

result<presence> guild_state::answer(const get_presence& what) const {
  return found_or(find_presence(what.user), "the presence of", what.user);
}

result<voice_state> guild_state::answer(const get_voice_state& what) const {
  return found_or(find_voice_state(what.user), "the voice state of", what.user);
}

result<voice_state_list> guild_state::answer(const get_voice_states& what) const {
  if (!keep_.voice_states)
    return not_cached("voice states");
  voice_state_list list;
  voice_states_.raw().each([&](snowflake user, const blob&) {
    auto one = *find_voice_state(user);
    if (!what.channel || one.channel_id == *what.channel)
      list.voice_states.push_back(std::move(one));
  });
  return list;
}

result<message> guild_state::answer(const get_message& what) const {
  return found_or(messages_.get(what.channel, what.message), "the message", what.message);
}

result<message_page> guild_state::answer(const get_messages& what) const {
  if (!keep_.messages)
    return not_cached("messages");
  return messages_.page(what.channel, what.before, page_size(what.limit));
}

result<emoji_list> guild_state::answer(const get_emojis&) const {
  return found_or(find_emojis(), "emojis");
}

result<sticker_list> guild_state::answer(const get_stickers&) const {
  return found_or(find_stickers(), "stickers");
}

result<scheduled_event_list> guild_state::answer(const get_scheduled_events&) const {
  if (!keep_.scheduled_events)
    return not_cached("scheduled events");
  scheduled_event_list list;
  scheduled_events_.each([&](scheduled_event one) { list.events.push_back(std::move(one)); });
  return list;
}

result<stage_instance_list> guild_state::answer(const get_stage_instances&) const {
  if (!keep_.stage_instances)
    return not_cached("stages");
  stage_instance_list list;
  stages_.each([&](stage_instance one) { list.stages.push_back(std::move(one)); });
  return list;
}

result<soundboard_sound_list> guild_state::answer(const get_soundboard_sounds&) const {
  if (!keep_.soundboard_sounds)
    return not_cached("sounds");
  soundboard_sound_list list;
  sounds_.each([&](soundboard_sound one) { list.sounds.push_back(std::move(one)); });
  return list;
}

// -- who may what -------------------------------------------------------------------------------------------

std::optional<permission_holder> guild_state::holder(snowflake user) const {
  auto who = members_.get_bare(user);
  auto everyone = roles_.get(id_);
  if (!who || !everyone)
    return std::nullopt;
  permission_holder found{.user = user, .guild = id_, .owner = owner_};
  found.roles.push_back(std::move(*everyone));
  for (auto id : who->roles)
    if (auto its = roles_.get(id))
      found.roles.push_back(std::move(*its));
  found.timeout_until = who->communication_disabled_until.as_optional();
  return found;
}

result<permissions_answer> guild_state::answer(const get_permissions& what) const {
  auto who = holder(what.user);
  if (!who)
    return not_cached("the member with its roles", what.user);
  auto where = find_channel(what.channel);
  if (!where)
    return not_cached("the channel", what.channel);
  auto thread = is_thread(where->type);
  if (thread) {
    auto parent = where->parent_id.value_or(snowflake{});
    where = find_channel(parent);
    if (!where)
      return not_cached("the parent of the thread", parent);
  }
  const auto overwrites = where->permission_overwrites.value_or(std::vector<permission_overwrite>{});
  return permissions_answer{permissions_in(*who, overwrites, thread, now_())};
}

result<members_compared> guild_state::answer(const compare_members& what) const {
  auto first = holder(what.first);
  auto second = holder(what.second);
  if (!first || !second)
    return not_cached("a member with its roles", first ? what.second : what.first);
  if (what.first == what.second)
    return members_compared{standing::equal};
  if (what.first == owner_ || what.second == owner_)
    return members_compared{what.first == owner_ ? standing::higher : standing::lower};
  auto highest = [](const permission_holder& of) {
    return std::min_element(of.roles.begin(), of.roles.end(), &is_higher);
  };
  auto one = highest(*first);
  auto other = highest(*second);
  if (one->id == other->id)
    return members_compared{standing::equal};
  return members_compared{is_higher(*one, *other) ? standing::higher : standing::lower};
}

} // namespace troupe::cache
