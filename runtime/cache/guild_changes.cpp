// SPDX-License-Identifier: BSD-3-Clause
// Lists that change on their own: roles, emojis, stickers, sounds, stages, scheduled events, invites.
#include "runtime/cache/fields.hpp"
#include "runtime/cache/guild_state.hpp"

#include <algorithm>

namespace troupe::cache {

namespace {

// Absent is unchanged: GUILD_SCHEDULED_EVENT_UPDATE for example lacks the count of its subscribers.
template <class T>
void merge(packed_table<T>& into, snowflake id, const T& news) {
  auto known = into.get(id);
  if (!known)
    return into.put(id, news);
  overlay(*known, news);
  into.put(id, *known);
}

} // namespace

// -- roles ------------------------------------------------------------------------------------------------

void guild_state::apply(const guild_role_create& event) {
  if (keep_.roles)
    roles_.put(event.role.id, event.role);
}

void guild_state::apply(const guild_role_update& event) {
  if (keep_.roles)
    roles_.put(event.role.id, event.role);
}

void guild_state::apply(const guild_role_delete& event) {
  roles_.erase(event.role_id);
}

// -- expressions --------------------------------------------------------------------------------------------

void guild_state::set_emojis(std::vector<emoji> what) {
  if (keep_.emojis)
    emojis_ = blob{pack_here(emoji_list{std::move(what)})};
}

void guild_state::set_stickers(std::vector<sticker> what) {
  if (!keep_.stickers)
    return;
  for (auto& one : what)
    one.guild_id.reset();
  stickers_ = blob{pack_here(sticker_list{std::move(what)})};
}

std::optional<emoji_list> guild_state::find_emojis() const {
  return emojis_ ? std::optional{unpack<emoji_list>(emojis_.view())} : std::nullopt;
}

std::optional<sticker_list> guild_state::find_stickers() const {
  if (!stickers_)
    return std::nullopt;
  auto list = unpack<sticker_list>(stickers_.view());
  for (auto& one : list.stickers)
    one.guild_id = id_;
  return list;
}

void guild_state::apply(const guild_emojis_update& event) {
  set_emojis(event.emojis);
}

void guild_state::apply(const guild_stickers_update& event) {
  set_stickers(event.stickers);
}

void guild_state::put_sound(const soundboard_sound& what) {
  if (!keep_.soundboard_sounds)
    return;
  auto ours = what;
  ours.guild_id = id_;
  merge(sounds_, ours.sound_id, ours);
}

void guild_state::apply(const guild_soundboard_sound_create& event) {
  put_sound(event);
}

void guild_state::apply(const guild_soundboard_sound_update& event) {
  put_sound(event);
}

void guild_state::apply(const guild_soundboard_sound_delete& event) {
  sounds_.erase(event.sound_id);
}

void guild_state::apply(const guild_soundboard_sounds_update& event) {
  for (const auto& one : event.soundboard_sounds)
    put_sound(one);
}

void guild_state::apply(const soundboard_sounds& event) {
  sounds_.clear();
  for (const auto& one : event.soundboard_sounds_)
    put_sound(one);
}

// -- stages and scheduled events ------------------------------------------------------------------------------

void guild_state::put_stage(const stage_instance& what) {
  if (keep_.stage_instances)
    merge(stages_, what.id, what);
}

void guild_state::apply(const stage_instance_create& event) {
  put_stage(event);
}

void guild_state::apply(const stage_instance_update& event) {
  put_stage(event);
}

void guild_state::apply(const stage_instance_delete& event) {
  stages_.erase(event.id);
}

void guild_state::put_scheduled_event(const scheduled_event& what) {
  if (!keep_.scheduled_events)
    return;
  // Events that are over are not told to be deleted.
  if (what.status == scheduled_event_status::completed || what.status == scheduled_event_status::canceled)
    scheduled_events_.erase(what.id);
  else
    merge(scheduled_events_, what.id, what);
}

void guild_state::apply(const guild_scheduled_event_create& event) {
  put_scheduled_event(event);
}

void guild_state::apply(const guild_scheduled_event_update& event) {
  put_scheduled_event(event);
}

void guild_state::apply(const guild_scheduled_event_delete& event) {
  scheduled_events_.erase(event.id);
}

void guild_state::count_subscriber(snowflake event, std::int32_t difference) {
  auto known = scheduled_events_.get(event);
  if (!known || !known->user_count)
    return; // Nobody told how many there were.
  known->user_count = std::max(0, *known->user_count + difference);
  scheduled_events_.put(event, *known);
}

void guild_state::apply(const guild_scheduled_event_user_add& event) {
  count_subscriber(event.guild_scheduled_event_id, 1);
}

void guild_state::apply(const guild_scheduled_event_user_remove& event) {
  count_subscriber(event.guild_scheduled_event_id, -1);
}

// -- invites ----------------------------------------------------------------------------------------------------

void guild_state::apply(const invite_create& event) {
  if (keep_.invites)
    invites_.put(event);
}

void guild_state::apply(const invite_delete& event) {
  invites_.erase(event.code);
}

} // namespace troupe::cache
