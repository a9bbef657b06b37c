// SPDX-License-Identifier: BSD-3-Clause
// The members of every struct in messages/discord as data: what needs the types is compiled once, in struct_shapes.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace troupe::testing {

/// A struct.
struct struct_shape {
  /// One member.
  struct member {
    /// As in JSON.
    std::string_view key;
    /// The struct in it, perhaps in a list or under the keys of a map; null where it is none.
    const struct_shape* (*shape)() = nullptr;
    bool is_map = false;
  };

  std::string name;
  std::vector<const struct_shape*> bases;
  /// Its own, without its bases'.
  std::vector<member> members;
};

/// The struct of an event, in the order of `dispatch_events`.
[[nodiscard]] const std::vector<const struct_shape*>& event_shapes();

/// Every struct of messages/discord, the events among them.
[[nodiscard]] const std::vector<const struct_shape*>& all_shapes();

} // namespace troupe::testing
