// SPDX-License-Identifier: BSD-3-Clause
// The CONNECTION without a socket: what a shard sees is the same as over Beast (actors/connection.hpp), what is behind
// it is a memory_discord.
#pragma once

#include "messages/connection.hpp"
#include "messages/interfaces.hpp"

#include "actors/testing/memory_discord.hpp"

#include <caf/result.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

namespace troupe::testing {

/// CONNECTION in memory. The notes come from the model.
using memory_connection_actor = connection_actor::extend<
  // INTERNAL: frames came; they wait here for credit.
  caf::reacts_to<frames_received>,
  // INTERNAL: the server ended the connection, or the dial ran into its deadline.
  caf::reacts_to<connection_closed>>;

/// One socket's worth of frames, and the credit that lets them through.
struct memory_connection_state {
  static inline const char* name = "memory_connection";

  explicit memory_connection_state(memory_connection_actor::pointer self);
  /// However the actor ends, the socket ends with it.
  ~memory_connection_state();

  void open(const open_connection& order);
  [[nodiscard]] caf::result<payload_written> write(const write_payload& order);
  void grant(const grant_credit& order);
  void close(const close_connection& order);
  void on_frames(const frames_received& note);
  void on_closed(const connection_closed& note);

  /// Lets frames through as far as the credit goes, then the end, where it waits.
  void deliver();
  /// Reports the end of the generation, once.
  void finish(connection_closed closed);

  memory_connection_actor::pointer self;
  /// The far end.
  std::shared_ptr<memory_discord> discord;
  /// Gets everything that the socket reports.
  connection_owner_actor owner;
  std::uint64_t generation = 0;
  /// Whether `connection_closed` of this generation is still owed.
  bool live = false;
  /// 0 where the dial failed or the server ended it.
  simulator::connection_id connection = 0;
  std::uint32_t credit = 0;
  std::deque<frame> waiting;
  /// The server's end: comes after the frames.
  std::optional<connection_closed> end;
  /// The model holds events back for us.
  bool held = false;
};

/// @param owner Told everything. One `connection_closed` comes for each generation that was opened, but none when this
///   actor itself ends.
memory_connection_actor::behavior_type
memory_connection(memory_connection_actor::stateful_pointer<memory_connection_state> self,
                  std::shared_ptr<memory_discord> discord, connection_owner_actor owner);

} // namespace troupe::testing
