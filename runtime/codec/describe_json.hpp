// SPDX-License-Identifier: BSD-3-Clause
// JSON for any struct that Boost.Describe reflects, over simdjson. A struct becomes a table: for each member its key,
// where it is, and the functions of its type. The loops over tables are compiled once (json.cpp), and each struct's
// table in one source (json_*.cpp): there are some two hundred, and every one would cost the compiler a second.
#pragma once

#include "messages/boxed.hpp"
#include "messages/json_text.hpp"
#include "messages/optionality.hpp"
#include "messages/permissions.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include "runtime/codec/json.hpp"
#include "runtime/codec/member_table.hpp"

#include <simdjson.h>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace troupe::codec::describe_json {

namespace ondemand = simdjson::ondemand;

/// A struct with BOOST_DESCRIBE_STRUCT.
template <class T>
concept described = boost::describe::has_describe_members<T>::value;

/// One member of a struct.
struct member_codec {
  std::string_view key;
  /// The member of an object.
  void* (*at)(void* object) = nullptr;
  bool (*read)(ondemand::value value, void* member) = nullptr;
  void (*write)(std::string& out, const void* member) = nullptr;
  /// Whether it is left out on the wire; null where it never is.
  bool (*absent)(const void* member) = nullptr;
};

/// Reads the members of an object that it knows.
[[nodiscard]] simdjson::error_code read_object(ondemand::object object, void* into, const struct_codec& how);

/// As above, for an object within another.
[[nodiscard]] bool read_struct(ondemand::value value, void* into, const struct_codec& how);

/// Writes all members that are not absent.
void write_struct(std::string& out, const void* from, const struct_codec& how);

// -- decode -----------------------------------------------------------------------------------------
// Each `read` changes `into` only on success: a member of a wrong type keeps its default and spoils nothing else.

// What looks into simdjson is compiled once, in json.cpp.

[[nodiscard]] bool is_null(ondemand::value value);
bool read(ondemand::value value, bool& into);
bool read(ondemand::value value, double& into);
bool read(ondemand::value value, std::string& into);
bool read(ondemand::value value, timestamp& into);
/// Discord writes ids as strings, and as numbers where somebody echoed a malformed one (protocol 5.5).
bool read(ondemand::value value, snowflake& into);
/// Strings since v8 of the API, numbers before.
bool read(ondemand::value value, permissions& into);
/// Any JSON, verbatim. What simdjson has not looked at is looked at here: it will be written as it is.
bool read(ondemand::value value, json_text& into);
bool read(ondemand::value value, number_or_text& into);
bool read_signed(ondemand::value value, std::int64_t& into);
bool read_unsigned(ondemand::value value, std::uint64_t& into);
/// Calls `each(to, element)` for the elements of an array.
bool read_elements(ondemand::value value, void* to, void (*each)(void* to, ondemand::value element));
/// Calls `each(to, key, value)` for the members of an object.
bool read_entries(ondemand::value value, void* to, void (*each)(void* to, std::string_view key, ondemand::value value));

template <std::integral T>
bool read(ondemand::value value, T& into) {
  std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t> number = 0;
  if constexpr (std::is_signed_v<T>) {
    if (!read_signed(value, number))
      return false;
  } else {
    if (!read_unsigned(value, number))
      return false;
  }
  if (!std::in_range<T>(number))
    return false;
  into = static_cast<T>(number);
  return true;
}

/// Enumerations are open: a value that this version does not know is kept.
template <class T>
requires std::is_enum_v<T>
bool read(ondemand::value value, T& into) {
  std::underlying_type_t<T> number{};
  if (!read(value, number))
    return false;
  into = static_cast<T>(number);
  return true;
}

template <described T>
bool read(ondemand::value value, T& into);
template <class T>
bool read(ondemand::value value, std::vector<T>& into);
template <class T>
bool read(ondemand::value value, boxed<T>& into);
template <class Key, class T>
bool read(ondemand::value value, std::map<Key, T>& into);

