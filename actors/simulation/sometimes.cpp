// SPDX-License-Identifier: BSD-3-Clause
#include "actors/simulation/sometimes.hpp"

#include <stdexcept>

namespace troupe::simulation {

namespace {

constexpr const char* names[] = {
  "a session was resumed",
  "a session was resumed after a restart of the process",
  "a session was resumed after a crash of its shard",
  "a session was lost",
  "a connection was given up for want of a heartbeat acknowledgement",
  "a stream was corrupt",
  "Discord asked to reconnect",
  "a subscriber crashed on an event",
  "events were redelivered",
  "an event was set aside",
  "an event was handled twice, marked",
  "a guild's bot found what its predecessor kept",
  "a subscriber was slow",
  "a shard stopped reading",
  "a store failed",
  "a supervisor degraded",
  "a service was restarted with all below it",
  "the process was restarted",
  "a shard met a fatal close code",
  "a connection used up its commands",
#ifdef TROUPE_BUGGIFY_ENABLED
  "a rare path was provoked",
#endif
};

} // namespace

sometimes::sometimes() {
  for (const auto* name : names)
    counts_.emplace(name, 0);
}

void sometimes::hit(std::string_view name) {
  auto found = counts_.find(name);
  if (found == counts_.end())
    throw std::logic_error{"sometimes: unknown state \"" + std::string{name} + "\""};
  ++found->second;
}

void sometimes::add(const sometimes& other) {
  for (const auto& [name, count] : other.counts_)
    counts_[name] += count;
}

std::vector<std::string> sometimes::missing() const {
  std::vector<std::string> result;
  for (const auto& [name, count] : counts_)
    if (count == 0)
      result.push_back(name);
  return result;
}

} // namespace troupe::simulation
