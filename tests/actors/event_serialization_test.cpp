// SPDX-License-Identifier: BSD-3-Clause
// Events travel as Discord sends them. Apart from serialization_test.cpp, which costs the compiler enough.
#include "messages/discord/events.hpp"
#include "messages/discord/inspect.hpp"

#include "runtime/codec/json.hpp"

#include "actors/system.hpp"

#include "tests/catch.hpp"
#include "tests/codec/fixtures.hpp"

#include <caf/actor_system.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/message.hpp>

#include <string_view>
#include <vector>

namespace troupe {

namespace {

/// What needs the type of an event.
struct event_type {
  std::string_view name;
  caf::message (*decode)(std::string_view text) = nullptr;
  bool (*same)(const caf::message& a, const caf::message& b) = nullptr;
};

template <class Event>
event_type type_of() {
  return {Event::event_name,
          [](std::string_view text) { return caf::make_message(codec::decode_copy<Event>(text).value()); },
          [](const caf::message& a, const caf::message& b) {
            return b.match_elements<Event>() && a.get_as<Event>(0) == b.get_as<Event>(0);
          }};
}

template <class... Events>
std::vector<event_type> types_of(boost::mp11::mp_list<Events...>) {
  return {type_of<Events>()...};
}

} // namespace

TEST_CASE("every event survives CAF's serialisation as Discord sends it", "[actors][unit]") {
  actor_config config;
  caf::actor_system sys{config};
  std::size_t travelled = 0;
  for (const auto& type : types_of(dispatch_events{})) {
    for (const auto& each : testing::fixtures()) {
      if (each.event() != type.name)
        continue;
      INFO(each.name);
      auto sent = type.decode(each.text);
      std::vector<char> bytes;
      caf::binary_serializer sink{sys, bytes};
      REQUIRE_FALSE(sink(sent));
      caf::message read;
      caf::binary_deserializer source{sys, bytes};
      REQUIRE_FALSE(source(read));
      CHECK(type.same(sent, read));
      ++travelled;
    }
  }
  CHECK(travelled == testing::fixtures().size());
}

} // namespace troupe
