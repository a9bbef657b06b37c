// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/cache/message_counters.hpp"

#include "runtime/cache/fields.hpp"

#include <algorithm>

namespace troupe::cache {

namespace {

// Emojis of Discord's users have ids, standard ones only their characters.
bool same_emoji(const emoji& a, const emoji& b) {
  return a.id || b.id ? a.id == b.id : a.name == b.name;
}

reaction* find_reaction(message& in, const emoji& which) {
  if (!in.reactions)
    return nullptr;
  auto found = std::find_if(in.reactions->begin(), in.reactions->end(),
                            [&](const reaction& one) { return same_emoji(one.emoji, which); });
  return found == in.reactions->end() ? nullptr : &*found;
}

void count(reaction& one, bool burst, std::int32_t difference) {
  one.count += difference;
  if (!one.count_details)
    return;
  auto& part = burst ? one.count_details->burst : one.count_details->normal;
  part = std::max(0, part + difference);
}

} // namespace

void add_reaction(message& to, const message_reaction_add& event, bool mine) {
  auto* known = find_reaction(to, event.emoji);
  if (known == nullptr) {
    if (!to.reactions)
      to.reactions.emplace();
    known = &to.reactions->emplace_back();
    known->emoji = event.emoji;
    known->count_details.emplace();
    known->me_burst = false;
  }
  count(*known, event.burst, 1);
  if (event.burst_colors)
    known->burst_colors = event.burst_colors;
  if (mine && event.burst)
    known->me_burst = true;
  else if (mine)
    known->me = true;
}

void remove_reaction(message& from, const message_reaction_remove& event, bool mine) {
  auto* known = find_reaction(from, event.emoji);
  if (known == nullptr)
    return;
  count(*known, event.burst, -1);
  if (mine && event.burst)
    known->me_burst = false;
  else if (mine)
    known->me = false;
  if (known->count <= 0)
    remove_reactions(from, event.emoji);
}

void remove_reactions(message& from, const emoji& which) {
  if (!from.reactions)
    return;
  std::erase_if(*from.reactions, [&](const reaction& one) { return same_emoji(one.emoji, which); });
  if (from.reactions->empty())
    from.reactions.reset();
}

void count_vote(message& of, std::int32_t answer, std::int32_t difference, bool mine) {
  if (!of.poll)
    return;
  auto changed = **of.poll;
  if (!changed.results)
    changed.results.emplace();
  auto& counts = changed.results->answer_counts;
  auto known = std::find_if(counts.begin(), counts.end(), [&](const auto& one) { return one.id == answer; });
  if (known == counts.end())
    known = counts.insert(counts.end(), poll_answer_count{answer});
  known->count = std::max(0, known->count + difference);
  if (mine)
    known->me_voted = difference > 0;
  of.poll = std::move(changed);
}

void update_message(message& known, const message& update) {
  // Neither of them can go: an edited message stays one, and updates never tell what was read aloud.
  auto edited = known.edited_timestamp;
  auto tts = known.tts;
  if (update.author.id)
    overlay(known, update);
  else
    overlay_values(known, update);
  if (!known.edited_timestamp)
    known.edited_timestamp = edited;
  known.tts = tts;
}

} // namespace troupe::cache
