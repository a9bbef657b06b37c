// SPDX-License-Identifier: BSD-3-Clause
// JSON for any struct that Boost.Describe reflects, over simdjson. Heavy: include it in few sources only (json.cpp has
// the list of what is decoded where).
#pragma once

#include "messages/snowflake.hpp"

#include "runtime/codec/json.hpp"

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <simdjson.h>

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace troupe::codec::describe_json {

namespace ondemand = simdjson::ondemand;

/// A struct with BOOST_DESCRIBE_STRUCT.
template <class T>
concept described = boost::describe::has_describe_members<T>::value;

template <class T>
using members_of = boost::describe::describe_members<T, boost::describe::mod_any_access>;

// -- decode -----------------------------------------------------------------------------------------
// Each `read` changes `into` only on success: a member of a wrong type keeps its default and spoils nothing else.

inline bool read(ondemand::value value, bool& into) {
  return value.get_bool().get(into) == simdjson::SUCCESS;
}

inline bool read(ondemand::value value, std::string& into) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS)
    return false;
  into.assign(text);
  return true;
}

/// Discord writes ids as strings, and as numbers where somebody echoed a malformed one (protocol 5.5).
inline bool read(ondemand::value value, snowflake& into) {
  std::string_view digits;
  if (value.get_string().get(digits) == simdjson::SUCCESS) {
    auto id = snowflake::parse(digits);
    if (id)
      into = *id;
    return id.has_value();
  }
  return value.get_uint64().get(into.value) == simdjson::SUCCESS;
}

template <std::integral T>
bool read(ondemand::value value, T& into) {
  if constexpr (std::is_signed_v<T>) {
    std::int64_t number = 0;
    if (value.get_int64().get(number) != simdjson::SUCCESS || !std::in_range<T>(number))
      return false;
    into = static_cast<T>(number);
  } else {
    std::uint64_t number = 0;
    if (value.get_uint64().get(number) != simdjson::SUCCESS || !std::in_range<T>(number))
      return false;
    into = static_cast<T>(number);
  }
  return true;
}

template <described T>
bool read(ondemand::value value, T& into);

template <class T>
bool read(ondemand::value value, std::vector<T>& into);

template <class T>
bool read(ondemand::value value, std::optional<T>& into) {
  T found{};
  if (!read(value, found))
    return false;
  into = std::move(found);
  return true;
}

/// An element of a wrong type is left out.
template <class T>
bool read(ondemand::value value, std::vector<T>& into) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS)
    return false;
  std::vector<T> found;
  for (auto each : array) {
    ondemand::value element;
    if (std::move(each).get(element) != simdjson::SUCCESS)
      return false;
    if (T one{}; read(element, one))
      found.push_back(std::move(one));
  }
  into = std::move(found);
  return true;
}

/// Gives the value of one key to the member of that name, if there is one.
template <described T>
void read_member(std::string_view key, ondemand::value value, T& into) {
  boost::mp11::mp_for_each<members_of<T>>([&](auto member) {
    if (key == member.name)
      read(value, into.*member.pointer);
  });
}

template <described T>
simdjson::error_code read_object(ondemand::object object, T& into) {
  for (auto each : object) {
    ondemand::field field;
    if (auto err = std::move(each).get(field))
      return err;
    std::string_view key;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS)
      continue; // A lone surrogate: no key that we know.
    read_member(key, field.value(), into);
  }
  return simdjson::SUCCESS;
}

template <described T>
bool read(ondemand::value value, T& into) {
  ondemand::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS)
    return false;
  return read_object(object, into) == simdjson::SUCCESS;
}

// -- encode -----------------------------------------------------------------------------------------

inline void write(std::string& out, bool value) {
  out += value ? "true" : "false";
}

inline void write(std::string& out, std::string_view value) {
  append_string(out, value);
}

inline void write(std::string& out, const std::string& value) {
  append_string(out, value);
}

inline void write(std::string& out, snowflake value) {
  out += '"';
  out += std::to_string(value.value);
  out += '"';
}

template <std::integral T>
void write(std::string& out, T value) {
  out += std::to_string(value);
}

template <class T>
void write(std::string& out, const std::vector<T>& value);

template <described T>
void write(std::string& out, const T& value);

template <class T>
void write(std::string& out, const std::optional<T>& value) {
  if (value)
    write(out, *value);
  else
    out += "null";
}

template <class T>
void write(std::string& out, const std::vector<T>& value) {
  out += '[';
  for (const auto& each : value) {
    if (&each != value.data())
      out += ',';
    write(out, each);
  }
  out += ']';
}

template <class T>
constexpr bool is_absent(const T&) {
  return false;
}

template <class T>
constexpr bool is_absent(const std::optional<T>& value) {
  return !value.has_value();
}

template <described T>
void write(std::string& out, const T& value) {
  out += '{';
  auto first = true;
  boost::mp11::mp_for_each<members_of<T>>([&](auto member) {
    const auto& what = value.*member.pointer;
    if (is_absent(what))
      return;
    if (!std::exchange(first, false))
      out += ',';
    append_string(out, member.name);
    out += ':';
    write(out, what);
  });
  out += '}';
}

} // namespace troupe::codec::describe_json
