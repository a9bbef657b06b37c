// SPDX-License-Identifier: BSD-3-Clause
// Faults of Discord and deaths of the bot's own process: every shard is ready again, and no rule is broken on the way.
#include "tests/catch.hpp"
#include "tests/processes/local_discord.hpp"

#include <simdjson.h>

#include <csignal>
#include <filesystem>

using namespace std::chrono_literals;
using namespace troupe::test;

TEST_CASE("every shard resumes after a fault of the connection", "[processes][recovery]") {
  auto fault = GENERATE(as<std::string>{}, "reconnect", "drop", "close code=4000", "close code=4008", "corrupt-stream",
                        "half-frame", "silence", "invalid-session resumable=true");
  INFO(fault);
  local_discord discord{{"--shards", "2", "--max-concurrency", "16", "--guilds", "20", "--events-per-second", "50",
                         "--heartbeat-interval-ms", "1000"}};
  auto bot = start_bot(discord, {"event_counter"});
  REQUIRE(discord.wait_ready(2, 10s));
  discord.inject(fault);
  CHECK(wait_until([&] { return discord.summary().counters["resumes"] >= 2; }, 30s));
  CHECK(discord.wait_ready(2, 10s));
  auto summary = discord.summary();
  CHECK(summary.counters["identifies"] == 2);
  CHECK(summary.breaches.empty());
  bot->signal(SIGTERM);
  CHECK(bot->wait_exit(10s) == 0);
}

TEST_CASE("a lost session is replaced by a new one", "[processes][recovery]") {
  local_discord discord{{"--shards", "2", "--max-concurrency", "16", "--guilds", "20"}};
  auto bot = start_bot(discord, {"event_counter"});
  REQUIRE(discord.wait_ready(2, 10s));
  discord.inject("invalid-session resumable=false");
  CHECK(wait_until([&] { return discord.summary().counters["identifies"] == 4; }, 30s));
  CHECK(discord.wait_ready(2, 10s));
  CHECK(discord.summary().breaches.empty());
  bot->signal(SIGTERM);
  CHECK(bot->wait_exit(10s) == 0);
}

TEST_CASE("no event is lost or doubled where sessions are resumed", "[processes][recovery]") {
  auto fault = GENERATE(as<std::string>{}, "reconnect", "drop", "close code=4000", "invalid-session resumable=true");
  INFO(fault);
  local_discord discord{{"--shards", "2", "--max-concurrency", "16", "--guilds", "20", "--events-per-second", "300",
                         "--heartbeat-interval-ms", "600000", "--allow-privileged"}};
  auto bot = start_bot(discord, {"event_counter", "--intents", "all", "--raw"});
  REQUIRE(wait_until([&] { return discord.summary().counters["events_sent"] > 300; }, 20s));
  discord.inject(fault);
  REQUIRE(wait_until([&] { return discord.summary().counters["resumes"] == 2; }, 30s));
  REQUIRE(discord.wait_ready(2, 10s));
  REQUIRE(discord.drain(10s));
  auto summary = discord.summary();
  bot->signal(SIGTERM);
  CHECK(bot->wait_exit(10s) == 0);
  simdjson::dom::parser parser;
  CHECK(parser.parse(bot->output())["events"].get_int64().value() == summary.dispatches);
  CHECK(summary.counters["identifies"] == 2);
  CHECK(summary.breaches.empty());
}

TEST_CASE("a process that is killed again and again resumes each time", "[processes][recovery]") {
  local_discord discord{{"--shards", "2", "--max-concurrency", "16", "--guilds", "8", "--events-per-second", "50"}};
  for (auto life = 0; life < 4; ++life) {
    auto bot = start_bot(discord, {"event_counter"});
    REQUIRE(wait_until([&] { return discord.summary().counters["resumes"] == 2 * life; }, 20s));
    REQUIRE(discord.wait_ready(2, 10s));
    bot->signal(SIGKILL);
    REQUIRE(bot->wait_exit(5s) == 128 + SIGKILL);
  }
  auto summary = discord.summary();
  CHECK(summary.counters["identifies"] == 2);
  CHECK(summary.breaches.empty());
}

TEST_CASE("after SIGTERM the next process resumes, after SIGINT it identifies", "[processes][recovery]") {
  auto [signal, identifies] = GENERATE(table<int, int>({{SIGTERM, 2}, {SIGINT, 4}}));
  local_discord discord{{"--shards", "2", "--max-concurrency", "16", "--guilds", "8"}};
  for (auto life = 0; life < 2; ++life) {
    auto bot = start_bot(discord, {"event_counter"});
    REQUIRE(discord.wait_ready(2, 20s));
    bot->signal(signal);
    REQUIRE(bot->wait_exit(15s) == 0);
  }
  auto summary = discord.summary();
  CHECK(summary.counters["identifies"] == identifies);
  CHECK(summary.counters["resumes"] == 4 - identifies);
  CHECK(summary.breaches.empty());
}

TEST_CASE("killing a process that forgets its sessions never breaks the identify rules", "[processes][recovery]") {
  local_discord discord{{"--shards", "1", "--max-concurrency", "1", "--guilds", "4"}};
  for (auto life = 1; life <= 4; ++life) {
    auto bot = start_bot(discord, {"event_counter"});
    REQUIRE(wait_until([&] { return discord.summary().counters["identifies"] == life; }, 20s));
    bot->signal(SIGKILL);
    REQUIRE(bot->wait_exit(5s) == 128 + SIGKILL);
    for (const auto* file : {"sessions.db", "sessions.db-wal", "sessions.db-shm"})
      std::filesystem::remove(std::filesystem::path{discord.bot_environment().at("TROUPE_STATE_DIR")} / file);
  }
  for (const auto& breach : discord.summary().breaches)
    FAIL_CHECK(breach);
}
