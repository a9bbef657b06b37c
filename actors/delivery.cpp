// SPDX-License-Identifier: BSD-3-Clause
// Events out, answers in, and the windows. What happens when a subscriber ends is in delivery_succession.cpp.
#include "actors/delivery.hpp"

#include "messages/discord/events.hpp"
#include "messages/fwd.hpp"
#include "messages/inspect.hpp"
#include "messages/subscription.hpp"

#include "actors/delivery_cursor.hpp"

#include <algorithm>
#include <utility>

namespace troupe {

delivery::delivery(shard_id shard, outlet& to, delivery_limits limits) : shard_{shard}, to_{to}, limits_{limits} {
  // nop
}

delivery::~delivery() = default;

void delivery::begin_session(std::uint64_t sequence) {
  session_since_ = ring_.next();
  newest_ = sequence;
  watermark_ = sequence;
}

// -- events out -----------------------------------------------------------------------------------------

void delivery::push(const subscription_table::interest& wanted, event_ring::event what, clock::time_point now) {
  newest_ = what.sequence;
  if (!what.who.any())
    return;
  what.wanted = &wanted;
  what.view = first_view_ + views_.size() - 1;
  auto index = ring_.next();
  ring_.push(std::move(what));
  const auto& kept = ring_[index];
  if (wanted.relayed && kept.guild)
    relay(index);
  each_recipient(kept, [&](cursor& who, const recipient& how) {
    if (kept.through != nullptr && how.relayed)
      return;
    mark(who, index, kept.replayed, kept.redelivered);
    send(who, kept, how.as);
  });
  // Only now: who gets it in several forms has not handled it before the last.
  each_recipient(kept, [&](cursor& who, const recipient&) {
    count(who, index, now);
    if (who.window > 0)
      await(who, index, now);
  });
  if (!closed_ && (ring_.size() >= limits_.events || ring_.bytes() >= limits_.bytes)) {
    closed_ = true;
    ask_all(now);
  }
}

void delivery::relay(std::uint64_t index) {
  // The form with the previous state first: the guild makes the change with it.
  for (auto as : {form::with_previous, form::typed, form::raw}) {
    const auto& kept = ring_[index];
    relayed_to_.clear();
    each_recipient(kept, [&](cursor& who, const recipient& how) {
      if (!how.relayed || how.as != as || who.who == nullptr)
        return;
      mark(who, index, kept.replayed, false);
      relayed_to_.push_back(who.who);
    });
    if (relayed_to_.empty())
      continue;
    auto guild = to_.relay(relayed_to_, kept, as == form::raw ? kept.raw : kept.typed, as == form::with_previous);
    if (guild == nullptr)
      return;
    each_recipient(kept, [&](cursor& who, const recipient& how) {
      if (how.relayed && how.as == as && who.who != nullptr)
        who.through[guild] = index;
    });
    ring_.passed_through(index, std::move(guild));
  }
}

void delivery::send(cursor& to, const event_ring::event& what, form as) {
  if (to.who == nullptr)
    return;
  if (as == form::with_previous)
    to_.send(to.who, to_.without_previous(what), to.lane);
  else
    to_.send(to.who, as == form::raw ? what.raw : what.typed, to.lane);
}

void delivery::mark(cursor& who, std::uint64_t index, bool replayed, bool redelivered) {
  if (!who.marks || who.who == nullptr)
    return;
  // What takes its way through a guild is overtaken by what this shard says itself: a mark stays until that is there.
  auto early = !who.through.empty() && who.marked_to > who.acked;
  replayed = replayed || (early && who.told_replayed);
  redelivered = redelivered || (early && who.told_redelivered);
  if (replayed || redelivered)
    who.marked_to = index;
  if (who.introduced && who.told_replayed == replayed && who.told_redelivered == redelivered)
    return;
  who.introduced = true;
  who.told_replayed = replayed;
  who.told_redelivered = redelivered;
  to_.send(who.who, caf::make_message(event_marks{shard_, replayed, redelivered, who.lane}), who.lane);
}

void delivery::count(cursor& who, std::uint64_t index, clock::time_point now) {
  if (who.who == nullptr)
    return;
  who.sent = index;
  if (++who.unprobed >= limits_.probe_every)
    ask(who, index, now);
}

void delivery::await(cursor& who, std::uint64_t index, clock::time_point now) {
  if (who.waiting.empty() || who.waiting.back() != index)
    who.waiting.push_back(index);
  auto was_full = who.full;
  settle_window(who);
  if (who.full && !was_full && who.owes_answer())
    ask(who, who.sent, now); // Nothing more comes that would make it ask.
}

// -- answers in -------------------------------------------------------------------------------------------

void delivery::ask(cursor& who, std::uint64_t index, clock::time_point now) {
  if (who.pending++ == 0)
    who.since = now;
  who.unprobed = 0;
  // All guilds that an unanswered probe asks, too: whichever answer comes first is right for all that it covers.
  relayed_by_.clear();
  for (const auto& known : who.through)
    relayed_by_.push_back(known.first);
  to_.probe(who.who, {who.key, who.holder, index, who.lane, who.relays}, relayed_by_);
}

void delivery::ask_all(clock::time_point now) {
  for (const auto& known : cursors_)
    if (known.second->owes_answer())
      ask(*known.second, known.second->sent, now);
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
  std::erase_if(who.through, [&](const auto& guild) { return guild.second <= who.acked; });
  settle_window(who);
  trim();
  if (window_closed() && who.pending == 0 && who.owes_answer())
    ask(who, who.sent, now);
}

void delivery::settle_window(cursor& who) {
  if (who.window == 0 && !who.full)
    return;
  while (!who.waiting.empty() && who.waiting.front() <= who.acked)
    who.waiting.pop_front();
  auto waits = who.waiting.size() - std::min(who.waiting.size(), who.done.size());
  auto full = who.window > 0 && waits >= (who.full ? who.window / 2 + 1 : who.window);
  if (full == who.full)
    return;
  who.full = full;
  full_ += full ? 1 : -1;
}

bool delivery::handled(std::uint64_t index) const {
  auto by_all = true;
  each_recipient(ring_[index], [&](const cursor& who, const recipient&) { by_all = by_all && who.is_through(index); });
  return by_all;
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
  each_waiting(who, [&](std::uint64_t, const event_ring::event&, const std::vector<form>&) { ++waiting; });
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
