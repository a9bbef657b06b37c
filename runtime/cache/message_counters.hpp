// SPDX-License-Identifier: BSD-3-Clause
// What reactions and votes change in a message: plain functions, for Discord sends only the difference.
#pragma once

#include "messages/discord/message_events.hpp"

#include <cstdint>

namespace troupe::cache {

/// One reaction more. @param mine whether it is the bot's.
void add_reaction(message& to, const message_reaction_add& event, bool mine);

/// One reaction less; the emoji goes with its last.
void remove_reaction(message& from, const message_reaction_remove& event, bool mine);

/// All reactions of one emoji are gone.
void remove_reactions(message& from, const emoji& which);

/// One vote more, or less, for an answer of the message's poll, if it has one.
/// @param difference 1 or -1. @param mine whether it is the bot's.
void count_vote(message& of, std::int32_t answer, std::int32_t difference, bool mine);

/// Takes an update of a message. Discord tells the whole message, but old embeds came in updates with hardly a field,
/// where the author is missing: from those only what has a value is taken (protocol 5.5).
void update_message(message& known, const message& update);

} // namespace troupe::cache
