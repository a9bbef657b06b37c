// SPDX-License-Identifier: BSD-3-Clause
// Every typed actor handle, one commented line per message: the wiring diagram. The actors themselves are in actors/,
// one pair of files each, under the same name.
#pragma once

#include "messages/fwd.hpp"

#include <caf/actor.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace troupe {

// -- one shard: connection, ratelimiter, shard ------------------------------------------------------

/// What a CONNECTION reports to its owner.
using connection_owner_actor = caf::typed_actor<
  // The upgrade is done.
  caf::reacts_to<connection_opened>,
  // Frames came; each of them used up one credit.
  caf::reacts_to<frames_received>,
  // The connection of a generation is over. Exactly once for each that was opened.
  caf::reacts_to<connection_closed>>;

/// CONNECTION: owns one socket at a time. Implemented over Beast and over the local Discord's in-memory model.
using connection_actor = caf::typed_actor<
  // Dials; drops an older generation first.
  caf::reacts_to<open_connection>,
  // Writes one text frame; answers when the socket took it, or with an error when it never will.
  caf::replies_to<write_payload>::with<payload_written>,
  // Allows more frames to be read.
  caf::reacts_to<grant_credit>,
  // Ends the connection, by handshake or at once.
  caf::reacts_to<close_connection>>;

/// CONNECTION over Beast. The notes come from its socket's I/O thread.
using socket_connection_actor = connection_actor::extend<
  // INTERNAL: the socket took a payload; `ticket` is the connection's own number for it.
  caf::reacts_to<payload_written>,
  // INTERNAL: the socket ended.
  caf::reacts_to<connection_closed>>;

/// RATELIMITER: decides when a bot's commands go on the wire.
using ratelimiter_actor = caf::typed_actor<
  // Queues a command; answers with what became of it.
  caf::replies_to<submit_command>::with<command_result>,
  // The SHARD has a session: commands may flow.
  caf::reacts_to<window_opened>,
  // The SHARD lost its connection: what waits is dropped.
  caf::reacts_to<window_closed>,
  // INTERNAL: the next command may be due.
  caf::reacts_to<limiter_due>>;

/// What the IDENTIFY QUEUE tells a waiting shard.
using identify_client_actor = caf::typed_actor<
  // The turn is near: connect.
  caf::reacts_to<prepare_identify>,
  // One IDENTIFY may be sent now.
  caf::reacts_to<permit_granted>>;

/// SHARD: owns one session and executes what it decides.
using shard_actor = connection_owner_actor::extend_with<identify_client_actor>::extend<
  // INTERNAL: a timer of the session is due.
  caf::reacts_to<session_timer_due>,
  // Who wants which events has changed.
  caf::reacts_to<subscriptions_changed>,
  // Puts a command on the wire, through the RATELIMITER.
  caf::replies_to<submit_command>::with<command_result>,
  // Reports how it is.
  caf::replies_to<shard_status_request>::with<shard_status>,
  // INTERNAL: asks the subscribers how far they are.
  caf::reacts_to<delivery_due>,
  // Reports its connection and its ratelimiter, as a supervisor would.
  caf::replies_to<which_children>::with<children_report>,
  // Leaves the gateway, then ends.
  caf::reacts_to<stop_shard>>;

/// Told when a SHARD met a fatal close code and ends: a successor would fail in the same way.
using shard_owner_actor = caf::typed_actor<caf::reacts_to<shard_exited>>;

/// SUPERVISOR: starts its children, restarts those that end, stops them in reverse order.
using supervisor_actor = caf::typed_actor<
  // Answers when all children have started, or with the reason why they did not.
  caf::replies_to<await_children>::with<children_done>,
  // Reports the children.
  caf::replies_to<which_children>::with<children_report>,
  // Adds a child and starts it.
  caf::replies_to<start_child>::with<children_done>,
  // Stops a child; its spec stays.
  caf::replies_to<terminate_child>::with<children_done>,
  // Starts a child that was stopped.
  caf::replies_to<restart_child>::with<children_done>,
  // Forgets a child that was stopped.
  caf::replies_to<delete_child>::with<children_done>,
  // INTERNAL: a shutdown, a start or a backoff took its time.
  caf::reacts_to<supervision_due>>;

// -- shared by all shards ---------------------------------------------------------------------------

/// IDENTIFY QUEUE: one per bot token. Decides who may identify, and when.
using identify_queue_actor = caf::typed_actor<
  // A shard waits for its turn; answers go to the handle.
  caf::reacts_to<join_identify_queue, identify_client_actor>,
  // A shard is at HELLO and could identify at once.
  caf::reacts_to<request_permit>,
  // A shard uses its permit from here on.
  caf::reacts_to<permit_committed>,
  // IDENTIFY is on the wire.
  caf::reacts_to<permit_spent>,
  // A shard gives up its place or its unused permit.
  caf::reacts_to<leave_identify_queue>,
  // What became of an IDENTIFY: closes or opens the breaker.
  caf::reacts_to<identify_answered>,
  // GET /gateway/bot was asked: Discord's own count.
  caf::reacts_to<session_start_limit>,
  // INTERNAL: a bucket is free, a lease or a hold ends.
  caf::reacts_to<retry_due>,
  // Reports budget, hold, positions and ETAs.
  caf::replies_to<identify_queue_request>::with<identify_queue_status>>;