/// Reads what a slot holds, in its place: objects are large, and moving them takes a good part of what reading takes.
/// Only a key that comes twice finds a value there.
template <class Slot>
bool read_held(ondemand::value value, Slot& into) {
  if (into.has_value()) {
    typename Slot::value_type found{};
    if (!read(value, found))
      return false;
    *into = std::move(found);
    return true;
  }
  if (read(value, into.emplace()))
    return true;
  into.reset();
  return false;
}

template <class T>
bool read(ondemand::value value, std::optional<T>& into) {
  return read_held(value, into);
}

template <class T>
bool read(ondemand::value value, nullable<T>& into) {
  // Before the rest: an array or an object cannot be looked at twice.
  if (is_null(value)) {
    into.reset();
    return true;
  }
  return read_held(value, into);
}

template <class T>
bool read(ondemand::value value, maybe<T>& into) {
  if (is_null(value)) {
    into.set_null();
    return true;
  }
  auto was_null = into.is_null();
  if (read_held(value, into))
    return true;
  if (was_null)
    into.set_null();
  return false;
}

template <class T>
bool read(ondemand::value value, boxed<T>& into) {
  T found{};
  if (!read(value, found))
    return false;
  into = boxed<T>{std::move(found)};
  return true;
}

/// An element of a wrong type is left out.
template <class T>
bool read(ondemand::value value, std::vector<T>& into) {
  std::vector<T> found;
  auto complete = read_elements(value, &found, [](void* to, ondemand::value element) {
    auto& all = *static_cast<std::vector<T>*>(to);
    if (!read(element, all.emplace_back()))
      all.pop_back();
  });
  if (complete)
    into = std::move(found);
  return complete;
}

bool parse_key(std::string_view text, std::string& into);
bool parse_key(std::string_view text, snowflake& into);

template <class Key, class T>
bool read(ondemand::value value, std::map<Key, T>& into) {
  std::map<Key, T> found;
  auto complete = read_entries(value, &found, [](void* to, std::string_view text, ondemand::value entry) {
    Key key{};
    T one{};
    if (parse_key(text, key) && read(entry, one))
      static_cast<std::map<Key, T>*>(to)->insert_or_assign(std::move(key), std::move(one));
  });
  if (complete)
    into = std::move(found);
  return complete;
}

template <described T>
bool read(ondemand::value value, T& into) {
  return read_struct(value, &into, codec_of<T>());
}

// -- encode -----------------------------------------------------------------------------------------

void write(std::string& out, bool value);
void write(std::string& out, double value);
void write(std::string& out, const std::string& value);
void write(std::string& out, const json_text& value);
void write(std::string& out, const number_or_text& value);
void write_number(std::string& out, std::int64_t value);
void write_number(std::string& out, std::uint64_t value);

/// What is a text on the wire: never with anything to escape.
template <class T>
requires std::same_as<T, snowflake> || std::same_as<T, timestamp> || std::same_as<T, permissions>
void write(std::string& out, T value) {
  (out += '"') += to_string(value);
  out += '"';
}

template <std::integral T>
void write(std::string& out, T value) {
  write_number(out, static_cast<std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>(value));
}

template <class T>
requires std::is_enum_v<T>
void write(std::string& out, T value) {
  write(out, static_cast<std::underlying_type_t<T>>(value));
}

template <described T>
void write(std::string& out, const T& value);
template <class T>
void write(std::string& out, const std::vector<T>& value);
template <class T>
void write(std::string& out, const boxed<T>& value);
template <class Key, class T>
void write(std::string& out, const std::map<Key, T>& value);

/// Of a value that is null or absent only null can be written; members that are absent are left out before.
template <class Optional>
void write_or_null(std::string& out, const Optional& value) {
  if (value)
    write(out, *value);
  else
    out += "null";
}

