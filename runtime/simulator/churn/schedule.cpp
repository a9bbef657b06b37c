// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/churn/acts.hpp"
#include "runtime/simulator/text.hpp"

namespace troupe::simulator::churn {

namespace {

constexpr std::size_t events_max = 6;
constexpr std::size_t subscribers_max = 20;
constexpr std::int64_t hour_ms = 3'600'000;
constexpr intents schedule{intent::guild_scheduled_events};

std::string recurrence(scene& s) {
  return "{\"start\":" + s.time(hour_ms)
         + ",\"end\":null,\"frequency\":2,\"interval\":1,\"by_weekday\":[3],\"by_n_weekday\":[{\"n\":1,\"day\":2}],"
           "\"by_month\":[7],\"by_month_day\":[24],\"by_year_day\":null,\"count\":null}";
}

bool create(scene& s) {
  if (s.state.scheduled_events.size() >= events_max)
    return false;
  auto id = s.make_id();
  auto* channel = s.channel(is_voice);
  json_object made{{"id", quote(id)},
                   {"guild_id", quote(s.guild_id())},
                   {"channel_id", "null"},
                   {"creator_id", "null"},
                   {"name", s.name("event")},
                   {"description", s.maybe(quote(s.people.chatter()))},
                   {"scheduled_start_time", s.time(hour_ms)},
                   {"scheduled_end_time", s.time(2 * hour_ms)},
                   {"privacy_level", "2"},
                   {"status", "1"},
                   {"entity_type", "3"},
                   {"entity_id", "null"},
                   {"entity_metadata", "{\"location\":\"the harbour\"}"},
                   {"user_count", "0"},
                   {"image", s.chance(4) ? s.image() : "null"},
                   {"recurrence_rule", s.chance(4) ? recurrence(s) : "null"}};
  if (channel != nullptr && s.chance(2))
    made.set("channel_id", quote(channel->id()))
      .set("entity_type", channel->is("type", "13") ? "1" : "2")
      .set("entity_metadata", "null")
      .set("scheduled_end_time", "null");
  if (auto user = s.somebody_settled(); user && s.chance(2))
    made.set("creator_id", quote(user)).set("creator", s.where.user(user));
  s.emit("GUILD_SCHEDULED_EVENT_CREATE", schedule, made.text());
  s.state.scheduled_events.emplace(id, std::move(made));
  return true;
}

bool update(scene& s) {
  if (s.state.scheduled_events.empty())
    return false;
  auto found = s.pick(s.state.scheduled_events);
  auto& [id, one] = *found;
  one.set("name", s.name("event")).set("description", s.maybe(quote(s.people.chatter())));
  auto before = one.number("status");
  if (before == 1 && s.chance(3))
    one.set("status", s.any({"2", "4"})); // Active, or cancelled.
  else if (before == 2 && s.chance(2))
    one.set("status", "3");
  s.emit("GUILD_SCHEDULED_EVENT_UPDATE", schedule, one.text());
  // What is over is no part of the guild any more (protocol 5.4).
  if (one.number("status") > 2) {
    s.state.subscribers.erase(id);
    s.state.scheduled_events.erase(found);
  }
  return true;
}

bool remove(scene& s) {
  if (s.state.scheduled_events.empty())
    return false;
  auto found = s.pick(s.state.scheduled_events);
  s.emit("GUILD_SCHEDULED_EVENT_DELETE", schedule, found->second.text());
  s.state.subscribers.erase(found->first);
  s.state.scheduled_events.erase(found);
  return true;
}

bool subscribe(scene& s) {
  if (s.state.scheduled_events.empty())
    return false;
  auto& [id, one] = *s.pick(s.state.scheduled_events);
  auto& users = s.state.subscribers[id];
  auto leaves = !users.empty() && s.chance(3);
  auto user = leaves ? *s.pick(users) : s.somebody();
  if (!user || (!leaves && (users.size() >= subscribers_max || !users.insert(user).second)))
    return false;
  if (leaves)
    users.erase(user);
  one.set("user_count", std::to_string(users.size()));
  s.emit_here(leaves ? "GUILD_SCHEDULED_EVENT_USER_REMOVE" : "GUILD_SCHEDULED_EVENT_USER_ADD", schedule,
              {{"guild_scheduled_event_id", quote(id)}, {"user_id", quote(user)}});
  return true;
}

} // namespace

std::span<const weighted_act> schedule_acts() {
  static constexpr weighted_act all[]{{4, create}, {3, update}, {1, remove}, {6, subscribe}};
  return all;
}

} // namespace troupe::simulator::churn
