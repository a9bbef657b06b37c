// SPDX-License-Identifier: BSD-3-Clause
#include "actors/event_decoder.hpp"

#include "messages/discord/events.hpp"
#include "messages/inspect.hpp"

#include "runtime/codec/json.hpp"

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

namespace troupe {

namespace {

template <class Event>
result<caf::message> decode_event(std::string_view data) {
  using members = boost::describe::describe_members<Event, boost::describe::mod_public>;
  if constexpr (boost::mp11::mp_empty<members>::value) {
    // RESUMED tells nothing, and Discord sends whatever it likes with it.
    return caf::make_message(Event{});
  } else {
    auto event = codec::decode<Event>(data);
    if (!event)
      return event.error();
    return caf::make_message(std::move(*event));
  }
}

} // namespace

event_decoder find_event_decoder(std::string_view name) noexcept {
  event_decoder found = nullptr;
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, dispatch_events>>([&](auto type) {
    using event = typename decltype(type)::type;
    if (name == event::event_name)
      found = &decode_event<event>;
  });
  return found;
}

} // namespace troupe
