// SPDX-License-Identifier: BSD-3-Clause
// Asking the local Discord: members by op 8, guilds by REST, all of it against the truth.
#include "runtime/simulator/json_object.hpp"

#include "tests/catch.hpp"
#include "tests/simulator/model_client.hpp"

#include <algorithm>
#include <map>
#include <set>

using namespace troupe;
using namespace troupe::test;
using simulator::json_elements;
using simulator::json_object;

namespace {

constexpr std::uint64_t everything = 53'608'447;

/// A bot in one guild in which a lot has happened.
class changed {
public:
  changed() : client{settings()} {
    id = client.ready(0, 1, everything);
    client.inject("burst events=1500");
    client.advance(10s);
    guild = client.model.guilds().front();
  }

  [[nodiscard]] json_object truth() const {
    return json_object::parse(client.model.truth(guild).value());
  }
  /// The elements of a list of the truth, by the text at `key`.
  [[nodiscard]] std::map<std::string, std::string> list(std::string_view name, const std::string& key) const {
    return by(truth().get(name), key);
  }
  [[nodiscard]] static std::map<std::string, std::string> by(std::string_view array, const std::string& key) {
    std::map<std::string, std::string> made;
    for (const auto& one : json_elements(array))
      made[at(one, key)] = one;
    return made;
  }
  [[nodiscard]] simulator::http_reply get(const std::string& path) {
    client.advance(100ms);
    return client.request("GET", "/api/v10/guilds/" + to_string(guild) + path);
  }
  /// The chunks that answer op 8 with this in `d`.
  [[nodiscard]] std::vector<payload> ask(const std::string& fields) {
    auto before = client.views[id].named("GUILD_MEMBERS_CHUNK").size();
    client.send(id, "{\"op\":8,\"d\":{\"guild_id\":\"" + to_string(guild) + "\"," + fields + "}}");
    client.advance(200ms);
    auto all = client.views[id].named("GUILD_MEMBERS_CHUNK");
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(before));
    return all;
  }

  static simulator::options settings() {
    auto opts = model_client::quiet(2);
    opts.churn = 0.9;
    opts.members_min = opts.members_max = 30;
    opts.allowed_privileged = 33'026;
    opts.replay_buffer = 10'000;
    return opts;
  }

  model_client client;
  simulator::connection_id id = 0;
  snowflake guild;
};

} // namespace

TEST_CASE("all members are those of the truth, with presences", "[simulator][truth]") {
  changed bot;
  auto chunks = bot.ask(R"("query":"","limit":0,"presences":true,"nonce":"n")");
  REQUIRE(chunks.size() == 1);
  CHECK(changed::by(at(chunks[0].d, "/members"), "/user/id") == bot.list("members", "/user/id"));
  CHECK(changed::by(at(chunks[0].d, "/presences"), "/user/id") == bot.list("presences", "/user/id"));
  CHECK(at(chunks[0].d, "/nonce") == "\"n\"");
  CHECK(at(chunks[0].d, "/not_found") == "[]");
  // Not in full again so soon, but others may be asked for.
  CHECK(bot.ask(R"("query":"","limit":0)").empty());
  auto limited = bot.client.views[bot.id].named("RATE_LIMITED");
  REQUIRE(limited.size() == 1);
  CHECK(at(limited[0].d, "/meta/guild_id") == '"' + to_string(bot.guild) + '"');
  CHECK(bot.ask(R"("query":"user","limit":3)").size() == 1);
  bot.client.advance(30s);
  CHECK(bot.ask(R"("query":"","limit":0)").size() == 1);
}

TEST_CASE("some members are found by id, and who left is not", "[simulator][truth]") {
  changed bot;
  std::set<std::string> gone;
  for (const auto& one : bot.client.views[bot.id].named("GUILD_MEMBER_REMOVE"))
    if (at(one.d, "/guild_id") == '"' + to_string(bot.guild) + '"')
      gone.insert(at(one.d, "/user/id"));
  auto members = bot.list("members", "/user/id");
  std::erase_if(gone, [&](const std::string& user) { return members.contains(user); });
  REQUIRE(!gone.empty());
  REQUIRE(members.size() > 3);
  auto there = std::next(members.begin(), 2);
  auto chunks = bot.ask("\"user_ids\":[" + *gone.begin() + ',' + there->first + "],\"presences\":true");
  REQUIRE(chunks.size() == 1);
  CHECK(at(chunks[0].d, "/members") == '[' + there->second + ']');
  CHECK(at(chunks[0].d, "/not_found") == '[' + *gone.begin() + ']');
}

TEST_CASE("members are found by the beginning of a name or nickname", "[simulator][truth]") {
  changed bot;
  auto nicknamed = bot.list("members", "/user/id");
  std::erase_if(nicknamed, [](const auto& one) { return at(one.second, "/nick").find("nick-") == std::string::npos; });
  REQUIRE(!nicknamed.empty());
  auto chunks = bot.ask(R"("query":"nick-","limit":100)");
  REQUIRE(chunks.size() == 1);
  CHECK(changed::by(at(chunks[0].d, "/members"), "/user/id") == nicknamed);
  CHECK(at(bot.ask(R"("query":"nobody","limit":5)").at(0).d, "/members") == "[]");
  CHECK(json_elements(at(bot.ask(R"("query":"","limit":2)").at(0).d, "/members")).size() == 2);
}

