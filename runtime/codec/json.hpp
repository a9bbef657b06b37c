// SPDX-License-Identifier: BSD-3-Clause
// JSON to and from the structs of messages/, driven by their reflection. simdjson stays out of this header: the
// templates are instantiated in json*.cpp for the types listed there.
#pragma once

#include "messages/command.hpp"
#include "messages/discord/events.hpp"
#include "messages/error.hpp"
#include "messages/identify.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace troupe::codec {

/// Everything about one struct (describe_json.hpp).
struct struct_codec;

/// The codec of a struct; the linker misses it for a struct that no json*.cpp lists.
template <class T>
[[nodiscard]] const struct_codec& codec_of();

/// As `decode` below. @param into a default value of the struct.
[[nodiscard]] error decode_into(std::string_view text, void* into, const struct_codec& how);

/// As `encode` below.
void encode_from(std::string& out, const void* from, const struct_codec& how);

/// A copy of `text` with `codec::padding` zeros behind it.
[[nodiscard]] std::string padded_copy(std::string_view text);

/// Decodes a described struct. Unknown keys are skipped; an absent key leaves the member as it is by default; what a
/// null means depends on the member (messages/optionality.hpp); snowflakes come as strings or numbers; a member of a
/// wrong type is left out and does not spoil the rest; so is an element of a list.
/// @param text JSON, followed by `codec::padding` readable bytes.
/// @returns `errc::invalid_payload` where the text is not a JSON object.
template <class T>
[[nodiscard]] result<T> decode(std::string_view text) {
  T value{};
  if (auto failure = decode_into(text, &value, codec_of<T>()))
    return failure;
  return value;
}

/// As `decode`, for a text without padding: copies it first.
template <class T>
[[nodiscard]] result<T> decode_copy(std::string_view text) {
  auto copy = padded_copy(text);
  return decode<T>(std::string_view{copy}.substr(0, text.size()));
}

/// Encodes a described struct. What is absent is left out.
template <class T>
[[nodiscard]] std::string encode(const T& value) {
  std::string out;
  encode_from(out, &value, codec_of<T>());
  return out;
}

/// The `d` of op 3, with the nulls that Discord wants: also the `presence` of IDENTIFY.
[[nodiscard]] std::string encode_presence(const update_presence& what);

/// A complete gateway payload `{"op":..,"d":..}` for a command. Nulls that Discord wants are written
/// (presence `since`, voice `channel_id`).
[[nodiscard]] std::string encode_command(const command& what);

/// The number that an object has under `key`, as in the bodies of REST. Copies the text. Nothing where the text is no
/// JSON object or has no such number.
[[nodiscard]] std::optional<double> find_number(std::string_view text, std::string_view key);

/// Appends `text` as a JSON string, quotes included; bytes that are not UTF-8 become U+FFFD.
void append_string(std::string& out, std::string_view text);

} // namespace troupe::codec
