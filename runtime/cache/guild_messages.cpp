// SPDX-License-Identifier: BSD-3-Clause
// Messages, and what is counted in them and in threads.
#include "runtime/cache/guild_state.hpp"
#include "runtime/cache/message_counters.hpp"

#include <algorithm>

namespace troupe::cache {

namespace {

// Threads do not count the message that they began with.
bool begins_thread(const message_create& event) {
  return event.id == event.channel_id || event.type == message_type::thread_starter_message;
}

// What nobody told cannot be counted on.
void count(std::optional<std::int32_t>& counter, std::int32_t difference) {
  if (counter)
    counter = std::max(0, *counter + difference);
}

} // namespace

void guild_state::apply(const message_create& event) {
  if (event.member && !event.webhook_id)
    put_member(*event.member, member_news::update, &event.author);
  channels_.note_message(event.channel_id, event.id);
  if (threads_.note_message(event.channel_id, event.id) && !begins_thread(event))
    threads_.modify(event.channel_id, [](channel& thread) {
      count(thread.message_count, 1);
      count(thread.total_message_sent, 1);
    });
  if (keep_.messages)
    evicted_messages_ += messages_.put(event, keep_.messages_per_channel);
}

void guild_state::apply(const message_update& event) {
  if (event.member && event.author.id && !event.webhook_id)
    put_member(*event.member, member_news::update, &event.author);
  messages_.modify(event.channel_id, event.id, [&](message& known) { update_message(known, event); });
}

void guild_state::apply(const message_delete& event) {
  messages_.erase(event.channel_id, event.id);
  if (event.id != event.channel_id)
    threads_.modify(event.channel_id, [](channel& thread) {
      if (thread.message_count.value_or(0) > 0)
        --*thread.message_count;
    });
}

void guild_state::apply(const message_delete_bulk& event) {
  for (auto id : event.ids)
    apply(message_delete{id, event.channel_id, event.guild_id});
}

void guild_state::apply(const message_reaction_add& event) {
  if (event.member)
    put_member(*event.member, member_news::update);
  messages_.modify(event.channel_id, event.message_id,
                   [&](message& known) { add_reaction(known, event, is_bot(event.user_id)); });
}

void guild_state::apply(const message_reaction_remove& event) {
  messages_.modify(event.channel_id, event.message_id,
                   [&](message& known) { remove_reaction(known, event, is_bot(event.user_id)); });
}

void guild_state::apply(const message_reaction_remove_all& event) {
  messages_.modify(event.channel_id, event.message_id, [](message& known) { known.reactions.reset(); });
}

void guild_state::apply(const message_reaction_remove_emoji& event) {
  messages_.modify(event.channel_id, event.message_id, [&](message& known) { remove_reactions(known, event.emoji); });
}

void guild_state::apply(const message_poll_vote_add& event) {
  messages_.modify(event.channel_id, event.message_id,
                   [&](message& known) { count_vote(known, event.answer_id, 1, is_bot(event.user_id)); });
}

void guild_state::apply(const message_poll_vote_remove& event) {
  messages_.modify(event.channel_id, event.message_id,
                   [&](message& known) { count_vote(known, event.answer_id, -1, is_bot(event.user_id)); });
}

} // namespace troupe::cache
