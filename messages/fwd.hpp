// SPDX-License-Identifier: BSD-3-Clause
// Forward declarations of everything that is said between actors, and the type ids that CAF needs for it.
// One of the few headers that a move to CAF 1.x changes (design 16).
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/type_id.hpp>

#include <cstdint>

namespace troupe {

struct activity;
struct bot_stopping;
struct close_connection;
struct command_result;
struct connection_closed;
struct connection_opened;
struct frames_received;
struct gateway_bot;
struct grant_credit;
struct guild_create;
struct guild_delete;
struct identify_answered;
struct identify_queue_request;
struct identify_queue_status;
struct invalid_message_received;
struct join_identify_queue;
struct leave_identify_queue;
struct limiter_due;
struct message_create;
struct message_delete;
struct open_connection;
struct partial_application;
struct payload_written;
struct permit_committed;
struct permit_granted;
struct permit_spent;
struct prepare_identify;
struct presence_update;
struct queue_entry;
struct raw_event;
struct ready;
struct request_channel_info;
struct request_guild_members;
struct request_permit;
struct request_soundboard_sounds;
struct rest_answered;
struct rest_request;
struct rest_response;
struct resumed;
struct retry_due;
struct run_failed;
struct session_checkpoint;
struct session_start_limit;
struct session_timer_due;
struct shard_created;
struct shard_destroyed;
struct shard_exited;
struct shard_id;
struct shard_ping;
struct shard_ping_missed;
struct shard_ready;
struct shard_restarting;
struct shard_resumed;
struct shard_set_status;
struct shard_set_status_request;
struct shard_status;
struct shard_status_changed;
struct shard_status_request;
struct shards_stopped;
struct signal_received;
struct snowflake;
struct start_shards;
struct stop_shard;
struct stop_shards;
struct submit_command;
struct subscribe;
struct subscribe_lifecycle;
struct subscribed;
struct subscriptions_changed;
struct unavailable_guild;
struct user;
struct voice_state_update;
struct window_closed;
struct window_opened;
struct write_payload;

} // namespace troupe

// Never leave the process: they share memory.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::frames_received)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::raw_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::subscriptions_changed)

CAF_BEGIN_TYPE_ID_BLOCK(troupe_messages, caf::first_custom_type_id)
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::activity))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::bot_stopping))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::close_connection))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::command_result))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::connection_closed))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::connection_opened))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::frames_received))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::gateway_bot))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::grant_credit))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::guild_create))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::guild_delete))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::identify_answered))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::identify_queue_request))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::identify_queue_status))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::invalid_message_received))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::join_identify_queue))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::leave_identify_queue))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::limiter_due))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::message_create))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::message_delete))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::open_connection))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::partial_application))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::payload_written))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::permit_committed))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::permit_granted))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::permit_spent))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::prepare_identify))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::presence_update))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::queue_entry))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::raw_event))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::ready))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::request_channel_info))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::request_guild_members))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::request_permit))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::request_soundboard_sounds))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::rest_answered))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::rest_request))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::rest_response))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::resumed))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::retry_due))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::run_failed))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::session_checkpoint))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::session_start_limit))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::session_timer_due))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::shard_created))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::shard_destroyed))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::shard_exited))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::shard_id))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::shard_ping))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::shard_ping_missed))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::shard_ready))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::shard_restarting))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::shard_resumed))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::shard_set_status))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::shard_set_status_request))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::shard_status))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::shard_status_changed))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::shard_status_request))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::shards_stopped))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::signal_received))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::snowflake))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::start_shards))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::stop_shard))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::stop_shards))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::submit_command))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::subscribe))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::subscribe_lifecycle))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::subscribed))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::subscriptions_changed))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::unavailable_guild))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::user))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::voice_state_update))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::window_closed))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::window_opened))
  CAF_ADD_TYPE_ID(troupe_messages, (troupe::write_payload))
CAF_END_TYPE_ID_BLOCK(troupe_messages)
