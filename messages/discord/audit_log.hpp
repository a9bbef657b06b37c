// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Audit Log.
#pragma once

#include "messages/json_text.hpp"
#include "messages/optionality.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// One field before and after.
struct audit_log_change {
  std::optional<json_text> new_value;
  std::optional<json_text> old_value;
  std::string key;

  friend bool operator==(const audit_log_change&, const audit_log_change&) = default;
};
BOOST_DESCRIBE_STRUCT(audit_log_change, (), (new_value, old_value, key))

/// More about an entry; which fields there are depends on the action.
struct audit_log_options {
  std::optional<snowflake> application_id;
  std::optional<std::string> auto_moderation_rule_name;
  std::optional<std::string> auto_moderation_rule_trigger_type;
  std::optional<snowflake> channel_id;
  std::optional<std::string> count;
  std::optional<std::string> delete_member_days;
  std::optional<snowflake> id;
  std::optional<std::string> integration_type;
  std::optional<std::string> members_removed;
  std::optional<snowflake> message_id;
  std::optional<std::string> role_name;
  std::optional<std::string> status;
  std::optional<std::string> type;

  friend bool operator==(const audit_log_options&, const audit_log_options&) = default;
};
BOOST_DESCRIBE_STRUCT(audit_log_options, (),
                      (application_id, auto_moderation_rule_name, auto_moderation_rule_trigger_type, channel_id, count,
                       delete_member_days, id, integration_type, members_removed, message_id, role_name, status, type))

/// Somebody changed something. `action_type` is a number of Discord's list.
struct audit_log_entry {
  nullable<std::string> target_id;
  std::optional<std::vector<audit_log_change>> changes;
  nullable<snowflake> user_id;
  snowflake id;
  std::int32_t action_type = 0;
  std::optional<audit_log_options> options;
  std::optional<std::string> reason;

  friend bool operator==(const audit_log_entry&, const audit_log_entry&) = default;
};
BOOST_DESCRIBE_STRUCT(audit_log_entry, (), (target_id, changes, user_id, id, action_type, options, reason))

} // namespace troupe
