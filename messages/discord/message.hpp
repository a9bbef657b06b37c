// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Message.
#pragma once

#include "messages/boxed.hpp"
#include "messages/discord/application.hpp"
#include "messages/discord/attachment.hpp"
#include "messages/discord/channel.hpp"
#include "messages/discord/component.hpp"
#include "messages/discord/embed.hpp"
#include "messages/discord/emoji.hpp"
#include "messages/discord/member.hpp"
#include "messages/discord/poll.hpp"
#include "messages/discord/resolved.hpp"
#include "messages/json_text.hpp"
#include "messages/optionality.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// What a message is: written by somebody, or a note of Discord's.
enum class message_type : std::uint16_t {
  normal = 0,
  recipient_add = 1,
  recipient_remove = 2,
  call = 3,
  channel_name_change = 4,
  channel_icon_change = 5,
  channel_pinned_message = 6,
  user_join = 7,
  guild_boost = 8,
  guild_boost_tier_1 = 9,
  guild_boost_tier_2 = 10,
  guild_boost_tier_3 = 11,
  channel_follow_add = 12,
  guild_discovery_disqualified = 14,
  guild_discovery_requalified = 15,
  guild_discovery_grace_period_initial_warning = 16,
  guild_discovery_grace_period_final_warning = 17,
  thread_created = 18,
  reply = 19,
  chat_input_command = 20,
  thread_starter_message = 21,
  guild_invite_reminder = 22,
  context_menu_command = 23,
  auto_moderation_action = 24,
  role_subscription_purchase = 25,
  interaction_premium_upsell = 26,
  stage_start = 27,
  stage_end = 28,
  stage_speaker = 29,
  stage_topic = 31,
  guild_application_premium_subscription = 32,
  guild_incident_alert_mode_enabled = 36,
  guild_incident_alert_mode_disabled = 37,
  guild_incident_report_raid = 38,
  guild_incident_report_false_alarm = 39,
  purchase_notification = 44,
  poll_result = 46,
};

/// A channel that a message of another guild names.
struct channel_mention {
  snowflake id;
  snowflake guild_id;
  channel_type type{};
  std::string name;

  friend bool operator==(const channel_mention&, const channel_mention&) = default;
};
BOOST_DESCRIBE_STRUCT(channel_mention, (), (id, guild_id, type, name))

/// How often an emoji was given, plain and as super reaction.
struct reaction_counts {
  std::int32_t burst = 0;
  std::int32_t normal = 0;

  friend bool operator==(const reaction_counts&, const reaction_counts&) = default;
};
BOOST_DESCRIBE_STRUCT(reaction_counts, (), (burst, normal))

/// All reactions of one emoji.
struct reaction {
  std::int32_t count = 0;
  std::optional<reaction_counts> count_details;
  bool me = false;
  std::optional<bool> me_burst;
  troupe::emoji emoji;
  std::optional<std::vector<std::string>> burst_colors;

  friend bool operator==(const reaction&, const reaction&) = default;
};
BOOST_DESCRIBE_STRUCT(reaction, (), (count, count_details, me, me_burst, emoji, burst_colors))

/// An invitation to what somebody does.
struct message_activity {
  std::int32_t type = 0;
  std::optional<std::string> party_id;

  friend bool operator==(const message_activity&, const message_activity&) = default;
};
BOOST_DESCRIBE_STRUCT(message_activity, (), (type, party_id))

/// How a message refers to another.
enum class message_reference_type : std::uint16_t {
  reply = 0,
  forward = 1,
};

/// The message that this one answers, forwards or is about.
struct message_reference {
  std::optional<message_reference_type> type;
  std::optional<snowflake> message_id;
  std::optional<snowflake> channel_id;
  std::optional<snowflake> guild_id;
  std::optional<bool> fail_if_not_exists;

  friend bool operator==(const message_reference&, const message_reference&) = default;
};
BOOST_DESCRIBE_STRUCT(message_reference, (), (type, message_id, channel_id, guild_id, fail_if_not_exists))

/// What a purchase of a role was about.
struct role_subscription_data {
  snowflake role_subscription_listing_id;
  std::string tier_name;
  std::int32_t total_months_subscribed = 0;
  bool is_renewal = false;

  friend bool operator==(const role_subscription_data&, const role_subscription_data&) = default;
};
BOOST_DESCRIBE_STRUCT(role_subscription_data, (),
                      (role_subscription_listing_id, tier_name, total_months_subscribed, is_renewal))

/// A call in a direct channel.
struct message_call {
  std::vector<snowflake> participants;
  maybe<timestamp> ended_timestamp;

  friend bool operator==(const message_call&, const message_call&) = default;
};
BOOST_DESCRIBE_STRUCT(message_call, (), (participants, ended_timestamp))

