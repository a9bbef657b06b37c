// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/churn/acts.hpp"
#include "runtime/simulator/text.hpp"

namespace troupe::simulator::churn {

namespace {

json_object plain_activity(scene& s) {
  return {{"name", s.name("game")}, {"type", s.number(0, 3)}, {"created_at", std::to_string(s.unix_ms)}};
}

// Every documented field; times are Unix milliseconds (protocol 5.5).
json_object rich_activity(scene& s) {
  auto made = plain_activity(s);
  auto start = std::to_string(s.unix_ms - 60'000);
  made.set("url", s.maybe("\"https://example.org/stream\""))
    .set("timestamps", "{\"start\":" + start + ",\"end\":" + std::to_string(s.unix_ms + 60'000) + '}')
    .set("application_id", quote(s.make_id()))
    .set("status_display_type", s.any({"null", "0", "1", "2"}))
    .set("details", s.maybe(quote(s.people.chatter())))
    .set("details_url", s.maybe("\"https://example.org/d\""))
    .set("state", s.maybe("\"In a group\""))
    .set("state_url", s.maybe("\"https://example.org/s\""))
    .set("emoji", s.maybe("{\"name\":\"caf\u00e9\",\"id\":" + quote(s.make_id()) + ",\"animated\":true}"))
    .set("party", "{\"id\":\"party-1\",\"size\":[2,5]}")
    .set("assets", "{\"large_image\":\"mp:1\",\"large_text\":\"big\",\"large_url\":\"https://example.org/l\","
                   "\"small_image\":\"2\",\"small_text\":\"small\",\"small_url\":\"https://example.org/m\","
                   "\"invite_cover_image\":\"3\"}")
    .set("secrets", "{\"join\":\"025ed05c71f639de8bfaa0d679d7c94b2fdce12f\",\"spectate\":\"e7eb30d2ee025ed05c71ea495f77"
                    "0b76454ee4e0\",\"match\":\"4b2fdce12f639de8bfa7e3591b71a0d679d7c93f\"}")
    .set("instance", s.flip())
    .set("flags", s.number(0, 255))
    .set("buttons", "[\"Join\",\"Watch\"]");
  return made;
}

json_object custom_status(scene& s) {
  return {{"id", "\"custom\""},
          {"name", "\"Custom Status\""},
          {"type", "4"},
          {"state", quote(s.people.chatter())},
          {"emoji", s.maybe("{\"name\":\"\U0001F525\"}")},
          {"created_at", std::to_string(s.unix_ms)}};
}

std::string activities(scene& s) {
  std::vector<std::string> made;
  if (s.chance(3))
    made.push_back(custom_status(s).text());
  if (s.chance(2))
    made.push_back(s.chance(3) ? rich_activity(s).text() : plain_activity(s).text());
  return json_array(made);
}

std::string devices(scene& s, const std::string& status) {
  json_object made;
  made.set(s.any({"desktop", "mobile", "web"}), status);
  if (s.chance(4))
    made.set("mobile", "\"online\"");
  return made.text();
}

} // namespace

bool presence_update(scene& s) {
  auto user = s.somebody();
  if (!user)
    return false;
  auto status = s.any({"\"online\"", "\"idle\"", "\"dnd\"", "\"offline\""});
  auto gone = status == "\"offline\"";
  json_object now{{"user", "{\"id\":" + quote(user) + '}'},
                  {"status", status},
                  {"client_status", gone ? "{}" : devices(s, status)},
                  {"activities", gone ? "[]" : activities(s)}};
  auto told = now;
  if (s.chance(8)) { // Any subset of the user (protocol 5.5).
    auto whole = json_object::parse(s.where.user(user));
    json_object part{{"id", quote(user)}};
    for (const auto& [name, value] : whole.fields())
      if (s.chance(2))
        part.set(name, value);
    told.set("user", part.text());
  }
  if (s.chance(2))
    told.set("broadcast", "null");
  s.state.presences[user] = gone ? std::nullopt : std::optional{std::move(now)};
  s.emit_here("PRESENCE_UPDATE", {intent::guild_presences}, told);
  return true;
}

bool typing_start(scene& s) {
  auto user = s.somebody();
  auto* where = s.text_channel();
  if (!user || where == nullptr)
    return false;
  s.emit_here("TYPING_START", {intent::guild_message_typing},
              {{"channel_id", quote(where->id())},
               {"user_id", quote(user)},
               {"timestamp", std::to_string(s.unix_ms / 1000)},
               {"member", s.where.member_text(s.guild, user)}});
  return true;
}

} // namespace troupe::simulator::churn
