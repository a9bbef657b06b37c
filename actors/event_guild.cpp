// SPDX-License-Identifier: BSD-3-Clause
#include "actors/event_guild.hpp"

#include "messages/discord/events.hpp"
#include "messages/discord/guild_of.hpp"
#include "messages/inspect.hpp"

#include "runtime/codec/json.hpp"

#include <boost/mp11/algorithm.hpp>

#include <unordered_map>

namespace troupe {

namespace {

template <class Event>
snowflake guild_in(const caf::message& message) {
  return guild_of(message.get_as<Event>(0)).value_or(snowflake{});
}

using guild_table = std::unordered_map<std::string_view, event_guild>;

guild_table make_table() {
  guild_table all;
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, dispatch_events>>([&](auto type) {
    using event = typename decltype(type)::type;
    all[event::event_name] = &guild_in<event>;
  });
  return all;
}

} // namespace

event_guild find_event_guild(std::string_view name) noexcept {
  static const auto all = make_table();
  auto found = all.find(name);
  return found == all.end() ? nullptr : found->second;
}

snowflake find_guild(std::string_view name, std::string_view data) {
  if (name == guild_create::event_name || name == guild_update::event_name || name == guild_delete::event_name) {
    auto guild = codec::decode<unavailable_guild>(data);
    return guild ? guild->id : snowflake{};
  }
  if (name == rate_limited::event_name) {
    auto refused = codec::decode<rate_limited>(data);
    return refused ? refused->meta.guild_id : snowflake{};
  }
  // Any struct that has little but a guild.
  auto event = codec::decode<message_delete>(data);
  return event ? event->guild_id.value_or(snowflake{}) : snowflake{};
}

} // namespace troupe
