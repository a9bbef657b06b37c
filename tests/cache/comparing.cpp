// SPDX-License-Identifier: BSD-3-Clause
#include "tests/cache/comparing.hpp"

#include <algorithm>

namespace troupe::testing {

namespace {

// An answer, or nothing where there is none.
template <class Question>
auto ask(const cache::guild_state& state, const Question& what) {
  auto answer = state.answer(what);
  using type = std::decay_t<decltype(*answer)>;
  return answer ? std::optional<type>{*answer} : std::nullopt;
}

template <class List, class Map>
bool same_values(const List& list, const Map& map) {
  return std::equal(list.begin(), list.end(), map.begin(), map.end(),
                    [](const auto& one, const auto& other) { return one == other.second; });
}

constexpr std::uint64_t highest_user = 13;
constexpr std::uint64_t highest_channel = 30;

std::string difference_in_channels(const cache::guild_state& state, const model& right) {
  for (std::uint64_t id = 0; id <= highest_channel; ++id)
    if (ask(state, get_channel{{id}}) != right.find_channel({id}))
      return "channel " + std::to_string(id);
  auto finished = [&](const auto& all, std::optional<snowflake> parent) {
    std::vector<channel> list;
    for (const auto& [id, one] : all)
      if (!parent || one.parent_id == *parent)
        list.push_back(right.finished(one));
    return list;
  };
  if (auto all = ask(state, get_channels{}); all ? all->channels != finished(right.channels, {}) : right.keep.channels)
    return "channels";
  for (std::uint64_t parent = 10; parent <= 17; ++parent) {
    auto which = parent == 10 ? std::nullopt : std::optional{snowflake{parent}};
    if (auto all = ask(state, get_threads{which});
        all ? all->channels != finished(right.threads, which) : right.keep.threads)
      return "threads below " + std::to_string(parent);
  }
  return {};
}

std::string difference_in_people(const cache::guild_state& state, const model& right) {
  std::vector<member> all;
  for (std::uint64_t id = 0; id <= highest_user; ++id) {
    auto who = right.find_member({id});
    if (ask(state, get_member{{id}}) != who)
      return "member " + std::to_string(id);
    if (who)
      all.push_back(*who);
    if (ask(state, get_presence{{id}}) != right.find_presence({id}))
      return "presence " + std::to_string(id);
    if (ask(state, get_voice_state{{id}}) != right.find_voice_state({id}))
      return "voice state " + std::to_string(id);
  }
  if (!right.keep.members)
    return {};
  member_page page;
  snowflake after;
  std::vector<member> paged;
  do {
    page = *ask(state, get_members{after, 3});
    paged.insert(paged.end(), page.members.begin(), page.members.end());
    if (!page.members.empty())
      after = page.members.back().user->id;
  } while (page.more);
  return paged == all ? "" : "pages of members";
}

std::string difference_in_messages(const cache::guild_state& state, const model& right) {
  if (!right.keep.messages)
    return {};
  std::size_t count = 0;
  for (std::uint64_t id = 10; id <= highest_channel; ++id) {
    std::vector<message> newest_first;
    if (auto log = right.messages.find({id}); log != right.messages.end())
      for (const auto& one : log->second)
        newest_first.insert(newest_first.begin(), one.second);
    count += newest_first.size();
    auto page = *ask(state, get_messages{{id}, {}, 1000});
    if (page.messages != newest_first || page.more)
      return "messages of " + std::to_string(id);
    if (newest_first.size() < 3)
      continue;
    page = *ask(state, get_messages{{id}, newest_first[0].id, 1});
    if (page.messages.size() != 1 || page.messages[0] != newest_first[1] || !page.more)
      return "a page of messages of " + std::to_string(id);
    if (ask(state, get_message{{id}, newest_first[2].id}) != newest_first[2])
      return "a message of " + std::to_string(id);
  }
  return count == ask(state, get_guild_counts{})->messages ? "" : "the count of messages";
}

std::string difference_in_lists(const cache::guild_state& state, const model& right) {
  if (auto all = ask(state, get_roles{}); all ? all->roles != right.roles_highest_first() : right.keep.roles)
    return "roles";
  for (std::uint64_t id : {100, 51, 52, 56})
    if (auto one = ask(state, get_role{{id}}); one.has_value() != right.roles.contains({id}))
      return "role " + std::to_string(id);
  if (auto all = ask(state, get_emojis{}); all ? all->emojis != right.emojis : right.emojis.has_value())
    return "emojis";
  if (auto all = ask(state, get_stickers{}); all ? all->stickers != right.stickers : right.stickers.has_value())
    return "stickers";
  if (auto all = ask(state, get_stage_instances{});
      all ? !same_values(all->stages, right.stages) : right.keep.stage_instances)
    return "stages";
  if (auto all = ask(state, get_scheduled_events{});
      all ? !same_values(all->events, right.scheduled_events) : right.keep.scheduled_events)
    return "scheduled events";
  if (auto all = ask(state, get_soundboard_sounds{});
      all ? !same_values(all->sounds, right.sounds) : right.keep.soundboard_sounds)
    return "sounds";
  for (std::uint64_t id = 10; id <= 17; ++id) {
    auto which = id == 10 ? std::nullopt : std::optional{snowflake{id}};
    std::vector<voice_state> there;
    for (const auto& [user, one] : right.voice_states)
      if (!which || one.channel_id == *which)
        there.push_back(*right.find_voice_state(user));
    if (auto all = ask(state, get_voice_states{which}); all ? all->voice_states != there : right.keep.voice_states)
      return "voice states in " + std::to_string(id);
  }
  return same_values(state.invites(), right.invites) ? "" : "invites";
}

std::string difference_in_counts(const cache::guild_state& state, const model& right) {
  auto counts = *ask(state, get_guild_counts{});
  if (counts.available != right.available || state.removed() != right.removed)
    return "whether it is available";
  if (counts.member_count != static_cast<std::uint64_t>(right.member_count))
    return "the count of members by Discord";
  if (counts.members != right.members.size() || counts.channels != right.channels.size()
      || counts.threads != right.threads.size() || counts.roles != right.roles.size()
      || counts.presences != right.presences.size() || counts.voice_states != right.voice_states.size())
    return "counts";
  if (counts.evicted_members != right.evicted_members || counts.evicted_messages != right.evicted_messages)
    return "what was evicted";
  return {};
}

} // namespace

std::string difference(const cache::guild_state& state, const model& right) {
  for (auto look : {&difference_in_counts, &difference_in_channels, &difference_in_people, &difference_in_messages,
                    &difference_in_lists})
    if (auto found = look(state, right); !found.empty())
      return found;
  return ask(state, get_guild{}) == right.find_guild() ? "" : "the guild";
}

} // namespace troupe::testing
