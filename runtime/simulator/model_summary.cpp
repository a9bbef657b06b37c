// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/model.hpp"
#include "runtime/simulator/text.hpp"

#include <algorithm>

namespace troupe::simulator {

std::string model::summary(clock::time_point now) {
  auto ready = std::count_if(sessions_.begin(), sessions_.end(), [this](auto& one) { return connection_of(one); });
  const std::pair<std::string_view, std::uint64_t> numbers[]{
    {"connections", counters_.connections},
    {"open_connections", connections_.size()},
    {"ready_sessions", static_cast<std::uint64_t>(ready)},
    {"sessions", sessions_.size()},
    {"identifies", counters_.identifies},
    {"identifies_refused", counters_.identifies_refused},
    {"session_starts_remaining", identify_limits_.remaining(now)},
    {"resumes", counters_.resumes},
    {"resumes_refused", counters_.resumes_refused},
    {"disconnects", counters_.disconnects},
    {"sessions_ended", counters_.sessions_ended},
    {"sessions_expired", counters_.sessions_expired},
    {"heartbeats", counters_.heartbeats},
    {"payloads_received", counters_.payloads_received},
    {"events_sent", counters_.events_sent},
    {"events_replayed", counters_.events_replayed},
    {"events_held", counters_.events_held},
    {"pings", traffic_.pings()},
    {"messages_posted", counters_.messages_posted},
    {"rest_requests", counters_.rest_requests},
    {"rest_rate_limited", counters_.rest_rate_limited},
    {"faults", counters_.faults},
    {"breaches", breaches_.size()},
  };
  std::string out =
    "{\"uptime_ms\":" + std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now - start_).count())
    + ",\"counters\":{";
  for (auto& [name, value] : numbers)
    out += (out.back() == '{' ? "\"" : ",\"") + std::string{name} + "\":" + std::to_string(value);
  out += "},\"shards\":[";
  for (auto& one : sessions_)
    out += (out.back() == '[' ? "" : ",") + std::string{"{\"shard\":["} + std::to_string(one.shard.index) + ','
           + std::to_string(one.shard.count) + "],\"session_id\":" + quote(one.id)
           + ",\"connected\":" + (one.attached != 0 ? "true" : "false")
           + ",\"sequence\":" + std::to_string(one.sequence) + ",\"replay_buffer\":" + std::to_string(one.replay.size())
           + ",\"guilds_to_come\":" + std::to_string(one.stubs.size()) + '}';
  out += "],\"breaches\":[";
  for (auto& one : breaches_) {
    out += (out.back() == '[' ? "" : ",") + std::string{"{\"at_ms\":"} + std::to_string(one.at.count()) + ",\"shard\":";
    out += one.shard ? quote(to_string(*one.shard)) : "null";
    out += ",\"rule\":" + quote(one.rule) + ",\"sentence\":" + quote(one.sentence) + '}';
  }
  return out + "]}";
}

} // namespace troupe::simulator
