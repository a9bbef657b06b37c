// SPDX-License-Identifier: BSD-3-Clause
// The delivery guarantee of one shard (design 5, promise P4; docs/delivery.md): every event is handled by everyone who
// wanted it, or set aside and reported. Decides; an `outlet` sends. Separate from the shard, so that tests can crash
// subscribers at any point without a gateway.
//
//   push ──▶ ring of unacknowledged events ──▶ send, probe ──▶ answered ──▶ watermark rises, window opens
//                  └── a subscriber crashed ──▶ use_table ──▶ redelivered to its successor, or set aside
#pragma once

#include "messages/lifecycle.hpp"
#include "messages/shard_id.hpp"

#include "actors/event_ring.hpp"
#include "actors/subscription_table.hpp"

#include <caf/actor.hpp>
#include <caf/message.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// When a shard stops reading, and when it says that something is stuck.
struct delivery_limits {
  /// So many events that wait make the shard stop reading; it goes on when half of them are handled.
  std::size_t events = 4'096;
  /// The same in bytes of JSON.
  std::size_t bytes = 32u << 20;
  /// A subscriber is asked how far it is after so many events, or at the next `on_due`.
  std::uint32_t probe_every = 256;
  /// A subscriber that was asked and is silent for so long is stuck.
  std::chrono::seconds stuck_after{60};
  /// A named subscription has no actor for so long.
  std::chrono::seconds abandoned_after{300};
  /// Deaths that set an event aside.
  std::uint8_t strikes = 3;
};

/// A question to a subscriber: its answer says that everything it was sent before is handled.
struct delivery_probe {
  /// The subscription and its lane, and which of its holders was asked.
  std::uint64_t key = 0;
  std::uint64_t holder = 0;
  /// The newest event that it was sent before.
  std::uint64_t index = 0;
  /// It is about the events that overtake others, and must overtake others itself.
  bool lane = false;
  /// The subscriber is to be asked by `await_handled`.
  bool relays = false;
};

/// Not thread-safe: its shard calls it. Time is always an argument.
class delivery {
public:
  using clock = std::chrono::steady_clock;

  /// Does what is decided.
  class outlet {
  public:
    /// @param lane whether it is to overtake what waits in the actor's mailbox and was not sent so.
    virtual void send(const caf::actor& to, const caf::message& what, bool lane) = 0;
    /// Has the actor of the event's guild pass `message` on, behind everything that the guild was told before.
    /// @param previous with the state before the event, where there is such a thing.
    /// @returns the guild's actor; null where there is none, and nothing is passed on.
    virtual caf::actor relay(const std::vector<caf::actor>& to, const event_ring::event& event,
                             const caf::message& message, bool previous) = 0;
    /// What somebody gets who asked for the previous state, when it is known no more.
    virtual caf::message without_previous(const event_ring::event& event) = 0;
    /// Asks: `guilds` first, which have passed on what they were given when they answer, then `to`. `answered` follows,
    /// unless `to` ends before; `relay_lost` for each of the guilds that ended.
    virtual void probe(const caf::actor& to, const delivery_probe& what, const std::vector<caf::actor>& guilds) = 0;
    virtual void report(events_redelivered what) = 0;
    virtual void report(event_set_aside what, const event_ring::event& which) = 0;
    virtual void report(shard_alarm what) = 0;
    virtual void report(shard_alarm_ended what) = 0;

  protected:
    ~outlet() = default;
  };

  /// Of the life of this object.
  struct totals {
    std::uint64_t redelivered = 0;
    std::uint64_t set_aside = 0;
  };

  delivery(shard_id shard, outlet& to, delivery_limits limits = {});
  ~delivery();
  delivery(const delivery&) = delete;
  delivery& operator=(const delivery&) = delete;

  /// Another session begins, whose events up to `sequence` are done with. What waits of the old one goes on waiting,
  /// but does not hold the watermark back.
  void begin_session(std::uint64_t sequence);

  /// Who wants what has changed; finds out who ended and who succeeds whom.
  void use_table(subscription_table::pointer table, clock::time_point now);

  /// Who wants this event; null where nobody does, which is all that such an event costs: then call `pass`.
  [[nodiscard]] const subscription_table::interest* wants(std::string_view event) const noexcept {
    return table_ == nullptr ? nullptr : table_->wants(event, shard_.index);
  }

  /// An event that nobody wants.
  void pass(std::uint64_t sequence) noexcept {
    newest_ = sequence;
  }

