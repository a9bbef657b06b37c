// SPDX-License-Identifier: BSD-3-Clause
// The guild as a whole: snapshots, outages, and the end.
#include "runtime/cache/fields.hpp"
#include "runtime/cache/guild_state.hpp"

namespace troupe::cache {

namespace {

template <class T>
blob packed(const T& what) {
  return blob{pack_here(what)};
}

} // namespace

std::optional<guild> guild_state::find_guild() const {
  if (!guild_)
    return std::nullopt;
  auto what = unpack<guild>(guild_.view());
  what.id = id_;
  roles_.each([&](role one) { what.roles.push_back(std::move(one)); });
  if (auto list = find_emojis())
    what.emojis = std::move(list->emojis);
  if (auto list = find_stickers())
    what.stickers = std::move(list->stickers);
  return what;
}

// A guild has at least one role, so none means that there is no list; updates tell emojis that went in events of their
// own (GUILD_EMOJIS_UPDATE).
void guild_state::set_guild(const guild& what, bool whole) {
  owner_ = what.owner_id;
  if (keep_.roles && !what.roles.empty()) {
    roles_.clear();
    for (const auto& one : what.roles)
      roles_.put(one.id, one);
  }
  if (whole || !what.emojis.empty())
    set_emojis(what.emojis);
  if (what.stickers)
    set_stickers(*what.stickers);
  if (!keep_.guilds)
    return;
  guild known;
  if (guild_ && !whole)
    known = unpack<guild>(guild_.view());
  overlay(known, what);
  known.roles.clear();
  known.emojis.clear();
  known.stickers.reset();
  guild_ = packed(known);
}

// Gateway and REST tell the same lists, but only the gateway's are all: what it does not say is not there any more.
void guild_state::set_lists(const guild_create& event, bool whole) {
  if (event.channels) {
    auto gone = channels_.ids();
    std::erase_if(gone, [&](snowflake id) {
      return std::any_of(event.channels->begin(), event.channels->end(), [&](const auto& one) { return one.id == id; });
    });
    for (auto id : gone)
      remove_channel(id);
    for (const auto& one : *event.channels)
      put_channel(one, !whole);
    clear_piece(channels_piece);
  }
  if (event.threads) {
    auto gone = threads_.ids();
    std::erase_if(gone, [&](snowflake id) {
      return std::any_of(event.threads->begin(), event.threads->end(), [&](const auto& one) { return one.id == id; });
    });
    for (auto id : gone)
      remove_thread(id);
    for (const auto& one : *event.threads)
      put_thread(one, !whole);
    clear_piece(threads_piece);
  }
  if (event.members) {
    members_.clear();
    for (const auto& one : *event.members)
      put_member(one, member_news::whole);
  }
  auto replace = [](const auto& list, auto& table, auto put) {
    if (!list)
      return;
    table.clear();
    for (const auto& one : *list)
      put(one);
  };
  replace(event.presences, presences_, [this](const presence& one) { put_presence(one); });
  replace(event.voice_states, voice_states_, [this](const voice_state& one) { put_voice_state(one); });
  replace(event.stage_instances, stages_, [this](const stage_instance& one) { put_stage(one); });
  replace(event.guild_scheduled_events, scheduled_events_,
          [this](const scheduled_event& one) { put_scheduled_event(one); });
  replace(event.soundboard_sounds, sounds_, [this](const soundboard_sound& one) { put_sound(one); });
}

void guild_state::apply(const guild_create& event) {
  removed_ = false;
  if (event.unavailable.value_or(false)) {
    available_ = false;
    return;
  }
  available_ = true;
  // Only the gateway tells since when the bot is here. What became of messages meanwhile nobody tells.
  auto whole = event.joined_at.has_value();
  if (whole)
    messages_.clear();
  if (event.member_count)
    member_count_ = *event.member_count;
  set_guild(event, true);
  set_lists(event, whole);
  clear_piece(guild_piece);
}

void guild_state::apply(const guild_update& event) {
  set_guild(event, false);
}

void guild_state::apply(const guild_delete& event) {
  // An outage. Also where an unavailable guild is told to be gone: so are those that Discord itself deleted softly, at
  // every start, and those whose outage goes on (protocol 5.5).
  if (event.unavailable.value_or(false) || !available_) {
    available_ = false;
    return;
  }
  forget_all();
  removed_ = true;
}

} // namespace troupe::cache
