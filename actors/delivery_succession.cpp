// SPDX-License-Identifier: BSD-3-Clause
// Who wants what, who ended, and what their successors get again.
#include "messages/discord/events.hpp"
#include "messages/fwd.hpp"
#include "messages/inspect.hpp"
#include "messages/subscription.hpp"

#include "actors/delivery_cursor.hpp"

#include <algorithm>
#include <utility>

namespace troupe {

namespace {

std::string name_of(const event_ring::event& what) {
  return what.raw.empty() ? what.wanted->event : what.raw.get_as<raw_event>(0).name;
}

caf::message as_redelivered(const caf::message& raw) {
  auto event = raw.get_as<raw_event>(0);
  event.redelivered = true;
  return caf::make_message(std::move(event));
}

} // namespace

// -- who wants what ---------------------------------------------------------------------------------------

void delivery::use_table(subscription_table::pointer table, clock::time_point now) {
  view next{table, {}};
  std::set<std::uint64_t> present;
  for (const auto& one : table->subscribers()) {
    for (auto lane : {false, true}) {
      next.cursors.push_back(cursor_of(one, lane, now));
      present.insert(next.cursors.back()->key);
    }
  }
  std::erase_if(cursors_, [&](const auto& known) {
    if (present.contains(known.first))
      return false;
    forget(*known.second);
    return true;
  });
  table_ = std::move(table);
  views_.push_back(std::move(next));
  const auto& all = table_->subscribers();
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::uint64_t again = 0;
    for (auto lane : {1, 0}) {
      auto& who = *views_.back().cursors[i * 2 + static_cast<std::size_t>(lane)];
      if (who.who == all[i].who)
        continue;
      if (who.who != nullptr)
        ended(who, now);
      if (all[i].who != nullptr)
        again += hand_over(who, all[i].who, now);
    }
    if (again == 0)
      continue;
    totals_.redelivered += again;
    to_.report(events_redelivered{shard_, all[i].name, again});
  }
  trim();
  if (window_closed())
    ask_all(now);
}

std::shared_ptr<delivery::cursor> delivery::cursor_of(const subscription_table::subscriber& one, bool lane,
                                                      clock::time_point now) {
  auto key = one.key * 2 + (lane ? 1 : 0);
  auto& who = cursors_[key];
  if (who == nullptr) {
    who = std::make_shared<cursor>();
    who->subscription = one.key;
    who->key = key;
    who->lane = lane;
    who->who = one.who;
    who->acked = who->sent = ring_.next() - 1;
    who->since = now;
    who->introduced = !one.wishes.relays;
  }
  who->name = one.name;
  who->marks = one.wishes.marks;
  who->relays = one.wishes.relays;
  // What overtakes others is not held back for them.
  auto window = lane ? 0 : one.wishes.window;
  if (who->window != window) {
    who->window = window;
    who->waiting.clear();
    if (window > 0)
      each_waiting(*who, [&](std::uint64_t index, const event_ring::event&, const std::vector<form>&) {
        who->waiting.push_back(index);
      });
    settle_window(*who);
  }
  return who;
}

void delivery::forget(cursor& who) {
  who.gone = true;
  who.who = nullptr;
  who.window = 0;
  settle_window(who);
  end_alarm(who);
}

// -- the end of a subscriber, and its successor ------------------------------------------------------------

void delivery::ended(cursor& who, clock::time_point now) {
  if (who.redelivered_to > who.acked) {
    // Each of them was probed, so it is known which one it died of: unless it never came so far.
    auto first = true;
    each_waiting(who, [&](std::uint64_t index, const event_ring::event&, const std::vector<form>&) {
      if (std::exchange(first, false) && who.began)
        strike(who, index);
    });
  } else {
    each_waiting(who, [&](std::uint64_t index, const event_ring::event&, const std::vector<form>&) {
      if (index <= who.sent)
        strike(who, index);
    });
  }
  ++who.holder;
  who.who = nullptr;
  who.pending = 0;
  who.unprobed = 0;
  who.through.clear();
  who.since = now;
}

void delivery::strike(cursor& who, std::uint64_t index) {
  if (++who.strikes[index] < limits_.strikes)
    return;
  who.strikes.erase(index);
  who.done.insert(index);
  settle_window(who);
  ++totals_.set_aside;
  const auto& which = ring_[index];
  to_.report(event_set_aside{shard_, which.sequence, name_of(which), who.name}, which);
}

std::uint64_t delivery::hand_over(cursor& to, const caf::actor& successor, clock::time_point now) {
  ++to.holder;
  to.who = successor;
  to.began = to.told_replayed = to.told_redelivered = false;
  to.introduced = !to.relays;
  to.since = now;
  auto sent = to.sent;
  std::uint64_t again = 0;
  each_waiting(to, [&](std::uint64_t index, const event_ring::event& event, const std::vector<form>& then) {
    auto forms = still_wanted(to, event, then);
    if (forms.empty()) {
      to.done.insert(index);
      return;
    }
    auto duplicate = index <= sent;
    if (duplicate && again++ == 0)
      ask(to, to.acked, now); // Its answer says that it reached them.
    mark(to, index, event.replayed, duplicate || event.redelivered);
    for (auto as : forms)
      send_again(to, index, as, duplicate);
    if (duplicate) {
      to.redelivered_to = index;
      ask(to, index, now);
    } else {
      count(to, index, now);
    }
  });
  to.sent = ring_.next() - 1;
  settle_window(to);
  return again;
}

void delivery::send_again(cursor& to, std::uint64_t index, form as, bool redelivered) {
  // Not through its guild: there it changed something long ago.
  const auto& event = ring_[index];
  if (as == form::raw && redelivered)
    to_.send(to.who, as_redelivered(event.raw), to.lane);
  else
    send(to, event, as);
}

std::vector<delivery::form> delivery::still_wanted(const cursor& who, const event_ring::event& what,
                                                   const std::vector<form>& then) const {
  const auto* wanted = table_->wants(name_of(what), shard_.index);
  if (wanted == nullptr)
    return {};
  std::vector<form> now;
  for (const auto& one : wanted->recipients)
    if (views_.back().cursors[one.slot]->subscription == who.subscription)
      now.push_back(one.as);
  auto has = [](const std::vector<form>& all, form one) { return std::find(all.begin(), all.end(), one) != all.end(); };
  std::vector<form> result;
  for (auto one : then) {
    // Whether it was wanted is decided; in which of its two forms the struct comes, by who gets it now.
    auto other = one == form::typed ? form::with_previous : form::typed;
    if (has(now, one))
      result.push_back(one);
    else if (one != form::raw && has(now, other))
      result.push_back(other);
  }
  return result;
}

void delivery::relay_lost(const delivery_probe& asked, const caf::actor& guild, clock::time_point now) {
  auto known = cursors_.find(asked.key);
  if (known == cursors_.end() || known->second->holder != asked.holder || known->second->who == nullptr)
    return;
  auto& who = *known->second;
  if (who.through.erase(guild) == 0)
    return; // Another probe asked it, too.
  std::uint64_t again = 0;
  each_waiting(who, [&](std::uint64_t index, const event_ring::event& event, const std::vector<form>& forms) {
    if (event.through != guild)
      return;
    ++again;
    mark(who, index, event.replayed, true);
    for (auto as : forms)
      send_again(who, index, as, true);
  });
  if (again == 0)
    return;
  totals_.redelivered += again;
  ask(who, who.sent, now);
  to_.report(events_redelivered{shard_, who.name, again});
}

} // namespace troupe
