// SPDX-License-Identifier: BSD-3-Clause
// The invites of a guild: the one thing of it that has no id.
#pragma once

#include "messages/discord/other_events.hpp"
#include "messages/snowflake.hpp"

#include "runtime/cache/blob.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace troupe::cache {

/// Invites by their codes. Not thread-safe.
class invites {
public:
  /// What they take from the heap.
  [[nodiscard]] std::size_t bytes() const noexcept {
    return allocated(list_.capacity() * sizeof(entry)) + owned_;
  }

  /// Sets an invite, whatever there was.
  void put(const invite_create& what);

  /// Forgets an invite.
  void erase(const std::string& code);

  /// Forgets the invites to a channel.
  void erase_channel(snowflake channel);

  /// Forgets all.
  void clear() noexcept;

  /// All of them, in the order of their codes.
  [[nodiscard]] std::vector<invite_create> all() const;

private:
  struct entry {
    std::string code;
    blob packed;
  };

  [[nodiscard]] static std::size_t weight(const entry& of) noexcept;
  [[nodiscard]] std::vector<entry>::iterator place_of(const std::string& code);

  std::vector<entry> list_;
  std::size_t owned_ = 0;
};

} // namespace troupe::cache