  /// An event for those in `wanted`, which came from `wants` just now. Costs nothing where `who` has nobody; `typed`
  /// and `raw` must be there for those whom it has.
  void push(const subscription_table::interest& wanted, event_ring::event what, clock::time_point now);

  /// A probe was answered.
  void answered(const delivery_probe& what, clock::time_point now);

  /// A guild's actor ended before it passed on what it was given: that is sent again from here, marked.
  void relay_lost(const delivery_probe& asked, const caf::actor& guild, clock::time_point now);

  /// Asks those who have not been asked about everything, and reports who is stuck. Call it while `outstanding` is not
  /// 0, after `probe_interval` or, where `asked_all`, less often.
  void on_due(clock::time_point now);

  /// Whether every subscriber that can be asked was asked about everything that it was sent.
  [[nodiscard]] bool asked_all() const noexcept;

  /// All events of the session up to here were handled by all who wanted them. Never falls within a session.
  [[nodiscard]] std::uint64_t watermark() noexcept;

  /// Events that are not handled by everyone yet.
  [[nodiscard]] std::size_t outstanding() const noexcept {
    return ring_.size();
  }

  /// Whether too many events wait, in all or for one subscriber: read nothing more until it is false again.
  [[nodiscard]] bool window_closed() const noexcept {
    return closed_ || full_ > 0;
  }

  /// How much was sent again, and set aside.
  [[nodiscard]] const totals& counts() const noexcept {
    return totals_;
  }

private:
  using form = subscription_table::form;
  using recipient = subscription_table::recipient;

  struct cursor;
  /// A table with the cursors of its slots. Lives while an event refers to it.
  struct view {
    subscription_table::pointer table;
    std::vector<std::shared_ptr<cursor>> cursors;
  };

  /// Calls `what(cursor, recipient)` for each that gets this event.
  template <class What>
  void each_recipient(const event_ring::event& event, What what) const;
  void relay(std::uint64_t index);
  void send(cursor& to, const event_ring::event& what, form as);
  void send_again(cursor& to, std::uint64_t index, form as, bool redelivered);
  void mark(cursor& who, std::uint64_t index, bool replayed, bool redelivered);
  void count(cursor& who, std::uint64_t index, clock::time_point now);
  void await(cursor& who, std::uint64_t index, clock::time_point now);
  void ask(cursor& who, std::uint64_t index, clock::time_point now);
  void ask_all(clock::time_point now);
  void settle_window(cursor& who);
  [[nodiscard]] std::shared_ptr<cursor> cursor_of(const subscription_table::subscriber& one, bool lane,
                                                  clock::time_point now);
  void forget(cursor& who);
  void ended(cursor& who, clock::time_point now);
  void strike(cursor& who, std::uint64_t index);
  [[nodiscard]] std::uint64_t hand_over(cursor& to, const caf::actor& successor, clock::time_point now);
  [[nodiscard]] std::vector<form> still_wanted(const cursor& who, const event_ring::event& what,
                                               const std::vector<form>& then) const;
  void watch(cursor& who, clock::time_point now);
  void end_alarm(cursor& who);
  /// Calls `what(index, event, forms)` for each event that waits for this subscriber, oldest first.
  template <class What>
  void each_waiting(const cursor& who, What what);
  [[nodiscard]] bool handled(std::uint64_t index) const;
  void trim();

  shard_id shard_;
  outlet& to_;
  delivery_limits limits_;
  event_ring ring_;
  /// Shared with the newest view; null before the first.
  subscription_table::pointer table_;
  /// Oldest first; the last one is that of `table_`.
  std::deque<view> views_;
  /// The number of the oldest.
  std::uint64_t first_view_ = 0;
  /// Ordered: what is decided for several must not depend on addresses.
  std::map<std::uint64_t, std::shared_ptr<cursor>> cursors_;
  /// Of the session: its first event in the ring, the newest sequence, and the watermark as it was asked last.
  std::uint64_t session_since_ = 1;
  std::uint64_t newest_ = 0;
  std::uint64_t watermark_ = 0;
  /// Subscribers in alarm.
  std::uint32_t alarms_ = 0;
  /// Whether all events together are too many, and for how many subscribers theirs are.
  bool closed_ = false;
  std::uint32_t full_ = 0;
  totals totals_;
  /// Kept for their memory.
  std::vector<caf::actor> relayed_to_;
  std::vector<caf::actor> relayed_by_;
};

} // namespace troupe
