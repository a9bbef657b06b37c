// SPDX-License-Identifier: BSD-3-Clause
// The CONNECTION of a benchmark: hands out recorded batches as fast as the shard takes them.
#pragma once

#include "messages/connection.hpp"
#include "messages/interfaces.hpp"

#include "tests/bench/recording.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <memory>

namespace troupe::bench {

/// Who is fed, and how much.
struct feeder_state {
  static inline const char* name = "feeder";

  void open(const open_connection& order);
  void grant(const grant_credit& order);
  void close(const close_connection& order);

  /// Whose state it is.
  connection_actor::pointer self = nullptr;
  batch_source source;
  connection_owner_actor owner;
  std::uint64_t generation = 0;
  /// Frames that may be sent.
  std::uint64_t credit = 0;
  /// Waits for credit. Null before the first one and after the last.
  std::shared_ptr<const frame_batch> next;
};

/// @param source asked again with each `grant_credit` after it gave nothing.
/// @param owner gets all batches of the source; the connection then stays open.
connection_actor::behavior_type feeder(connection_actor::stateful_pointer<feeder_state> self, batch_source source,
                                       connection_owner_actor owner);

} // namespace troupe::bench
