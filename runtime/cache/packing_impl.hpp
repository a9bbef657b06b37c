// SPDX-License-Identifier: BSD-3-Clause
// How `pack` and `unpack` work: for the sources that define them for some objects each, which takes the compiler long.
#pragma once

#include "messages/json_text.hpp"
#include "messages/permissions.hpp"
#include "messages/timestamp.hpp"

#include "runtime/cache/fields.hpp"
#include "runtime/cache/packing.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <map>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace troupe::cache {

// -- texts ----------------------------------------------------------------------------------------------

// The first byte of a text: its length, or one of these.
constexpr unsigned char text_long = 251;
constexpr unsigned char text_hash = 252;
constexpr unsigned char text_animated_hash = 253;
constexpr std::size_t hash_digits = 32;

inline int hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Hashes of pictures are 32 hexadecimal digits, behind "a_" where they move.
inline bool is_hash(std::string_view text) {
  if (text.size() != hash_digits)
    return false;
  for (auto c : text)
    if (hex_value(c) < 0)
      return false;
  return true;
}

/// Appends values to a text.
class packer {
public:
  explicit packer(std::string& to) : to_{to} {
    // nop
  }

  void byte(unsigned value) {
    to_.push_back(static_cast<char>(value));
  }

  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
      byte(static_cast<unsigned>(value & 0x7f) | 0x80u);
    byte(static_cast<unsigned>(value));
  }

  void eight_bytes(std::uint64_t value) {
    std::array<char, sizeof(value)> bytes{};
    std::memcpy(bytes.data(), &value, sizeof(value));
    to_.append(bytes.data(), bytes.size());
  }

  void text(std::string_view value) {
    auto animated = value.starts_with("a_") && is_hash(value.substr(2));
    if (animated || is_hash(value)) {
      byte(animated ? text_animated_hash : text_hash);
      for (auto digits = value.substr(animated ? 2 : 0); !digits.empty(); digits.remove_prefix(2))
        byte(static_cast<unsigned>(hex_value(digits[0]) * 16 + hex_value(digits[1])));
      return;
    }
    if (value.size() < text_long) {
      byte(static_cast<unsigned>(value.size()));
    } else {
      byte(text_long);
      number(value.size());
    }
    to_.append(value);
  }

  template <class T>
  void value(const T& what) {
    if constexpr (described<T>)
      fields(what, false);
    else if constexpr (std::is_same_v<T, bool>)
      byte(what ? 1 : 0);
    else if constexpr (std::is_same_v<T, double>)
      eight_bytes(std::bit_cast<std::uint64_t>(what));
    else if constexpr (std::is_enum_v<T>)
      number(static_cast<std::uint64_t>(what));
    else if constexpr (std::is_signed_v<T>)
      number((static_cast<std::uint64_t>(what) << 1) ^ static_cast<std::uint64_t>(std::int64_t{what} >> 63));
    else if constexpr (std::is_unsigned_v<T>)
      number(what);
    else
      other(what);
  }

  /// The bits, and what is behind them.
  template <class T>
  void fields(const T& what, bool without_id) {
    constexpr auto count = boost::mp11::mp_size<fields_of<T>>::value;
    auto bits = to_.size();
    to_.append((count + 7) / 8, '\0');
    std::size_t index = 0;
    boost::mp11::mp_for_each<fields_of<T>>([&](auto field) {
      const auto& one = what.*field.pointer;
      auto left_out = without_id && std::string_view{field.name} == "id" && is_snowflake<decltype(one)>;
      if (!left_out && !is_blank(one)) {
        to_[bits + index / 8] = static_cast<char>(static_cast<unsigned char>(to_[bits + index / 8]) | 1u << index % 8);
        filled(one);
      }
      ++index;
    });
  }

  template <class T>
  static constexpr bool is_snowflake = std::is_same_v<std::remove_cvref_t<T>, snowflake>;

private:
  // A field that has something in it: that much need not be said again.
  template <class T>
  void filled(const T& what) {
    if constexpr (std::is_same_v<T, bool>)
      return;
    else
      value(what);
  }
  template <class T>
  void filled(const std::optional<T>& what) {
    value(*what);
  }
  template <class T>
  void filled(const nullable<T>& what) {
    value(*what);
  }
  template <class T>
  void filled(const maybe<T>& what) {
    byte(what ? 1 : 0);
    if (what)
      value(*what);
  }

  void other(snowflake what) {
    eight_bytes(what.value);
  }
  void other(timestamp what) {
    eight_bytes(static_cast<std::uint64_t>(what.unix_us));
  }
  void other(permissions what) {
    number(what.bits);
  }
  void other(const std::string& what) {
    text(what);
  }
  void other(const json_text& what) {
    text(what.text);
  }
  void other(const number_or_text& what) {
    byte(static_cast<unsigned>(what.index()));
    std::visit([this](const auto& one) { value(one); }, what);
  }
  template <class T>
  void other(const boxed<T>& what) {
    value(*what);
  }
  template <class T>
  void other(const std::vector<T>& what) {
    number(what.size());
    for (const auto& one : what)
      value(one);
  }
  template <class K, class T>
  void other(const std::map<K, T>& what) {
    number(what.size());
    for (const auto& [key, one] : what) {
      value(key);
      value(one);
    }
  }

  std::string& to_;
};

