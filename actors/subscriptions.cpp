// SPDX-License-Identifier: BSD-3-Clause
#include "actors/subscriptions.hpp"

#include "messages/discord/events.hpp"
#include "messages/inspect.hpp"
#include "messages/lifecycle.hpp"
#include "messages/nearest.hpp"

#include "runtime/log/log.hpp"

#include "actors/supervision/carry_exceptions.hpp"
#include "actors/supervision/shutdown.hpp"
#include "actors/system.hpp"

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace troupe {

namespace {

constexpr auto typed_names = []<class... Ts>(boost::mp11::mp_list<Ts...>) {
  return std::array<std::string_view, sizeof...(Ts)>{Ts::event_name...};
}(dispatch_events{});

// An actor that cannot say that it has started is taken as started.
constexpr std::chrono::seconds start_patience{2};

} // namespace

subscriptions_state::subscriptions_state(subscriptions_actor::pointer self) : self{self} {
  // nop
}

caf::result<subscribed> subscriptions_state::on_subscribe(const subscribe& what,
                                                          std::shared_ptr<const event_filter> only,
                                                          const caf::actor& who) {
  if (auto why = refusal(what, only.get()))
    return make_error(why.code, why.detail);
  self->monitor(who);
  const auto* named = what.name.empty() ? nullptr : table->find(what.name);
  if (named != nullptr && named->who != who)
    succeed(what, std::move(only), who);
  else
    use(table->with(who, what, std::move(only)));
  return subscribed{};
}

error subscriptions_state::refusal(const subscribe& what, const event_filter* only) const {
  if (!what.raw && what.events.empty())
    return {errc::unknown_event, "name the events, or subscribe to all of them raw"};
  for (const auto& event : what.events)
    if (!what.raw && find_event_decoder(event) == nullptr)
      return {errc::unknown_event, event + did_you_mean(event, typed_names)};
  if (only != nullptr && (what.raw ? !only->is_raw() : what.events != std::vector{std::string{only->event()}}))
    return {errc::invalid_argument, "a predicate over " + (only->is_raw() ? "raw events" : std::string{only->event()})
                                      + " cannot look at other events"};
  if (!what.previous)
    return {};
  if (what.raw || what.own_lane)
    return {errc::invalid_argument, "the previous state comes with typed events only, and not in a lane of their own"};
  if (!settings.caches)
    return {errc::cache_disabled, "the previous state of an event is that of the caches"};
  return {};
}

subscribed subscriptions_state::on_unsubscribe(const unsubscribe& what, const caf::actor& who) {
  for (auto& [name, next] : settling)
    if (next.who == who)
      next.asked.drop(what.events);
  use(table->without(who, what.events));
  return {};
}

void subscriptions_state::succeed(const subscribe& what, std::shared_ptr<const event_filter> only,
                                  const caf::actor& who) {
  auto& next = settling[what.name];
  auto is_new = next.who != who;
  if (is_new)
    next = {who, {}};
  next.asked.add(what, only);
  // From here on what it wants is kept for it, beside what its predecessor wanted.
  use(table->with(who, what, std::move(only)));
  if (!is_new)
    return;
  // It answers when it has finished its start, and so after all requests that it made there.
  self->request(who, start_patience, caf::sys_atom::value, caf::get_atom::value, "info")
    .then([this, name = what.name, who](caf::ok_atom, const std::string&, const caf::strong_actor_ptr&,
                                        const std::string&) { settle(name, who); },
          [this, name = what.name, who](const caf::error& err) {
            // A dead one changes nothing: the events wait for the next.
            if (err != caf::sec::request_receiver_down)
              settle(name, who);
          });
}

void subscriptions_state::settle(const std::string& name, const caf::actor& who) {
  auto known = settling.find(name);
  if (known == settling.end() || known->second.who != who)
    return; // It died, or has a successor itself.
  use(table->taken_over(who, name, std::move(known->second.asked)));
  settling.erase(known);
}

void subscriptions_state::on_shard(const shard_actor& shard) {
  shards.push_back(shard);
  self->monitor(shard);
  self->send(shard, subscriptions_changed{table});
}

void subscriptions_state::on_down(const caf::actor_addr& who, const caf::error& reason) {
  if (std::erase_if(shards, [&](const shard_actor& known) { return known.address() == who; }) > 0)
    return;
  auto done = !reason || reason == caf::exit_reason::normal || reason == caf::exit_reason::user_shutdown;
  auto crashed = !done || precedes_restart(reason);
  auto next = crashed ? table->crashed(who) : table->without(who);
  for (auto one = settling.begin(); one != settling.end();) {
    if (one->second.who.address() != who) {
      ++one;
      continue;
    }
    if (!crashed)
      next = next->without(one->first);
    one = settling.erase(one);
  }
  use(std::move(next));
}

void subscriptions_state::use(subscription_table::pointer next) {
  table = std::move(next);
  for (const auto& shard : shards)
    self->send(shard, subscriptions_changed{table});
}

subscriptions_actor::behavior_type subscriptions(subscriptions_actor::stateful_pointer<subscriptions_state> self) {
  return subscriptions_with(self, {});
}

subscriptions_actor::behavior_type subscriptions_with(subscriptions_actor::stateful_pointer<subscriptions_state> self,
                                                      subscriptions_settings settings) {
  self->state.settings = settings;
  carry_exceptions(self, subscriptions_state::name);
  self->set_down_handler([self](const caf::down_msg& msg) { self->state.on_down(msg.source, msg.reason); });
  // An actor that cannot take a table answers with an error, which by default would end this one.
  self->set_error_handler(
    [](caf::error& err) { log::warn("A shard did not take its subscriptions: {}", to_string(to_error(err))); });
  return {
    [self](const subscribe& what, const caf::actor& who) { return self->state.on_subscribe(what, nullptr, who); },
    [self](const subscribe_where& order, const caf::actor& who) {
      return self->state.on_subscribe(order.what, order.only, who);
    },
    [self](const unsubscribe& what, const caf::actor& who) { return self->state.on_unsubscribe(what, who); },
    [self](const shard_created&, const shard_actor& shard) { self->state.on_shard(shard); },
  };
}

} // namespace troupe
