// SPDX-License-Identifier: BSD-3-Clause
// The CONNECTION over Beast: carries orders to a socket on the I/O thread, and lets that thread report straight to the
// owner. Separate from the socket so that a shard cannot tell it from the local Discord's in-memory connection.
#pragma once

#include "messages/connection.hpp"
#include "messages/interfaces.hpp"

#include "runtime/net/websocket.hpp"

#include <caf/error.hpp>
#include <caf/result.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>

namespace troupe {

/// Owns one socket at a time, and the promises of the writes that it has not taken yet.
struct connection_state {
  static inline const char* name = "connection";

  explicit connection_state(socket_connection_actor::pointer self);

  void open(const open_connection& order);
  [[nodiscard]] caf::result<payload_written> write(const write_payload& order);
  void grant(const grant_credit& order);
  void close(const close_connection& order);
  void on_written(const payload_written& note);
  void on_ended(const connection_closed& note);

  /// Drops the socket; what was not written is answered with an error.
  void drop();

  /// A write that the socket has not taken yet.
  struct waiting_write {
    /// The writer's own number, which goes into the answer.
    std::uint64_t ticket = 0;
    caf::typed_response_promise<payload_written> promise;
  };
  /// Set by whoever reports the end of a generation: the I/O thread or this actor, never both.
  using end_mark = std::shared_ptr<std::atomic<bool>>;

  socket_connection_actor::pointer self;
  /// Gets everything that the socket reports.
  connection_owner_actor owner;
  std::shared_ptr<net::client_context> context;
  /// Null before the first dial and after the end.
  std::shared_ptr<net::websocket> socket;
  /// Of `socket`; 0 before the first dial.
  std::uint64_t generation = 0;
  end_mark ended;
  /// Numbers writes over all writers: the shard and its ratelimiter do not know each other's tickets.
  std::uint64_t last_ticket = 0;
  std::map<std::uint64_t, waiting_write> writes;

private:
  [[nodiscard]] net::websocket_handlers handlers() const;
};

/// @param context What all connections share. Stop it before the actor system ends: its thread sends to actors.
/// @param owner Told everything. One `connection_closed` comes for each generation that was opened, but none when this
///   actor itself ends.
socket_connection_actor::behavior_type connection(socket_connection_actor::stateful_pointer<connection_state> self,
                                                  std::shared_ptr<net::client_context> context,
                                                  connection_owner_actor owner);

} // namespace troupe
