// SPDX-License-Identifier: BSD-3-Clause
#include "actors/subscriptions.hpp"

#include "messages/discord/events.hpp"
#include "messages/inspect.hpp"
#include "messages/lifecycle.hpp"
#include "messages/nearest.hpp"

#include "runtime/log/log.hpp"

#include "actors/system.hpp"

#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace troupe {

namespace {

constexpr auto typed_names = []<class... Ts>(boost::mp11::mp_list<Ts...>) {
  return std::array<std::string_view, sizeof...(Ts)>{Ts::event_name...};
}(dispatch_events{});

} // namespace

subscriptions_state::subscriptions_state(subscriptions_actor::pointer self) : self{self} {
  // nop
}

caf::result<subscribed> subscriptions_state::on_subscribe(const subscribe& what, const caf::actor& who) {
  if (!what.raw && what.events.empty())
    return make_error(errc::unknown_event, "name the events, or subscribe to all of them raw");
  for (const auto& event : what.events)
    if (!what.raw && find_event_decoder(event) == nullptr)
      return make_error(errc::unknown_event, event + did_you_mean(event, typed_names));
  table = table->with(who, what);
  self->monitor(who);
  publish();
  return subscribed{};
}

void subscriptions_state::on_shard(const shard_actor& shard) {
  shards.push_back(shard);
  self->monitor(shard);
  self->send(shard, subscriptions_changed{table});
}

void subscriptions_state::on_down(const caf::actor_addr& who) {
  if (std::erase_if(shards, [&](const shard_actor& known) { return known.address() == who; }) > 0)
    return;
  table = table->without(who);
  publish();
}

void subscriptions_state::publish() {
  for (const auto& shard : shards)
    self->send(shard, subscriptions_changed{table});
}

subscriptions_actor::behavior_type subscriptions(subscriptions_actor::stateful_pointer<subscriptions_state> self) {
  self->set_down_handler([self](const caf::down_msg& msg) { self->state.on_down(msg.source); });
  // An actor that cannot take a table answers with an error, which by default would end this one.
  self->set_error_handler(
    [](caf::error& err) { log::warn("A shard did not take its subscriptions: {}", to_string(to_error(err))); });
  return {
    [self](const subscribe& what, const caf::actor& who) { return self->state.on_subscribe(what, who); },
    [self](const shard_created&, const shard_actor& shard) { self->state.on_shard(shard); },
  };
}

} // namespace troupe
