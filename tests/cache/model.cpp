// SPDX-License-Identifier: BSD-3-Clause
#include "tests/cache/model.hpp"

#include "tests/cache/merging.hpp"

#include <algorithm>
#include <set>

namespace troupe::testing {

// -- the guild ------------------------------------------------------------------------------------------

void model::set_guild(const guild& what, bool whole) {
  owner = what.owner_id;
  if (keep.roles && !what.roles.empty()) {
    roles.clear();
    for (const auto& one : what.roles)
      roles[one.id] = one;
  }
  if (keep.emojis && (whole || !what.emojis.empty()))
    emojis = what.emojis;
  if (what.stickers)
    set_stickers(*what.stickers);
  if (!keep.guilds)
    return;
  if (whole || !the_guild)
    the_guild = what;
  else
    take_what_is_there(*the_guild, what);
}

void model::apply(const guild_create& e) {
  removed = false;
  if (e.unavailable == true) {
    available = false;
    return;
  }
  available = true;
  bool whole = e.joined_at.has_value();
  if (whole)
    messages.clear();
  if (e.member_count)
    member_count = *e.member_count;
  set_guild(e, true);
  auto drop_missing = [](const auto& listed, auto& known, auto drop) {
    std::set<snowflake> stay;
    for (const auto& one : listed)
      stay.insert(one.id);
    std::vector<snowflake> go;
    for (const auto& one : known)
      if (!stay.contains(one.first))
        go.push_back(one.first);
    for (auto one : go)
      drop(one);
  };
  if (e.channels) {
    drop_missing(*e.channels, channels, [&](snowflake one) { remove_channel(one); });
    for (const auto& one : *e.channels)
      set_channel(one, !whole);
  }
  if (e.threads) {
    drop_missing(*e.threads, threads, [&](snowflake one) { remove_thread(one); });
    for (const auto& one : *e.threads)
      set_thread(one, !whole);
  }
  if (e.members) {
    members.clear();
    for (const auto& one : *e.members)
      see(one, true);
  }
  if (e.presences) {
    presences.clear();
    for (const auto& one : *e.presences)
      set_presence(one);
  }
  if (e.voice_states) {
    voice_states.clear();
    for (const auto& one : *e.voice_states)
      set_voice_state(one);
  }
  if (e.stage_instances) {
    stages.clear();
    for (const auto& one : *e.stage_instances)
      set_stage(one);
  }
  if (e.guild_scheduled_events) {
    scheduled_events.clear();
    for (const auto& one : *e.guild_scheduled_events)
      set_scheduled_event(one);
  }
  if (e.soundboard_sounds) {
    sounds.clear();
    for (const auto& one : *e.soundboard_sounds)
      set_sound(one);
  }
}

void model::apply(const guild_update& e) {
  set_guild(e, false);
}

void model::apply(const guild_delete& e) {
  if (e.unavailable == true || !available) {
    available = false;
    return;
  }
  model empty{id, bot, keep};
  empty.removed = true;
  empty.evicted_members = evicted_members;
  empty.evicted_messages = evicted_messages;
  empty.clock = clock;
  *this = std::move(empty);
}

std::optional<guild> model::find_guild() const {
  if (!the_guild)
    return std::nullopt;
  auto what = *the_guild;
  what.id = id;
  what.roles.clear();
  for (const auto& one : roles)
    what.roles.push_back(one.second);
  what.emojis = emojis.value_or(std::vector<emoji>{});
  what.stickers = stickers;
  return what;
}

// -- channels and threads -------------------------------------------------------------------------------

void model::set_channel(const channel& what, bool keep_absent) {
  if (!keep.channels)
    return;
  auto known = channels.find(what.id);
  if (known == channels.end() || !keep_absent)
    channels[what.id] = what;
  else
    take_what_is_there(known->second, what);
}

void model::set_thread(const channel& what, bool keep_absent) {
  if (what.thread_metadata && what.thread_metadata->archived)
    return remove_thread(what.id);
  if (!keep.threads)
    return;
  auto known = threads.find(what.id);
  if (known == threads.end() || !keep_absent)
    threads[what.id] = what;
  else
    take_what_is_there(known->second, what);
}

void model::remove_thread(snowflake which) {
  threads.erase(which);
  messages.erase(which);
}

void model::remove_channel(snowflake which) {
  std::vector<snowflake> below;
  for (const auto& [thread, what] : threads)
    if (what.parent_id == which)
      below.push_back(thread);
  for (auto thread : below)
    remove_thread(thread);
  channels.erase(which);
  messages.erase(which);
  std::erase_if(stages, [&](const auto& one) { return one.second.channel_id == which; });
  std::erase_if(voice_states, [&](const auto& one) { return one.second.channel_id == which; });
  std::erase_if(invites, [&](const auto& one) { return one.second.channel_id == which; });
}

void model::apply(const channel_create& e) {
  set_channel(e, true);
}

void model::apply(const channel_update& e) {
  set_channel(e, true);
}

void model::apply(const channel_delete& e) {
  remove_channel(e.id);
}

void model::apply(const channel_info& e) {
  for (const auto& news : e.channels) {
    auto known = channels.find(news.id);
    if (known == channels.end())
      continue;
    if (!news.status.is_absent())
      known->second.status = news.status;
    if (!news.voice_start_time.is_absent())
      known->second.voice_start_time = news.voice_start_time;
  }
}

void model::apply(const channel_pins_update& e) {
  if (e.last_pin_timestamp.is_absent())
    return;
  if (channels.contains(e.channel_id))
    channels[e.channel_id].last_pin_timestamp = e.last_pin_timestamp;
  if (threads.contains(e.channel_id))
    threads[e.channel_id].last_pin_timestamp = e.last_pin_timestamp;
}

void model::apply(const voice_channel_status_update& e) {
  if (!channels.contains(e.id))
    return;
  if (e.status)
    channels[e.id].status = *e.status;
  else
    channels[e.id].status.set_null();
}

void model::apply(const voice_channel_start_time_update& e) {
  if (channels.contains(e.id) && !e.voice_start_time.is_absent())
    channels[e.id].voice_start_time = e.voice_start_time;
}

void model::apply(const thread_create& e) {
  set_thread(e, true);
  if (!e.parent_id || !channels.contains(*e.parent_id))
    return;
  auto& parent = channels[*e.parent_id];
  auto forum = parent.type == channel_type::guild_forum || parent.type == channel_type::guild_media;
  if (forum && e.id > parent.last_message_id.value_or(snowflake{}))
    parent.last_message_id = e.id;
}

void model::apply(const thread_update& e) {
  set_thread(e, true);
}

void model::apply(const thread_delete& e) {
  remove_thread(e.id);
}

void model::apply(const thread_list_sync& e) {
  std::set<snowflake> listed;
  for (const auto& one : e.threads)
    listed.insert(one.id);
  std::vector<snowflake> go;
  for (const auto& [thread, what] : threads) {
    auto parents = e.channel_ids.value_or(std::vector<snowflake>{});
    auto meant =
      !e.channel_ids || (what.parent_id && std::find(parents.begin(), parents.end(), *what.parent_id) != parents.end());
    if (meant && !listed.contains(thread))
      go.push_back(thread);
  }
  for (auto thread : go)
    remove_thread(thread);
  for (const auto& one : e.threads)
    set_thread(one, false);
  for (const auto& own : e.members)
    if (auto known = threads.find(own.id.value_or(snowflake{})); known != threads.end())
      known->second.member = own;
}

void model::apply(const thread_member_update& e) {
  if (auto known = threads.find(e.id.value_or(snowflake{})); known != threads.end())
    known->second.member = static_cast<const thread_member&>(e);
}

void model::apply(const thread_members_update& e) {
  if (auto known = threads.find(e.id); known != threads.end()) {
    known->second.member_count = e.member_count;
    for (auto user : e.removed_member_ids.value_or(std::vector<snowflake>{}))
      if (user == bot)
        known->second.member.reset();
    for (const auto& one : e.added_members.value_or(std::vector<thread_member>{}))
      if (one.user_id == bot)
        known->second.member = one;
  }
  for (const auto& one : e.added_members.value_or(std::vector<thread_member>{})) {
    if (one.member)
      see(*one.member, false);
    if (one.presence)
      set_presence(*one.presence);
  }
}

channel model::finished(channel what) const {
  what.guild_id = id;
  if (what.member) {
    what.member->member.reset();
    what.member->presence.reset();
  }
  if (what.permission_overwrites && !roles.empty())
    std::erase_if(*what.permission_overwrites, [&](const permission_overwrite& one) {
      return one.type == overwrite_type::role && !roles.contains(one.id);
    });
  return what;
}

std::optional<channel> model::find_channel(snowflake which) const {
  if (auto known = channels.find(which); known != channels.end())
    return finished(known->second);
  if (auto known = threads.find(which); known != threads.end())
    return finished(known->second);
  return std::nullopt;
}

// -- lists ----------------------------------------------------------------------------------------------

void model::apply(const guild_role_create& e) {
  if (keep.roles)
    roles[e.role.id] = e.role;
}

void model::apply(const guild_role_update& e) {
  if (keep.roles)
    roles[e.role.id] = e.role;
}

void model::apply(const guild_role_delete& e) {
  roles.erase(e.role_id);
}

std::vector<role> model::roles_highest_first() const {
  std::vector<role> all;
  for (const auto& one : roles)
    all.push_back(one.second);
  std::stable_sort(all.begin(), all.end(), [](const role& a, const role& b) { return a.position > b.position; });
  return all;
}

void model::apply(const guild_emojis_update& e) {
  if (keep.emojis)
    emojis = e.emojis;
}

void model::set_stickers(std::vector<sticker> what) {
  if (!keep.stickers)
    return;
  for (auto& one : what)
    one.guild_id = id;
  stickers = std::move(what);
}

void model::apply(const guild_stickers_update& e) {
  set_stickers(e.stickers);
}

void model::set_sound(const soundboard_sound& what) {
  if (!keep.soundboard_sounds)
    return;
  set_or_merge(sounds, what.sound_id, what);
  sounds[what.sound_id].guild_id = id;
}

void model::apply(const guild_soundboard_sound_create& e) {
  set_sound(e);
}

void model::apply(const guild_soundboard_sound_update& e) {
  set_sound(e);
}

void model::apply(const guild_soundboard_sound_delete& e) {
  sounds.erase(e.sound_id);
}

void model::apply(const guild_soundboard_sounds_update& e) {
  for (const auto& one : e.soundboard_sounds)
    set_sound(one);
}

void model::apply(const soundboard_sounds& e) {
  sounds.clear();
  for (const auto& one : e.soundboard_sounds_)
    set_sound(one);
}

void model::set_stage(const stage_instance& what) {
  if (keep.stage_instances)
    set_or_merge(stages, what.id, what);
}

void model::apply(const stage_instance_create& e) {
  set_stage(e);
}

void model::apply(const stage_instance_update& e) {
  set_stage(e);
}

void model::apply(const stage_instance_delete& e) {
  stages.erase(e.id);
}

void model::set_scheduled_event(const scheduled_event& what) {
  if (!keep.scheduled_events)
    return;
  auto over = static_cast<int>(what.status) == 3 || static_cast<int>(what.status) == 4;
  if (over)
    scheduled_events.erase(what.id);
  else
    set_or_merge(scheduled_events, what.id, what);
}

void model::apply(const guild_scheduled_event_create& e) {
  set_scheduled_event(e);
}

void model::apply(const guild_scheduled_event_update& e) {
  set_scheduled_event(e);
}

void model::apply(const guild_scheduled_event_delete& e) {
  scheduled_events.erase(e.id);
}

void model::apply(const guild_scheduled_event_user_add& e) {
  auto known = scheduled_events.find(e.guild_scheduled_event_id);
  if (known != scheduled_events.end() && known->second.user_count)
    ++*known->second.user_count;
}

void model::apply(const guild_scheduled_event_user_remove& e) {
  auto known = scheduled_events.find(e.guild_scheduled_event_id);
  if (known != scheduled_events.end() && known->second.user_count && *known->second.user_count > 0)
    --*known->second.user_count;
}

void model::apply(const invite_create& e) {
  if (keep.invites)
    invites[e.code] = e;
}

void model::apply(const invite_delete& e) {
  invites.erase(e.code);
}

} // namespace troupe::testing
