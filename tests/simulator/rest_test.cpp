// SPDX-License-Identifier: BSD-3-Clause
#include "tests/catch.hpp"
#include "tests/simulator/model_client.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

std::string header(const simulator::http_reply& reply, const std::string& name) {
  for (auto& [key, value] : reply.headers)
    if (key == name)
      return value;
  return {};
}

std::string channel_of(model_client& client, simulator::connection_id id) {
  auto channel = at(client.views[id].named("GUILD_CREATE").at(0).d, "/channels/0/id");
  return channel.substr(1, channel.size() - 2);
}

} // namespace

TEST_CASE("the gateway's address and limits are Discord's shapes", "[simulator][rest]") {
  auto opts = model_client::quiet();
  opts.gateway_url = "wss://127.0.0.1:1";
  opts.recommended_shards = 3;
  model_client client{opts};
  auto base = GENERATE(as<std::string>{}, "/api", "/api/v9", "/api/v10");
  CHECK(client.request("GET", base + "/gateway").body == R"({"url":"wss://127.0.0.1:1"})");
  auto reply = client.request("GET", base + "/gateway/bot");
  CHECK(reply.status == 200);
  CHECK(at(reply.body, "/shards") == "3");
  CHECK(at(reply.body, "/session_start_limit/total") == "1000");
  CHECK(at(reply.body, "/session_start_limit/remaining") == "1000");
  CHECK(at(reply.body, "/session_start_limit/max_concurrency") == "16");
  CHECK(at(reply.body, "/session_start_limit/reset_after") == "86400000");
}

TEST_CASE("errors have Discord's status and code", "[simulator][rest]") {
  struct row {
    std::string method;
    std::string target;
    std::string body;
    unsigned status;
    std::string code;
  };
  model_client client;
  auto id = client.ready();
  auto messages = "/api/v10/channels/" + channel_of(client, id) + "/messages";
  auto [method, target, body, status, code] = GENERATE_COPY(
    row{"GET", "/api/v10/nowhere", "", 404, "0"}, row{"GET", "/nowhere", "", 404, "0"},
    row{"DELETE", "/api/v10/gateway/bot", "", 405, "0"},
    row{"POST", "/api/v10/channels/1/messages", "{}", 404, "10003"}, row{"POST", messages, "{", 400, "50109"},
    row{"POST", messages, "{}", 400, "50006"}, row{"POST", messages, R"({"content":""})", 400, "50006"},
    row{"POST", messages, R"({"content":")" + std::string(2001, 'x') + "\"}", 400, "50035"},
    row{"POST", messages, "", 400, "50035"});
  INFO(method + " " + target);
  auto reply = client.request(method, target, body);
  CHECK(reply.status == status);
  CHECK(at(reply.body, "/code") == code);
  CHECK(at(reply.body, "/message") != "");
}

TEST_CASE("a wrong token is 401", "[simulator][rest]") {
  model_client client;
  auto reply = client.model.on_request(
    {"GET", "/api/v10/users/@me", {{"authorization", "Bot wrong"}, {"user-agent", "x"}}, ""}, client.now);
  CHECK(reply.status == 401);
  CHECK(reply.body == R"({"message":"401: Unauthorized","code":0})");
}

TEST_CASE("the bot's own user and application have its id", "[simulator][rest]") {
  model_client client;
  CHECK(at(client.request("GET", "/api/v10/users/@me").body, "/id") == "\"555555555555555555\"");
  CHECK(at(client.request("GET", "/api/v10/applications/@me").body, "/id") == "\"555555555555555555\"");
}

TEST_CASE("a posted message comes back as MESSAGE_CREATE of the bot", "[simulator][rest]") {
  model_client client;
  auto right = client.ready(0, 2);
  auto other = client.ready(1, 2);
  auto channel = channel_of(client, right);
  // 2000 code points are allowed, however many bytes they have.
  std::string content;
  for (int i = 0; i < 2'000; ++i)
    content += "\u00e9";
  auto reply = client.request("POST", "/api/v10/channels/" + channel + "/messages",
                              R"({"nonce":"n7","content":")" + content + "\"}");
  CHECK(reply.status == 200);
  auto created = client.views[right].named("MESSAGE_CREATE");
  REQUIRE(created.size() == 1);
  CHECK(at(created[0].d, "/content") == '"' + content + '"');
  CHECK(at(created[0].d, "/author/id") == "\"555555555555555555\"");
  CHECK(at(created[0].d, "/author/bot") == "true");
  CHECK(at(created[0].d, "/channel_id") == '"' + channel + '"');
  CHECK(at(created[0].d, "/nonce") == "\"n7\"");
  CHECK(at(created[0].d, "/id") == at(reply.body, "/id"));
  CHECK(client.views[other].named("MESSAGE_CREATE").empty());
}

