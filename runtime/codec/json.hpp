// SPDX-License-Identifier: BSD-3-Clause
// JSON to and from the structs of messages/, driven by their reflection. simdjson stays out of this header: the
// templates are instantiated in json.cpp for the types listed there.
#pragma once

#include "messages/command.hpp"
#include "messages/discord/events.hpp"
#include "messages/error.hpp"
#include "messages/identify.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace troupe::codec {

/// Decodes a described struct. Unknown keys are skipped; an absent or null key leaves the member as it is by default;
/// snowflakes come as strings or numbers; a member of a wrong type is left out and does not spoil the rest.
/// @param text JSON, followed by `codec::padding` readable bytes.
/// @returns `errc::invalid_payload` where the text is not a JSON object.
template <class T>
[[nodiscard]] result<T> decode(std::string_view text);

/// As `decode`, for a text without padding: copies it first.
template <class T>
[[nodiscard]] result<T> decode_copy(std::string_view text);

/// Encodes a described struct. Empty optionals are left out.
template <class T>
[[nodiscard]] std::string encode(const T& value);

/// The `d` of op 3, with the nulls that Discord wants: also the `presence` of IDENTIFY.
[[nodiscard]] std::string encode_presence(const presence_update& what);

/// A complete gateway payload `{"op":..,"d":..}` for a command. Nulls that Discord wants are written
/// (presence `since`, voice `channel_id`).
[[nodiscard]] std::string encode_command(const command& what);

/// The number that an object has under `key`, as in the bodies of REST. Copies the text. Nothing where the text is no
/// JSON object or has no such number.
[[nodiscard]] std::optional<double> find_number(std::string_view text, std::string_view key);

/// Appends `text` as a JSON string, quotes included; bytes that are not UTF-8 become U+FFFD.
void append_string(std::string& out, std::string_view text);

} // namespace troupe::codec
