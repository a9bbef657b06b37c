// SPDX-License-Identifier: BSD-3-Clause
// Plays the subscribers of one `delivery` with mailboxes of its own, and crashes them. Checks what must hold for every
// single message: the order, and that exactly the duplicates are marked.
#pragma once

#include "messages/discord/events.hpp"
#include "messages/fwd.hpp"
#include "messages/inspect.hpp"
#include "messages/subscription.hpp"

#include "actors/delivery.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

#include <deque>
#include <set>
#include <utility>
#include <variant>
#include <vector>

namespace troupe {

using namespace std::chrono_literals;

inline constexpr auto typed_name = "MESSAGE_DELETE";
inline constexpr auto raw_name = "TYPING_START";

// What a subscriber finds in its mailbox.
struct received {
  std::uint64_t number = 0;
  bool raw = false;
  bool replayed = false;
  bool redelivered = false;

  friend bool operator==(const received&, const received&) = default;
};

// One subscription of the test: its holder now, the holder's mailbox, and all that was ever done with its events.
struct player {
  subscribe wish;
  caf::actor who;
  std::deque<std::variant<received, delivery_probe>> mailbox;
  // As `event_marks` told this holder.
  bool replayed = false;
  bool redelivered = false;
  std::vector<received> got;
  std::set<std::pair<std::uint64_t, bool>> sent;
  std::set<std::uint64_t> handled;
  std::set<std::uint64_t> set_aside;
  // It ends at these.
  std::set<std::uint64_t> poison;
  std::uint64_t newest = 0;
  std::uint32_t deaths = 0;
};

struct delivery_stage : deterministic, private delivery::outlet {
  delivery_limits limits;
  std::optional<delivery> it;
  subscription_table::pointer table = std::make_shared<subscription_table>();
  std::deque<player> players;
  std::vector<events_redelivered> redeliveries;
  std::vector<event_set_aside> set_aside;
  std::vector<shard_alarm> alarms;
  std::uint32_t alarms_ended = 0;
  delivery::clock::time_point time{1h};
  std::uint64_t number = 0;
  std::uint64_t sequence = 0;

  delivery_stage() {
    limits.probe_every = 4;
    reset();
  }

  void reset() {
    it.emplace(shard_id{0, 1}, static_cast<delivery::outlet&>(*this), limits);
    it->use_table(table, time);
  }

  caf::actor new_actor() {
    return spawn([]() -> caf::behavior { return {[](int) {}}; });
  }

  player& join(subscribe wish) {
    auto& one = players.emplace_back();
    one.wish = std::move(wish);
    one.who = new_actor();
    use(table->with(one.who, one.wish));
    return one;
  }

  void use(subscription_table::pointer next) {
    table = std::move(next);
    it->use_table(table, time);
  }

  void crash(player& one) {
    ++one.deaths;
    one.mailbox.clear();
    auto who = std::exchange(one.who, nullptr);
    use(table->crashed(who.address()));
  }

  void succeed(player& one) {
    one.who = new_actor();
    one.replayed = one.redelivered = false;
    one.newest = 0;
    use(table->with(one.who, one.wish));
    use(table->taken_over(one.who, {one.wish}));
  }

  // An event for those who want it; its number is in its content.
  std::uint64_t push(std::string_view name, bool replayed = false) {
    auto content = ++number;
    ++sequence;
    const auto* wanted = it->wants(name);
    if (wanted == nullptr) {
      it->pass(sequence);
      return content;
    }
    event_ring::event event{.sequence = sequence, .bytes = 100, .replayed = replayed};
    if (!wanted->typed.empty())
      event.typed = caf::make_message(message_delete{{content}, {1}, std::nullopt});
    if (!wanted->raw.empty())
      event.raw = caf::make_message(raw_event{
        {0, 1}, sequence, std::string{name}, std::make_shared<const std::string>(std::to_string(content)), replayed});
    it->push(*wanted, std::move(event), time);
    return content;
  }

  // One message of the mailbox. Returns whether there was one.
  bool step(player& one) {
    if (one.who == nullptr || one.mailbox.empty())
      return false;
    auto next = one.mailbox.front();
    one.mailbox.pop_front();
    if (auto* asked = std::get_if<delivery_probe>(&next)) {
      it->answered(*asked, time);
      return true;
    }
    auto event = std::get<received>(next);
    if (one.poison.contains(event.number)) {
      crash(one);
      return true;
    }
    one.got.push_back(event);
    one.handled.insert(event.number);
    return true;
  }

  void handle_all(player& one) {
    while (step(one)) {
      // nop
    }
  }

  void pass_time(std::chrono::milliseconds how_long = 100ms) {
    time += how_long;
    it->on_due(time);
  }

  std::vector<std::uint64_t> numbers(const player& one) {
    std::vector<std::uint64_t> all;
    for (const auto& event : one.got)
      all.push_back(event.number);
    return all;
  }

private:
  player& player_of(const caf::actor& who) {
    auto found = std::find_if(players.begin(), players.end(), [&](const player& one) { return one.who == who; });
    REQUIRE(found != players.end());
    return *found;
  }

  void send(const caf::actor& to, const caf::message& what) override {
    auto& one = player_of(to);
    if (what.match_elements<event_marks>()) {
      auto marks = what.get_as<event_marks>(0);
      // Only where they change.
      REQUIRE((marks.replayed != one.replayed || marks.redelivered != one.redelivered));
      one.replayed = marks.replayed;
      one.redelivered = marks.redelivered;
      return;
    }
    received event{0, false, one.replayed, one.redelivered};
    if (what.match_elements<raw_event>()) {
      const auto& raw = what.get_as<raw_event>(0);
      event = {std::stoull(*raw.json), true, raw.replayed, raw.redelivered};
      if (one.wish.marks)
        REQUIRE((event.replayed == one.replayed && event.redelivered == one.redelivered));
    } else {
      event.number = what.get_as<message_delete>(0).id.value;
    }
    // In order, to each holder; every duplicate is marked and no first delivery is.
    REQUIRE((event.number > one.newest || (event.number == one.newest && event.raw)));
    if (event.raw || one.wish.marks)
      REQUIRE(event.redelivered == one.sent.contains({event.number, event.raw}));
    one.newest = event.number;
    one.sent.insert({event.number, event.raw});
    one.mailbox.emplace_back(event);
  }

  void probe(const caf::actor& to, const delivery_probe& what) override {
    player_of(to).mailbox.emplace_back(what);
  }
  void report(events_redelivered what) override {
    redeliveries.push_back(std::move(what));
  }
  void report(event_set_aside what) override {
    for (auto& one : players)
      if (one.wish.name == what.subscriber)
        one.set_aside.insert(what.sequence);
    set_aside.push_back(std::move(what));
  }
  void report(shard_alarm what) override {
    alarms.push_back(std::move(what));
  }
  void report(shard_alarm_ended) override {
    ++alarms_ended;
  }
};

inline const subscribe typed_wish{{typed_name}, false, "typed", true};
inline const subscribe raw_wish{{}, true, "raw", true};

} // namespace troupe
