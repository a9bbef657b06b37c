// SPDX-License-Identifier: BSD-3-Clause
#include "actors/guild_inbox.hpp"

#include "messages/discord/events.hpp"
#include "messages/fwd.hpp"
#include "messages/inspect.hpp"
#include "messages/subscription.hpp"

#include <algorithm>
#include <utility>

namespace troupe {

/// The events of one source.
struct guild_inbox::stream final : delivery::outlet {
  stream(guild_inbox& of, event_source source) : all{of}, from{std::move(source)}, ring{from.shard, *this} {
    // nop
  }

  [[nodiscard]] std::optional<std::uint64_t> oldest() noexcept {
    return ring.outstanding() == 0 ? std::nullopt : std::optional{ring.watermark() + 1};
  }

  void send(const caf::actor& to, const caf::message& what, bool) override {
    all.to_.send(to, from, what);
  }

  caf::actor relay(const std::vector<caf::actor>&, const event_ring::event&, const caf::message&, bool) override {
    return {};
  }

  caf::message without_previous(const event_ring::event& event) override {
    return event.typed; // What came with its previous state is kept so.
  }

  void probe(const caf::actor& to, const delivery_probe& what, const std::vector<caf::actor>&) override {
    all.to_.probe(all, from, to, what);
  }

  void report(events_redelivered what) override {
    all.to_.report(what);
  }

  void report(event_set_aside what, const event_ring::event& which) override {
    // Of the session: a struct does not have it.
    what.sequence = which.raw.empty() ? 0 : which.raw.get_as<raw_event>(0).sequence;
    all.to_.report(what);
  }

  void report(shard_alarm what) override {
    all.to_.report(what);
  }

  void report(shard_alarm_ended what) override {
    all.to_.report(what);
  }

  guild_inbox& all;
  event_source from;
  delivery ring;
  bool ended = false;
};

guild_inbox::guild_inbox(std::uint64_t id, std::string name, caf::actor owner, bool relays, outlet& to)
  : id_{id}, name_{std::move(name)}, owner_{std::move(owner)}, relays_{relays}, to_{to} {
  // nop
}

guild_inbox::~guild_inbox() = default;

void guild_inbox::push(const event_source& from, const arrival& event, clock::time_point now) {
  if (!position_of(event.what, from.lane))
    want(event.what, from.lane, now);
  auto& ring = find_or_add(from, now).ring;
  const auto* wanted = table_->wants(event.what.name);
  auto position = position_of(event.what, from.lane);
  if (wanted == nullptr || !position)
    return;
  event_ring::event kept{
    .sequence = event.number, .who = selection::nobody(), .replayed = event.replayed, .redelivered = event.redelivered};
  (event.what.raw ? kept.raw : kept.typed) = event.message;
  kept.who.add(*position);
  ring.push(*wanted, std::move(kept), now);
}

void guild_inbox::begin(const caf::actor& who, clock::time_point now) {
  bot_ = who;
  if (const auto* known = table_->find(name_))
    use(table_->taken_over(who, name_, known->wishes), now);
}

void guild_inbox::crashed(clock::time_point now) {
  if (auto who = std::exchange(bot_, nullptr))
    use(table_->crashed(who.address()), now);
  drop_ended();
}

bool guild_inbox::answered(caf::actor_id from, bool lane, const delivery_probe& what, clock::time_point now) {
  auto* known = find(from, lane);
  if (known == nullptr)
    return false;
  auto before = known->ring.watermark();
  known->ring.answered(what, now);
  auto moved = known->ring.watermark() != before;
  drop_ended();
  return moved;
}

void guild_inbox::ask(caf::actor_id from, bool lane, clock::time_point now) {
  if (auto* known = find(from, lane); known != nullptr && known->ring.outstanding() > 0)
    known->ring.on_due(now);
}

void guild_inbox::end_source(caf::actor_id from) {
  for (const auto& one : streams_)
    one->ended = one->ended || one->from.who->id() == from;
  drop_ended();
}

std::vector<guild_inbox::state> guild_inbox::states() const {
  std::vector<state> all;
  for (const auto& one : streams_)
    all.push_back({one->from.who->id(), one->from.lane, one->oldest()});
  return all;
}

bool guild_inbox::handled_all() const {
  return std::all_of(streams_.begin(), streams_.end(), [](const auto& one) { return one->ring.outstanding() == 0; });
}

guild_inbox::stream* guild_inbox::find(caf::actor_id from, bool lane) const {
  auto known =
    std::find_if(streams_.begin(), streams_.end(), [&](const auto& one) { return one->from.is(from, lane); });
  return known == streams_.end() ? nullptr : known->get();
}

guild_inbox::stream& guild_inbox::find_or_add(const event_source& from, clock::time_point now) {
  if (auto* known = find(from.who->id(), from.lane))
    return *known;
  streams_.push_back(std::make_unique<stream>(*this, from));
  streams_.back()->ring.use_table(table_, now);
  return *streams_.back();
}

std::optional<std::size_t> guild_inbox::position_of(const relayed_event& what, bool lane) const {
  const auto* wanted = table_->wants(what.name);
  if (wanted == nullptr)
    return std::nullopt;
  auto as = what.raw ? subscription_table::form::raw : subscription_table::form::typed;
  const auto& all = wanted->recipients;
  // An event has one lane; where that changed, all of its name take the new one.
  auto fits = [&](const auto& one) { return one.as == as && (!lane || one.slot % 2 == 1); };
  auto found = std::find_if(all.begin(), all.end(), fits);
  return found == all.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - all.begin())};
}

void guild_inbox::want(const relayed_event& what, bool lane, clock::time_point now) {
  subscribe wish{.events = {std::string{what.name}},
                 .raw = what.raw,
                 .name = name_,
                 .marks = true,
                 .relays = relays_,
                 .own_lane = lane};
  auto next = table_->with(bot_ ? bot_ : owner_, wish);
  use(bot_ ? next : next->crashed(owner_.address()), now);
}

void guild_inbox::use(subscription_table::pointer table, clock::time_point now) {
  table_ = std::move(table);
  for (const auto& one : streams_)
    one->ring.use_table(table_, now);
}

void guild_inbox::drop_ended() {
  std::erase_if(streams_, [](const auto& one) { return one->ended && one->ring.outstanding() == 0; });
}

} // namespace troupe
