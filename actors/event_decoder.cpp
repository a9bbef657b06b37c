// SPDX-License-Identifier: BSD-3-Clause
#include "actors/event_decoder.hpp"

#include "messages/discord/events.hpp"
#include "messages/inspect.hpp"

#include "runtime/codec/json.hpp"

#include <caf/detail/tuple_vals.hpp>
#include <caf/make_counted.hpp>
#include <caf/message.hpp>

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <unordered_map>

namespace troupe {

namespace {

/// Becomes an event where that is to stay. Events are large, and moving one takes a good part of what decoding it
/// takes.
template <class Event>
struct decoding {
  std::string_view data;
  error* failure;

  operator Event() const {
    Event made{};
    *failure = codec::decode_into(data, &made, codec::codec_of<Event>());
    return made;
  }
};

template <class Event>
result<caf::message> decode_event(std::string_view data) {
  using members =
    boost::describe::describe_members<Event, boost::describe::mod_public | boost::describe::mod_inherited>;
  if constexpr (boost::mp11::mp_empty<members>::value) {
    // RESUMED tells nothing, and Discord sends whatever it likes with it.
    return caf::make_message(Event{});
  } else {
    // As `caf::make_message` does, but for the move.
    error failure;
    auto made = caf::make_counted<caf::detail::tuple_vals<Event>>(decoding<Event>{data, &failure});
    if (failure)
      return failure;
    return caf::message{caf::message::data_ptr{std::move(made)}};
  }
}

using decoder_table = std::unordered_map<std::string_view, event_decoder>;

decoder_table make_table() {
  decoder_table all;
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, dispatch_events>>([&](auto type) {
    using event = typename decltype(type)::type;
    all[event::event_name] = &decode_event<event>;
  });
  return all;
}

} // namespace

event_decoder find_event_decoder(std::string_view name) noexcept {
  static const auto all = make_table();
  auto found = all.find(name);
  return found == all.end() ? nullptr : found->second;
}

} // namespace troupe
