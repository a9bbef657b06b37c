// SPDX-License-Identifier: BSD-3-Clause
// Members, presences and voice states.
#include "runtime/cache/fields.hpp"
#include "runtime/cache/guild_state.hpp"

#include <algorithm>

namespace troupe::cache {

void guild_state::put_member(const member& what, member_news news, const user* who) {
  if (what.user)
    who = &*what.user;
  if (!keep_.members || who == nullptr || !who->id)
    return;
  members_.put(who->id, what, news, who, keep_.users ? users_.get() : nullptr);
  evicted_members_ += members_.evict(keep_.members_per_guild, users_->bot());
}

void guild_state::put_presence(const presence& what) {
  if (!keep_.presences)
    return;
  if (keep_.users)
    members_.update_user(what.user, *users_);
  auto user = what.user.id;
  auto now = presences_.get(user).value_or(presence{});
  overlay(now, what);
  if (now.status == "offline") {
    presences_.erase(user);
    return;
  }
  now.user = {};
  now.guild_id.reset();
  presences_.put(user, now);
}

void guild_state::put_voice_state(const voice_state& what) {
  if (what.member)
    put_member(*what.member, member_news::update);
  if (!keep_.voice_states)
    return;
  if (!what.channel_id) {
    voice_states_.erase(what.user_id);
    return;
  }
  auto now = what;
  now.member.reset();
  now.guild_id.reset();
  now.user_id = {};
  voice_states_.put(what.user_id, now);
}

void guild_state::apply(const guild_member_add& event) {
  if (!event.user)
    return;
  // Perhaps of somebody who was there.
  if (!members_.contains(event.user->id))
    ++member_count_;
  put_member(event, member_news::whole);
}

void guild_state::apply(const guild_member_update& event) {
  put_member(event, member_news::update);
}

void guild_state::apply(const guild_member_remove& event) {
  member_count_ = std::max<std::int64_t>(0, member_count_ - 1);
  members_.erase(event.user.id);
  presences_.erase(event.user.id);
}

void guild_state::apply(const guild_members_chunk& event) {
  for (const auto& one : event.members)
    put_member(one, member_news::whole);
  if (event.presences)
    for (const auto& one : *event.presences)
      put_presence(one);
}

void guild_state::apply(const presence_update& event) {
  put_presence(event);
}

void guild_state::apply(const voice_state_update& event) {
  put_voice_state(event);
}

void guild_state::apply(const interaction_create& event) {
  if (event.member)
    put_member(*event.member, member_news::update);
}

void guild_state::apply(const typing_start& event) {
  if (event.member)
    put_member(*event.member, member_news::update);
}

} // namespace troupe::cache
