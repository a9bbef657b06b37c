// SPDX-License-Identifier: BSD-3-Clause
// A sharded bot becomes ready within Discord's limits, on each transport, and ends cleanly.
#include "tests/catch.hpp"
#include "tests/processes/local_discord.hpp"

#include <simdjson.h>

#include <csignal>

using namespace std::chrono_literals;
using namespace troupe::test;

namespace {

bool shards_ready(local_discord& discord, std::int64_t count) {
  return discord.summary().counters["ready_sessions"] == count;
}

void check_no_breach(local_discord& discord) {
  auto summary = discord.summary();
  for (const auto& breach : summary.breaches)
    FAIL_CHECK(breach);
}

std::int64_t events_in(const std::string& json_line) {
  simdjson::dom::parser parser;
  return parser.parse(json_line)["events"].get_int64().value();
}

} // namespace

TEST_CASE("16 shards are ready within 5 s where max_concurrency is 16", "[processes][startup]") {
  local_discord discord{{"--shards", "16", "--max-concurrency", "16", "--guilds", "160"}};
  auto start = std::chrono::steady_clock::now();
  auto bot = start_bot(discord, {"event_counter"});
  REQUIRE(wait_until([&] { return shards_ready(discord, 16); }, 15s));
  CHECK(std::chrono::steady_clock::now() - start < 5s);
  bot->signal(SIGTERM);
  CHECK(bot->wait_exit(10s) == 0);
  check_no_breach(discord);
}

TEST_CASE("16 shards are ready within 80 s where max_concurrency is 1", "[processes][startup][slow]") {
  local_discord discord{{"--shards", "16", "--max-concurrency", "1", "--guilds", "16"}};
  auto start = std::chrono::steady_clock::now();
  auto bot = start_bot(discord, {"event_counter"});
  REQUIRE(wait_until([&] { return shards_ready(discord, 16); }, 100s));
  CHECK(std::chrono::steady_clock::now() - start < 80s);
  bot->signal(SIGTERM);
  CHECK(bot->wait_exit(10s) == 0);
  check_no_breach(discord);
}

TEST_CASE("every transport carries the same events to the handler", "[processes][startup]") {
  auto transport = GENERATE(as<std::string>{}, "none", "zlib-stream", "zstd-stream");
  auto raw = GENERATE(false, true);
  INFO(transport << (raw ? " raw" : " typed"));
  local_discord discord{
    {"--shards", "2", "--max-concurrency", "16", "--guilds", "20", "--events-per-second", "400", "--allow-privileged"}};
  std::vector<std::string> command{"event_counter", "--compress", transport, "--intents", "all", "--types", "all"};
  if (raw)
    command.emplace_back("--raw");
  auto bot = start_bot(discord, command);
  REQUIRE(wait_until([&] { return shards_ready(discord, 2); }, 10s));
  REQUIRE(wait_until([&] { return discord.summary().counters["events_sent"] > 800; }, 20s));
  discord.set_traffic(0);
  bot->signal(SIGTERM);
  CHECK(bot->wait_exit(10s) == 0);
  auto line = bot->first_line(1s);
  REQUIRE(line);
  if (raw) // Typed subscribers see only the events that have a struct.
    CHECK(events_in(*line) == discord.summary().counters["events_sent"]);
  else
    CHECK(events_in(*line) > 0);
  check_no_breach(discord);
}

TEST_CASE("a part of the shards can run in a process of its own", "[processes][startup]") {
  local_discord discord{{"--shards", "4", "--max-concurrency", "16", "--guilds", "40"}};
  auto low = start_bot(discord, {"event_counter", "--shards", "0-1/4"});
  auto high = start_bot(discord, {"event_counter", "--shards", "2-3/4"},
                        {{"TROUPE_STATE_DIR", discord.bot_environment().at("TROUPE_STATE_DIR") + "-high"}});
  CHECK(wait_until([&] { return shards_ready(discord, 4); }, 20s));
  low->signal(SIGTERM);
  high->signal(SIGINT);
  CHECK(low->wait_exit(10s) == 0);
  CHECK(high->wait_exit(10s) == 0);
  check_no_breach(discord);
}
