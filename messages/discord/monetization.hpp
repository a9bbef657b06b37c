// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Entitlement and Subscription.
#pragma once

#include "messages/optionality.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// Where an entitlement comes from.
enum class entitlement_type : std::uint16_t {
  purchase = 1,
  premium_subscription = 2,
  developer_gift = 3,
  test_mode_purchase = 4,
  free_purchase = 5,
  user_gift = 6,
  premium_purchase = 7,
  application_subscription = 8,
};

/// A user or a guild may use something that is sold.
struct entitlement {
  snowflake id;
  snowflake sku_id;
  snowflake application_id;
  std::optional<snowflake> user_id;
  entitlement_type type{};
  bool deleted = false;
  nullable<timestamp> starts_at;
  nullable<timestamp> ends_at;
  std::optional<snowflake> guild_id;
  std::optional<bool> consumed;
  std::optional<snowflake> subscription_id;

  friend bool operator==(const entitlement&, const entitlement&) = default;
};
BOOST_DESCRIBE_STRUCT(entitlement, (),
                      (id, sku_id, application_id, user_id, type, deleted, starts_at, ends_at, guild_id, consumed,
                       subscription_id))

/// How a subscription stands.
enum class subscription_status : std::uint16_t {
  active = 0,
  inactive = 1,
  ending = 2,
};

/// A user pays for something again and again.
struct subscription {
  snowflake id;
  snowflake user_id;
  std::vector<snowflake> sku_ids;
  std::vector<snowflake> entitlement_ids;
  nullable<std::vector<snowflake>> renewal_sku_ids;
  timestamp current_period_start;
  timestamp current_period_end;
  subscription_status status{};
  nullable<timestamp> canceled_at;
  /// Two letters.
  std::optional<std::string> country;

  friend bool operator==(const subscription&, const subscription&) = default;
};
BOOST_DESCRIBE_STRUCT(subscription, (),
                      (id, user_id, sku_ids, entitlement_ids, renewal_sku_ids, current_period_start, current_period_end,
                       status, canceled_at, country))

} // namespace troupe
