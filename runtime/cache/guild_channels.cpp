// SPDX-License-Identifier: BSD-3-Clause
// Channels and threads. A channel takes its threads with it, and a thread its messages: nothing else tells.
#include "runtime/cache/fields.hpp"
#include "runtime/cache/guild_state.hpp"

#include <algorithm>

namespace troupe::cache {

namespace {

thread_member only_ids(const thread_member& what) {
  auto own = what;
  own.member.reset();
  own.presence.reset();
  return own;
}

channel merged(std::optional<channel> known, const channel& news) {
  if (!known)
    return news;
  overlay(*known, news);
  return std::move(*known);
}

} // namespace

void guild_state::put_channel(const channel& what, bool merge) {
  if (!keep_.channels)
    return;
  auto now = merge ? merged(channels_.get(what.id), what) : what;
  if (now.member)
    now.member = only_ids(*now.member);
  channels_.put(std::move(now));
}

// Discord tells of threads as long as they are active; one in the archive would stay forever.
void guild_state::put_thread(const channel& what, bool merge) {
  if (what.thread_metadata && what.thread_metadata->archived)
    return remove_thread(what.id);
  if (!keep_.threads)
    return;
  auto now = merge ? merged(threads_.get(what.id), what) : what;
  if (now.member)
    now.member = only_ids(*now.member);
  threads_.put(std::move(now));
}

void guild_state::remove_thread(snowflake id) {
  threads_.erase(id);
  messages_.erase_channel(id);
}

void guild_state::remove_channel(snowflake id) {
  for (auto thread : threads_.below(id))
    remove_thread(thread);
  channels_.erase(id);
  messages_.erase_channel(id);
  std::vector<snowflake> gone;
  stages_.each([&](const stage_instance& one) {
    if (one.channel_id == id)
      gone.push_back(one.id);
  });
  for (auto stage : gone)
    stages_.erase(stage);
  gone.clear();
  voice_states_.raw().each([&](snowflake user, const blob& packed) {
    if (packed_table<voice_state>::open(user, packed).channel_id == id)
      gone.push_back(user);
  });
  for (auto user : gone)
    voice_states_.erase(user);
  invites_.erase_channel(id);
}

template <class Change>
void guild_state::modify_any_channel(snowflake id, Change change) {
  channels_.modify(id, change);
  threads_.modify(id, change);
}

void guild_state::apply(const channel_create& event) {
  put_channel(event);
}

void guild_state::apply(const channel_update& event) {
  put_channel(event);
}

void guild_state::apply(const channel_delete& event) {
  remove_channel(event.id);
}

void guild_state::apply(const channel_info& event) {
  for (const auto& news : event.channels)
    channels_.modify(news.id, [&](channel& known) {
      if (!news.status.is_absent())
        known.status = news.status;
      if (!news.voice_start_time.is_absent())
        known.voice_start_time = news.voice_start_time;
    });
}

void guild_state::apply(const channel_pins_update& event) {
  modify_any_channel(event.channel_id, [&](channel& known) {
    if (!event.last_pin_timestamp.is_absent())
      known.last_pin_timestamp = event.last_pin_timestamp;
  });
}

void guild_state::apply(const voice_channel_status_update& event) {
  channels_.modify(event.id, [&](channel& known) {
    known.status = event.status ? maybe<std::string>{*event.status} : maybe<std::string>::null();
  });
}

void guild_state::apply(const voice_channel_start_time_update& event) {
  channels_.modify(event.id, [&](channel& known) {
    if (!event.voice_start_time.is_absent())
      known.voice_start_time = event.voice_start_time;
  });
}

void guild_state::apply(const thread_create& event) {
  put_thread(event);
  // Forums count their posts as others their messages.
  if (auto parent = event.parent_id.value_or(snowflake{}))
    if (auto known = channels_.get(parent);
        known && (known->type == channel_type::guild_forum || known->type == channel_type::guild_media))
      channels_.note_message(parent, event.id);
}

void guild_state::apply(const thread_update& event) {
  put_thread(event);
}

void guild_state::apply(const thread_delete& event) {
  remove_thread(event.id);
}

void guild_state::apply(const thread_list_sync& event) {
  std::vector<snowflake> gone;
  if (event.channel_ids)
    for (auto parent : *event.channel_ids)
      for (auto id : threads_.below(parent))
        gone.push_back(id);
  else
    gone = threads_.ids();
  for (auto id : gone) {
    auto stays =
      std::any_of(event.threads.begin(), event.threads.end(), [id](const auto& one) { return one.id == id; });
    if (!stays)
      remove_thread(id);
  }
  for (const auto& one : event.threads)
    put_thread(one, false);
  for (const auto& own : event.members)
    threads_.modify(own.id.value_or(snowflake{}), [&](channel& known) { known.member = only_ids(own); });
}

void guild_state::apply(const thread_member_update& event) {
  threads_.modify(event.id.value_or(snowflake{}), [&](channel& known) { known.member = only_ids(event); });
}

void guild_state::apply(const thread_members_update& event) {
  threads_.modify(event.id, [&](channel& known) {
    known.member_count = event.member_count;
    if (event.removed_member_ids)
      for (auto user : *event.removed_member_ids)
        if (is_bot(user))
          known.member.reset();
    if (event.added_members)
      for (const auto& one : *event.added_members)
        if (is_bot(one.user_id.value_or(snowflake{})))
          known.member = only_ids(one);
  });
  if (!event.added_members)
    return;
  for (const auto& one : *event.added_members) {
    if (one.member)
      put_member(*one.member, member_news::update);
    if (one.presence)
      put_presence(*one.presence);
  }
}

} // namespace troupe::cache
