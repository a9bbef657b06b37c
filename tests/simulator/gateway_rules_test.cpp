// SPDX-License-Identifier: BSD-3-Clause
#include "tests/catch.hpp"
#include "tests/simulator/model_client.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

constexpr std::uint64_t guilds_only = 1;
constexpr std::uint64_t everything = 53'608'447;

std::string identify_text(const std::string& d) {
  return "{\"op\":2,\"d\":{" + d + "}}";
}

} // namespace

TEST_CASE("HELLO comes first and names the heartbeat interval", "[simulator][gateway]") {
  auto compress = GENERATE(as<std::string>{}, "", "&compress=zlib-stream", "&compress=zstd-stream");
  model_client client;
  auto id = client.open("?v=10&encoding=json" + compress);
  REQUIRE(client.views[id].got.size() == 1);
  CHECK(client.views[id].got[0].op == 10);
  CHECK(at(client.views[id].got[0].d, "/heartbeat_interval") == "41250");
}

TEST_CASE("READY lists the guilds of the shard, and they follow one by one", "[simulator][gateway]") {
  model_client client{model_client::quiet(9)};
  auto id = client.ready(1, 4);
  auto& view = client.views[id];
  auto ready = view.named("READY").at(0);
  CHECK(ready.s == 1);
  CHECK(at(ready.d, "/shard") == "[1,4]");
  CHECK(at(ready.d, "/guilds/0/unavailable") == "true");
  auto guilds = view.named("GUILD_CREATE");
  REQUIRE(!guilds.empty());
  for (std::size_t i = 0; i < guilds.size(); ++i) {
    CHECK(at(guilds[i].d, "/id") == at(ready.d, "/guilds/" + std::to_string(i) + "/id"));
    auto guild = snowflake::parse(at(guilds[i].d, "/id").substr(1, 18));
    REQUIRE(guild);
    CHECK((shard_id{1, 4}.owns(*guild)));
  }
  CHECK(at(ready.d, "/guilds/" + std::to_string(guilds.size())).empty());
}

TEST_CASE("all shards together have every guild once", "[simulator][gateway]") {
  model_client client{model_client::quiet(10)};
  std::size_t guilds = 0;
  for (std::uint32_t i = 0; i < 3; ++i)
    guilds += client.views[client.ready(i, 3)].named("GUILD_CREATE").size();
  CHECK(guilds == 10);
}

TEST_CASE("without GUILDS no guild comes", "[simulator][gateway]") {
  model_client client;
  auto id = client.ready(0, 1, 512);
  CHECK(client.views[id].named("GUILD_CREATE").empty());
}

TEST_CASE("a wrong payload closes the connection with its code", "[simulator][gateway]") {
  struct row {
    std::string text;
    std::uint16_t code;
    std::string rule;
    bool identified = false;
  };
  const std::string token = R"("token":"local-discord-token",)";
  auto [text, code, rule, identified] = GENERATE_COPY(
    row{"not json", 4002, "decode_error"}, row{"[]", 4002, "decode_error"}, row{R"({"d":1})", 4002, "decode_error"},
    row{R"({"op":99})", 4001, "unknown_opcode"}, row{R"({"op":99})", 4001, "unknown_opcode", true},
    row{R"({"op":0})", 4001, "unknown_opcode"}, row{R"({"op":1,"d":"x"})", 4002, "decode_error"},
    row{R"({"op":3,"d":{"status":"online","activities":[],"since":null,"afk":false}})", 4003, "not_authenticated"},
    row{R"({"op":8,"d":{}})", 4003, "not_authenticated"}, row{R"({"op":8,"d":{}})", 4002, "decode_error", true},
    row{R"({"op":3,"d":{"status":"away","activities":[]}})", 4002, "decode_error", true},
    row{identify_text(R"("token":"wrong","properties":{},"intents":0)"), 4004, "authentication_failed"},
    row{identify_text(token + R"("intents":0)"), 4002, "decode_error"},
    row{identify_text(token + R"("properties":{})"), 4002, "decode_error"},
    row{R"({"op":2,"d":7})", 4002, "decode_error"},
    row{identify_text(token + R"("properties":{},"intents":0)"), 4005, "already_authenticated", true},
    row{identify_text(token + R"("properties":{},"intents":0,"shard":[4,4])"), 4010, "invalid_shard"},
    row{identify_text(token + R"("properties":{},"intents":0,"shard":[0,0])"), 4010, "invalid_shard"},
    row{identify_text(token + R"("properties":{},"intents":0,"shard":"x")"), 4010, "invalid_shard"},
    row{identify_text(token + R"("properties":{},"intents":131072)"), 4013, "invalid_intents"},
    row{identify_text(token + R"("properties":{},"intents":2)"), 4014, "disallowed_intents"},
    row{R"({"op":6,"d":{"token":"wrong","session_id":"x","seq":1}})", 4004, "authentication_failed"},
    row{R"({"op":6,"d":{"token":"local-discord-token","session_id":"x"}})", 4002, "decode_error"},
    row{'"' + std::string(4096, 'x') + '"', 4002, "payload_size"},
    row{R"({"op":1,"d":null,"x":")" + std::string(4096, 'x') + "\"}", 4002, "payload_size", true});
  INFO(text.substr(0, 100));
  model_client client;
  auto id = identified ? client.ready() : client.open();
  client.send(id, text);
  CHECK(client.views[id].close_code == code);
  CHECK(client.has_breach(rule));
  CHECK(client.model.breaches().size() == 1);
}

