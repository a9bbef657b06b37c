// SPDX-License-Identifier: BSD-3-Clause
// Every message of the type id block travels: what CAF writes, CAF reads back as it was.
#include "messages/bot.hpp"
#include "messages/command.hpp"
#include "messages/connection.hpp"
#include "messages/discord/events.hpp"
#include "messages/guild_cache.hpp"
#include "messages/identify.hpp"
#include "messages/inspect.hpp"
#include "messages/interfaces.hpp"
#include "messages/lifecycle.hpp"
#include "messages/previous.hpp"
#include "messages/rest.hpp"
#include "messages/shard.hpp"
#include "messages/subscription.hpp"
#include "messages/supervision.hpp"

#include "actors/system.hpp"

#include "tests/catch.hpp"

#include <caf/actor_system.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

namespace troupe {

namespace {

template <class T>
using members_of =
  boost::describe::describe_members<T, boost::describe::mod_any_access | boost::describe::mod_inherited>;

// -- values that are not the default, and all different ----------------------------------------------

std::uint64_t counter = 0;

template <class T>
void fill(T& value);
template <class T>
void fill(std::vector<T>& values);
template <class... Ts>
void fill(std::variant<Ts...>& value);
template <class T>
void fill(nullable<T>& value);
template <class T>
void fill(maybe<T>& value);
template <class T>
void fill(boxed<T>& value);
template <class K, class V>
void fill(std::map<K, V>& values);

template <class T>
void fill(std::optional<T>& value) {
  fill(value.emplace());
}

template <class T>
void fill(std::vector<T>& values) {
  // One of each kind within its own kind is enough.
  static auto depth = 0;
  if (++depth < 4)
    for (auto& value : values = std::vector<T>(2))
      fill(value);
  --depth;
}

template <class T>
void fill(nullable<T>& value) {
  fill(value.emplace());
}

template <class T>
void fill(maybe<T>& value) {
  fill(value.emplace());
}

template <class T>
void fill(boxed<T>&) {
  // Recursive: a default value will do.
}

template <class K, class V>
void fill(std::map<K, V>& values) {
  K key{};
  fill(key);
  fill(values[key]);
}

template <class... Ts>
void fill(std::variant<Ts...>& value) {
  using last = boost::mp11::mp_back<boost::mp11::mp_list<Ts...>>;
  fill(value.template emplace<last>());
}

template <class T>
void fill(T& value) {
  if constexpr (std::is_same_v<T, bool>)
    value = !value;
  else if constexpr (std::is_enum_v<T>)
    value = static_cast<T>(1);
  else if constexpr (std::is_integral_v<T>)
    value = static_cast<T>(++counter);
  else if constexpr (std::is_same_v<T, std::string>)
    value = "text " + std::to_string(++counter);
  else if constexpr (std::is_same_v<T, snowflake>)
    value.value = (++counter << 40) + 1;
  else if constexpr (std::is_same_v<T, double>)
    value = static_cast<double>(++counter) / 2;
  else if constexpr (std::is_same_v<T, timestamp>)
    value.unix_us = static_cast<std::int64_t>(++counter);
  else if constexpr (std::is_same_v<T, permissions>)
    value.bits = ++counter;
  else if constexpr (std::is_same_v<T, json_text>)
    value.text = std::to_string(++counter);
  else
    boost::mp11::mp_for_each<members_of<T>>([&](auto member) { fill(value.*member.pointer); });
}

// -- equality, for those without an operator of their own --------------------------------------------

template <class T>
bool same(const T& a, const T& b);

template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const T& x, const T& y) { return same(x, y); });
}

template <class T>
bool same(const T& a, const T& b) {
  if constexpr (requires { a == b; }) {
    return a == b;
  } else {
    auto equal = true;
    boost::mp11::mp_for_each<members_of<T>>(
      [&](auto member) { equal = equal && same(a.*member.pointer, b.*member.pointer); });
    return equal;
  }
}

template <class T>
void check_round_trip(caf::actor_system& sys, const T& value) {
  std::vector<char> bytes;
  caf::binary_serializer sink{sys, bytes};
  REQUIRE_FALSE(sink(caf::make_message(value)));
  caf::message read;
  caf::binary_deserializer source{sys, bytes};
  REQUIRE_FALSE(source(read));
  REQUIRE(read.match_elements<T>());
  CHECK(same(read.get_as<T>(0), value));
}

using block = caf::id_block::troupe_messages;

} // namespace

TEST_CASE("every message survives CAF's serialisation", "[actors][unit]") {
  actor_config config;
  caf::actor_system sys{config};
  auto travelled = 0;
  boost::mp11::mp_for_each<boost::mp11::mp_iota_c<block::end - block::begin>>([&](auto index) {
    using message = typename caf::type_by_id<block::begin + index>::type;
    if constexpr (!caf::allowed_unsafe_message_type<message>::value) {
      message value;
      check_round_trip(sys, value);
      fill(value);
      INFO("type " << index);
      check_round_trip(sys, value);
      ++travelled;
    }
  });
  CHECK(travelled == block::end - block::begin);
}

TEMPLATE_TEST_CASE("every command survives CAF's serialisation", "[actors][unit]", update_presence, update_voice_state,
                   request_guild_members, request_soundboard_sounds, request_channel_info) {
  actor_config config;
  caf::actor_system sys{config};
  TestType what;
  fill(what);
  check_round_trip(sys, submit_command{what});
}

TEST_CASE("an unknown kind of command is refused, not guessed", "[actors][unit]") {
  actor_config config;
  caf::actor_system sys{config};
  std::vector<char> bytes;
  caf::binary_serializer sink{sys, bytes};
  std::uint8_t no_such_kind = 200;
  REQUIRE_FALSE(sink(no_such_kind));
  submit_command order;
  caf::binary_deserializer source{sys, bytes};
  CHECK(source(order));
}

} // namespace troupe