template <class T>
void write(std::string& out, const std::optional<T>& value) {
  write_or_null(out, value);
}

template <class T>
void write(std::string& out, const nullable<T>& value) {
  write_or_null(out, value);
}

template <class T>
void write(std::string& out, const maybe<T>& value) {
  write_or_null(out, value);
}

template <class T>
void write(std::string& out, const boxed<T>& value) {
  write(out, *value);
}

template <class T>
void write(std::string& out, const std::vector<T>& value) {
  out += '[';
  auto first = true;
  for (const auto& each : value) {
    if (!std::exchange(first, false))
      out += ',';
    write(out, each);
  }
  out += ']';
}

inline std::string_view key_text(const std::string& key) {
  return key;
}

inline std::string key_text(snowflake key) {
  return to_string(key);
}

template <class Key, class T>
void write(std::string& out, const std::map<Key, T>& value) {
  out += '{';
  auto first = true;
  for (const auto& [key, each] : value) {
    if (!std::exchange(first, false))
      out += ',';
    append_string(out, key_text(key));
    out += ':';
    write(out, each);
  }
  out += '}';
}

template <class T>
constexpr bool is_absent(const T&) {
  return false;
}

template <class T>
constexpr bool is_absent(const std::optional<T>& value) {
  return !value.has_value();
}

template <class T>
constexpr bool is_absent(const maybe<T>& value) {
  return value.is_absent();
}

template <described T>
void write(std::string& out, const T& value) {
  write_struct(out, &value, codec_of<T>());
}

// -- tables -----------------------------------------------------------------------------------------

template <class T>
constexpr bool may_be_absent = requires(const T& value) {
  value.is_absent();
};

template <class T>
constexpr bool may_be_absent<std::optional<T>> = true;

template <class Member>
bool read_member(ondemand::value value, void* member) {
  return read(value, *static_cast<Member*>(member));
}

template <class Member>
void write_member(std::string& out, const void* member) {
  write(out, *static_cast<const Member*>(member));
}

template <class Member>
bool member_is_absent(const void* member) {
  return is_absent(*static_cast<const Member*>(member));
}

template <class T, class Descriptor>
constexpr member_codec make_member() {
  using member = std::remove_cvref_t<decltype(std::declval<T&>().*Descriptor::pointer)>;
  member_codec made;
  made.key = key_of(Descriptor::name);
  made.at = [](void* object) -> void* { return &(static_cast<T*>(object)->*Descriptor::pointer); };
  made.read = &read_member<member>;
  made.write = &write_member<member>;
  if constexpr (may_be_absent<member>)
    made.absent = &member_is_absent<member>;
  return made;
}

/// The table of one struct.
template <class T>
inline constexpr auto members = []<class... Descriptors>(boost::mp11::mp_list<Descriptors...>) {
  return std::array<member_codec, sizeof...(Descriptors) + 1>{make_member<T, Descriptors>()..., member_codec{}};
}(boost::mp11::mp_rename<members_of<T>, boost::mp11::mp_list>{});

} // namespace troupe::codec::describe_json

namespace troupe::codec {

/// Everything about one struct. Lives as long as the process.
struct struct_codec {
  const describe_json::member_codec* members = nullptr;
  std::size_t count = 0;
  key_table keys;
  /// Makes an object the default again.
  void (*reset)(void* object) = nullptr;
};

} // namespace troupe::codec

/// Compiles the table of one struct: in one source only. In namespace troupe::codec.
#define TROUPE_JSON(T)                                                                                                 \
  template <>                                                                                                          \
  const struct_codec& codec_of<T>() {                                                                                  \
    static constexpr struct_codec codec{describe_json::members<T>.data(), member_table<T>::size,                       \
                                        member_table<T>::keys(),                                                       \
                                        [](void* object) { *static_cast<T*>(object) = T{}; }};                         \
    return codec;                                                                                                      \
  }