TEST_CASE("a payload of 4096 bytes is taken", "[simulator][gateway]") {
  model_client client;
  auto id = client.open();
  std::string text = R"({"op":1,"d":null,"x":")";
  text += std::string(4096 - text.size() - 2, 'x') + "\"}";
  REQUIRE(text.size() == 4096);
  client.send(id, text);
  CHECK(client.views[id].got.back().op == 11);
}

TEST_CASE("an unknown API version is refused", "[simulator][gateway]") {
  auto query = GENERATE(as<std::string>{}, "", "?v=8&encoding=json", "?v=11");
  model_client client;
  auto id = client.open(query);
  CHECK(client.views[id].close_code == 4012);
}

TEST_CASE("ETF is refused with a sentence, not misread", "[simulator][gateway]") {
  model_client client;
  auto id = client.open("?v=10&encoding=etf");
  CHECK(client.views[id].close_code == 4002);
  CHECK(client.views[id].got.empty());
}

TEST_CASE("large payloads are compressed one by one for a client that asks for it", "[simulator][gateway]") {
  auto compress = GENERATE(false, true);
  model_client client{model_client::quiet(40)};
  auto id = client.open();
  client.send(id, std::string{R"({"op":2,"d":{"token":"local-discord-token","properties":{},"intents":1,"compress":)"}
                    + (compress ? "true" : "false") + "}}");
  client.advance(1s);
  auto& view = client.views[id];
  CHECK_FALSE(view.stream_broken);
  CHECK(view.named("GUILD_CREATE").size() == 40);
  CHECK((view.compressed_alone > 40) == compress);
  auto before = view.compressed_alone;
  client.beat(id); // Small ones are not.
  CHECK(view.last_op(11) != nullptr);
  CHECK(view.compressed_alone == before);
}

TEST_CASE("transport compression turns that of single payloads off", "[simulator][gateway]") {
  model_client client{model_client::quiet(40)};
  auto id = client.open("?v=10&encoding=json&compress=zlib-stream");
  client.send(id, R"({"op":2,"d":{"token":"local-discord-token","properties":{},"intents":1,"compress":true}})");
  client.advance(1s);
  CHECK(client.views[id].named("GUILD_CREATE").size() == 40);
}

TEST_CASE("options add the rules for large bots", "[simulator][gateway]") {
  auto opts = model_client::quiet(40);
  opts.shard_multiple = 16;
  opts.guild_limit = 10;
  model_client client{opts};
  auto odd = client.open();
  client.identify(odd, 0, 3);
  CHECK(client.views[odd].close_code == 4010);
  auto right = client.open();
  client.identify(right, 0, 16);
  CHECK(client.views[right].named("READY").size() == 1);
  model_client crowded{[] {
    auto few = model_client::quiet(40);
    few.guild_limit = 10;
    return few;
  }()};
  auto id = crowded.open();
  crowded.identify(id, 0, 1);
  CHECK(crowded.views[id].close_code == 4011);
}

