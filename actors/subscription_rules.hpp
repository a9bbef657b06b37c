// SPDX-License-Identifier: BSD-3-Clause
// What one subscription asked for, request by request. Separate from the table, which turns the rules of everybody
// around into who gets which event.
#pragma once

#include "messages/event_filter.hpp"
#include "messages/snowflake.hpp"
#include "messages/subscription.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// One request. All lists are sorted.
struct subscription_rule {
  /// Empty: every event (raw only), but not those in `except`.
  std::vector<std::string> events;
  std::vector<std::string> except;
  bool raw = false;
  bool previous = false;
  bool own_lane = false;
  /// Empty: all. The guild 0 stands for none.
  std::vector<snowflake> guilds;
  std::vector<std::uint32_t> shards;
  /// May be null.
  std::shared_ptr<const event_filter> only;

  /// Whether it is about events of this name.
  [[nodiscard]] bool names(std::string_view event) const noexcept;

  /// Whether it takes all events that it names.
  [[nodiscard]] bool unconditional() const noexcept {
    return guilds.empty() && shards.empty() && only == nullptr;
  }

  /// Whether it takes events of this shard.
  [[nodiscard]] bool takes(std::uint32_t shard) const noexcept;

  /// Whether it takes events of this guild.
  [[nodiscard]] bool takes(snowflake guild) const noexcept;

  friend bool operator==(const subscription_rule&, const subscription_rule&) = default;
};

/// All requests of one subscription. Rules never change, so that tables share them.
struct subscription_wishes {
  /// As in `subscribe`: any request's, any request's, the newest one's.
  bool marks = false;
  bool relays = false;
  std::uint32_t window = 0;
  std::vector<std::shared_ptr<const subscription_rule>> rules;

  /// One request more. A typed name without a struct is left out: ask `find_event_decoder` first.
  void add(const subscribe& what, std::shared_ptr<const event_filter> only = nullptr);

  /// Without these events; without any where there are no names.
  void drop(const std::vector<std::string>& events);

  /// Whether some events are to come with their previous state.
  [[nodiscard]] bool wants_previous() const noexcept;
};

} // namespace troupe