/// Reads what a packer wrote: our own bytes, so nothing is checked.
class unpacker {
public:
  explicit unpacker(std::string_view from) : from_{from} {
    // nop
  }

  unsigned byte() {
    auto value = static_cast<unsigned char>(from_.front());
    from_.remove_prefix(1);
    return value;
  }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      auto next = byte();
      value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
      if (next < 0x80)
        return value;
    }
  }

  std::uint64_t eight_bytes() {
    std::uint64_t value = 0;
    std::memcpy(&value, from_.data(), sizeof(value));
    from_.remove_prefix(sizeof(value));
    return value;
  }

  void text(std::string& to) {
    constexpr std::string_view digits = "0123456789abcdef";
    auto first = byte();
    to.clear();
    if (first == text_hash || first == text_animated_hash) {
      if (first == text_animated_hash)
        to = "a_";
      for (std::size_t i = 0; i < hash_digits / 2; ++i) {
        auto both = byte();
        to += digits[both / 16];
        to += digits[both % 16];
      }
      return;
    }
    auto size = first == text_long ? number() : first;
    to.assign(from_.substr(0, size));
    from_.remove_prefix(size);
  }

  template <class T>
  void value(T& what) {
    if constexpr (described<T>)
      fields(what);
    else if constexpr (std::is_same_v<T, bool>)
      what = byte() != 0;
    else if constexpr (std::is_same_v<T, double>)
      what = std::bit_cast<double>(eight_bytes());
    else if constexpr (std::is_enum_v<T>)
      what = static_cast<T>(number());
    else if constexpr (std::is_signed_v<T>)
      what = signed_number<T>();
    else if constexpr (std::is_unsigned_v<T>)
      what = static_cast<T>(number());
    else
      other(what);
  }

  template <class T>
  void fields(T& what) {
    constexpr auto count = boost::mp11::mp_size<fields_of<T>>::value;
    auto bits = from_.substr(0, (count + 7) / 8);
    from_.remove_prefix(bits.size());
    std::size_t index = 0;
    boost::mp11::mp_for_each<fields_of<T>>([&](auto field) {
      if ((static_cast<unsigned char>(bits[index / 8]) >> index % 8 & 1u) != 0)
        filled(what.*field.pointer);
      ++index;
    });
  }

private:
  template <class T>
  T signed_number() {
    auto zigzag = number();
    return static_cast<T>(static_cast<std::int64_t>(zigzag >> 1) ^ -static_cast<std::int64_t>(zigzag & 1));
  }

  template <class T>
  void filled(T& what) {
    if constexpr (std::is_same_v<T, bool>)
      what = true;
    else
      value(what);
  }
  template <class T>
  void filled(std::optional<T>& what) {
    value(what.emplace());
  }
  template <class T>
  void filled(nullable<T>& what) {
    value(what.emplace());
  }
  template <class T>
  void filled(maybe<T>& what) {
    if (byte() == 0)
      what.set_null();
    else
      value(what.emplace());
  }

  void other(snowflake& what) {
    what.value = eight_bytes();
  }
  void other(timestamp& what) {
    what.unix_us = static_cast<std::int64_t>(eight_bytes());
  }
  void other(permissions& what) {
    what.bits = number();
  }
  void other(std::string& what) {
    text(what);
  }
  void other(json_text& what) {
    text(what.text);
  }
  void other(number_or_text& what) {
    if (byte() == 0)
      what = signed_number<std::int64_t>();
    else
      text(what.emplace<std::string>());
  }
  template <class T>
  void other(boxed<T>& what) {
    T inside;
    value(inside);
    what = boxed<T>{std::move(inside)};
  }
  template <class T>
  void other(std::vector<T>& what) {
    what.resize(number());
    for (auto& one : what)
      value(one);
  }
  template <class K, class T>
  void other(std::map<K, T>& what) {
    for (auto left = number(); left > 0; --left) {
      K key{};
      value(key);
      value(what[std::move(key)]);
    }
  }

  std::string_view from_;
};

template <class T>
void pack(const T& what, std::string& to) {
  packer{to}.fields(what, true);
}

template <class T>
T unpack(std::string_view from) {
  T what;
  unpacker{from}.fields(what);
  return what;
}

} // namespace troupe::cache

/// Defines both for an object.
#define TROUPE_PACKS(type)                                                                                             \
  template void troupe::cache::pack<troupe::type>(const troupe::type&, std::string&);                                  \
  template troupe::type troupe::cache::unpack<troupe::type>(std::string_view)
