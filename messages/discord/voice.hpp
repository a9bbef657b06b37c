// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Voice, and Stage Instance.
#pragma once

#include "messages/discord/member.hpp"
#include "messages/optionality.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace troupe {

/// Where somebody is in voice. Without a channel: left. Inside of GUILD_CREATE without the guild.
struct voice_state {
  std::optional<snowflake> guild_id;
  nullable<snowflake> channel_id;
  snowflake user_id;
  std::optional<troupe::member> member;
  std::string session_id;
  bool deaf = false;
  bool mute = false;
  bool self_deaf = false;
  bool self_mute = false;
  std::optional<bool> self_stream;
  bool self_video = false;
  bool suppress = false;
  nullable<timestamp> request_to_speak_timestamp;

  friend bool operator==(const voice_state&, const voice_state&) = default;
};
BOOST_DESCRIBE_STRUCT(voice_state, (),
                      (guild_id, channel_id, user_id, member, session_id, deaf, mute, self_deaf, self_mute, self_stream,
                       self_video, suppress, request_to_speak_timestamp))

/// A stage that is live.
struct stage_instance {
  snowflake id;
  snowflake guild_id;
  snowflake channel_id;
  std::string topic;
  std::int32_t privacy_level = 0;
  std::optional<bool> discoverable_disabled;
  nullable<snowflake> guild_scheduled_event_id;

  friend bool operator==(const stage_instance&, const stage_instance&) = default;
};
BOOST_DESCRIBE_STRUCT(stage_instance, (),
                      (id, guild_id, channel_id, topic, privacy_level, discoverable_disabled, guild_scheduled_event_id))

} // namespace troupe
