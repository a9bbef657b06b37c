// SPDX-License-Identifier: BSD-3-Clause
// Traffic that changes the world: what it says must be what is true.
#include "runtime/simulator/random.hpp"

#include "tests/catch.hpp"
#include "tests/simulator/guild_replay.hpp"
#include "tests/simulator/model_client.hpp"

#include <algorithm>

using namespace troupe;
using namespace troupe::test;

namespace {

constexpr std::uint64_t everything = 53'608'447;

simulator::options busy(std::uint64_t seed, std::uint32_t guilds = 4) {
  auto opts = model_client::quiet(guilds);
  opts.seed = seed;
  opts.churn = 0.7;
  opts.members_min = 4;
  opts.members_max = 20;
  opts.allowed_privileged = 33'026;
  opts.replay_buffer = 3'000;
  opts.identify_interval = 100ms;
  return opts;
}

/// One bot with one shard, which replays what it hears.
class listener {
public:
  explicit listener(simulator::options opts) : client{std::move(opts)} {
    identify();
  }

  void identify() {
    client.advance(200ms);
    id = client.open();
    client.send(id, R"({"op":2,"d":{"token":"local-discord-token","properties":{"os":"linux"},"large_threshold":250,)"
                    R"("shard":[0,1],"intents":)"
                      + std::to_string(everything) + "}}");
    hear();
    session = client.session_of(id);
  }

  void resume() {
    id = client.open("?v=10&encoding=json", simulator::host_kind::resume);
    client.resume(id, session, sequence);
    hear();
  }

  /// So many events, at once.
  void happen(std::uint32_t count) {
    client.inject("burst events=" + std::to_string(count));
    hear();
  }

  void wait(std::chrono::milliseconds time) {
    client.advance(time);
    client.beat(id);
    hear();
  }

  void hear() {
    auto& got = client.views[id].got;
    for (; heard[id] < got.size(); ++heard[id]) {
      const auto& one = got[heard[id]];
      if (one.op != 0)
        continue;
      sequence = one.s;
      guilds.handle(one.t, one.d);
      ++kinds[one.t];
    }
  }

  /// "" where all guilds are as the model says.
  [[nodiscard]] std::string difference() const {
    std::set<std::string> there;
    for (auto guild : client.model.guilds()) {
      auto name = to_string(guild);
      there.insert(name);
      auto what = guilds.compare(name, client.model.truth(guild).value());
      if (!what.empty())
        return "guild " + name + ": " + what;
      if (guilds.unavailable(name))
        return "guild " + name + " is down";
    }
    return there == guilds.guilds() ? "" : "other guilds";
  }

  model_client client;
  simulator::connection_id id = 0;
  std::string session;
  std::uint64_t sequence = 0;
  guild_replay guilds{"555555555555555555"};
  std::map<simulator::connection_id, std::size_t> heard;
  std::map<std::string, std::size_t> kinds;
};

/// Connections that end, sessions that are lost, outages.
void disturb(listener& bot, simulator::random& dice) {
  switch (dice.below(6)) {
  case 0:
    bot.client.close(bot.id, 4000);
    bot.happen(1 + static_cast<std::uint32_t>(dice.below(60)));
    return bot.resume();
  case 1:
    bot.client.close(bot.id, 1000);
    bot.client.advance(1s);
    return bot.identify();
  case 2:
    bot.client.inject("invalidate shard=0");
    bot.happen(1 + static_cast<std::uint32_t>(dice.below(30)));
    bot.identify();
    // In the middle of its GUILD_CREATEs.
    return bot.happen(1 + static_cast<std::uint32_t>(dice.below(30)));
  case 3:
    bot.client.inject("outage guilds=1 seconds=1");
    return bot.hear();
  default:
    return bot.wait(std::chrono::milliseconds{dice.below(500)});
  }
}

} // namespace

TEST_CASE("who replays the events has the truth, whatever happens to the connection", "[simulator][churn]") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    listener bot{busy(seed, 1 + static_cast<std::uint32_t>(seed % 5))};
    simulator::random dice{seed};
    bot.wait(1s);
    for (int round = 0; round < 4; ++round) {
      bot.happen(30);
      disturb(bot, dice);
    }
    bot.wait(10s); // All outages end.
    REQUIRE(bot.difference() == "");
  }
}

