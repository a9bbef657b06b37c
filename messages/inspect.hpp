// SPDX-License-Identifier: BSD-3-Clause
// CAF's inspection derived from Boost.Describe: a struct is reflected once, here it becomes a message.
// One of the few headers that a move to CAF 1.x changes (design 16).
#pragma once

#include "messages/boxed.hpp"
#include "messages/discord/inspect.hpp"
#include "messages/json_text.hpp"
#include "messages/optionality.hpp"
#include "messages/permissions.hpp"
#include "messages/snowflake.hpp"
#include "messages/timestamp.hpp"

#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/save_callback.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/sec.hpp>

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <bit>
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

/// As above, for null or a value.
template <class T>
struct inspectable_nullable {
  nullable<T>& value;
};

/// As above, for absent, null or a value.
template <class T>
struct inspectable_maybe {
  maybe<T>& value;
};

/// As above, for boxes.
template <class T>
struct inspectable_boxed {
  boxed<T>& value;
};

/// As above: CAF 0.17 never ends at an infinite number, so its bits travel.
struct inspectable_double {
  double& value;
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

/// Nullables need help.
template <class T>
inspectable_nullable<T> as_inspectable(nullable<T>& member) {
  return {member};
}

/// What may be absent needs help.
template <class T>
inspectable_maybe<T> as_inspectable(maybe<T>& member) {
  return {member};
}

/// Boxes need help.
template <class T>
inspectable_boxed<T> as_inspectable(boxed<T>& member) {
  return {member};
}

/// Floating point numbers need help.
inline inspectable_double as_inspectable(double& member) {
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

/// As an optional.
template <class Inspector, class T>
typename Inspector::result_type inspect(Inspector& f, inspectable_nullable<T>& x) {
  if constexpr (Inspector::reads_state) {
    bool present = x.value.has_value();
    return present ? f(present, as_inspectable(*x.value)) : f(present);
  } else {
    bool present = false;
    if (auto err = f(present))
      return err;
    x.value.reset();
    return present ? f(as_inspectable(x.value.emplace())) : typename Inspector::result_type{};
  }
}

/// A mark of three, then the value where there is one.
template <class Inspector, class T>
typename Inspector::result_type inspect(Inspector& f, inspectable_maybe<T>& x) {
  if constexpr (Inspector::reads_state) {
    auto mark = static_cast<std::uint8_t>(x.value.has_value() ? 2 : x.value.is_null() ? 1 : 0);
    return mark == 2 ? f(mark, as_inspectable(*x.value)) : f(mark);
  } else {
    std::uint8_t mark = 0;
    if (auto err = f(mark))
      return err;
    x.value.reset();
    if (mark == 1)
      x.value.set_null();
    return mark == 2 ? f(as_inspectable(x.value.emplace())) : typename Inspector::result_type{};
  }
}

/// The value.
template <class Inspector, class T>
typename Inspector::result_type inspect(Inspector& f, inspectable_boxed<T>& x) {
  if constexpr (Inspector::reads_state) {
    auto copy = *x.value;
    return f(copy);
  } else {
    T read{};
    if (auto err = f(read))
      return err;
    x.value = boxed<T>{std::move(read)};
    return typename Inspector::result_type{};
  }
}

/// The bits.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, inspectable_double& x) {
  auto bits = std::bit_cast<std::uint64_t>(x.value);
  if constexpr (Inspector::reads_state) {
    return f(bits);
  } else {
    auto err = f(bits);
    x.value = std::bit_cast<double>(bits);
    return err;
  }
}

/// Inside of maps and lists, too.
template <class Inspector, class T>
typename Inspector::result_type inspect(Inspector& f, boxed<T>& x) {
  auto helped = as_inspectable(x);
  return inspect(f, helped);
}

/// A moment is its number.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, timestamp& x) {
  return f(x.unix_us);
}

/// Permissions are their bits.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, permissions& x) {
  return f(x.bits);
}

/// Any JSON is its text.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, json_text& x) {
  return f(x.text);
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

/// Shows the members of a struct, its bases' first.
template <class Inspector, class T,
          class Members =
            boost::describe::describe_members<T, boost::describe::mod_any_access | boost::describe::mod_inherited>>
typename Inspector::result_type inspect_members(Inspector& f, T& x) {
  return [&]<template <class...> class List, class... Ds>(List<Ds...>) {
    return f(caf::meta::type_name(""), as_inspectable(x.*Ds::pointer)...);
  }(Members{});
}

/// Any struct that BOOST_DESCRIBE_STRUCT reflects.
template <class Inspector, class T,
          class Members =
            boost::describe::describe_members<T, boost::describe::mod_any_access | boost::describe::mod_inherited>>
typename Inspector::result_type inspect(Inspector& f, T& x) {
  return inspect_members(f, x);
}

} // namespace troupe