/// LIFECYCLE: tells everyone who asked what happens to shards.
using lifecycle_actor = caf::typed_actor<
  // Adds a listener; it gets every message below until it dies.
  caf::reacts_to<subscribe_lifecycle, caf::actor>, caf::reacts_to<shard_created>, caf::reacts_to<shard_status_changed>,
  caf::reacts_to<shard_ready>, caf::reacts_to<shard_resumed>, caf::reacts_to<shard_restarting>,
  caf::reacts_to<shard_exited>, caf::reacts_to<shard_destroyed>, caf::reacts_to<invalid_message_received>,
  caf::reacts_to<shard_ping>, caf::reacts_to<shard_ping_missed>, caf::reacts_to<shard_alarm>,
  caf::reacts_to<shard_alarm_ended>, caf::reacts_to<events_redelivered>, caf::reacts_to<event_set_aside>,
  caf::reacts_to<child_started>, caf::reacts_to<child_exited>, caf::reacts_to<child_restarting>,
  caf::reacts_to<supervisor_degraded>, caf::reacts_to<supervisor_recovered>, caf::reacts_to<supervisor_gave_up>>;

/// SESSIONS: keeps every shard's session, in memory and in the store, so that a shard's successor resumes (promise P3).
using sessions_actor = caf::typed_actor<
  // The newest state of a session; one without an id forgets it.
  caf::reacts_to<session_checkpoint>,
  // What a new shard is to resume.
  caf::replies_to<find_session>::with<session_checkpoint>,
  // INTERNAL: writes what changed; `epoch` as for all timers.
  caf::reacts_to<retry_due>>;

/// SUBSCRIPTIONS: keeps the table of who wants which events.
using subscriptions_actor = caf::typed_actor<
  // Adds to what an actor receives; an unknown typed event is refused with `errc::unknown_event`.
  caf::replies_to<subscribe, caf::actor>::with<subscribed>,
  // The same with a predicate.
  caf::replies_to<subscribe_where, caf::actor>::with<subscribed>,
  // Takes events out of what an actor receives.
  caf::replies_to<unsubscribe, caf::actor>::with<subscribed>,
  // A shard wants the table, now and at each change.
  caf::reacts_to<shard_created, shard_actor>>;

/// REST: calls Discord's API.
using rest_actor = caf::typed_actor<
  // Answers with Discord's response whatever its status, or with an error where none came.
  caf::replies_to<rest_request>::with<rest_response>>;

/// REST over HTTPS. The notes come from its I/O thread and its clock.
using rest_wire_actor = rest_actor::extend<
  // INTERNAL: a request was answered, or failed.
  caf::reacts_to<rest_answered>,
  // INTERNAL: a request is to be repeated; `epoch` is its number.
  caf::reacts_to<retry_due>>;

/// NODE AGENT: asks GET /gateway/bot which shards are to run, and has them started.
using node_agent_actor = caf::typed_actor<
  // INTERNAL: asks again.
  caf::reacts_to<retry_due>>;

/// SHARD SET: knows where each shard of this process is.
using shard_set_actor = shard_owner_actor::extend<
  // The NODE AGENT's plan.
  caf::reacts_to<shards_planned>,
  // A shard started; it replaces its predecessor.
  caf::reacts_to<shard_created, shard_actor>,
  // INTERNAL: gives up waiting for the last shards to leave.
  caf::reacts_to<retry_due>,
  // Passes a command to the shard of a guild; refused where it does not run here.
  caf::replies_to<submit_command, snowflake>::with<command_result>,
  // Passes a command to one shard by its index.
  caf::replies_to<submit_command, std::uint32_t>::with<command_result>,
  // Reports all shards.
  caf::replies_to<shard_set_status_request>::with<shard_set_status>,
  // Stops all shards; answers when the last one ended.
  caf::replies_to<stop_shards>::with<shards_stopped>>;

// -- guilds -------------------------------------------------------------------------------------------