TEST_CASE("privileged intents are taken where they are approved", "[simulator][gateway]") {
  auto opts = model_client::quiet();
  opts.allowed_privileged = 33'026;
  model_client client{opts};
  auto id = client.open();
  client.identify(id, 0, 1, everything);
  CHECK(client.views[id].named("READY").size() == 1);
}

TEST_CASE("two identifies with one key are five seconds apart", "[simulator][limits]") {
  auto opts = model_client::quiet();
  opts.max_concurrency = 2;
  model_client client{opts};
  auto first = client.open();
  client.identify(first, 0, 4);
  auto other_key = client.open();
  client.identify(other_key, 1, 4);
  CHECK(client.views[other_key].named("READY").size() == 1);
  CHECK(client.model.breaches().empty());
  client.advance(4999ms);
  auto early = client.open();
  client.identify(early, 2, 4);
  CHECK(client.views[early].named("READY").empty());
  REQUIRE(client.views[early].last_op(9) != nullptr);
  CHECK(client.views[early].last_op(9)->d == "false");
  CHECK(client.has_breach("identify_concurrency"));
  client.advance(5000ms);
  client.identify(early, 2, 4);
  CHECK(client.views[early].named("READY").size() == 1);
  CHECK(client.model.breaches().size() == 1);
}

TEST_CASE("the session start budget counts down, refuses at zero and comes back", "[simulator][limits]") {
  auto opts = model_client::quiet();
  opts.session_starts_total = 2;
  model_client client{opts};
  client.ready(0, 3);
  client.ready(1, 3);
  CHECK(at(client.request("GET", "/api/v10/gateway/bot").body, "/session_start_limit/remaining") == "0");
  auto third = client.open();
  client.identify(third, 2, 3);
  CHECK(client.views[third].close_code == 4004);
  CHECK(client.has_breach("identify_budget"));
  client.advance(24h);
  CHECK(at(client.request("GET", "/api/v10/gateway/bot").body, "/session_start_limit/remaining") == "2");
}

TEST_CASE("the 121st payload in a minute closes the connection", "[simulator][limits]") {
  model_client client;
  auto id = client.open();
  client.identify(id, 0, 1, guilds_only);
  for (int i = 0; i < 119; ++i)
    client.beat(id);
  CHECK(!client.views[id].close_code);
  client.beat(id);
  CHECK(client.views[id].close_code == 4008);
  CHECK(client.has_breach("command_rate"));
}

TEST_CASE("the payload window slides", "[simulator][limits]") {
  model_client client;
  auto id = client.open();
  for (int i = 0; i < 120; ++i)
    client.beat(id);
  client.advance(60s);
  client.beat(id);
  CHECK(!client.views[id].close_code);
}

TEST_CASE("a sixth presence in twenty seconds is a breach", "[simulator][limits]") {
  model_client client;
  auto id = client.ready();
  for (int i = 0; i < 5; ++i)
    client.send(id, R"({"op":3,"d":{"since":null,"activities":[],"status":"idle","afk":false}})");
  CHECK(client.model.breaches().empty());
  client.send(id, R"({"op":3,"d":{"since":null,"activities":[],"status":"idle","afk":false}})");
  CHECK(client.has_breach("presence_rate"));
  CHECK(!client.views[id].close_code);
}

TEST_CASE("a client that does not beat is disconnected, one that beats is not", "[simulator][limits]") {
  model_client client;
  auto mute = client.ready(0, 2);
  auto alive = client.ready(1, 2);
  for (int i = 0; i < 3; ++i) {
    client.advance(41s);
    client.beat(alive);
  }
  CHECK(client.views[mute].close_code == 4000);
  CHECK(!client.views[alive].close_code);
  CHECK(client.has_breach("heartbeat_late"));
  CHECK(client.views[alive].last_op(11) != nullptr);
}

