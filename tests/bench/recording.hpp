// SPDX-License-Identifier: BSD-3-Clause
// The frames of one connection, as the local Discord makes them, and the bare loop over them: inflate, scan and decode
// in one thread without actors, against which everything is measured (design 15).
#pragma once

#include "messages/connection.hpp"

#include "runtime/codec/compression.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::bench {

/// Frames that come together: as many as a connection hands over at once where more wait. CPU per event is a question
/// of such times.
inline constexpr std::size_t batch_size = 256;

/// Hands out one batch after the other; null at the end.
using batch_source = std::function<std::shared_ptr<const frame_batch>()>;

/// HELLO, RESUMED, then events.
struct recording {
  codec::compression how = codec::compression::none;
  std::vector<std::shared_ptr<const frame_batch>> batches;
  std::size_t events = 0;
  /// Of all messages, as JSON and as frames.
  std::size_t bytes = 0;
  std::size_t compressed = 0;
  /// Of every event, sorted; and of one that about one event in ten is.
  std::vector<std::string> names;
  std::string tenth;
};

/// So many events of two hundred guilds; always the same ones.
[[nodiscard]] recording record(codec::compression how, std::size_t events);

/// Plays it once. `from` must stay.
[[nodiscard]] batch_source play(const recording& from);

/// What a shard does with events, without one: events with these names are decoded, or copied where `raw`, the rest is
/// only scanned. @returns CPU seconds.
[[nodiscard]] double bare_loop(const recording& from, const std::vector<std::string>& names, bool raw = false);

/// Events without an end, uncompressed: the GUILD_CREATEs of two hundred guilds, then a recording again and again. The
/// numbers in it go on: sequences, and the ids of what is new, such as messages. Members and channels stay the same.
class endless_recording {
public:
  /// @param period so many events are made; from then on their texts come again.
  explicit endless_recording(std::size_t period);

  /// The next batch; null once this many events were handed out.
  [[nodiscard]] std::shared_ptr<const frame_batch> next(std::uint64_t end);

  /// Events that were handed out, GUILD_CREATEs among them.
  [[nodiscard]] std::uint64_t events() const noexcept {
    return sequence_ - first_sequence;
  }

  /// Of every event.
  [[nodiscard]] const std::vector<std::string>& names() const noexcept {
    return names_;
  }

private:
  static constexpr std::uint64_t first_sequence = 2;

  /// A text, with the places of the numbers that change.
  struct pattern {
    std::string text;
    std::vector<std::size_t> ids;
  };

  [[nodiscard]] static pattern pattern_of(std::string_view name, std::string_view data, std::uint64_t oldest_new_id);
  [[nodiscard]] frame make(const pattern& from, std::uint64_t later);

  std::vector<pattern> guilds_;
  std::vector<pattern> period_;
  std::vector<std::string> names_;
  /// How much the ids of one period rise.
  std::uint64_t ids_per_period_ = 0;
  std::uint64_t sequence_ = first_sequence;
};

} // namespace troupe::bench
