// SPDX-License-Identifier: BSD-3-Clause
// Random values of any struct that Boost.Describe reflects: every optional is there or not, every list is short.
#pragma once

#include "messages/boxed.hpp"
#include "messages/json_text.hpp"
#include "messages/optionality.hpp"
#include "messages/permissions.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace troupe::testing {

/// Makes values from a seed. The deeper an object is, the less is in it.
class generator {
public:
  explicit generator(std::uint64_t seed) : random_{seed} {
    // nop
  }

  /// A value of its own.
  template <class T>
  [[nodiscard]] T make() {
    T value{};
    fill(value);
    return value;
  }

  /// A number below `limit`.
  [[nodiscard]] std::uint64_t below(std::uint64_t limit) {
    return random_() % limit;
  }

private:
  [[nodiscard]] bool there() {
    return depth_ < 3 && below(3) != 0;
  }

  void fill(bool& value) {
    value = below(2) == 1;
  }
  void fill(double& value) {
    value = static_cast<double>(below(1'000'000)) / 64;
  }
  void fill(std::string& value) {
    static const char* const texts[] = {"", "raid", "caf\u00e9", "\"quoted\"\\\n", "\U0001F389", "\x01\x1f/"};
    value = texts[below(std::size(texts))];
  }
  void fill(snowflake& value) {
    value.value = below(8) == 0 ? ~std::uint64_t{0} : random_();
  }
  void fill(permissions& value) {
    value.bits = random_();
  }
  void fill(timestamp& value) {
    value.unix_us = static_cast<std::int64_t>(below(4'000'000'000'000'000));
  }
  void fill(json_text& value) {
    static const char* const texts[] = {"null", "7", "-1.5", "\"x\"", "true", "[1,{\"a\":[]}]", "{\"b\":\"c\"}"};
    value.text = texts[below(std::size(texts))];
  }
  void fill(number_or_text& value) {
    if (below(2) == 0)
      value = static_cast<std::int64_t>(random_());
    else
      value = make<std::string>();
  }
  template <std::integral T>
  void fill(T& value) {
    value = static_cast<T>(random_());
  }
  template <class T>
  requires std::is_enum_v<T>
  void fill(T& value) {
    value = static_cast<T>(below(300));
  }
  template <class T>
  void fill(std::optional<T>& value) {
    if (there())
      value = make<T>();
  }
  template <class T>
  void fill(nullable<T>& value) {
    if (there())
      value.emplace(make<T>());
  }
  template <class T>
  void fill(maybe<T>& value) {
    if (there())
      value.emplace(make<T>());
    else if (below(2) == 0)
      value.set_null();
  }
  template <class T>
  void fill(boxed<T>& value) {
    ++depth_;
    value = boxed<T>{make<T>()};
    --depth_;
  }
  template <class T>
  void fill(std::vector<T>& values) {
    for (auto i = there() ? below(3) : 0; i > 0; --i)
      values.push_back(make<T>());
  }
  template <class Key, class T>
  void fill(std::map<Key, T>& values) {
    for (auto i = there() ? below(3) : 0; i > 0; --i)
      values[make<Key>()] = make<T>();
  }
  template <class T, class Members = boost::describe::describe_members<T, boost::describe::mod_any_access
                                                                            | boost::describe::mod_inherited>>
  void fill(T& value) {
    ++depth_;
    boost::mp11::mp_for_each<Members>([&](auto member) { fill(value.*member.pointer); });
    --depth_;
  }

  std::mt19937_64 random_;
  int depth_ = 0;
};

} // namespace troupe::testing