TEST_CASE("sounds and channel info come from the truth", "[simulator][truth]") {
  changed bot;
  bot.client.send(bot.id, "{\"op\":31,\"d\":{\"guild_ids\":[\"" + to_string(bot.guild) + "\",\"1\"]}}");
  auto sounds = bot.client.views[bot.id].named("SOUNDBOARD_SOUNDS");
  REQUIRE(sounds.size() == 1);
  CHECK(at(sounds[0].d, "/soundboard_sounds") == bot.truth().get("soundboard_sounds"));
  bot.client.send(bot.id, R"({"op":43,"d":{"fields":["status","voice_start_time"],"guild_id":")" + to_string(bot.guild)
                            + "\"}}");
  auto info = bot.client.views[bot.id].named("CHANNEL_INFO");
  REQUIRE(info.size() == 1);
  auto channels = bot.list("channels", "/id");
  for (const auto& one : json_elements(at(info[0].d, "/channels"))) {
    CHECK(channels.contains(at(one, "/id")));
    CHECK(!at(one, "/status").empty());
    CHECK(!at(one, "/voice_start_time").empty());
  }
}

TEST_CASE("REST tells a guild as it is", "[simulator][truth]") {
  changed bot;
  auto whole = bot.truth();
  auto guild = json_object::parse(bot.get("?with_counts=true").body);
  for (auto name : {"id", "name", "owner_id", "features", "roles", "emojis", "stickers"})
    CHECK(guild.get(name) == whole.get(name));
  CHECK(guild.get("approximate_member_count") == whole.get("member_count"));
  CHECK(guild.number("approximate_presence_count")
        == static_cast<std::int64_t>(json_elements(whole.get("presences")).size()));
  CHECK(!guild.has("channels"));
  CHECK(!json_object::parse(bot.get("").body).has("approximate_member_count"));
  CHECK(bot.get("/roles").body == whole.get("roles"));
  auto channels = changed::by(bot.get("/channels").body, "/id");
  CHECK(channels.size() == json_elements(whole.get("channels")).size());
  CHECK(at(channels.begin()->second, "/guild_id") == '"' + to_string(bot.guild) + '"');
  auto threads = bot.get("/threads/active").body;
  CHECK(at(threads, "/threads") == whole.get("threads"));
  for (const auto& [id, one] : changed::by(at(threads, "/members"), "/id"))
    CHECK(at(one, "/user_id") == "\"555555555555555555\"");
}

TEST_CASE("REST tells members as they are", "[simulator][truth]") {
  changed bot;
  auto members = bot.list("members", "/user/id");
  for (const auto& [id, one] : members) {
    auto reply = bot.get("/members/" + id.substr(1, id.size() - 2));
    CHECK(reply.status == 200);
    CHECK(reply.body == one);
  }
  CHECK(changed::by(bot.get("/members?limit=1000").body, "/user/id") == members);
  CHECK(json_elements(bot.get("/members?limit=2").body).size() == 2);
  CHECK(at(bot.get("/members/1").body, "/code") == "10007");
  CHECK(at(bot.get("/nothing").body, "/code") == "0");
  CHECK(at(bot.client.request("GET", "/api/v10/guilds/1").body, "/code") == "10004");
  CHECK(bot.client.request("DELETE", "/api/v10/guilds/" + to_string(bot.guild)).status == 405);
}

TEST_CASE("what the bot writes and where it speaks is part of the truth", "[simulator][truth]") {
  changed bot;
  std::string text;
  for (const auto& [id, one] : bot.list("channels", "/id")) {
    auto plain = id.substr(1, id.size() - 2);
    auto reply = bot.client.request("POST", "/api/v10/channels/" + plain + "/messages", R"({"content":"x"})");
    if (reply.status == 200)
      CHECK(at(bot.list("channels", "/id").at(id), "/last_message_id") == at(reply.body, "/id"));
    text += std::to_string(reply.status) + ' ';
    if (at(one, "/type") == "2") {
      bot.client.send(bot.id, "{\"op\":4,\"d\":{\"guild_id\":\"" + to_string(bot.guild) + "\",\"channel_id\":" + id
                                + ",\"self_mute\":true,\"self_deaf\":false}}");
      CHECK(at(bot.list("voice_states", "/user_id").at("\"555555555555555555\""), "/channel_id") == id);
    }
    bot.client.advance(100ms);
  }
  CHECK(text.find("200") != std::string::npos);
  bot.client.send(bot.id, "{\"op\":4,\"d\":{\"guild_id\":\"" + to_string(bot.guild) + "\",\"channel_id\":null}}");
  CHECK(!bot.list("voice_states", "/user_id").contains("\"555555555555555555\""));
}

TEST_CASE("without churn nothing is kept, and the truth is how it began", "[simulator][truth]") {
  auto opts = changed::settings();
  opts.churn = 0;
  opts.events_per_second = 50;
  model_client client{opts};
  auto id = client.ready(0, 1, everything);
  client.advance(10s);
  auto first = client.views[id].named("GUILD_CREATE").front().d;
  CHECK(client.model.truth(client.model.guilds().front()) == first);
  CHECK(!client.model.truth({1}));
}

TEST_CASE("a guild in an outage is told as unavailable", "[simulator][truth]") {
  changed bot;
  bot.client.inject("outage guilds=2 seconds=5");
  CHECK(bot.truth().get("unavailable") == "true");
  bot.client.advance(6s);
  CHECK(bot.truth().get("unavailable") == "false");
}
