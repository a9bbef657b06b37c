// SPDX-License-Identifier: BSD-3-Clause
// What becomes of an event before it is sent: who of those that are interested gets it, and what must be made of its
// text for them. Separate from `delivery`, which sees what was made, and from the shard, so that filters can be tested
// alone.
#pragma once

#include "messages/error.hpp"
#include "messages/event_filter.hpp"
#include "messages/snowflake.hpp"

#include "actors/event_ring.hpp"
#include "actors/subscription_table.hpp"

#include <cstdint>
#include <optional>

namespace troupe {

/// Of one shard. Not thread-safe.
class event_intake {
public:
  /// Makes what the event's recipients get of it: decodes it where one of them gets the struct, copies its text where
  /// one gets it raw. Where filters take part it looks for the guild first, and does neither for those who do not want
  /// it.
  /// @param what its text is followed by `codec::padding` readable bytes.
  /// @param to gets `typed`, `raw`, `who` and `guild`. Its `typed` may be there already: then nothing is decoded.
  /// @returns why the struct could not be made, where somebody would have got it.
  std::optional<error> take(const subscription_table::interest& wanted, const event_view& what, event_ring::event& to);

  /// How often a predicate threw.
  [[nodiscard]] std::uint64_t failures() const noexcept {
    return failures_;
  }

private:
  using recipient = subscription_table::recipient;

  std::optional<error> select(const subscription_table::interest& wanted, const event_view& what,
                              event_ring::event& to);
  [[nodiscard]] bool taken(const subscription_table::interest& wanted, const recipient& by, const event_view& what,
                           event_ring::event& to, bool ask);
  [[nodiscard]] bool kept(const event_filter& by, const event_view& what, const event_ring::event& event);
  snowflake guild_of(const subscription_table::interest& wanted, const event_view& what, event_ring::event& to);

  /// Whether `guild` of the event at hand is known.
  bool guild_known_ = false;
  std::uint64_t failures_ = 0;
};

} // namespace troupe