TEST_CASE("members come in chunks with nonce and what was not found", "[simulator][commands]") {
  auto opts = model_client::quiet(1);
  opts.allowed_privileged = 33'026;
  opts.members_min = opts.members_max = 2'500;
  model_client client{opts};
  auto id = client.ready(0, 1, everything);
  auto guild = at(client.views[id].named("GUILD_CREATE").at(0).d, "/id");
  client.send(id, R"({"op":8,"d":{"query":"","limit":0,"nonce":"n1","guild_id":)" + guild + "}}");
  client.advance(1s);
  auto chunks = client.views[id].named("GUILD_MEMBERS_CHUNK");
  REQUIRE(chunks.size() == 3);
  CHECK(at(chunks[0].d, "/members/999/user/id") != "");
  CHECK(at(chunks[0].d, "/members/1000") == "");
  CHECK(at(chunks[2].d, "/members/499/user/id") != "");
  CHECK(at(chunks[2].d, "/members/500/user/bot") == "true"); // Itself, too.
  CHECK(at(chunks[2].d, "/members/501") == "");
  CHECK(at(chunks[2].d, "/chunk_index") == "2");
  CHECK(at(chunks[2].d, "/chunk_count") == "3");
  CHECK(at(chunks[1].d, "/nonce") == "\"n1\"");

  auto member = at(chunks[0].d, "/members/7/user/id");
  client.send(id, R"({"op":8,"d":{"user_ids":["1",)" + member + R"(],"guild_id":)" + guild + "}}");
  auto some = client.views[id].named("GUILD_MEMBERS_CHUNK").back();
  CHECK(at(some.d, "/members/0/user/id") == member);
  CHECK(at(some.d, "/not_found") == R"(["1"])");

  client.send(id, R"({"op":8,"d":{"query":"","limit":0,"nonce":"n2","guild_id":)" + guild + "}}");
  auto limited = client.views[id].named("RATE_LIMITED");
  REQUIRE(limited.size() == 1);
  CHECK(at(limited[0].d, "/opcode") == "8");
  CHECK(at(limited[0].d, "/meta/nonce") == "\"n2\"");
  client.advance(30s);
  client.send(id, R"({"op":8,"d":{"query":"","limit":0,"guild_id":)" + guild + "}}");
  client.advance(1s);
  CHECK(client.views[id].named("GUILD_MEMBERS_CHUNK").size() == 7);
}

TEST_CASE("voice, sounds and channel info are answered", "[simulator][commands]") {
  model_client client;
  auto id = client.ready();
  auto guild = client.views[id].named("GUILD_CREATE").at(0).d;
  auto guild_id = at(guild, "/id");
  auto voice = at(guild, "/channels/4/id");
  client.send(id, R"({"op":4,"d":{"self_mute":true,"self_deaf":false,"guild_id":)" + guild_id
                    + ",\"channel_id\":" + voice + "}}");
  auto states = client.views[id].named("VOICE_STATE_UPDATE");
  REQUIRE(states.size() == 1);
  CHECK(at(states[0].d, "/channel_id") == voice);
  CHECK(at(states[0].d, "/self_mute") == "true");
  CHECK(client.views[id].named("VOICE_SERVER_UPDATE").size() == 1);
  client.send(id, R"({"op":4,"d":{"channel_id":null,"guild_id":)" + guild_id + "}}");
  CHECK(at(client.views[id].named("VOICE_STATE_UPDATE").back().d, "/channel_id") == "null");
  CHECK(client.views[id].named("VOICE_SERVER_UPDATE").size() == 1);
  client.send(id, R"({"op":31,"d":{"guild_ids":[)" + guild_id + "]}}");
  CHECK(client.views[id].named("SOUNDBOARD_SOUNDS").size() == 1);
  client.send(id, R"({"op":43,"d":{"fields":["status"],"guild_id":)" + guild_id + "}}");
  REQUIRE(client.views[id].named("CHANNEL_INFO").size() == 1);
  CHECK(at(client.views[id].named("CHANNEL_INFO")[0].d, "/channels/0/status") == "null");
}
