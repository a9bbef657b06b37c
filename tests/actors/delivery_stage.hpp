// SPDX-License-Identifier: BSD-3-Clause
// Plays the subscribers of one `delivery` and the guilds in between with mailboxes of its own, and crashes them. Checks
// what must hold for every single message: the order, and that exactly the duplicates are marked.
#pragma once

#include "messages/discord/events.hpp"
#include "messages/fwd.hpp"
#include "messages/inspect.hpp"
#include "messages/subscription.hpp"

#include "actors/delivery.hpp"
#include "actors/event_intake.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace troupe {

using namespace std::chrono_literals;

inline constexpr auto typed_name = "MESSAGE_DELETE";
inline constexpr auto raw_name = "TYPING_START";
inline constexpr auto urgent_name = "INTERACTION_CREATE";

// What a subscriber finds in its mailbox.
struct received {
  std::uint64_t number = 0;
  bool raw = false;
  bool replayed = false;
  bool redelivered = false;
  // What it was told of the previous state.
  std::string previous = {};
  // Which guild's actor passed it on.
  std::uint64_t through = 0;

  friend bool operator==(const received&, const received&) = default;
};

// One subscription of the test: its holder now, the holder's mailbox, and all that was ever done with its events.
struct player {
  // What overtakes, and the rest.
  struct lane {
    std::deque<std::variant<received, delivery_probe>> mailbox;
    // As `event_marks` told this holder.
    bool replayed = false;
    bool redelivered = false;
    // By the guild that they took their way through.
    std::map<std::uint64_t, std::uint64_t> newest;
  };

  subscribe wish;
  std::shared_ptr<const event_filter> only;
  caf::actor who;
  lane urgent;
  lane normal;
  std::deque<std::variant<received, delivery_probe>>& mailbox = normal.mailbox;
  std::vector<received> got;
  std::set<std::pair<std::uint64_t, bool>> sent;
  std::set<std::uint64_t> handled;
  std::set<std::uint64_t> set_aside;
  // It ends at these.
  std::set<std::uint64_t> poison;
  std::uint32_t deaths = 0;
};

// A guild's actor: what it is to pass on, and what it was asked.
struct passer {
  struct order {
    std::vector<caf::actor> to;
    received event;
  };
  // One question to several guilds.
  struct question {
    caf::actor to;
    delivery_probe what;
    std::size_t left = 0;
  };

  caf::actor who;
  std::deque<std::variant<order, std::shared_ptr<question>>> mailbox;
};

struct delivery_stage : deterministic, private delivery::outlet {
  delivery_limits limits;
  std::optional<delivery> it;
  subscription_table::pointer table = std::make_shared<subscription_table>();
  event_intake intake;
  std::deque<player> players;
  std::map<std::uint64_t, passer> guilds;
  // Questions to guilds that have ended.
  std::vector<std::pair<std::shared_ptr<passer::question>, caf::actor>> dead;
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

  player& join(subscribe wish, std::shared_ptr<const event_filter> only = nullptr) {
    auto& one = players.emplace_back();
    one.wish = std::move(wish);
    one.only = std::move(only);
    one.who = new_actor();
    use(table->with(one.who, one.wish, one.only));
    return one;
  }

  void use(subscription_table::pointer next) {
    table = std::move(next);
    it->use_table(table, time);
  }

  void crash(player& one) {
    ++one.deaths;
    one.urgent = {};
    one.normal = {};
    auto who = std::exchange(one.who, nullptr);
    use(table->crashed(who.address()));
  }

  void succeed(player& one) {
    one.who = new_actor();
    use(table->with(one.who, one.wish, one.only));
    subscription_wishes wishes;
    wishes.add(one.wish, one.only);
    use(table->taken_over(one.who, one.wish.name, wishes));
  }

  // An event for those who want it; its number is its id.
  std::uint64_t push(std::string_view name, bool replayed = false, std::uint64_t guild = 0) {
    auto content = ++number;
    ++sequence;
    const auto* wanted = it->wants(name);
    if (wanted == nullptr) {
      it->pass(sequence);
      return content;
    }
    auto text = R"({"id":")" + std::to_string(content) + R"(","channel_id":"1")"
                + (guild != 0 ? R"(,"guild_id":")" + std::to_string(guild) + '"' : std::string{}) + "}";
    auto size = text.size();
    text.resize(size + 64, '\0');
    event_ring::event event{.sequence = sequence, .bytes = 100, .replayed = replayed};
    REQUIRE_FALSE(intake.take(*wanted, {{0, 1}, sequence, name, std::string_view{text}.substr(0, size)}, event));
    it->push(*wanted, std::move(event), time);
    return content;
  }

