// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/churn/churn.hpp"

#include "runtime/simulator/churn/acts.hpp"
#include "runtime/simulator/text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>

namespace troupe::simulator {

using churn::scene;
using churn::weighted_act;

namespace {

// Tries until something could happen.
constexpr int attempts = 12;

struct subject {
  std::uint32_t weight;
  std::span<const weighted_act> (*acts)();
};

constexpr subject subjects[]{
  {14, churn::channel_acts}, {16, churn::thread_acts},        {8, churn::role_acts},     {20, churn::member_acts},
  {10, churn::voice_acts},   {6, churn::expression_acts},     {5, churn::schedule_acts}, {14, churn::message_acts},
  {3, churn::guild_acts},    {6, churn::administration_acts}, {3, churn::notice_acts},
};

template <class Weighted>
const Weighted& draw(random& dice, std::span<const Weighted> from) {
  std::uint64_t sum = 0;
  for (const auto& one : from)
    sum += one.weight;
  auto left = dice.below(sum);
  for (const auto& one : from) {
    if (left < one.weight)
      return one;
    left -= one.weight;
  }
  return from.back();
}

bool may_have_threads(const json_object& channel) {
  auto type = channel.number("type");
  return type == 0 || type == 5 || type == 15 || type == 16;
}

// Where the bot could see threads.
std::set<snowflake> in_sight(const scene& s) {
  std::set<snowflake> found;
  for (const auto& [id, one] : s.state.channels)
    if (may_have_threads(one) && s.state.bot_sees(one, s.guild_id(), s.bot()))
      found.insert(id);
  return found;
}

// Threads of channels that came into the bot's sight (Discord Docs/Gateway Events, "Thread List Sync").
void tell_gained(scene& s, const std::set<snowflake>& hidden) {
  std::vector<snowflake> gained;
  for (auto id : in_sight(s))
    if (hidden.contains(id))
      gained.push_back(id);
  if (gained.empty())
    return;
  json_object told{{"channel_ids", json_array(gained)}};
  auto all = s.chance(4);
  if (all)
    told.erase("channel_ids"); // Of the whole guild.
  std::vector<std::string> threads;
  std::vector<std::string> members;
  for (auto id : s.state.visible_threads(s.guild_id(), s.bot())) {
    const auto& one = s.state.threads.at(id);
    if (!all && std::find(gained.begin(), gained.end(), one.channel.id("parent_id")) == gained.end())
      continue;
    auto object = thread_object(one);
    threads.push_back(object.erase("member").set("guild_id", quote(s.guild_id())).text());
    if (auto own = one.own)
      members.push_back(own->set("id", quote(id)).set("user_id", quote(s.bot())).text());
  }
  told.set("threads", json_array(threads)).set("members", json_array(members));
  s.emit_here("THREAD_LIST_SYNC", churn::in_guilds, told);
}

} // namespace

churn_traffic::churn_traffic(const options& opts, world& where, traffic& people)
  : settings_{opts}, world_{where}, people_{people}, dice_{opts.seed ^ 0xc4a9} {
  // nop
}

scene churn_traffic::open(std::uint32_t guild, std::int64_t unix_ms, std::vector<event>& out) {
  return {world_, people_, dice_, settings_, guild, world_.change(guild), unix_ms, out};
}

std::vector<event> churn_traffic::next(std::uint32_t guild, std::int64_t unix_ms) {
  std::vector<event> happened;
  auto s = open(guild, unix_ms, happened);
  if (dice_.share() < settings_.churn)
    run_churn(s);
  else
    run_mix(s);
  return happened;
}

void churn_traffic::run_churn(scene& s) {
  std::set<snowflake> hidden;
  auto seen = in_sight(s);
  for (const auto& [id, one] : s.state.channels)
    if (may_have_threads(one) && !seen.contains(id))
      hidden.insert(id);
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto& about = draw<subject>(dice_, subjects);
    if (draw<weighted_act>(dice_, about.acts()).run(s))
      break;
  }
  if (!hidden.empty())
    tell_gained(s, hidden);
}

void churn_traffic::run_mix(scene& s) {
  const auto& mix = settings_.mix;
  const std::array<weighted_act, 9> all{{{mix.message_create, churn::message_create},
                                         {mix.presence_update, churn::presence_update},
                                         {mix.typing_start, churn::typing_start},
                                         {mix.guild_member_update, churn::member_update},
                                         {mix.voice_state_update, churn::voice_state_update},
                                         {mix.message_reaction_add, churn::reaction_add},
                                         {mix.message_reaction_remove, churn::reaction_remove},
                                         {mix.message_update, churn::message_update},
                                         {mix.message_delete, churn::message_delete}}};
  const auto& drawn = draw<weighted_act>(dice_, all);
  if (drawn.weight == 0)
    return;
  if (drawn.run == churn::message_create && settings_.direct_share > 0 && dice_.share() < settings_.direct_share) {
    member_ref who{s.guild, static_cast<std::uint32_t>(dice_.below(world_.member_count(s.guild)))};
    s.out.push_back(people_.direct_message(who, s.unix_ms));
    return;
  }
  drawn.run(s);
}

void churn_traffic::note_message(std::uint32_t guild, std::string_view data, std::int64_t unix_ms) {
  std::vector<event> unwanted; // The caller has its event.
  auto s = open(guild, unix_ms, unwanted);
  auto message = json_object::parse(data);
  churn::post(s, message.id("channel_id"), message.erase("guild_id"));
}

event churn_traffic::move_bot(std::uint32_t guild, const json_object& state, std::int64_t unix_ms) {
  std::vector<event> made;
  auto s = open(guild, unix_ms, made);
  if (state.is("channel_id", "null"))
    s.state.voice_states.erase(world_.bot());
  else
    s.state.voice_states[world_.bot()] = state;
  auto told = state;
  return s.emit_here("VOICE_STATE_UPDATE", {intent::guild_voice_states},
                     told.set("member", world_.member_text(guild, world_.bot())));
}

} // namespace troupe::simulator
