// SPDX-License-Identifier: BSD-3-Clause
#include "actors/guild_change.hpp"

#include "messages/discord/events.hpp"
#include "messages/discord/guild_of.hpp"
#include "messages/inspect.hpp"
#include "messages/previous.hpp"

#include "runtime/cache/guild_state.hpp"

#include <boost/mp11/algorithm.hpp>

#include <string_view>
#include <unordered_map>
#include <utility>

namespace troupe {

namespace {

template <class Event>
constexpr bool changes_state = requires(cache::guild_state& state, const Event& event) {
  state.apply(event);
};

template <class Event>
constexpr bool knows_previous = requires(const cache::guild_state& state, const Event& event) {
  state.before(event);
};

// Answers to requests of a guild's actor.
template <class Event>
constexpr bool answers_request = std::same_as<Event, rate_limited>;

template <class Event>
std::optional<snowflake> guild_in(const caf::message& event) {
  return guild_of(event.get_as<Event>(0));
}

template <class Event>
caf::message apply(cache::guild_state& state, const caf::message& message, bool previous) {
  const auto& event = message.get_as<Event>(0);
  caf::message both;
  if constexpr (knows_previous<Event>)
    if (previous)
      both = caf::make_message(event, make_previous(state.before(event)));
  if constexpr (changes_state<Event>)
    state.apply(event);
  return both;
}

template <class Event>
caf::message without_previous(const caf::message& message) {
  using object = decltype(make_previous(std::declval<const cache::guild_state&>().before(std::declval<Event>())));
  return caf::make_message(message.get_as<Event>(0), object{});
}

template <class Event>
constexpr auto without_previous_of() {
  if constexpr (knows_previous<Event>)
    return &without_previous<Event>;
  else
    return nullptr;
}

using effect_table = std::unordered_map<std::string_view, guild_effect>;

effect_table make_table() {
  effect_table all;
  boost::mp11::mp_for_each<boost::mp11::mp_transform<boost::mp11::mp_identity, dispatch_events>>([&](auto type) {
    using event = typename decltype(type)::type;
    if constexpr (changes_state<event> || answers_request<event>)
      all[event::event_name] = {&guild_in<event>, &apply<event>, knows_previous<event>, without_previous_of<event>()};
  });
  return all;
}

} // namespace

const guild_effect* find_guild_effect(std::string_view event) noexcept {
  static const auto all = make_table();
  auto found = all.find(event);
  return found == all.end() ? nullptr : &found->second;
}

const guild_effect& new_session_effect() noexcept {
  static const guild_effect effect{.guild = nullptr, .apply = [](cache::guild_state& state, const caf::message&, bool) {
                                     state.mark_dirty("another session began");
                                     return caf::message{};
                                   }};
  return effect;
}

} // namespace troupe