TEST_CASE("a channel takes five messages in five seconds", "[simulator][rest]") {
  model_client client;
  auto id = client.ready();
  auto target = "/api/v10/channels/" + channel_of(client, id) + "/messages";
  for (int left = 4; left >= 0; --left) {
    auto reply = client.request("POST", target, R"({"content":"x"})");
    CHECK(reply.status == 200);
    CHECK(header(reply, "X-RateLimit-Limit") == "5");
    CHECK(header(reply, "X-RateLimit-Remaining") == std::to_string(left));
  }
  auto refused = client.request("POST", target, R"({"content":"x"})");
  CHECK(refused.status == 429);
  CHECK(at(refused.body, "/global") == "false");
  CHECK(at(refused.body, "/retry_after") == "5.0");
  CHECK(header(refused, "Retry-After") != "");
  CHECK(header(refused, "X-RateLimit-Scope") == "user");
  client.advance(5s);
  CHECK(client.request("POST", target, R"({"content":"x"})").status == 200);
}

TEST_CASE("REST faults answer as Discord and Cloudflare do", "[simulator][rest]") {
  model_client client;
  client.inject("rest-429 retry_after=1.5 scope=global");
  auto limited = client.request("GET", "/api/v10/gateway/bot");
  CHECK(limited.status == 429);
  CHECK(at(limited.body, "/retry_after") == "1.5");
  CHECK(header(limited, "X-RateLimit-Global") == "true");
  client.inject("rest-error status=503 body=html count=2");
  CHECK(client.request("GET", "/api/v10/gateway/bot").status == 503);
  CHECK(client.request("GET", "/api/v10/gateway/bot").content_type == "text/html");
  client.inject("rest-html");
  auto page = client.request("GET", "/api/v10/gateway/bot");
  CHECK(page.status == 200);
  CHECK(page.content_type == "text/html");
  client.inject("rest-hang");
  CHECK(client.request("GET", "/api/v10/gateway/bot").hang);
  client.inject("latency ms=300 seconds=1");
  CHECK(client.request("GET", "/api/v10/gateway/bot").late == 300ms);
  client.advance(2s);
  CHECK(client.request("GET", "/api/v10/gateway/bot").status == 200);
  CHECK(client.request("GET", "/api/v10/gateway/bot").late == 0ms);
}

TEST_CASE("direct messages have no guild and go to shard 0", "[simulator][rest]") {
  auto opts = model_client::quiet();
  opts.allowed_privileged = 33'026; // Without presences the bot would see itself only.
  model_client client{opts};
  auto first = client.ready(0, 2, 53'608'447);
  auto second = client.ready(1, 2, 53'608'447);
  auto user = at(client.views[second].named("GUILD_CREATE").at(0).d, "/members/1/user/id");
  auto opened = client.request("POST", "/api/v10/users/@me/channels", "{\"recipient_id\":" + user + "}");
  REQUIRE(opened.status == 200);
  CHECK(at(opened.body, "/type") == "1");
  CHECK(at(opened.body, "/recipients/0/id") == user);
  auto channel = at(opened.body, "/id");
  auto sent = client.request("POST", "/api/v10/channels/" + channel.substr(1, channel.size() - 2) + "/messages",
                             R"({"content":"psst"})");
  CHECK(sent.status == 200);
  auto got = client.views[first].named("MESSAGE_CREATE");
  REQUIRE(got.size() == 1);
  CHECK(at(got[0].d, "/channel_id") == channel);
  CHECK(at(got[0].d, "/content") == "\"psst\"");
  CHECK(at(got[0].d, "/guild_id").empty());
  CHECK(at(got[0].d, "/member").empty());
  CHECK(client.views[second].named("MESSAGE_CREATE").empty());
}

TEST_CASE("a direct channel needs a user", "[simulator][rest]") {
  model_client client;
  CHECK(client.request("POST", "/api/v10/users/@me/channels", R"({"recipient_id":"1"})").status == 404);
  CHECK(client.request("POST", "/api/v10/users/@me/channels", R"({"recipient_id":1})").status == 400);
  CHECK(client.request("POST", "/api/v10/users/@me/channels", "[").status == 400);
  CHECK(client.request("GET", "/api/v10/users/@me/channels").status == 405);
}
