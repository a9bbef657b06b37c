// SPDX-License-Identifier: BSD-3-Clause
// Everything that can happen in a guild, by subject. The kinds of the plain traffic have names of their own, because
// with churn they too must agree with the world's state.
#pragma once

#include "runtime/simulator/churn/scene.hpp"

#include <span>

namespace troupe::simulator::churn {

/// CHANNEL_*, pins, status of voice channels, permission overwrites, access.
[[nodiscard]] std::span<const weighted_act> channel_acts();
/// THREAD_*
[[nodiscard]] std::span<const weighted_act> thread_acts();
/// GUILD_ROLE_*
[[nodiscard]] std::span<const weighted_act> role_acts();
/// GUILD_MEMBER_*, GUILD_BAN_*, users' names, presences.
[[nodiscard]] std::span<const weighted_act> member_acts();
/// Voice states and stage instances.
[[nodiscard]] std::span<const weighted_act> voice_acts();
/// Emojis, stickers, soundboard sounds.
[[nodiscard]] std::span<const weighted_act> expression_acts();
/// GUILD_SCHEDULED_EVENT_*
[[nodiscard]] std::span<const weighted_act> schedule_acts();
/// MESSAGE_* in guilds and in direct channels.
[[nodiscard]] std::span<const weighted_act> message_acts();
/// GUILD_*: names and settings, outages, joins and leaves of the bot.
[[nodiscard]] std::span<const weighted_act> guild_acts();
/// AUTO_MODERATION_*, INTEGRATION_*, INVITE_*, audit log, webhooks: what belongs to a guild, but not to GUILD_CREATE.
[[nodiscard]] std::span<const weighted_act> administration_acts();
/// Interactions, entitlements, subscriptions, effects: what changes nothing.
[[nodiscard]] std::span<const weighted_act> notice_acts();

// -- the kinds of the plain traffic

/// Somebody writes into a channel or thread.
bool message_create(scene& s);
/// Somebody edits one of the latest messages.
bool message_update(scene& s);
/// One of the latest messages goes.
bool message_delete(scene& s);
/// Somebody reacts to one of the latest messages.
bool reaction_add(scene& s);
/// Somebody takes a reaction back.
bool reaction_remove(scene& s);
/// Somebody comes, goes or does something else.
bool presence_update(scene& s);
/// Somebody types.
bool typing_start(scene& s);
/// A member changes: nickname, roles, timeout, images.
bool member_update(scene& s);
/// Somebody enters, leaves or mutes.
bool voice_state_update(scene& s);

// -- what several subjects need

/// A new channel of this type, as CHANNEL_CREATE has it; not in the world yet.
[[nodiscard]] json_object make_channel(scene& s, int type);
/// Somebody leaves voice, where they are in voice.
/// @param with_member Whether the event tells the member too: not for somebody who left the guild.
void leave_voice(scene& s, snowflake user, bool with_member);
/// The member of a message or interaction: without `user`; now and then without `pending`.
[[nodiscard]] json_object bare_member(scene& s, snowflake user);
/// A message with its author, as Discord sends it; most of its optional fields come now and then only.
/// @param channel The channel or thread object.
[[nodiscard]] json_object make_message(scene& s, snowflake author, const json_object& channel);
/// Notes a message that came to be: the channel's last message, a thread's counters. Emits MESSAGE_CREATE.
void post(scene& s, snowflake channel, json_object message);
/// A message of before, with its users as they are now.
[[nodiscard]] json_object present(scene& s, const message_record& of);
/// The message without what needs MESSAGE_CONTENT.
[[nodiscard]] json_object without_content(json_object message);

} // namespace troupe::simulator::churn