/// The interaction that a message answers.
struct message_interaction_metadata {
  snowflake id;
  std::int32_t type = 0;
  troupe::user user;
  std::map<std::string, json_text> authorizing_integration_owners;
  std::optional<snowflake> original_response_message_id;
  std::optional<troupe::user> target_user;
  std::optional<snowflake> target_message_id;
  std::optional<snowflake> interacted_message_id;
  std::optional<boxed<message_interaction_metadata>> triggering_interaction_metadata;
  /// Of the command, as far as Discord tells.
  std::optional<std::string> name;
  std::optional<std::int32_t> command_type;

  friend bool operator==(const message_interaction_metadata&, const message_interaction_metadata&) = default;
};
BOOST_DESCRIBE_STRUCT(message_interaction_metadata, (),
                      (id, type, user, authorizing_integration_owners, original_response_message_id, target_user,
                       target_message_id, interacted_message_id, triggering_interaction_metadata, name, command_type))

/// The older form of the above.
struct message_interaction {
  snowflake id;
  std::int32_t type = 0;
  std::string name;
  troupe::user user;
  std::optional<troupe::member> member;

  friend bool operator==(const message_interaction&, const message_interaction&) = default;
};
BOOST_DESCRIBE_STRUCT(message_interaction, (), (id, type, name, user, member))

/// A look of the client that somebody shares.
struct shared_client_theme {
  std::vector<std::string> colors;
  std::int32_t gradient_angle = 0;
  std::int32_t base_mix = 0;
  maybe<std::int32_t> base_theme;

  friend bool operator==(const shared_client_theme&, const shared_client_theme&) = default;
};
BOOST_DESCRIBE_STRUCT(shared_client_theme, (), (colors, gradient_angle, base_mix, base_theme))

/// Somebody whom a message names, with the member inside of guilds.
struct user_mention : user {
  std::optional<troupe::member> member;

  friend bool operator==(const user_mention&, const user_mention&) = default;
};
BOOST_DESCRIBE_STRUCT(user_mention, (user), (member))

struct message;

/// A forwarded message: a few of its fields.
struct message_snapshot {
  boxed<troupe::message> message;

  friend bool operator==(const message_snapshot&, const message_snapshot&) = default;
};
BOOST_DESCRIBE_STRUCT(message_snapshot, (), (message))

/// A message. In updates of old kind fields are absent (protocol 5.5).
struct message {
  snowflake id;
  snowflake channel_id;
  user author;
  std::string content;
  troupe::timestamp timestamp;
  nullable<troupe::timestamp> edited_timestamp;
  bool tts = false;
  bool mention_everyone = false;
  std::vector<user_mention> mentions;
  std::vector<snowflake> mention_roles;
  std::optional<std::vector<channel_mention>> mention_channels;
  std::vector<attachment> attachments;
  std::vector<embed> embeds;
  std::optional<std::vector<reaction>> reactions;
  std::optional<number_or_text> nonce;
  bool pinned = false;
  /// Also the author's id where there is one.
  std::optional<snowflake> webhook_id;
  message_type type{};
  std::optional<message_activity> activity;
  std::optional<boxed<troupe::application>> application;
  std::optional<snowflake> application_id;
  std::optional<std::uint64_t> flags;
  std::optional<troupe::message_reference> message_reference;
  std::optional<std::vector<message_snapshot>> message_snapshots;
  /// Absent: not looked up. Null: deleted.
  maybe<boxed<message>> referenced_message;
  std::optional<boxed<message_interaction_metadata>> interaction_metadata;
  std::optional<boxed<message_interaction>> interaction;
  std::optional<boxed<channel>> thread;
  std::optional<std::vector<component>> components;
  std::optional<std::vector<sticker_item>> sticker_items;
  std::optional<std::vector<sticker>> stickers;
  std::optional<std::int32_t> position;
  std::optional<troupe::role_subscription_data> role_subscription_data;
  std::optional<boxed<resolved_data>> resolved;
  std::optional<boxed<troupe::poll>> poll;
  std::optional<message_call> call;
  std::optional<troupe::shared_client_theme> shared_client_theme;
  std::optional<troupe::channel_type> channel_type;

  friend bool operator==(const message&, const message&) = default;
};
BOOST_DESCRIBE_STRUCT(message, (),
                      (id, channel_id, author, content, timestamp, edited_timestamp, tts, mention_everyone, mentions,
                       mention_roles, mention_channels, attachments, embeds, reactions, nonce, pinned, webhook_id, type,
                       activity, application, application_id, flags, message_reference, message_snapshots,
                       referenced_message, interaction_metadata, interaction, thread, components, sticker_items,
                       stickers, position, role_subscription_data, resolved, poll, call, shared_client_theme,
                       channel_type))

} // namespace troupe
