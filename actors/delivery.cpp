// SPDX-License-Identifier: BSD-3-Clause
#include "actors/delivery.hpp"

#include "messages/discord/events.hpp"
#include "messages/fwd.hpp"
#include "messages/inspect.hpp"
#include "messages/subscription.hpp"

#include <algorithm>
#include <utility>

namespace troupe {

/// One subscription as this shard sees it.
struct delivery::cursor {
  std::uint64_t key = 0;
  std::string name;
  /// Null while the subscription waits for a successor.
  caf::actor who;
  /// Counts the holders: answers of earlier ones are void.
  std::uint64_t holder = 1;
  /// All that it wanted up to here is handled.
  std::uint64_t acked = 0;
  /// All up to here was sent, to this holder or to an earlier one: what is sent again is a duplicate.
  std::uint64_t sent = 0;
  /// The newest event that was sent to this holder because its predecessor did not handle it.
  std::uint64_t redelivered_to = 0;
  /// Events since the last probe, and probes without an answer.
  std::uint32_t unprobed = 0;
  std::uint32_t pending = 0;
  /// This holder has answered: it reached what was sent again.
  bool began = false;
  /// It ended, or its actor: nothing is waited for any more.
  bool gone = false;
  bool alarmed = false;
  /// Whether it wants `event_marks`, and what it was told last.
  bool marks = false;
  bool told_replayed = false;
  bool told_redelivered = false;
  /// Above `acked`: what is not delivered to it any more.
  std::set<std::uint64_t> done;
  /// Above `acked`: deaths at which the event was not handled.
  std::map<std::uint64_t, std::uint8_t> strikes;
  /// When it last moved; without an actor, when it lost the last one.
  clock::time_point since;

