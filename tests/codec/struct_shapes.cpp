// SPDX-License-Identifier: BSD-3-Clause
#include "tests/codec/struct_shapes.hpp"

#include "messages/discord/events.hpp"
#include "messages/discord/inspect.hpp"

#include "runtime/codec/member_table.hpp"

#include <boost/core/demangle.hpp>
#include <boost/describe/bases.hpp>

#include <map>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace troupe::testing {

namespace {

template <class T>
const struct_shape* shape_of();

/// What is in a member, below optionals, boxes, lists and maps.
template <class T>
struct content {
  static constexpr bool is_map = false;
  static constexpr const struct_shape* (*shape)() = [] {
    if constexpr (discord_struct<T>)
      return &shape_of<T>;
    else
      return nullptr;
  }();
};

template <class T>
requires requires {
  typename T::value_type;
}
struct content<T> : content<typename T::value_type> {};

template <>
struct content<std::string> {
  static constexpr bool is_map = false;
  static constexpr const struct_shape* (*shape)() = nullptr;
};

template <class Key, class T>
struct content<std::map<Key, T>> : content<T> {
  static constexpr bool is_map = true;
};

// The member's name without the namespace.
std::string name_of(const std::type_info& type) {
  auto name = boost::core::demangle(type.name());
  return name.substr(name.rfind(':') + 1);
}

template <class T>
const struct_shape* shape_of() {
  using namespace boost::describe;
  static const auto shape = [] {
    struct_shape made;
    made.name = name_of(typeid(T));
    boost::mp11::mp_for_each<describe_bases<T, mod_any_access>>(
      [&](auto base) { made.bases.push_back(shape_of<typename decltype(base)::type>()); });
    boost::mp11::mp_for_each<describe_members<T, mod_any_access>>([&](auto member) {
      using type = std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>;
      made.members.push_back({codec::key_of(member.name), content<type>::shape, content<type>::is_map});
    });
    return made;
  }();
  return &shape;
}

template <class... Ts>
std::vector<const struct_shape*> shapes_of(boost::mp11::mp_list<Ts...>) {
  return {shape_of<Ts>()...};
}

} // namespace

const std::vector<const struct_shape*>& event_shapes() {
  static const auto all = shapes_of(dispatch_events{});
  return all;
}

const std::vector<const struct_shape*>& all_shapes() {
  static const auto all = shapes_of(discord_structs{});
  return all;
}

} // namespace troupe::testing