  // One message of the mailbox. Returns whether there was one.
  bool step(player& one) {
    if (one.who == nullptr)
      return false;
    auto& mailbox = one.urgent.mailbox.empty() ? one.normal.mailbox : one.urgent.mailbox;
    if (mailbox.empty())
      return false;
    auto next = mailbox.front();
    mailbox.pop_front();
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

  // One message of a guild's mailbox. Returns whether there was one.
  bool step(passer& guild) {
    if (guild.mailbox.empty())
      return false;
    auto next = guild.mailbox.front();
    guild.mailbox.pop_front();
    if (auto* order = std::get_if<passer::order>(&next)) {
      for (const auto& to : order->to)
        if (auto* one = player_of(to))
          arrive(*one, order->event, false);
    } else {
      answer_for(std::get<std::shared_ptr<passer::question>>(next));
    }
    return true;
  }

  void pass_on_all() {
    for (auto& [id, guild] : guilds)
      while (step(guild)) {
        // nop
      }
  }

  // What it was to pass on is lost.
  void crash(passer& guild) {
    auto mailbox = std::exchange(guild.mailbox, {});
    auto who = std::exchange(guild.who, new_actor());
    for (auto& next : mailbox)
      if (auto* asked = std::get_if<std::shared_ptr<passer::question>>(&next))
        dead.emplace_back(*asked, who);
    find_dead();
  }

  // It is noticed that guilds which were asked have ended.
  void find_dead() {
    for (auto& [asked, who] : std::exchange(dead, {})) {
      it->relay_lost(asked->what, who, time);
      answer_for(asked);
    }
  }

  void pass_time(std::chrono::milliseconds how_long = 100ms) {
    time += how_long;
    it->on_due(time);
    find_dead();
  }

  std::vector<std::uint64_t> numbers(const player& one) {
    std::vector<std::uint64_t> all;
    for (const auto& event : one.got)
      all.push_back(event.number);
    return all;
  }

private:
  // Null where it has ended.
  player* player_of(const caf::actor& who) {
    auto found = std::find_if(players.begin(), players.end(), [&](const player& one) { return one.who == who; });
    return found == players.end() ? nullptr : &*found;
  }

  static received content_of(const caf::message& what) {
    if (what.match_elements<raw_event>()) {
      const auto& raw = what.get_as<raw_event>(0);
      return {std::stoull(raw.json->substr(raw.json->find(':') + 2)), true, raw.replayed, raw.redelivered};
    }
    if (what.match_elements<interaction_create>())
      return {what.get_as<interaction_create>(0).id.value};
    received event{what.get_as<message_delete>(0).id.value};
    if (what.size() == 2)
      event.previous = what.get_as<std::string>(1);
    return event;
  }

  void send(const caf::actor& to, const caf::message& what, bool lane) override {
    auto* one = player_of(to);
    REQUIRE(one != nullptr);
    auto& where = lane ? one->urgent : one->normal;
    if (what.match_elements<event_marks>()) {
      auto marks = what.get_as<event_marks>(0);
      REQUIRE(marks.lane == lane);
      // Only where they change.
      REQUIRE((marks.replayed != where.replayed || marks.redelivered != where.redelivered));
      where.replayed = marks.replayed;
      where.redelivered = marks.redelivered;
      return;
    }
    arrive(*one, content_of(what), lane);
  }

  void arrive(player& one, received event, bool lane) {
    auto& where = lane ? one.urgent : one.normal;
    if (event.raw && one.wish.marks && !one.wish.previous)
      REQUIRE((event.replayed == where.replayed && event.redelivered == where.redelivered));
    if (!event.raw) {
      event.replayed = where.replayed;
      event.redelivered = where.redelivered;
    }
    // In order, to each holder; every duplicate is marked and no first delivery is. Of what takes different ways only
    // the first half is promised.
    auto& newest = where.newest[event.through];
    auto known = one.sent.contains({event.number, event.raw});
    REQUIRE(
      (event.number > newest || (event.number == newest && event.raw) || (one.wish.previous && event.redelivered)));
    if (event.raw || one.wish.marks)
      REQUIRE((event.redelivered == known || (one.wish.previous && event.redelivered)));
    newest = std::max(newest, event.number);
    one.sent.insert({event.number, event.raw});
    where.mailbox.emplace_back(event);
  }

  caf::actor relay(const std::vector<caf::actor>& to, const event_ring::event& event, const caf::message& message,
                   bool previous) override {
    auto& guild = guilds[event.guild.value];
    if (guild.who == nullptr)
      guild.who = new_actor();
    auto content = content_of(message);
    content.through = event.guild.value;
    if (previous)
      content.previous = "known";
    guild.mailbox.emplace_back(passer::order{to, content});
    return guild.who;
  }

  caf::message without_previous(const event_ring::event& event) override {
    return caf::make_message(event.typed.get_as<message_delete>(0), std::string{"unknown"});
  }

  void probe(const caf::actor& to, const delivery_probe& what, const std::vector<caf::actor>& through) override {
    auto asked = std::make_shared<passer::question>(passer::question{to, what, through.size() + 1});
    for (const auto& who : through) {
      auto living =
        std::find_if(guilds.begin(), guilds.end(), [&](const auto& known) { return known.second.who == who; });
      if (living != guilds.end()) {
        living->second.mailbox.emplace_back(asked);
        continue;
      }
      dead.emplace_back(asked, who); // Which is known a moment later.
    }
    answer_for(asked);
  }

  // One of those who are asked before the subscriber is.
  void answer_for(const std::shared_ptr<passer::question>& asked) {
    if (--asked->left > 0)
      return;
    if (auto* one = player_of(asked->to))
      (asked->what.lane ? one->urgent : one->normal).mailbox.emplace_back(asked->what);
  }

  void report(events_redelivered what) override {
    redeliveries.push_back(std::move(what));
  }
  void report(event_set_aside what, const event_ring::event&) override {
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
