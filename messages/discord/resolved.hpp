// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Interactions, "Resolved Data Structure".
#pragma once

#include "messages/boxed.hpp"
#include "messages/discord/attachment.hpp"
#include "messages/discord/channel.hpp"
#include "messages/discord/member.hpp"
#include "messages/discord/role.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <map>
#include <optional>

namespace troupe {

struct message;

/// The objects behind the ids that a user chose.
struct resolved_data {
  std::optional<std::map<snowflake, user>> users;
  std::optional<std::map<snowflake, member>> members;
  std::optional<std::map<snowflake, role>> roles;
  std::optional<std::map<snowflake, channel>> channels;
  std::optional<std::map<snowflake, boxed<message>>> messages;
  std::optional<std::map<snowflake, attachment>> attachments;

  friend bool operator==(const resolved_data&, const resolved_data&) = default;
};
BOOST_DESCRIBE_STRUCT(resolved_data, (), (users, members, roles, channels, messages, attachments))

} // namespace troupe
