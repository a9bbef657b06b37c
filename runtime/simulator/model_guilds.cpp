// SPDX-License-Identifier: BSD-3-Clause
// Guilds that change: what is true of them, who hears of them when, and what REST tells (protocol 5, 8).
#include "runtime/simulator/model.hpp"
#include "runtime/simulator/text.hpp"

#include <algorithm>
#include <charconv>

namespace troupe::simulator {

namespace {

constexpr std::uint32_t members_at_most = 1'000;

// The whole number after `key` in a query.
std::optional<std::uint64_t> query_number(std::string_view target, std::string_view key) {
  auto begin = target.find(key);
  if (begin == std::string_view::npos)
    return std::nullopt;
  auto text = target.substr(begin + key.size());
  std::uint64_t value = 0;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  return ec == std::errc{} && end != text.data() ? std::optional{value} : std::nullopt;
}

std::string with_guild(const std::map<snowflake, json_object>& objects, snowflake guild) {
  std::vector<std::string> made;
  for (const auto& [id, one] : objects) {
    auto copy = one;
    made.push_back(copy.set("guild_id", quote(guild)).text());
  }
  return json_array(made);
}

// As GET /guilds/{id}/threads/active has it.
std::string active_threads(const guild_record& state, snowflake guild, snowflake bot) {
  std::vector<std::string> threads;
  std::vector<std::string> members;
  for (auto id : state.visible_threads(guild, bot)) {
    const auto& one = state.threads.at(id);
    threads.push_back(thread_object(one).set("guild_id", quote(guild)).text());
    if (auto own = one.own)
      members.push_back(own->set("id", quote(id)).set("user_id", quote(bot)).text());
  }
  return "{\"threads\":" + json_array(threads) + ",\"members\":" + json_array(members) + '}';
}

std::vector<snowflake> members_after(const world& where, std::uint32_t guild, snowflake after) {
  std::vector<snowflake> all{where.bot()};
  for (std::uint32_t i = 0; i < where.member_count(guild); ++i)
    all.push_back(where.user_id({guild, i}));
  if (const auto* changed = where.record(guild))
    all.insert(all.end(), changed->joined.begin(), changed->joined.end());
  std::erase_if(all, [&](snowflake user) { return user <= after || where.member_text(guild, user).empty(); });
  std::sort(all.begin(), all.end());
  return all;
}

std::uint32_t online_count(const world& where, std::uint32_t guild) {
  std::uint32_t count = 0;
  for (auto user : members_after(where, guild, {}))
    count += where.presence(guild, user).empty() ? 0 : 1;
  return count;
}

} // namespace

// -- the truth -------------------------------------------------------------------------------------

std::optional<std::string> model::truth(snowflake id) const {
  auto guild = world_.find_guild(id);
  if (!guild || world_.absent(*guild))
    return std::nullopt;
  auto text = world_.guild_create(*guild, guild_view::everything());
  if (!world_.unavailable(*guild))
    return text;
  return json_object::parse(text).set("unavailable", "true").text();
}

std::vector<snowflake> model::guilds() const {
  std::vector<snowflake> all;
  for (auto guild : world_.guilds_of({0, 1}))
    all.push_back(world_.guild_id(guild));
  return all;
}

// -- who hears of it -------------------------------------------------------------------------------

guild_view model::view_of(const session& which) {
  return {which.intents.has(intent::guild_presences), which.large_threshold};
}

bool model::is_held(std::uint32_t guild) {
  return std::any_of(sessions_.begin(), sessions_.end(), [&](const session& one) {
    auto* live = connection_of(one);
    return live != nullptr && live->held && one.shard.owns(world_.guild_id(guild));
  });
}

void model::step(clock::time_point now, bool regardless) {
  auto guild = traffic_.pick_guild();
  if (!guild)
    return;
  // Before anything happens: what happened must be told.
  if (!regardless && is_held(*guild)) {
    ++counters_.events_held;
    return;
  }
  for (const auto& one : churn_.next(*guild, unix_ms(now)))
    publish(one, now);
}

void model::send_stub(session& to, std::uint32_t guild, clock::time_point now) {
  auto id = quote(world_.guild_id(guild));
  // Deleted, or left since READY (protocol 5.5).
  if (guild >= world_.guild_count() || world_.absent(guild))
    return dispatch(to, "GUILD_DELETE", "{\"id\":" + id + '}', now);
  if (!world_.unavailable(guild))
    return dispatch(to, "GUILD_CREATE", world_.guild_create(guild, view_of(to)), now);
  // Either is documented for a guild that is down.
  auto as_create = world_.changes() && guild % 2 == 0;
  dispatch(to, as_create ? "GUILD_CREATE" : "GUILD_DELETE", "{\"id\":" + id + ",\"unavailable\":true}", now);
}

void model::publish_guild(std::uint32_t guild, clock::time_point now) {
  for (auto& one : sessions_) {
    if (!one.intents.has(intent::guilds) || !one.shard.owns(world_.guild_id(guild)))
      continue;
    if (!one.awaits(guild)) {
      dispatch(one, "GUILD_CREATE", world_.guild_create(guild, view_of(one)), now);
      continue;
    }
    // The bot may have joined it since READY.
    auto place = std::lower_bound(one.stubs.begin(), one.stubs.end(), guild);
    if (place == one.stubs.end() || *place != guild)
      one.stubs.insert(place, guild);
  }
}

std::optional<std::uint32_t> model::guild_of(const session& who, const std::optional<snowflake>& id) const {
  auto guild = id ? world_.find_guild(*id) : std::nullopt;
  return guild && who.shard.owns(*id) && !world_.absent(*guild) ? guild : std::nullopt;
}

// -- REST ------------------------------------------------------------------------------------------

std::optional<http_reply> model::guild_route(const http_request& request, std::string_view path) const {
  constexpr std::string_view before = "/guilds/";
  if (!path.starts_with(before))
    return std::nullopt;
  path.remove_prefix(before.size());
  auto rest = path.substr(std::min(path.find('/'), path.size()));
  auto id = snowflake::parse(path.substr(0, path.size() - rest.size()));
  if (!id)
    return failure(400, 50035, "Invalid Form Body");
  if (request.method != "GET")
    return failure(405, 0, "405: Method Not Allowed");
  auto guild = world_.find_guild(*id);
  if (!guild || world_.absent(*guild))
    return failure(404, 10004, "Unknown Guild");
  if (rest.empty()) {
    auto body = world_.guild_object(*guild);
    if (request.target.find("with_counts=true") != std::string::npos)
      body.set("approximate_member_count", std::to_string(world_.present_member_count(*guild)))
        .set("approximate_presence_count", std::to_string(online_count(world_, *guild)));
    return http_reply{.body = body.text()};
  }
  if (rest == "/channels")
    return http_reply{.body = with_guild(world_.look_at(*guild).channels, *id)};
  if (rest == "/roles")
    return http_reply{.body = json_array(world_.look_at(*guild).roles)};
  if (rest == "/threads/active")
    return http_reply{.body = active_threads(world_.look_at(*guild), *id, world_.bot())};
  if (rest == "/soundboard-sounds")
    return http_reply{.body = "{\"items\":" + with_guild(world_.look_at(*guild).sounds, *id) + '}'};
  if (rest == "/members") {
    auto limit = std::clamp<std::uint64_t>(query_number(request.target, "limit=").value_or(1), 1, members_at_most);
    std::vector<std::string> members;
    for (auto user : members_after(world_, *guild, {query_number(request.target, "after=").value_or(0)}))
      if (members.size() < limit)
        members.push_back(world_.member_text(*guild, user));
    return http_reply{.body = json_array(members)};
  }
  constexpr std::string_view one_member = "/members/";
  if (!rest.starts_with(one_member))
    return failure(404, 0, "404: Not Found");
  auto user = snowflake::parse(rest.substr(one_member.size()));
  auto member = user ? world_.member_text(*guild, *user) : std::string{};
  return member.empty() ? failure(404, 10007, "Unknown Member") : http_reply{.body = member};
}

std::optional<http_reply> model::refuse_message(std::uint32_t guild, snowflake channel) const {
  if (world_.absent(guild))
    return failure(403, 50001, "Missing Access");
  const auto* state = world_.record(guild);
  if (state == nullptr)
    return std::nullopt;
  if (auto thread = state->threads.find(channel); thread != state->threads.end())
    return state->bot_sees(thread->second, world_.guild_id(guild), world_.bot())
             ? std::nullopt
             : std::optional{failure(403, 50001, "Missing Access")};
  auto found = state->channels.find(channel);
  if (found == state->channels.end())
    return failure(404, 10003, "Unknown Channel");
  if (!state->bot_sees(found->second, world_.guild_id(guild), world_.bot()))
    return failure(403, 50001, "Missing Access");
  return has_messages(found->second) ? std::nullopt
                                     : std::optional{failure(400, 50008, "Cannot send messages in a non-text channel")};
}

} // namespace troupe::simulator
