// SPDX-License-Identifier: BSD-3-Clause
#include "tests/catch.hpp"
#include "tests/simulator/model_client.hpp"

#include <set>

using namespace troupe;
using namespace troupe::test;

namespace {

simulator::options busy(std::uint64_t seed = 1) {
  auto opts = model_client::quiet(12);
  opts.events_per_second = 100;
  opts.seed = seed;
  opts.allowed_privileged = 33'026;
  return opts;
}

std::vector<std::string> run(std::uint64_t seed, const std::string& transport) {
  model_client client{busy(seed)};
  auto id = client.open("?v=10&encoding=json&compress=" + transport);
  client.identify(id, 0, 1, 53'608'447);
  client.advance(5s);
  client.inject("burst events=50");
  client.inject("reconnect");
  client.advance(2s);
  return client.views[id].raw_frames;
}

} // namespace

TEST_CASE("the same seed and inputs make the same bytes", "[simulator][traffic]") {
  auto transport = GENERATE(as<std::string>{}, "none", "zlib-stream", "zstd-stream");
  auto first = run(7, transport);
  CHECK(first.size() > 400);
  CHECK(first == run(7, transport));
  CHECK(first != run(8, transport));
}

TEST_CASE("every kind of event of the mix comes, at the wanted rate", "[simulator][traffic]") {
  model_client client{busy()};
  auto id = client.ready(0, 1, 53'608'447);
  auto before = client.views[id].got.size();
  client.advance(30s);
  auto events = client.views[id].got.size() - before;
  CHECK(events > 2'700);
  CHECK(events < 3'300);
  std::set<std::string> kinds;
  for (auto& one : client.views[id].got)
    kinds.insert(one.t);
  for (auto kind : {"MESSAGE_CREATE", "PRESENCE_UPDATE", "TYPING_START", "GUILD_MEMBER_UPDATE", "VOICE_STATE_UPDATE",
                    "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE", "MESSAGE_UPDATE", "MESSAGE_DELETE"})
    CHECK(kinds.contains(kind));
}

TEST_CASE("intents decide which events come", "[simulator][traffic]") {
  auto [bits, kind] = GENERATE(table<std::uint64_t, std::string>({{1u << 9, "MESSAGE_CREATE"},
                                                                  {1u << 8, "PRESENCE_UPDATE"},
                                                                  {1u << 11, "TYPING_START"},
                                                                  {1u << 1, "GUILD_MEMBER_UPDATE"},
                                                                  {1u << 7, "VOICE_STATE_UPDATE"},
                                                                  {1u << 10, "MESSAGE_REACTION_ADD"}}));
  model_client client{busy()};
  auto with = client.ready(0, 1, bits);
  client.advance(20s);
  CHECK(!client.views[with].named(kind).empty());
  model_client other{busy()};
  auto without = other.ready(0, 1, 53'608'447 & ~bits);
  other.advance(20s);
  CHECK(other.views[without].named(kind).empty());
  CHECK(other.views[without].got.size() > 100);
}

TEST_CASE("message content needs its intent", "[simulator][traffic]") {
  auto [bits, shown] = GENERATE(table<std::uint64_t, bool>({{512, false}, {512 + 32'768, true}}));
  model_client client{busy()};
  auto id = client.ready(0, 1, bits);
  client.advance(5s);
  auto messages = client.views[id].named("MESSAGE_CREATE");
  REQUIRE(!messages.empty());
  for (auto& one : messages)
    CHECK((at(one.d, "/content") == "\"\"") != shown);
}

TEST_CASE("events go to the shard of their guild only", "[simulator][traffic]") {
  model_client client{busy()};
  std::vector<simulator::connection_id> shards{client.ready(0, 3), client.ready(1, 3), client.ready(2, 3)};
  client.advance(10s);
  for (std::uint32_t i = 0; i < 3; ++i)
    for (auto& one : client.views[shards[i]].got)
      if (auto id = at(one.d, "/guild_id"); !id.empty())
        CHECK((shard_id{i, 3}.owns(*snowflake::parse(id.substr(1, id.size() - 2)))));
}

TEST_CASE("some messages say !ping", "[simulator][traffic]") {
  auto opts = busy();
  opts.ping_share = 0.5;
  model_client client{opts};
  auto id = client.ready(0, 1, 512 + 32'768);
  client.advance(10s);
  std::size_t pings = 0;
  auto messages = client.views[id].named("MESSAGE_CREATE");
  for (auto& one : messages)
    pings += at(one.d, "/content") == "\"!ping\"" ? 1 : 0;
  CHECK(pings > messages.size() / 4);
}

TEST_CASE("a share of the messages may be direct: on shard 0, with content, without a guild", "[simulator][traffic]") {
  auto opts = busy();
  opts.direct_share = 0.5;
  model_client client{opts};
  std::vector<simulator::connection_id> shards{client.ready(0, 2, 4096), client.ready(1, 2, 4096)};
  client.advance(10s);
  auto messages = client.views[shards[0]].named("MESSAGE_CREATE");
  CHECK(messages.size() > 50);
  CHECK(client.views[shards[1]].named("MESSAGE_CREATE").empty());
  for (auto& one : messages) {
    CHECK(at(one.d, "/guild_id").empty());
    CHECK(at(one.d, "/content") != "\"\"");
  }
}
