// SPDX-License-Identifier: BSD-3-Clause
// The runs of the soak. Each takes as long as it is told, prints one line of JSON, and gives an exit code: 0 where what
// it demands held.
#pragma once

#include <cstdint>

namespace troupe::soak {

/// `kill -9` under traffic, at random moments: nothing lost, no event twice without a mark, one identify per shard
/// (promises P3 and P4).
int kills(std::uint64_t kills, std::uint64_t seed);

/// A process that is started again and again, often without what it knew: the rules of identify and the budget hold
/// (promise P2).
int restarts(std::uint64_t restarts, std::uint64_t seed);

/// A fault every two seconds, of connections and hosts: what Discord sent to a session that lives arrives exactly once,
/// in order (promises P1 and P4).
int faults(std::uint64_t seconds, std::uint64_t seed);

/// A subscriber that crashes at every hundredth event, and one that blocks for half a minute: nothing is lost.
int subscribers(std::uint64_t seconds, std::uint64_t seed);

/// As many events as come through, to a subscriber that blocks now and then: memory stays below a bound (promise P6).
int flood(std::uint64_t events, std::uint64_t seed);

} // namespace troupe::soak
