// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/payload.hpp"

#include <simdjson.h>

namespace troupe::simulator {

namespace {

using simdjson::SUCCESS;
using simdjson::dom::element;
using simdjson::dom::object;

std::optional<std::uint64_t> number(const object& from, std::string_view key) {
  std::uint64_t value = 0;
  return from[key].get_uint64().get(value) == SUCCESS ? std::optional{value} : std::nullopt;
}

std::optional<std::string> text(const object& from, std::string_view key) {
  std::string_view value;
  return from[key].get_string().get(value) == SUCCESS ? std::optional{std::string{value}} : std::nullopt;
}

bool flag(const object& from, std::string_view key) {
  bool value = false;
  return from[key].get_bool().get(value) == SUCCESS && value;
}

std::optional<snowflake> id(const element& value) {
  if (std::string_view digits; value.get_string().get(digits) == SUCCESS)
    return snowflake::parse(digits);
  if (std::uint64_t plain = 0; value.get_uint64().get(plain) == SUCCESS)
    return snowflake{plain};
  return std::nullopt;
}

std::optional<snowflake> id(const object& from, std::string_view key) {
  element value;
  return from[key].get(value) == SUCCESS ? id(value) : std::nullopt;
}

// A single id counts as a list of one (protocol 4.5, `user_ids`).
std::optional<std::vector<snowflake>> ids(const object& from, std::string_view key) {
  element value;
  if (from[key].get(value) != SUCCESS || value.is_null())
    return std::nullopt;
  std::vector<snowflake> found;
  simdjson::dom::array list;
  if (value.get_array().get(list) == SUCCESS) {
    for (auto one : list)
      if (auto known = id(one))
        found.push_back(*known);
  } else if (auto one = id(value)) {
    found.push_back(*one);
  }
  return found;
}

void read_shard(const object& from, client_payload& into) {
  element value;
  if (from["shard"].get(value) != SUCCESS || value.is_null())
    return;
  into.has_shard = true;
  simdjson::dom::array pair;
  std::uint64_t index = 0;
  std::uint64_t count = 0;
  if (value.get_array().get(pair) == SUCCESS && pair.size() == 2 && pair.at(0).get_uint64().get(index) == SUCCESS
      && pair.at(1).get_uint64().get(count) == SUCCESS)
    into.shard = {index, count};
}

void read_object(const object& from, client_payload& into) {
  into.token = text(from, "token");
  object properties;
  into.has_properties = from["properties"].get_object().get(properties) == SUCCESS;
  into.intents = number(from, "intents");
  into.large_threshold = number(from, "large_threshold");
  into.compress = flag(from, "compress");
  read_shard(from, into);
  into.session_id = text(from, "session_id");
  into.seq = number(from, "seq");
  into.status = text(from, "status");
  simdjson::dom::array list;
  into.has_activities = from["activities"].get_array().get(list) == SUCCESS;
  into.guild_id = id(from, "guild_id");
  into.channel_id = id(from, "channel_id");
  into.self_mute = flag(from, "self_mute");
  into.self_deaf = flag(from, "self_deaf");
  into.query = text(from, "query");
  into.limit = number(from, "limit");
  into.presences = flag(from, "presences");
  into.nonce = text(from, "nonce");
  into.user_ids = ids(from, "user_ids");
  into.guild_ids = ids(from, "guild_ids").value_or(std::vector<snowflake>{});
  if (from["fields"].get_array().get(list) == SUCCESS)
    for (auto one : list)
      if (std::string_view name; one.get_string().get(name) == SUCCESS)
        into.fields.emplace_back(name);
}

} // namespace

std::optional<client_payload> parse_payload(std::string_view bytes) {
  simdjson::dom::parser parser;
  simdjson::padded_string padded{bytes};
  object root;
  client_payload result;
  if (parser.parse(padded).get_object().get(root) != SUCCESS || root["op"].get_uint64().get(result.op) != SUCCESS)
    return std::nullopt;
  element d;
  if (root["d"].get(d) != SUCCESS || d.is_null())
    return result;
  result.has_nothing = false;
  if (std::uint64_t beat = 0; d.get_uint64().get(beat) == SUCCESS)
    result.beat = beat;
  object content;
  if (d.get_object().get(content) == SUCCESS) {
    result.has_object = true;
    read_object(content, result);
  }
  return result;
}

} // namespace troupe::simulator
