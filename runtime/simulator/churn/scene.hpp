// SPDX-License-Identifier: BSD-3-Clause
// What an act of churn has at hand: one guild, chance, the time, and a list for the events that it causes. Separate
// from the acts, which are many.
#pragma once

#include "messages/intents.hpp"
#include "messages/snowflake.hpp"

#include "runtime/simulator/guild_record.hpp"
#include "runtime/simulator/json_object.hpp"
#include "runtime/simulator/random.hpp"
#include "runtime/simulator/traffic.hpp"
#include "runtime/simulator/world.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::simulator::churn {

/// One step in one guild.
struct scene {
  world& where;
  traffic& people;
  random& dice;
  const options& settings;
  std::uint32_t guild = 0;
  guild_record& state;
  std::int64_t unix_ms = 0;
  std::vector<event>& out;

  // -- chance ------------------------------------------------------------------------------------

  /// True once in `n` times.
  bool chance(std::uint64_t n) {
    return dice.below(n) == 0;
  }
  /// "true" or "false"
  std::string flip() {
    return chance(2) ? "true" : "false";
  }
  /// A whole number in [from, to].
  std::string number(std::uint64_t from, std::uint64_t to) {
    return std::to_string(from + dice.below(to - from + 1));
  }
  /// Any of these.
  std::string any(std::initializer_list<std::string_view> of) {
    return std::string{*(of.begin() + dice.below(of.size()))};
  }
  /// `value` now and then, otherwise null.
  std::string maybe(std::string value) {
    return chance(3) ? value : "null";
  }
  /// The iterator of one element; the end of an empty container.
  template <class Container>
  auto pick(Container& from) {
    return std::next(from.begin(), static_cast<std::ptrdiff_t>(dice.below(from.size())));
  }

  // -- names and values, as JSON -----------------------------------------------------------------

  /// Of the guild.
  [[nodiscard]] snowflake guild_id() const {
    return where.guild_id(guild);
  }
  /// Its own user.
  [[nodiscard]] snowflake bot() const {
    return where.bot();
  }
  /// A fresh one, made now.
  snowflake make_id() {
    return people.make_id(unix_ms);
  }
  /// A short name that changes.
  std::string name(std::string_view kind);
  /// 32 hexadecimal digits, as images are named.
  std::string image();
  /// So much after now.
  [[nodiscard]] std::string time(std::int64_t after_ms = 0) const;

  // -- who and where -----------------------------------------------------------------------------

  /// A member who is not the bot; 0 where chance finds none.
  snowflake somebody();
  /// One whose user never changes: objects that Discord sends once may hold the user.
  snowflake somebody_settled();
  /// The full member for a change.
  json_object& member(snowflake user);
  /// One of the channels that `fits` allows; null for none.
  template <class Predicate>
  json_object* channel(Predicate fits) {
    std::vector<json_object*> found;
    for (auto& [id, one] : state.channels)
      if (fits(one))
        found.push_back(&one);
    return found.empty() ? nullptr : found[dice.below(found.size())];
  }
  /// One that the bot sees and where messages may be; null for none.
  json_object* text_channel();
  /// A thread that is active and that the bot sees; 0 for none.
  snowflake thread();

  // -- what happens ------------------------------------------------------------------------------

  /// Adds an event of this guild.
  event& emit(std::string_view type, intents needs, std::string data);
  /// Adds one whose `d` is `what` with `guild_id`.
  event& emit_here(std::string_view type, intents needs, json_object what);
};

/// Something that can happen. Returns false where it cannot happen here and now; then it did nothing.
using act = bool (*)(scene&);

/// An act and how often it comes, relative to the others.
struct weighted_act {
  std::uint32_t weight = 0;
  act run = nullptr;
};

/// What everything needs that is about guilds and channels.
inline constexpr intents in_guilds{intent::guilds};

/// Whether a user is never renamed.
[[nodiscard]] constexpr bool is_settled(snowflake user) noexcept {
  return (user.value >> 22) % 4 == 0;
}

} // namespace troupe::simulator::churn
