// SPDX-License-Identifier: BSD-3-Clause
// The whole tree, from GET /gateway/bot to the subscriber, in virtual time and under random faults. The local Discord
// is the judge: it knows what it sent, and it records every broken rule.
#include "messages/inspect.hpp"
#include "messages/shard.hpp"

#include "runtime/log/log.hpp"
#include "runtime/simulator/faults.hpp"

#include "actors/testing/memory_connection.hpp"
#include "actors/testing/memory_discord.hpp"
#include "actors/tree.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <random>
#include <string>

using namespace troupe;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t shard_count = 4;

/// What the subscriber saw, in its order.
struct sightings {
  /// The last sequence of each shard since its READY or RESUMED.
  std::map<std::uint32_t, std::uint64_t> last;
  std::uint64_t events = 0;
  std::uint64_t out_of_order = 0;

  void see(const raw_event& event) {
    ++events;
    auto& last_of_shard = last[event.shard.index];
    if (event.name == "READY")
      last_of_shard = 0;
    if (event.sequence <= last_of_shard)
      ++out_of_order;
    last_of_shard = event.sequence;
  }
};

struct world : deterministic {
  explicit world(std::uint64_t seed) : random{seed} {
    REQUIRE(log::configure("off", "text").has_value()); // Thousands of faults, each of them logged.
    simulator::options options;
    options.seed = seed;
    options.guilds = 12;
    options.events_per_second = 5;
    options.recommended_shards = shard_count;
    options.max_concurrency = 1 + static_cast<std::uint32_t>(seed % 3);
    discord = testing::memory_discord::make(sys, options);
    tree_dependencies deps;
    deps.settings.token = secret{options.token};
    deps.settings.api_url = testing::memory_discord::api_url();
    deps.settings.intents = intents::unprivileged();
    deps.settings.compress =
      std::array{codec::compression::none, codec::compression::zlib_stream, codec::compression::zstd_stream}[seed % 3];
    deps.transport = discord->transport();
    deps.connect = [this](caf::actor_system& system, connection_owner_actor owner) {
      return caf::actor_cast<connection_actor>(system.spawn(testing::memory_connection, discord, std::move(owner)));
    };
    deps.ledger = [] { return store::make_memory_ledger(); };
    deps.wall_clock = [this] {
      return gateway::wall_time{std::chrono::duration_cast<std::chrono::milliseconds>(now().time_since_epoch())};
    };
    deps.detached_queue = false;
    deps.seed = seed;
    services = spawn_tree(sys, std::move(deps));
    bot_actor = spawn_bot(
      sys, "observer",
      [this](bot* self) -> caf::behavior {
        self->subscribe_raw();
        return {[this](const raw_event& event) { seen->see(event); }};
      },
      services);
    settle();
    tell(services.shards, start_shards{});
  }

  ~world() {
    self()->send(services.shards, stop_shards{false});
    advance(15s);
    end_tree(services);
    self()->send_exit(bot_actor, caf::exit_reason::kill);
    services = {};
    bot_actor = nullptr;
    discord->stop();
    settle();
  }

  std::uint32_t ready() {
    auto status = ask<shard_set_status>(services.shards, shard_set_status_request{});
    if (!status)
      return 0;
    return static_cast<std::uint32_t>(std::count_if(status->shards.begin(), status->shards.end(),
                                                    [](const auto& one) { return one.phase == phase::ready; }));
  }

  void random_fault() {
    static constexpr std::array kinds{"reconnect",
                                      "drop",
                                      "close code=4000",
                                      "close code=4001",
                                      "close code=4007",
                                      "close code=4008",
                                      "close code=4009",
                                      "close code=1000",
                                      "invalid-session resumable=true",
                                      "invalid-session resumable=false",
                                      "corrupt-stream",
                                      "silence",
                                      "half-frame",
                                      "split-messages count=20",
                                      "request-heartbeat",
                                      "invalidate",
                                      "hello-delay ms=3000 count=1 seconds=20",
                                      "hello-missing count=1 seconds=30",
                                      "resume-host-dead mode=refuse seconds=60",
                                      "upgrade-error status=520 count=2 seconds=30",
                                      "latency ms=400 seconds=10",
                                      "outage guilds=2 seconds=20",
                                      "burst events=300"};
    std::string text = kinds[random() % kinds.size()];
    auto parsed = simulator::parse_fault(text);
    INFO(text);
    REQUIRE(parsed.has_value());
    parsed->shard = static_cast<std::uint32_t>(random() % shard_count);
    discord->inject(*parsed);
    settle();
  }

  /// Every rule of Discord's: identify spacing and budget, commands, sizes, heartbeats.
  void check_no_rule_broken() {
    auto breaches = discord->with_model([](simulator::model& model) {
      std::string text;
      for (const auto& breach : model.breaches())
        text += breach.rule + ": " + breach.sentence + "\n";
      return text;
    });
    INFO(breaches);
    REQUIRE(breaches.empty());
  }

  std::mt19937_64 random;
  std::shared_ptr<testing::memory_discord> discord;
  std::shared_ptr<sightings> seen = std::make_shared<sightings>();
  bot_services services;
  caf::actor bot_actor;
};

} // namespace

TEST_CASE("shards identify in the time that max_concurrency allows", "[simulation][startup]") {
  world four{3}; // max_concurrency 1, no compression.
  four.advance(17s);
  CHECK(four.ready() == shard_count);
  four.check_no_rule_broken();
}

TEST_CASE("under random faults no rule is broken, and every shard comes back", "[simulation][faults]") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    INFO("seed=" << seed << "  replay: test_simulation \"under random faults*\" with this seed alone");
    world troubled{seed};
    for (auto fault = 0; fault < 40; ++fault) {
      troubled.advance(std::chrono::milliseconds{1'000 + troubled.random() % 20'000});
      troubled.random_fault();
      troubled.check_no_rule_broken();
    }
    // Healed: the longest backoff, a spoilt connection or two, and everyone's turn in the queue.
    troubled.advance(5min);
    REQUIRE(troubled.ready() == shard_count);
    troubled.check_no_rule_broken();
    REQUIRE(troubled.seen->out_of_order == 0);
    REQUIRE(troubled.seen->events > 1000);
  }
}

TEST_CASE("the same seed gives the same run", "[simulation][determinism]") {
  auto once = [](std::uint64_t seed) {
    world one{seed};
    for (auto fault = 0; fault < 10; ++fault) {
      one.advance(7s);
      one.random_fault();
    }
    one.advance(60s);
    return one.discord->with_model([&](simulator::model& model) { return model.summary(one.discord->now()); });
  };
  CHECK(once(7) == once(7));
  CHECK(once(7) != once(8));
}