TEST_CASE("the truth holds after every single step", "[simulator][churn]") {
  listener bot{busy(7, 3)};
  bot.wait(1s);
  for (int step = 0; step < 300; ++step) {
    bot.happen(1);
    if (step % 100 == 0)
      bot.wait(4s);
    INFO("step " << step);
    auto what = bot.difference();
    if (what.find("is down") == std::string::npos && what.find("other guilds") == std::string::npos)
      REQUIRE(what == "");
  }
}

TEST_CASE("guilds that were deleted long ago are stubs that never come", "[simulator][churn]") {
  listener bot{busy(1, 3)};
  bot.wait(1s);
  auto stubs = json_value::parse(bot.client.views[bot.id].named("READY").at(0).d)["guilds"].items;
  CHECK(stubs.size() == 4);
  auto deleted = bot.client.views[bot.id].named("GUILD_DELETE");
  REQUIRE(deleted.size() == 1);
  CHECK(deleted[0].d == "{\"id\":" + stubs[3]["id"].scalar + "}");
  CHECK(bot.guilds.guilds().size() == 3);
}

TEST_CASE("a guild that is down at load is told in either form, and comes once it is up", "[simulator][churn]") {
  listener bot{busy(1, 4)};
  bot.wait(1s);
  bot.client.inject("outage guilds=4 seconds=5");
  bot.client.inject("invalidate shard=0");
  bot.identify();
  bot.wait(1s);
  auto count = [&](const std::string& event) {
    auto all = bot.client.views[bot.id].named(event);
    return std::count_if(all.begin(), all.end(), [](auto& one) { return at(one.d, "/unavailable") == "true"; });
  };
  CHECK(count("GUILD_DELETE") == 2);
  CHECK(count("GUILD_CREATE") == 2);
  for (const auto& guild : bot.guilds.guilds())
    CHECK(bot.guilds.unavailable(guild));
  bot.wait(6s);
  CHECK(bot.difference() == "");
}

TEST_CASE("a guild that the bot left is in no READY, until it joins again", "[simulator][churn]") {
  listener bot{busy(2, 6)};
  bot.wait(1s);
  auto left = [&] {
    auto all = bot.client.views[bot.id].named("GUILD_DELETE");
    return std::count_if(all.begin(), all.end(), [](auto& one) { return at(one.d, "/unavailable").empty(); });
  };
  auto before = left();
  for (int i = 0; i < 200 && bot.client.model.guilds().size() == 6; ++i)
    bot.happen(20);
  REQUIRE(bot.client.model.guilds().size() == 5);
  CHECK(left() > before);
  bot.client.inject("invalidate shard=0");
  bot.identify();
  // One more stub is the guild that was deleted long ago.
  CHECK(json_value::parse(bot.client.views[bot.id].named("READY").at(0).d)["guilds"].items.size() == 6);
  for (int i = 0; i < 1'000 && bot.client.model.guilds().size() < 6; ++i) {
    bot.happen(20);
    bot.wait(1s);
  }
  REQUIRE(bot.client.model.guilds().size() == 6);
  bot.wait(10s);
  CHECK(bot.difference() == "");
}

TEST_CASE("a large guild comes with those who stand out", "[simulator][churn]") {
  auto opts = busy(5, 1);
  opts.members_min = opts.members_max = 120;
  model_client client{opts};
  auto id = client.ready(0, 1, everything);
  client.inject("burst events=400");
  client.advance(10s);
  client.close(id, 1000);
  client.advance(1s);
  id = client.ready(0, 1, everything);
  auto create = json_value::parse(client.views[id].named("GUILD_CREATE").at(0).d);
  CHECK(create["large"].is("true"));
  CHECK(create["members"].items.size() < 100);
  std::set<std::string> heard{"555555555555555555"};
  for (const auto& one : create["presences"].items)
    heard.insert(one["user"]["id"].plain());
  for (const auto& one : create["voice_states"].items)
    heard.insert(one["user_id"].plain());
  for (const auto& one : create["members"].items)
    CHECK((heard.contains(one["user"]["id"].plain()) || !one["roles"].items.empty() || !one["nick"].is("null")));
}
