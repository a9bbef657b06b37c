// SPDX-License-Identifier: BSD-3-Clause
// Channels, or threads: packed, but for what changes with every message and what a cascade looks for.
#pragma once

#include "messages/discord/channel.hpp"
#include "messages/snowflake.hpp"

#include "runtime/cache/blob.hpp"
#include "runtime/cache/id_table.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace troupe::cache {

/// The channels of a guild, or its threads. Without the guild's id, which whoever asks knows. Not thread-safe.
class channels {
public:
  /// How many there are.
  [[nodiscard]] std::size_t size() const noexcept {
    return table_.size();
  }

  /// What they take from the heap.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return table_.bytes() + owned_;
  }

  /// Whether there is one.
  [[nodiscard]] bool contains(snowflake id) const noexcept {
    return table_.find(id) != nullptr;
  }

  /// A channel.
  [[nodiscard]] std::optional<channel> get(snowflake id) const;

  /// All of them in the order of ids; only those below a parent where one is given.
  [[nodiscard]] std::vector<channel> all(std::optional<snowflake> parent = std::nullopt) const;

  /// Sets a channel, whatever there was.
  void put(channel what);

  /// Changes a channel, if there is one, by `change(channel&)`.
  template <class Change>
  void modify(snowflake id, Change change) {
    auto known = get(id);
    if (!known)
      return;
    change(*known);
    put(std::move(*known));
  }

  /// A message (in forums: a thread) was made. @returns whether it is newer than all before.
  bool note_message(snowflake id, snowflake message);

  /// @returns whether there was one.
  bool erase(snowflake id);

  /// Forgets all.
  void clear() noexcept;

  /// Those below a parent.
  [[nodiscard]] std::vector<snowflake> below(snowflake parent) const;

  /// The ids of all.
  [[nodiscard]] std::vector<snowflake> ids() const;

private:
  struct record {
    blob packed;
    /// 0 where the packed channel says what it is: absent or null.
    snowflake last_message;
    snowflake parent;
  };

  [[nodiscard]] static channel open(snowflake id, const record& from);

  id_table<record> table_;
  std::size_t owned_ = 0;
};

} // namespace troupe::cache
