// SPDX-License-Identifier: BSD-3-Clause
// Objects of Discord's with anything in them: each field absent, null or set by chance.
#pragma once

#include "messages/boxed.hpp"
#include "messages/json_text.hpp"
#include "messages/optionality.hpp"
#include "messages/permissions.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

namespace troupe::testing {

/// Fills objects. The same seed gives the same objects.
class filler {
public:
  explicit filler(std::uint64_t seed) : rng_{seed} {
    // nop
  }

  /// A number from 0 to below `count`.
  std::uint64_t below(std::uint64_t count) {
    return rng_() % count;
  }

  /// True once in `count` times.
  bool one_in(std::uint64_t count) {
    return below(count) == 0;
  }

  template <class T>
  T make() {
    T what{};
    fill(what);
    return what;
  }

  template <class T>
  void fill(T& what) {
    if constexpr (boost::describe::has_describe_members<T>::value) {
      using fields = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
      ++depth_;
      boost::mp11::mp_for_each<fields>([&](auto field) { fill(what.*field.pointer); });
      --depth_;
    } else if constexpr (std::is_same_v<T, bool>) {
      what = one_in(2);
    } else if constexpr (std::is_same_v<T, double>) {
      what = static_cast<double>(below(5)) / 4;
    } else if constexpr (std::is_enum_v<T>) {
      what = static_cast<T>(below(300));
    } else if constexpr (std::is_integral_v<T>) {
      const std::array<T, 6> some{T{0},
                                  T{1},
                                  std::numeric_limits<T>::max(),
                                  std::numeric_limits<T>::min(),
                                  static_cast<T>(below(200)),
                                  static_cast<T>(rng_())};
      what = some[below(some.size())];
    } else {
      fill_other(what);
    }
  }

private:
  // Deep inside there is less and less.
  bool there() {
    return depth_ < 2 ? one_in(2) : depth_ < 4 && one_in(5);
  }

  void fill_other(snowflake& what) {
    what.value = 1 + below(12);
  }
  void fill_other(timestamp& what) {
    what.unix_us = static_cast<std::int64_t>(below(2'000'000'000'000'000));
  }
  void fill_other(permissions& what) {
    what.bits = one_in(4) ? ~std::uint64_t{0} : rng_() >> below(64);
  }
  void fill_other(std::string& what) {
    const std::array<std::string, 7> some{"",
                                          "short",
                                          "0123456789abcdef0123456789abcdef",
                                          "a_0123456789abcdef0123456789abcdef",
                                          "0123456789ABCDEF0123456789ABCDEF",
                                          "a name with \xc3\xa4 and \xf0\x9f\x8e\xad",
                                          std::string(250 + below(10), 'x')};
    what = some[below(some.size())];
  }
  void fill_other(json_text& what) {
    what.text = one_in(2) ? "{\"any\":[1,2]}" : "null";
  }
  void fill_other(number_or_text& what) {
    if (one_in(2))
      fill(what.emplace<std::int64_t>());
    else
      fill(what.emplace<std::string>());
  }
  template <class T>
  void fill_other(std::optional<T>& what) {
    what.reset();
    if (there())
      fill(what.emplace());
  }
  template <class T>
  void fill_other(nullable<T>& what) {
    what.reset();
    if (there())
      fill(what.emplace());
  }
  template <class T>
  void fill_other(maybe<T>& what) {
    what.reset();
    if (there())
      fill(what.emplace());
    else if (one_in(2))
      what.set_null();
  }
  template <class T>
  void fill_other(boxed<T>& what) {
    if (there())
      what = boxed<T>{make<T>()};
  }
  template <class T>
  void fill_other(std::vector<T>& what) {
    what.clear();
    if (there())
      what.resize(below(4));
    for (auto& one : what)
      fill(one);
  }
  template <class K, class T>
  void fill_other(std::map<K, T>& what) {
    what.clear();
    if (there())
      for (auto left = below(3); left > 0; --left)
        fill(what[make<K>()]);
  }

  std::mt19937_64 rng_;
  int depth_ = 0;
};

} // namespace troupe::testing
