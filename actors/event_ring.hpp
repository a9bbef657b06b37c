// SPDX-License-Identifier: BSD-3-Clause
// The events of one shard that somebody has not handled yet, numbered without gaps. Separate from `delivery`, which
// decides how long they stay.
#pragma once

#include "messages/snowflake.hpp"

#include "actors/subscription_table.hpp"

#include <caf/actor.hpp>
#include <caf/message.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace troupe {

/// Some of the recipients of an `interest`, by their positions. Allocates only where there are more than 64.
class selection {
public:
  /// Everyone.
  selection() = default;

  /// Nobody.
  [[nodiscard]] static selection nobody() {
    selection result;
    result.all_ = false;
    return result;
  }

  /// One more; `nobody` is where this begins.
  void add(std::size_t position) {
    if (position < 64) {
      first_ |= std::uint64_t{1} << position;
      return;
    }
    auto word = position / 64 - 1;
    if (rest_.size() <= word)
      rest_.resize(word + 1);
    rest_[word] |= std::uint64_t{1} << position % 64;
  }

  /// One less, where not everyone is in.
  void remove(std::size_t position) noexcept {
    if (position < 64)
      first_ &= ~(std::uint64_t{1} << position);
    else if (auto word = position / 64 - 1; word < rest_.size())
      rest_[word] &= ~(std::uint64_t{1} << position % 64);
  }

  /// Whether that recipient is in.
  [[nodiscard]] bool has(std::size_t position) const noexcept {
    if (all_)
      return true;
    if (position < 64)
      return (first_ >> position & 1) != 0;
    auto word = position / 64 - 1;
    return word < rest_.size() && (rest_[word] >> position % 64 & 1) != 0;
  }

  /// Whether somebody is in.
  [[nodiscard]] bool any() const noexcept {
    return all_ || first_ != 0 || std::any_of(rest_.begin(), rest_.end(), [](auto word) { return word != 0; });
  }

private:
  bool all_ = true;
  std::uint64_t first_ = 0;
  std::vector<std::uint64_t> rest_;
};

/// A ring that grows to the most that it ever held, and costs no allocation from then on. Not thread-safe.
class event_ring {
public:
  /// One event as it was sent, so that it can be sent again. The messages are shared with the subscribers.
  struct event {
    /// `s`.
    std::uint64_t sequence = 0;
    /// The event's struct, and its `raw_event`. Empty where nobody gets it so.
    caf::message typed;
    caf::message raw;
    /// Who of those in `wanted` gets it: where filters took part, not all.
    selection who;
    /// Known where somebody gets it through its guild's actor; 0 outside of guilds.
    snowflake guild;
    /// Of the JSON.
    std::size_t bytes = 0;
    /// Sent by Discord for a RESUME.
    bool replayed = false;
    /// Came marked as sent again.
    bool redelivered = false;
    /// Who gets it. Set by `delivery`.
    const subscription_table::interest* wanted = nullptr;
    /// The number of the table that `wanted` is of. Set by `delivery`.
    std::uint64_t view = 0;
    /// The guild's actor that it took its way through, if any. Set by `delivery`.
    caf::actor through;
  };

  /// The number of the oldest event; that of the next one where the ring is empty. Numbers begin at 1.
  [[nodiscard]] std::uint64_t first() const noexcept {
    return first_;
  }

  /// The number that the next event gets.
  [[nodiscard]] std::uint64_t next() const noexcept {
    return first_ + size_;
  }

  /// How many events are there.
  [[nodiscard]] std::size_t size() const noexcept {
    return size_;
  }

  /// Of all events.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_;
  }

  /// The event of that number. @param index At least `first()` and below `next()`.
  [[nodiscard]] const event& operator[](std::uint64_t index) const noexcept {
    return slots_[index & (slots_.size() - 1)];
  }

  /// Says which way that event took.
  void passed_through(std::uint64_t index, caf::actor guild) noexcept {
    slots_[index & (slots_.size() - 1)].through = std::move(guild);
  }

  /// Adds the newest event.
  void push(event what) {
    if (size_ == slots_.size())
      grow();
    bytes_ += what.bytes;
    slots_[next() & (slots_.size() - 1)] = std::move(what);
    ++size_;
  }

  /// Forgets the oldest event; there must be one.
  void pop() noexcept {
    auto& oldest = slots_[first_ & (slots_.size() - 1)];
    bytes_ -= oldest.bytes;
    oldest.typed.reset();
    oldest.raw.reset();
    oldest.through = nullptr;
    ++first_;
    --size_;
  }

private:
  void grow() {
    // A power of two, so that a number becomes a place with one mask.
    std::vector<event> larger(slots_.empty() ? 16 : slots_.size() * 2);
    for (auto index = first_; index != next(); ++index)
      larger[index & (larger.size() - 1)] = std::move(slots_[index & (slots_.size() - 1)]);
    slots_ = std::move(larger);
  }

  std::vector<event> slots_;
  std::uint64_t first_ = 1;
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
};

} // namespace troupe
