// SPDX-License-Identifier: BSD-3-Clause
#include "actors/relayed_event.hpp"

#include "messages/discord/events.hpp"
#include "messages/fwd.hpp"
#include "messages/inspect.hpp"

#include "runtime/codec/compression.hpp"

#include "actors/event_guild.hpp"

#include <boost/mp11/algorithm.hpp>

#include <typeindex>
#include <unordered_map>

namespace troupe {

namespace {

struct known_event {
  std::string_view name;
  event_guild guild = nullptr;
};

std::unordered_map<std::type_index, known_event> make_table() {
  std::unordered_map<std::type_index, known_event> all;
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, dispatch_events>>([&](auto type) {
    using event = typename decltype(type)::type;
    all[typeid(event)] = {event::event_name, find_event_guild(event::event_name)};
  });
  return all;
}

} // namespace

std::optional<relayed_event> event_recognizer::operator()(const caf::message& what) {
  static const auto typed = make_table();
  if (what.empty())
    return std::nullopt;
  if (what.match_elements<raw_event>()) {
    const auto& event = what.get_as<raw_event>(0);
    text_.assign(*event.json);
    text_.append(codec::padding, '\0');
    return relayed_event{event.name, true,
                         find_guild(event.name, std::string_view{text_}.substr(0, event.json->size()))};
  }
  // Types of our own have no number in CAF 0.17.
  const auto* type = what.type(0).second;
  auto found = type == nullptr ? typed.end() : typed.find(*type);
  if (found == typed.end())
    return std::nullopt;
  return relayed_event{found->second.name, false, found->second.guild(what)};
}

} // namespace troupe
