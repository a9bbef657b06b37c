// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/codec/json.hpp"

#include "messages/opcode.hpp"

#include "runtime/codec/compression.hpp"
#include "runtime/codec/describe_json.hpp"
#include "runtime/codec/utf8.hpp"

#include <charconv>
#include <cmath>
#include <utility>
#include <variant>

namespace troupe::codec {

namespace {

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

opcode opcode_of(const update_presence&) {
  return opcode::presence_update;
}
opcode opcode_of(const update_voice_state&) {
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
void write_data(std::string& out, const update_presence& what) {
  out += encode_presence(what);
}

void write_data(std::string& out, const update_voice_state& what) {
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

std::optional<double> find_number(std::string_view text, std::string_view key) {
  simdjson::dom::parser parser;
  simdjson::padded_string copy{text};
  double number = 0;
  if (parser.parse(copy).at_key(key).get(number) != simdjson::SUCCESS)
    return std::nullopt;
  return number;
}

std::string encode_presence(const update_presence& what) {
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

namespace describe_json {

namespace {

// Objects of Discord's contain their own kind a few times; nobody may make that a stack overflow.
constexpr int depth_max = 40;

// How deep the objects are that are being read.
thread_local int depth = 0;

// For what is a text on the wire and has a `parse`.
template <class T>
bool read_parsed(ondemand::value value, T& into) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS)
    return false;
  auto parsed = T::parse(text);
  if (parsed)
    into = *parsed;
  return parsed.has_value();
}

template <class Number>
void append_number(std::string& out, Number value) {
  char text[32];
  auto end = std::to_chars(text, text + sizeof text, value).ptr;
  out.append(text, end);
}

// The characters of a key as they stand there: one with escapes is none that we know.
std::string_view raw_key(ondemand::field& field) {
  const auto* begin = field.key().raw();
  const auto* end = begin;
  while (*end != '"')
    ++end;
  return {begin, static_cast<std::size_t>(end - begin)};
}

} // namespace

simdjson::error_code read_object(ondemand::object object, void* into, const struct_codec& how) {
  for (auto each : object) {
    ondemand::field field;
    if (auto err = std::move(each).get(field))
      return err;
    auto key = raw_key(field);
    auto index = key.empty() ? key_table::none : how.keys.find(key);
    if (index == key_table::none)
      continue;
    const auto& member = how.members[index];
    member.read(field.value(), member.at(into));
  }
  return simdjson::SUCCESS;
}

bool read_struct(ondemand::value value, void* into, const struct_codec& how) {
  ondemand::object object;
  if (depth >= depth_max || value.get_object().get(object) != simdjson::SUCCESS)
    return false;
  ++depth;
  auto failure = read_object(object, into, how);
  --depth;
  return failure == simdjson::SUCCESS;
}

void write_struct(std::string& out, const void* from, const struct_codec& how) {
  out += '{';
  auto first = true;
  for (std::size_t i = 0; i < how.count; ++i) {
    const auto& member = how.members[i];
    const auto* what = member.at(const_cast<void*>(from));
    if (member.absent != nullptr && member.absent(what))
      continue;
    if (!std::exchange(first, false))
      out += ',';
    (out += '"') += member.key;
    out += "\":";
    member.write(out, what);
  }
  out += '}';
}

bool is_null(ondemand::value value) {
  ondemand::json_type type{};
  return value.type().get(type) == simdjson::SUCCESS && type == ondemand::json_type::null;
}

bool read(ondemand::value value, bool& into) {
  return value.get_bool().get(into) == simdjson::SUCCESS;
}

bool read(ondemand::value value, double& into) {
  double number = 0;
  if (value.get_double().get(number) != simdjson::SUCCESS || !std::isfinite(number))
    return false;
  into = number;
  return true;
}

bool read(ondemand::value value, std::string& into) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS)
    return false;
  into.assign(text);
  return true;
}

bool read(ondemand::value value, timestamp& into) {
  return read_parsed(value, into);
}

bool read(ondemand::value value, snowflake& into) {
  return read_parsed(value, into) || value.get_uint64().get(into.value) == simdjson::SUCCESS;
}

bool read(ondemand::value value, permissions& into) {
  return read_parsed(value, into) || value.get_uint64().get(into.bits) == simdjson::SUCCESS;
}

bool read(ondemand::value value, number_or_text& into) {
  if (std::int64_t number = 0; read_signed(value, number)) {
    into = number;
    return true;
  }
  std::string text;
  if (!read(value, text))
    return false;
  into = std::move(text);
  return true;
}

bool read_signed(ondemand::value value, std::int64_t& into) {
  return value.get_int64().get(into) == simdjson::SUCCESS;
}

bool read_unsigned(ondemand::value value, std::uint64_t& into) {
  return value.get_uint64().get(into) == simdjson::SUCCESS;
}

bool read_elements(ondemand::value value, void* to, void (*each)(void* to, ondemand::value element)) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS)
    return false;
  for (auto found : array) {
    ondemand::value element;
    if (std::move(found).get(element) != simdjson::SUCCESS)
      return false;
    each(to, element);
  }
  return true;
}