/// GUILD: owns one guild's state. All answers are snapshots; what it does not have is `errc::not_cached`.
using guild_actor = caf::typed_actor<
  // The guild itself, with its roles, emojis and stickers.
  caf::replies_to<get_guild>::with<guild>,
  // How much there is.
  caf::replies_to<get_guild_counts>::with<guild_counts>,
  // A channel or a thread.
  caf::replies_to<get_channel>::with<channel>,
  // All channels.
  caf::replies_to<get_channels>::with<channel_list>,
  // The threads of a channel, or of all.
  caf::replies_to<get_threads>::with<channel_list>,
  // A role.
  caf::replies_to<get_role>::with<role>,
  // All roles, the highest first.
  caf::replies_to<get_roles>::with<role_list>,
  // A member with its user.
  caf::replies_to<get_member>::with<member>,
  // Members in the order of their ids.
  caf::replies_to<get_members>::with<member_page>,
  // A presence.
  caf::replies_to<get_presence>::with<presence>,
  // Where somebody is in voice.
  caf::replies_to<get_voice_state>::with<voice_state>,
  // Who is in voice.
  caf::replies_to<get_voice_states>::with<voice_state_list>,
  // A message.
  caf::replies_to<get_message>::with<message>,
  // The newest messages of a channel.
  caf::replies_to<get_messages>::with<message_page>,
  // The emojis.
  caf::replies_to<get_emojis>::with<emoji_list>,
  // The stickers.
  caf::replies_to<get_stickers>::with<sticker_list>,
  // The scheduled events.
  caf::replies_to<get_scheduled_events>::with<scheduled_event_list>,
  // The stages that are live.
  caf::replies_to<get_stage_instances>::with<stage_instance_list>,
  // The guild's own sounds.
  caf::replies_to<get_soundboard_sounds>::with<soundboard_sound_list>,
  // What a member may do in a channel.
  caf::replies_to<get_permissions>::with<permissions_answer>,
  // Which of two members stands higher.
  caf::replies_to<compare_members>::with<members_compared>,
  // Members from Discord, which are cached then.
  caf::replies_to<fetch_members>::with<member_page>,
  // INTERNAL: a state-changing event, from the SHARD.
  caf::reacts_to<guild_change>,
  // INTERNAL: gives up what is least worth keeping.
  caf::reacts_to<shed_bytes>,
  // INTERNAL: a request for members or a resynchronisation took its time.
  caf::reacts_to<retry_due>>;

/// GUILDS: knows where each guild of this node is, and keeps all within the byte budget. Passes every question of a
/// GUILD on to the guild whose id comes with it.
using guilds_actor = caf::typed_actor<
  // The guild itself, with its roles, emojis and stickers.
  caf::replies_to<get_guild, snowflake>::with<guild>,
  // How much there is.
  caf::replies_to<get_guild_counts, snowflake>::with<guild_counts>,
  // A channel or a thread.
  caf::replies_to<get_channel, snowflake>::with<channel>,
  // All channels.
  caf::replies_to<get_channels, snowflake>::with<channel_list>,
  // The threads of a channel, or of all.
  caf::replies_to<get_threads, snowflake>::with<channel_list>,
  // A role.
  caf::replies_to<get_role, snowflake>::with<role>,
  // All roles, the highest first.
  caf::replies_to<get_roles, snowflake>::with<role_list>,
  // A member with its user.
  caf::replies_to<get_member, snowflake>::with<member>,
  // Members in the order of their ids.
  caf::replies_to<get_members, snowflake>::with<member_page>,
  // A presence.
  caf::replies_to<get_presence, snowflake>::with<presence>,
  // Where somebody is in voice.
  caf::replies_to<get_voice_state, snowflake>::with<voice_state>,
  // Who is in voice.
  caf::replies_to<get_voice_states, snowflake>::with<voice_state_list>,
  // A message.
  caf::replies_to<get_message, snowflake>::with<message>,
  // The newest messages of a channel.
  caf::replies_to<get_messages, snowflake>::with<message_page>,
  // The emojis.
  caf::replies_to<get_emojis, snowflake>::with<emoji_list>,
  // The stickers.
  caf::replies_to<get_stickers, snowflake>::with<sticker_list>,
  // The scheduled events.
  caf::replies_to<get_scheduled_events, snowflake>::with<scheduled_event_list>,
  // The stages that are live.
  caf::replies_to<get_stage_instances, snowflake>::with<stage_instance_list>,
  // The guild's own sounds.
  caf::replies_to<get_soundboard_sounds, snowflake>::with<soundboard_sound_list>,
  // What a member may do in a channel.
  caf::replies_to<get_permissions, snowflake>::with<permissions_answer>,
  // Which of two members stands higher.
  caf::replies_to<compare_members, snowflake>::with<members_compared>,
  // Members from Discord, which are cached then.
  caf::replies_to<fetch_members, snowflake>::with<member_page>,
  // How all guilds of the node stand.
  caf::replies_to<guilds_status_request>::with<guilds_status>,
  // INTERNAL: all guilds together exceed the budget.
  caf::reacts_to<budget_exceeded>>;

} // namespace troupe

CAF_BEGIN_TYPE_ID_BLOCK(troupe_actors, caf::id_block::troupe_messages::end)
  CAF_ADD_TYPE_ID(troupe_actors, (troupe::connection_owner_actor))
  CAF_ADD_TYPE_ID(troupe_actors, (troupe::connection_actor))
  CAF_ADD_TYPE_ID(troupe_actors, (troupe::identify_client_actor))
  CAF_ADD_TYPE_ID(troupe_actors, (troupe::shard_actor))
CAF_END_TYPE_ID_BLOCK(troupe_actors)
