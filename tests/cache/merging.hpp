// SPDX-License-Identifier: BSD-3-Clause
// How the model takes news: what is absent stays as it was.
#pragma once

#include "messages/optionality.hpp"
#include "messages/snowflake.hpp"

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <map>
#include <optional>
#include <string>

namespace troupe::testing {

template <class T>
void take(T& known, const T& news) {
  known = news;
}
template <class T>
void take(std::optional<T>& known, const std::optional<T>& news) {
  if (news.has_value())
    known = news;
}
template <class T>
void take(maybe<T>& known, const maybe<T>& news) {
  if (news.has_value() || news.is_null())
    known = news;
}
template <class T>
void take(T& known, const std::optional<T>& news) {
  if (news.has_value())
    known = *news;
}
template <class T>
void take(nullable<T>& known, const maybe<T>& news) {
  if (news.has_value())
    known = *news;
  if (news.is_null())
    known.reset();
}

template <class T>
using all_fields = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

/// Every field that is not absent.
template <class T>
void take_what_is_there(T& known, const T& news) {
  boost::mp11::mp_for_each<all_fields<T>>([&](auto f) { take(known.*f.pointer, news.*f.pointer); });
}

/// Every field that is not as in an object of which nothing is known.
template <class T>
void take_what_is_set(T& known, const T& news) {
  const T nothing{};
  boost::mp11::mp_for_each<all_fields<T>>([&](auto f) {
    if (!(news.*f.pointer == nothing.*f.pointer))
      known.*f.pointer = news.*f.pointer;
  });
}

/// Takes an object into a map: over the one that is there, if there is one.
template <class T>
void set_or_merge(std::map<snowflake, T>& into, snowflake id, const T& news) {
  if (into.contains(id))
    take_what_is_there(into[id], news);
  else
    into[id] = news;
}

} // namespace troupe::testing
