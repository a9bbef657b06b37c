// SPDX-License-Identifier: BSD-3-Clause
// Discord Docs/Guild Scheduled Event.
#pragma once

#include "messages/discord/user.hpp"
#include "messages/optionality.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// How far an event is.
enum class scheduled_event_status : std::uint16_t {
  scheduled = 1,
  active = 2,
  completed = 3,
  canceled = 4,
};

/// Where an event takes place.
enum class scheduled_event_type : std::uint16_t {
  stage_instance = 1,
  voice = 2,
  external = 3,
};

/// Of external events.
struct scheduled_event_metadata {
  std::optional<std::string> location;

  friend bool operator==(const scheduled_event_metadata&, const scheduled_event_metadata&) = default;
};
BOOST_DESCRIBE_STRUCT(scheduled_event_metadata, (), (location))

/// A weekday within a month.
struct n_weekday {
  std::int32_t n = 0;
  std::int32_t day = 0;

  friend bool operator==(const n_weekday&, const n_weekday&) = default;
};
BOOST_DESCRIBE_STRUCT(n_weekday, (), (n, day))

/// When an event takes place again, a subset of iCalendar's.
struct recurrence_rule {
  timestamp start;
  nullable<timestamp> end;
  std::int32_t frequency = 0;
  std::int32_t interval = 0;
  nullable<std::vector<std::int32_t>> by_weekday;
  nullable<std::vector<n_weekday>> by_n_weekday;
  nullable<std::vector<std::int32_t>> by_month;
  nullable<std::vector<std::int32_t>> by_month_day;
  nullable<std::vector<std::int32_t>> by_year_day;
  nullable<std::int32_t> count;

  friend bool operator==(const recurrence_rule&, const recurrence_rule&) = default;
};
BOOST_DESCRIBE_STRUCT(recurrence_rule, (),
                      (start, end, frequency, interval, by_weekday, by_n_weekday, by_month, by_month_day, by_year_day,
                       count))

/// An event of a guild that people may sign up for.
struct scheduled_event {
  snowflake id;
  snowflake guild_id;
  maybe<snowflake> channel_id;
  maybe<snowflake> creator_id;
  std::string name;
  maybe<std::string> description;
  timestamp scheduled_start_time;
  nullable<timestamp> scheduled_end_time;
  std::int32_t privacy_level = 0;
  scheduled_event_status status{};
  scheduled_event_type entity_type{};
  nullable<snowflake> entity_id;
  nullable<scheduled_event_metadata> entity_metadata;
  std::optional<user> creator;
  std::optional<std::int32_t> user_count;
  maybe<std::string> image;
  nullable<troupe::recurrence_rule> recurrence_rule;

  friend bool operator==(const scheduled_event&, const scheduled_event&) = default;
};
BOOST_DESCRIBE_STRUCT(scheduled_event, (),
                      (id, guild_id, channel_id, creator_id, name, description, scheduled_start_time,
                       scheduled_end_time, privacy_level, status, entity_type, entity_id, entity_metadata, creator,
                       user_count, image, recurrence_rule))

} // namespace troupe
