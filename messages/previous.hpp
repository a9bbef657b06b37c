// SPDX-License-Identifier: BSD-3-Clause
// What was there before an event, for subscriptions that ask for it.
#pragma once

#include <boost/describe/class.hpp>

#include <optional>
#include <utility>

namespace troupe {

/// The object as the cache had it before the event that it comes with. Nothing where it was not cached, and where the
/// event is sent again after a crash: the state has moved on.
template <class Object>
struct previous {
  std::optional<Object> object;

  BOOST_DESCRIBE_CLASS(previous, (), (object), (), ())

  friend bool operator==(const previous&, const previous&) = default;
};

/// @param object what was cached, if anything.
template <class Object>
[[nodiscard]] previous<Object> make_previous(std::optional<Object> object) {
  return {std::move(object)};
}

} // namespace troupe
