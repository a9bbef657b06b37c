// SPDX-License-Identifier: BSD-3-Clause
// What shards and the identify queue say to each other (design 7).
//
//   shard                      queue
//     | -- join_identify_queue ->|   waits without a socket
//     | <- prepare_identify ---- |   "your turn is near": connect, await HELLO
//     | -- request_permit -----> |   HELLO came
//     | <- permit_granted ------ |   the bucket is held
//     | -- permit_committed ---> |   IDENTIFY was handed to the connection
//     | -- permit_spent -------> |   IDENTIFY is on the wire: five seconds start
//     | -- leave_identify_queue->|   gives up its place or an uncommitted permit
#pragma once

#include "messages/shard_id.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// `GET /gateway/bot`'s session_start_limit (protocol 1.1), and how long it holds.
struct session_start_limit {
  std::uint32_t total = 1000;
  std::uint32_t remaining = 1000;
  /// Milliseconds until `remaining` is `total` again.
  std::int64_t reset_after = 86'400'000;
  std::uint32_t max_concurrency = 1;

  friend bool operator==(const session_start_limit&, const session_start_limit&) = default;
};
BOOST_DESCRIBE_STRUCT(session_start_limit, (), (total, remaining, reset_after, max_concurrency))

/// The answer of `GET /gateway/bot`.
struct gateway_bot {
  std::string url;
  std::uint32_t shards = 1;
  troupe::session_start_limit session_start_limit;

  friend bool operator==(const gateway_bot&, const gateway_bot&) = default;
};
BOOST_DESCRIBE_STRUCT(gateway_bot, (), (url, shards, session_start_limit))

/// A shard wants to identify and waits for its turn. `ticket` is the shard's own number for this attempt and comes back
/// in every answer. `recovery` is false on the first start of a shard: only recoveries may use the reserve.
struct join_identify_queue {
  shard_id shard;
  std::uint64_t ticket = 0;
  bool recovery = false;
};
BOOST_DESCRIBE_STRUCT(join_identify_queue, (), (shard, ticket, recovery))

/// The turn is near: connect now.
struct prepare_identify {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(prepare_identify, (), (ticket))

/// HELLO came; the shard could identify at once.
struct request_permit {
  shard_id shard;
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(request_permit, (), (shard, ticket))

/// One IDENTIFY may be sent now.
struct permit_granted {
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(permit_granted, (), (ticket))

/// IDENTIFY was handed to the connection: from here on the permit counts as used, whatever happens.
struct permit_committed {
  shard_id shard;
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(permit_committed, (), (shard, ticket))

/// IDENTIFY is on the wire, or may have been when its connection broke.
struct permit_spent {
  shard_id shard;
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(permit_spent, (), (shard, ticket))

/// Gives up the place in the queue; an uncommitted permit goes back unused.
struct leave_identify_queue {
  shard_id shard;
  std::uint64_t ticket = 0;
};
BOOST_DESCRIBE_STRUCT(leave_identify_queue, (), (shard, ticket))

/// Why nobody gets a permit just now.
enum class hold_reason : std::uint8_t {
  none,             ///< Permits flow.
  budget_exhausted, ///< No session start is left before the reset.
  reserve_reached,  ///< Only the reserve for recovery is left.
  breaker_open,     ///< Too many identifies ended without READY in a row.
  store_failed,     ///< The ledger cannot be written: nothing may be sent that is not counted.
};
BOOST_DESCRIBE_ENUM(hold_reason, none, budget_exhausted, reserve_reached, breaker_open, store_failed)

/// One waiting shard, as the queue reports it.
struct queue_entry {
  shard_id shard;
  /// 0 is next in its bucket.
  std::uint32_t position = 0;
  /// Milliseconds until its permit, if nothing goes wrong.
  std::int64_t eta_ms = 0;
};
BOOST_DESCRIBE_STRUCT(queue_entry, (), (shard, position, eta_ms))

/// Asks the queue how it stands.
struct identify_queue_request {};
BOOST_DESCRIBE_STRUCT(identify_queue_request, (), ())

/// How the queue stands.
struct identify_queue_status {
  hold_reason hold = hold_reason::none;
  /// Milliseconds until the hold ends; 0 without one.
  std::int64_t hold_ms = 0;
  troupe::session_start_limit budget;
  std::uint32_t reserve = 0;
  std::vector<queue_entry> waiting;
};
BOOST_DESCRIBE_STRUCT(identify_queue_status, (), (hold, hold_ms, budget, reserve, waiting))

/// The shard whose IDENTIFY was answered: READY came (`ready`), or the session was refused.
struct identify_answered {
  shard_id shard;
  bool ready = false;
};
BOOST_DESCRIBE_STRUCT(identify_answered, (), (shard, ready))

} // namespace troupe
