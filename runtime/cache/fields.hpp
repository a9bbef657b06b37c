// SPDX-License-Identifier: BSD-3-Clause
// Walks over the fields of Discord's objects: whether there is anything in one, and how an update goes over what was
// known. Protocol 5.5: absent is "unchanged", null is "none".
#pragma once

#include "messages/boxed.hpp"
#include "messages/optionality.hpp"

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <optional>
#include <type_traits>

namespace troupe::cache {

/// The fields of a described struct, those of its bases among them.
template <class T>
using fields_of = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

/// Whether there is such a list.
template <class T>
concept described = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

/// Whether a field of this type can be absent.
template <class T>
inline constexpr bool may_be_absent = false;
/// These can.
template <class T>
inline constexpr bool may_be_absent<std::optional<T>> = true;
/// These can.
template <class T>
inline constexpr bool may_be_absent<maybe<T>> = true;

/// Whether it is a `boxed`.
template <class T>
inline constexpr bool is_boxed = false;
/// It is.
template <class T>
inline constexpr bool is_boxed<boxed<T>> = true;

/// Whether a field is what it is without anybody's doing: absent, null where it cannot be absent, empty, 0.
template <class T>
bool is_blank(const T& what) {
  if constexpr (described<T>) {
    bool blank = true;
    boost::mp11::mp_for_each<fields_of<T>>([&](auto field) { blank = blank && is_blank(what.*field.pointer); });
    return blank;
  } else if constexpr (is_boxed<T>) {
    return is_blank(*what);
  } else if constexpr (requires { what.is_absent(); }) {
    return what.is_absent();
  } else if constexpr (requires { what.has_value(); }) {
    return !what.has_value();
  } else if constexpr (requires { what.empty(); }) {
    return what.empty();
  } else {
    return what == T{};
  }
}

/// Takes from an update what is not absent. Fields that cannot be absent are taken as they are.
template <described T>
void overlay(T& known, const T& update) {
  boost::mp11::mp_for_each<fields_of<T>>([&](auto field) {
    const auto& news = update.*field.pointer;
    if (!may_be_absent<std::remove_cvref_t<decltype(news)>> || !is_blank(news))
      known.*field.pointer = news;
  });
}

/// Takes from an update of which most may be missing only what has a value.
template <described T>
void overlay_values(T& known, const T& update) {
  boost::mp11::mp_for_each<fields_of<T>>([&](auto field) {
    if (const auto& news = update.*field.pointer; !is_blank(news))
      known.*field.pointer = news;
  });
}

} // namespace troupe::cache
