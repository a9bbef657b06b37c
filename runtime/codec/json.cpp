// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/codec/json.hpp"

#include "messages/opcode.hpp"

#include "runtime/codec/compression.hpp"
#include "runtime/codec/describe_json.hpp"
#include "runtime/codec/utf8.hpp"

#include <type_traits>
#include <variant>

namespace troupe::codec {

namespace {

namespace ondemand = simdjson::ondemand;

template <class T>
simdjson::error_code decode_into(std::string_view text, T& into) {
  // A parser keeps its buffers: one for each thread that decodes.
  thread_local ondemand::parser parser;
  ondemand::document document;
  if (auto err = parser.iterate(text.data(), text.size(), text.size() + padding).get(document))
    return err;
  ondemand::object object;
  if (auto err = document.get_object().get(object))
    return err;
  if (auto err = describe_json::read_object(object, into))
    return err;
  // A place to read on from means that something follows the object.
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
}

std::string padded(std::string_view text, bool repair) {
  std::string copy;
  copy.reserve(text.size() + padding);
  if (repair)
    append_repaired(copy, text);
  else
    copy.append(text);
  copy.append(padding, '\0');
  return copy;
}

opcode opcode_of(const presence_update&) {
  return opcode::presence_update;
}
opcode opcode_of(const voice_state_update&) {
  return opcode::voice_state_update;
}
opcode opcode_of(const request_guild_members&) {
  return opcode::request_guild_members;
}
opcode opcode_of(const request_soundboard_sounds&) {
  return opcode::request_soundboard_sounds;
}
opcode opcode_of(const request_channel_info&) {
  return opcode::request_channel_info;
}

template <class T>
void write_data(std::string& out, const T& what) {
  describe_json::write(out, what);
}

// Discord wants the nulls of these two (protocol 3.10).
void write_data(std::string& out, const presence_update& what) {
  out += encode_presence(what);
}

void write_data(std::string& out, const voice_state_update& what) {
  out += "{\"guild_id\":";
  describe_json::write(out, what.guild_id);
  out += ",\"channel_id\":";
  describe_json::write(out, what.channel_id);
  out += ",\"self_mute\":";
  describe_json::write(out, what.self_mute);
  out += ",\"self_deaf\":";
  describe_json::write(out, what.self_deaf);
  out += '}';
}

} // namespace

template <class T>
result<T> decode(std::string_view text) {
  T value{};
  auto failure = decode_into(text, value);
  if (failure == simdjson::UTF8_ERROR) {
    value = T{};
    auto repaired = padded(text, true);
    failure = decode_into(std::string_view{repaired}.substr(0, repaired.size() - padding), value);
  }
  if (failure != simdjson::SUCCESS)
    return error{errc::invalid_payload, simdjson::error_message(failure)};
  return value;
}

template <class T>
result<T> decode_copy(std::string_view text) {
  auto copy = padded(text, false);
  return decode<T>(std::string_view{copy}.substr(0, text.size()));
}

std::optional<double> find_number(std::string_view text, std::string_view key) {
  simdjson::dom::parser parser;
  simdjson::padded_string copy{text};
  double number = 0;
  if (parser.parse(copy).at_key(key).get(number) != simdjson::SUCCESS)
    return std::nullopt;
  return number;
}

template <class T>
std::string encode(const T& value) {
  std::string out;
  describe_json::write(out, value);
  return out;
}

std::string encode_presence(const presence_update& what) {
  std::string out = "{\"since\":";
  describe_json::write(out, what.since);
  out += ",\"activities\":";
  describe_json::write(out, what.activities);
  out += ",\"status\":";
  describe_json::write(out, what.status);
  out += ",\"afk\":";
  describe_json::write(out, what.afk);
  out += '}';
  return out;
}

std::string encode_command(const command& what) {
  return std::visit(
    [](const auto& alternative) {
      std::string out = "{\"op\":" + std::to_string(static_cast<unsigned>(opcode_of(alternative))) + ",\"d\":";
      write_data(out, alternative);
      out += '}';
      return out;
    },
    what);
}

void append_string(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string repaired;
  append_repaired(repaired, text);
  out += '"';
  for (auto c : repaired) {
    switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      if (static_cast<unsigned char>(c) < 0x20) {
        out += "\\u00";
        out += hex[static_cast<unsigned char>(c) >> 4];
        out += hex[static_cast<unsigned char>(c) & 15];
      } else {
        out += c;
      }
    }
  }
  out += '"';
}

// -- what is decoded and encoded --------------------------------------------------------------------

#define TROUPE_JSON(T)                                                                                                 \
  template result<T> decode<T>(std::string_view);                                                                      \
  template result<T> decode_copy<T>(std::string_view);                                                                 \
  template std::string encode<T>(const T&);

TROUPE_JSON(ready)
TROUPE_JSON(resumed)
TROUPE_JSON(guild_create)
TROUPE_JSON(guild_delete)
TROUPE_JSON(message_create)
TROUPE_JSON(message_delete)
TROUPE_JSON(user)
TROUPE_JSON(activity)
TROUPE_JSON(presence_update)
TROUPE_JSON(voice_state_update)
TROUPE_JSON(request_guild_members)
TROUPE_JSON(request_soundboard_sounds)
TROUPE_JSON(request_channel_info)
TROUPE_JSON(session_start_limit)
TROUPE_JSON(gateway_bot)

#undef TROUPE_JSON

} // namespace troupe::codec