bool read_entries(ondemand::value value, void* to,
                  void (*each)(void* to, std::string_view key, ondemand::value value)) {
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS)
    return false;
  for (auto found : object) {
    ondemand::field field;
    if (std::move(found).get(field) != simdjson::SUCCESS)
      return false;
    std::string_view key;
    if (field.unescaped_key().get(key) == simdjson::SUCCESS)
      each(to, key, field.value());
  }
  return true;
}

bool parse_key(std::string_view text, std::string& into) {
  into.assign(text);
  return true;
}

bool parse_key(std::string_view text, snowflake& into) {
  auto id = snowflake::parse(text);
  into = id.value_or(snowflake{});
  return id.has_value();
}

void write(std::string& out, bool value) {
  out += value ? "true" : "false";
}

void write(std::string& out, double value) {
  append_number(out, value);
}

void write(std::string& out, const std::string& value) {
  append_string(out, value);
}

void write(std::string& out, const json_text& value) {
  out += value.text;
}

void write(std::string& out, const number_or_text& value) {
  std::visit([&](const auto& one) { write(out, one); }, value);
}

void write_number(std::string& out, std::int64_t value) {
  append_number(out, value);
}

void write_number(std::string& out, std::uint64_t value) {
  append_number(out, value);
}

bool read(ondemand::value value, json_text& into) {
  std::string_view text;
  if (simdjson::to_json_string(value).get(text) != simdjson::SUCCESS)
    return false;
  thread_local simdjson::dom::parser parser;
  if (parser.parse(text).error() != simdjson::SUCCESS)
    return false;
  into.text.assign(text);
  return true;
}

} // namespace describe_json

namespace {

simdjson::error_code decode_object(std::string_view text, void* into, const struct_codec& how) {
  // A parser keeps its buffers: one for each thread that decodes.
  thread_local simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  if (auto err = parser.iterate(text.data(), text.size(), text.size() + padding).get(document))
    return err;
  simdjson::ondemand::object object;
  if (auto err = document.get_object().get(object))
    return err;
  if (auto err = describe_json::read_object(object, into, how))
    return err;
  // A place to read on from means that something follows the object.
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
}

} // namespace

error decode_into(std::string_view text, void* into, const struct_codec& how) {
  auto failure = decode_object(text, into, how);
  if (failure == simdjson::UTF8_ERROR) {
    how.reset(into);
    auto repaired = padded(text, true);
    failure = decode_object(std::string_view{repaired}.substr(0, repaired.size() - padding), into, how);
  }
  return failure == simdjson::SUCCESS ? error{} : error{errc::invalid_payload, simdjson::error_message(failure)};
}

std::string padded_copy(std::string_view text) {
  return padded(text, false);
}

void encode_from(std::string& out, const void* from, const struct_codec& how) {
  describe_json::write_struct(out, from, how);
}

// -- what is decoded and encoded --------------------------------------------------------------------

TROUPE_JSON(bot_activity)
TROUPE_JSON(update_presence)
TROUPE_JSON(update_voice_state)
TROUPE_JSON(request_guild_members)
TROUPE_JSON(request_soundboard_sounds)
TROUPE_JSON(request_channel_info)
TROUPE_JSON(session_start_limit)
TROUPE_JSON(gateway_bot)

} // namespace troupe::codec
