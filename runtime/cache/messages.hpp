// SPDX-License-Identifier: BSD-3-Clause
// The newest messages of each channel and thread of a guild, packed.
#pragma once

#include "messages/discord/message.hpp"
#include "messages/guild_cache.hpp"
#include "messages/snowflake.hpp"

#include "runtime/cache/id_table.hpp"
#include "runtime/cache/packing.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace troupe::cache {

/// The messages of a guild. Not thread-safe.
class messages {
public:
  /// How many there are.
  [[nodiscard]] std::size_t size() const noexcept {
    return size_;
  }

  /// What they take from the heap.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return logs_.bytes() + owned_;
  }

  /// A message.
  [[nodiscard]] std::optional<message> get(snowflake channel, snowflake id) const;

  /// The newest messages below `before`, newest first, at most `limit`. @param before 0: from the newest of all.
  [[nodiscard]] message_page page(snowflake channel, snowflake before, std::size_t limit) const;

  /// Takes a message. Once the channel has more than `bound`, its oldest go. @returns how many went.
  std::size_t put(const message& what, std::size_t bound);

  /// Changes a message, if there is one, by `change(message&)`.
  template <class Change>
  void modify(snowflake channel, snowflake id, Change change) {
    auto known = get(channel, id);
    if (!known)
      return;
    change(*known);
    replace(*known);
  }

  /// Forgets a message.
  void erase(snowflake channel, snowflake id);

  /// Forgets all messages of a channel.
  void erase_channel(snowflake channel);

  /// Forgets all.
  void clear() noexcept;

  /// Forgets the oldest, wherever they are, until so many bytes are free. @returns how many went.
  std::size_t shed(std::size_t bytes);

private:
  using log = packed_table<message>;

  void replace(const message& what);
  template <class Change>
  void change_log(snowflake channel, Change change);

  id_table<log> logs_;
  std::size_t size_ = 0;
  std::size_t owned_ = 0;
};

} // namespace troupe::cache