  /// Whether it was sent events that no probe asks about.
  [[nodiscard]] bool owes_answer() const noexcept {
    return who != nullptr && unprobed > 0;
  }
};

delivery::delivery(shard_id shard, outlet& to, delivery_limits limits) : shard_{shard}, to_{to}, limits_{limits} {
  // nop
}

delivery::~delivery() = default;

void delivery::begin_session(std::uint64_t sequence) {
  session_since_ = ring_.next();
  newest_ = sequence;
  watermark_ = sequence;
}

// -- events out, answers in -----------------------------------------------------------------------------

void delivery::push(const subscription_table::interest& wanted, event_ring::event what, clock::time_point now) {
  newest_ = what.sequence;
  auto typed = !what.typed.empty() && !wanted.typed.empty();
  auto raw = !what.raw.empty() && !wanted.raw.empty();
  if (!typed && !raw)
    return;
  what.wanted = &wanted;
  what.view = first_view_ + views_.size() - 1;
  auto index = ring_.next();
  ring_.push(std::move(what));
  const auto& kept = ring_[index];
  const auto& cursors = views_.back().cursors;
  if (typed)
    for (auto who : wanted.typed)
      send(*cursors[who], kept, kept.typed, false);
  if (raw)
    for (auto who : wanted.raw)
      send(*cursors[who], kept, kept.raw, false);
  // Only now: who gets it in both forms has not handled it before the second.
  if (typed)
    for (auto who : wanted.typed)
      count(*cursors[who], index, now);
  if (raw)
    for (auto who : wanted.raw)
      count(*cursors[who], index, now);
  if (!closed_ && (ring_.size() >= limits_.events || ring_.bytes() >= limits_.bytes)) {
    // Nothing more comes that would make it ask.
    closed_ = true;
    for (const auto& known : cursors_)
      if (known.second->owes_answer())
        ask(*known.second, known.second->sent, now);
  }
}

void delivery::send(cursor& to, const event_ring::event& what, const caf::message& message, bool redelivered) {
  if (to.who == nullptr)
    return;
  if (to.marks && (to.told_replayed != what.replayed || to.told_redelivered != redelivered)) {
    to.told_replayed = what.replayed;
    to.told_redelivered = redelivered;
    to_.send(to.who, caf::make_message(event_marks{shard_, what.replayed, redelivered}));
  }
  to_.send(to.who, message);
}

void delivery::count(cursor& who, std::uint64_t index, clock::time_point now) {
  if (who.who == nullptr)
    return;
  who.sent = index;
  if (++who.unprobed >= limits_.probe_every)
    ask(who, index, now);
}

void delivery::ask(cursor& who, std::uint64_t index, clock::time_point now) {
  if (who.pending++ == 0)
    who.since = now;
  who.unprobed = 0;
  to_.probe(who.who, {who.key, who.holder, index});
}

void delivery::answered(const delivery_probe& what, clock::time_point now) {
  auto known = cursors_.find(what.key);
  if (known == cursors_.end() || known->second->holder != what.holder)
    return;
  auto& who = *known->second;
  who.began = true;
  who.pending -= who.pending > 0 ? 1 : 0;
  who.since = now;
  end_alarm(who);
  if (what.index <= who.acked)
    return;
  who.acked = what.index;
  who.done.erase(who.done.begin(), who.done.upper_bound(who.acked));
  who.strikes.erase(who.strikes.begin(), who.strikes.upper_bound(who.acked));
  trim();
  if (closed_ && who.pending == 0 && who.owes_answer())
    ask(who, who.sent, now);
}

bool delivery::handled(std::uint64_t index) const {
  const auto& event = ring_[index];
  const auto& cursors = views_[event.view - first_view_].cursors;
  auto by = [&](std::uint32_t position) {
    const auto& who = *cursors[position];
    return who.gone || who.acked >= index || (!who.done.empty() && who.done.contains(index));
  };
  return (event.typed.empty() || std::all_of(event.wanted->typed.begin(), event.wanted->typed.end(), by))
         && (event.raw.empty() || std::all_of(event.wanted->raw.begin(), event.wanted->raw.end(), by));
}

void delivery::trim() {
  while (ring_.size() > 0 && handled(ring_.first()))
    ring_.pop();
  while (views_.size() > 1 && (ring_.size() == 0 || ring_[ring_.first()].view > first_view_)) {
    views_.pop_front();
    ++first_view_;
  }
  if (ring_.size() <= limits_.events / 2 && ring_.bytes() <= limits_.bytes / 2)
    closed_ = false;
}

std::uint64_t delivery::watermark() noexcept {
  session_since_ = std::max(session_since_, ring_.first());
  // Events of an older session may be stuck before those of this one.
  while (session_since_ < ring_.next() && handled(session_since_))
    ++session_since_;
  auto reached = newest_;
  if (session_since_ < ring_.next())
    reached = std::max<std::uint64_t>(ring_[session_since_].sequence, 1) - 1;
  return watermark_ = std::max(watermark_, reached);
}

// -- who wants what ---------------------------------------------------------------------------------------

void delivery::use_table(subscription_table::pointer table, clock::time_point now) {
  view next{table, {}};
  std::set<std::uint64_t> present;
  for (const auto& one : table->subscribers()) {
    auto& who = cursors_[one.key];
    if (who == nullptr) {
      who = std::make_shared<cursor>();
      who->key = one.key;
      who->who = one.who;
      who->acked = who->sent = ring_.next() - 1;
      who->since = now;
    }
    who->name = one.name;
    next.cursors.push_back(who);
    present.insert(one.key);
  }
  std::erase_if(cursors_, [&](const auto& known) {
    if (present.contains(known.first))
      return false;
    known.second->gone = true;
    known.second->who = nullptr;
    end_alarm(*known.second);
    return true;
  });
  table_ = std::move(table);
  views_.push_back(std::move(next));
  for (std::size_t i = 0; i < table_->subscribers().size(); ++i) {
    const auto& one = table_->subscribers()[i];
    auto& who = *views_.back().cursors[i];
    who.marks = one.marks;
    if (who.who == one.who)
      continue;
    if (who.who != nullptr)
      ended(who, now);
    if (one.who != nullptr)
      hand_over(who, one.who, now);
  }
  trim();
}

void delivery::ended(cursor& who, clock::time_point now) {
  if (who.redelivered_to > who.acked) {
    // Each of them was probed, so it is known which one it died of: unless it never came so far.
    auto first = true;
    each_waiting(who, [&](std::uint64_t index, const event_ring::event&, bool, bool) {
      if (std::exchange(first, false) && who.began)
        strike(who, index);
    });
  } else {
    each_waiting(who, [&](std::uint64_t index, const event_ring::event&, bool, bool) {
      if (index <= who.sent)
        strike(who, index);
    });
  }
  ++who.holder;
  who.who = nullptr;
  who.pending = 0;
  who.unprobed = 0;
  who.since = now;
}

void delivery::strike(cursor& who, std::uint64_t index) {
  if (++who.strikes[index] < limits_.strikes)
    return;
  who.strikes.erase(index);
  who.done.insert(index);
  ++totals_.set_aside;
  const auto& event = ring_[index];
  auto name = event.raw.empty() ? event.wanted->event : event.raw.get_as<raw_event>(0).name;
  to_.report(event_set_aside{shard_, event.sequence, std::move(name), who.name});
}

void delivery::hand_over(cursor& to, const caf::actor& successor, clock::time_point now) {
  ++to.holder;
  to.who = successor;
  to.began = to.told_replayed = to.told_redelivered = false;
  to.since = now;
  auto sent = to.sent;
  std::uint64_t again = 0;
  each_waiting(to, [&](std::uint64_t index, const event_ring::event& event, bool typed, bool raw) {
    typed = typed && still_wanted(to, event, true);
    raw = raw && still_wanted(to, event, false);
    if (!typed && !raw) {
      to.done.insert(index);
      return;
    }
    auto duplicate = index <= sent;
    if (duplicate && again++ == 0)
      ask(to, to.acked, now); // Its answer says that it reached them.
    if (typed)
      send(to, event, event.typed, duplicate);
    if (raw)
      send(to, event, duplicate ? as_redelivered(event.raw) : event.raw, duplicate);
    if (duplicate) {
      to.redelivered_to = index;
      ask(to, index, now);
    } else {
      count(to, index, now);
    }
  });
  to.sent = ring_.next() - 1;
  if (again == 0)
    return;
  totals_.redelivered += again;
  to_.report(events_redelivered{shard_, to.name, again});
}

bool delivery::still_wanted(const cursor& who, const event_ring::event& what, bool typed) const {
  const auto* wanted = table_->wants(what.raw.empty() ? what.wanted->event : what.raw.get_as<raw_event>(0).name);
  if (wanted == nullptr)
    return false;
  const auto& those = typed ? wanted->typed : wanted->raw;
  const auto& cursors = views_.back().cursors;
  return std::any_of(those.begin(), those.end(), [&](auto position) { return cursors[position].get() == &who; });
}

template <class What>
void delivery::each_waiting(const cursor& who, What what) {
  for (auto index = std::max(who.acked + 1, ring_.first()); index < ring_.next(); ++index) {
    if (who.done.contains(index))
      continue;
    const auto& event = ring_[index];
    const auto& cursors = views_[event.view - first_view_].cursors;
    auto among = [&](const std::vector<std::uint32_t>& those) {
      return std::any_of(those.begin(), those.end(), [&](auto position) { return cursors[position].get() == &who; });
    };
    auto typed = !event.typed.empty() && among(event.wanted->typed);
    auto raw = !event.raw.empty() && among(event.wanted->raw);
    if (typed || raw)
      what(index, event, typed, raw);
  }
}

caf::message delivery::as_redelivered(const caf::message& raw) {
  auto event = raw.get_as<raw_event>(0);
  event.redelivered = true;
  return caf::make_message(std::move(event));
}

// -- time ---------------------------------------------------------------------------------------------------

void delivery::on_due(clock::time_point now) {
  for (const auto& known : cursors_) {
    auto& who = *known.second;
    if (who.pending == 0 && who.owes_answer())
      ask(who, who.sent, now);
    watch(who, now);
  }
}

bool delivery::asked_all() const noexcept {
  return std::all_of(cursors_.begin(), cursors_.end(), [](const auto& known) {
    return known.second->who == nullptr || known.second->unprobed == 0 || known.second->pending > 0;
  });
}

void delivery::watch(cursor& who, clock::time_point now) {
  auto silent = now - who.since;
  auto abandoned = who.who == nullptr;
  if (abandoned ? silent < limits_.abandoned_after : who.pending == 0 || silent < limits_.stuck_after)
    return;
  std::uint64_t waiting = 0;
  each_waiting(who, [&](std::uint64_t, const event_ring::event&, bool, bool) { ++waiting; });
  if (waiting == 0)
    return;
  if (!abandoned)
    ask(who, who.sent, who.since = now);
  if (std::exchange(who.alarmed, true))
    return;
  ++alarms_;
  auto name = who.name.empty() ? std::string{"a subscriber without a name"} : "the subscriber " + who.name;
  auto seconds = std::to_string(std::chrono::duration_cast<std::chrono::seconds>(silent).count());
  auto events = std::to_string(waiting) + (waiting == 1 ? " event waits" : " events wait");
  to_.report(shard_alarm{
    shard_, alarm_kind::stuck_subscriber,
    abandoned ? name + " ended " + seconds + " s ago and nobody has subscribed under its name since; " + events
                  + " for it. Start it again, or restart the bot to give them up"
              : name + " has handled nothing for " + seconds + " s; " + events
                  + " for it. Look for a handler that blocks or waits for an answer, and end that actor: its successor "
                    "gets the events"});
}

void delivery::end_alarm(cursor& who) {
  if (std::exchange(who.alarmed, false) && --alarms_ == 0)
    to_.report(shard_alarm_ended{shard_, alarm_kind::stuck_subscriber});
}

} // namespace troupe
