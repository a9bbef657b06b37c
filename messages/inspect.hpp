// SPDX-License-Identifier: BSD-3-Clause
// CAF's inspection derived from Boost.Describe: a struct is reflected once, here it becomes a message.
// One of the few headers that a move to CAF 1.x changes (design 16).
#pragma once

#include "messages/snowflake.hpp"

#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/save_callback.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/sec.hpp>

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <cstdint>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace troupe {

/// Gives CAF 0.17 what it cannot inspect by itself: optionals and variants, as a mark and the value behind it.
template <class T>
struct inspectable_optional {
  std::optional<T>& value;
};

/// As above, for variants.
template <class... Ts>
struct inspectable_variant {
  std::variant<Ts...>& value;
};

/// How a member is shown to CAF: as it is, unless CAF needs help.
template <class T>
T& as_inspectable(T& member) {
  return member;
}

/// Optionals need help.
template <class T>
inspectable_optional<T> as_inspectable(std::optional<T>& member) {
  return {member};
}

/// Variants need help.
template <class... Ts>
inspectable_variant<Ts...> as_inspectable(std::variant<Ts...>& member) {
  return {member};
}

/// A mark, then the value where there is one.
template <class Inspector, class T>
typename Inspector::result_type inspect(Inspector& f, inspectable_optional<T>& x) {
  if constexpr (Inspector::reads_state) {
    bool present = x.value.has_value();
    if (!present)
      return f(present);
    return f(present, as_inspectable(*x.value));
  } else {
    bool present = false;
    if (auto err = f(present))
      return err;
    if (!present) {
      x.value.reset();
      return caf::none;
    }
    return f(as_inspectable(x.value.emplace()));
  }
}

/// The index, then the alternative.
template <class Inspector, class... Ts>
typename Inspector::result_type inspect(Inspector& f, inspectable_variant<Ts...>& x) {
  if constexpr (Inspector::reads_state) {
    auto index = static_cast<std::uint8_t>(x.value.index());
    return std::visit([&](auto& alternative) { return f(index, alternative); }, x.value);
  } else {
    std::uint8_t index = 0;
    if (auto err = f(index))
      return err;
    caf::error result = caf::sec::invalid_argument; // An index that this version does not know.
    boost::mp11::mp_for_each<boost::mp11::mp_iota_c<sizeof...(Ts)>>([&](auto i) {
      if (index == i)
        result = f(x.value.template emplace<i>());
    });
    return result;
  }
}

/// A snowflake is its number.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, snowflake& x) {
  return f(x.value);
}

/// Any struct that BOOST_DESCRIBE_STRUCT reflects.
template <class Inspector, class T,
          class Members =
            boost::describe::describe_members<T, boost::describe::mod_any_access | boost::describe::mod_inherited>>
typename Inspector::result_type inspect(Inspector& f, T& x) {
  return [&]<template <class...> class List, class... Ds>(List<Ds...>) {
    return f(caf::meta::type_name(""), as_inspectable(x.*Ds::pointer)...);
  }(Members{});
}

} // namespace troupe
