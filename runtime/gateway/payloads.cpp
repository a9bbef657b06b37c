// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/payloads.hpp"

#include "runtime/codec/json.hpp"

#include <simdjson.h>

namespace troupe::gateway {

namespace {

constexpr double heartbeat_interval_max_ms = 600'000;

// The `d` of a command's payload: Discord takes the same object in IDENTIFY.
std::string presence_json(const update_presence& presence) {
  constexpr std::string_view key = "\"d\":";
  auto text = codec::encode_command(presence);
  auto begin = text.find(key) + key.size();
  return text.substr(begin, text.size() - begin - 1);
}

} // namespace

std::string dial_url(std::string_view base, codec::compression compression) {
  std::string url{base.substr(0, base.find('?'))};
  if (!url.ends_with('/'))
    url += '/';
  url += "?v=10&encoding=json";
  if (compression != codec::compression::none)
    url.append("&compress=").append(codec::to_string(compression));
  return url;
}

std::string identify_payload(const session_settings& settings) {
  std::string text = R"({"op":2,"d":{"token":)";
  codec::append_string(text, settings.token.reveal());
  text.append(R"(,"intents":)").append(std::to_string(settings.intents.bits));
  text.append(R"(,"shard":[)").append(std::to_string(settings.shard.index)).append(",");
  text.append(std::to_string(settings.shard.count)).append(R"(],"large_threshold":)");
  text.append(std::to_string(settings.large_threshold)).append(R"(,"properties":{"os":"linux","browser":)");
  codec::append_string(text, settings.library_name);
  text.append(R"(,"device":)");
  codec::append_string(text, settings.library_name);
  text += '}';
  if (settings.presence)
    text.append(R"(,"presence":)").append(presence_json(*settings.presence));
  return text.append("}}");
}

std::string resume_payload(const secret& token, const resume_point& point) {
  std::string text = R"({"op":6,"d":{"token":)";
  codec::append_string(text, token.reveal());
  text.append(R"(,"session_id":)");
  codec::append_string(text, point.session_id);
  return text.append(R"(,"seq":)").append(std::to_string(point.sequence)).append("}}");
}

std::string heartbeat_payload(std::optional<std::uint64_t> sequence) {
  std::string text = R"({"op":1,"d":)";
  return text.append(sequence ? std::to_string(*sequence) : "null").append("}");
}

std::optional<milliseconds> read_heartbeat_interval(std::string_view data) {
  simdjson::dom::parser parser;
  double interval = 0;
  if (parser.parse(data.data(), data.size())["heartbeat_interval"].get(interval) != simdjson::SUCCESS)
    return std::nullopt;
  if (!(interval >= 1) || interval > heartbeat_interval_max_ms)
    return std::nullopt;
  return milliseconds{static_cast<std::int64_t>(interval)};
}

bool is_json(std::string_view text) {
  simdjson::dom::parser parser;
  return parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS;
}

} // namespace troupe::gateway
