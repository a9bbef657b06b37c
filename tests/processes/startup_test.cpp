// SPDX-License-Identifier: BSD-3-Clause
// A sharded bot becomes ready within Discord's limits, on each transport, and ends cleanly.
#include "tests/catch.hpp"
#include "tests/processes/local_discord.hpp"

#include <simdjson.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace troupe::test;

namespace {

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
  REQUIRE(discord.wait_ready(16, 15s));
  CHECK(std::chrono::steady_clock::now() - start < 5s);
  bot->signal(SIGTERM);
  CHECK(bot->wait_exit(10s) == 0);
  check_no_breach(discord);
}

TEST_CASE("16 shards are ready within 80 s where max_concurrency is 1", "[processes][startup][slow]") {
  local_discord discord{{"--shards", "16", "--max-concurrency", "1", "--guilds", "16"}};
  auto start = std::chrono::steady_clock::now();
  auto bot = start_bot(discord, {"event_counter"});
  REQUIRE(discord.wait_ready(16, 100s));
  CHECK(std::chrono::steady_clock::now() - start < 80s);
  bot->signal(SIGTERM);
  CHECK(bot->wait_exit(10s) == 0);
  check_no_breach(discord);
}

TEST_CASE("every transport carries every event to the handler", "[processes][startup]") {
  auto transport = GENERATE(as<std::string>{}, "none", "zlib-stream", "zstd-stream");
  INFO(transport);
  local_discord discord{{"--shards", "2", "--max-concurrency", "16", "--guilds", "20", "--events-per-second", "400",
                         "--heartbeat-interval-ms", "600000", "--allow-privileged"}};
  auto bot = start_bot(discord, {"event_counter", "--compress", transport, "--intents", "all", "--raw"});
  REQUIRE(wait_until([&] { return discord.summary().counters["events_sent"] > 800; }, 20s));
  REQUIRE(discord.drain(10s));
  auto sent = discord.summary().dispatches;
  bot->signal(SIGTERM);
  CHECK(bot->wait_exit(10s) == 0);
  CHECK(events_in(bot->output()) == sent);
  check_no_breach(discord);
}

TEST_CASE("typed subscribers get the events that they named", "[processes][startup]") {
  local_discord discord{{"--shards", "2", "--max-concurrency", "16", "--guilds", "20", "--events-per-second", "400",
                         "--heartbeat-interval-ms", "600000"}};
  auto bot = start_bot(discord, {"event_counter", "--types", "READY,GUILD_CREATE"});
  REQUIRE(wait_until([&] { return discord.summary().counters["events_sent"] > 200; }, 20s));
  REQUIRE(discord.drain(10s));
  bot->signal(SIGTERM);
  CHECK(bot->wait_exit(10s) == 0);
  CHECK(bot->output() == "{\"events\":22,\"by_type\":{\"GUILD_CREATE\":20,\"READY\":2}}\n");
}

TEST_CASE("ping answers every !ping", "[processes][startup]") {
  // Few at a time: Discord takes five messages per channel in five seconds.
  local_discord discord{{"--shards", "2", "--max-concurrency", "16", "--guilds", "20", "--events-per-second", "0",
                         "--ping-share", "0.5", "--allow-privileged"}};
  auto bot = start_bot(discord, {"ping", "--intents", "guilds,guild_messages,message_content"});
  // A READY per shard, then the guilds: before that a shard hears nothing of them.
  REQUIRE(wait_until([&] { return discord.summary().counters["events_sent"] == 22; }, 10s));
  discord.set_traffic(40);
  REQUIRE(wait_until([&] { return discord.summary().counters["pings"] >= 15; }, 30s));
  discord.set_traffic(0);
  auto pings = discord.summary().counters["pings"];
  CHECK(wait_until([&] { return discord.summary().counters["messages_posted"] == pings; }, 20s));
  bot->signal(SIGTERM);
  CHECK(bot->wait_exit(10s) == 0);
  CHECK(bot->output().empty());
  check_no_breach(discord);
}

TEST_CASE("a part of the shards can run in a process of its own", "[processes][startup]") {
  local_discord discord{{"--shards", "4", "--max-concurrency", "16", "--guilds", "40"}};
  auto low = start_bot(discord, {"event_counter", "--shards", "0-1/4"});
  auto high = start_bot(discord, {"event_counter", "--shards", "2-3/4"},
                        {{"TROUPE_STATE_DIR", discord.bot_environment().at("TROUPE_STATE_DIR") + "-high"}});
  CHECK(discord.wait_ready(4, 20s));
  low->signal(SIGTERM);
  high->signal(SIGINT);
  CHECK(low->wait_exit(10s) == 0);
  CHECK(high->wait_exit(10s) == 0);
  check_no_breach(discord);
}

TEST_CASE("the demo shows all shards ready and ends cleanly by itself", "[processes][startup]") {
  process demo{{.command = {program("troupe"), "demo", "--seconds", "6", "--plain"}, .environment = {}}};
  auto exit_code = demo.wait_exit(40s);
  INFO(demo.errors());
  CHECK(exit_code == 0);
  CHECK(demo.output().find("16 of 16 shards ready") != std::string::npos);
  CHECK(demo.output().find("\x1b") == std::string::npos);
}

TEST_CASE("a demo that was killed leaves its folder to the next one", "[processes][startup]") {
  troupe::testing::scratch_folder folder;
  const auto place = folder / "tmp";
  std::filesystem::create_directory(place);
  auto folders = [&] {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator{place})
      found.push_back(entry.path().filename().string());
    return found;
  };
  std::filesystem::create_directory(place / "troupe-demo-of-somebody-else");
  auto start = [&](const char* seconds) {
    return process{{.command = {program("troupe"), "demo", "--seconds", seconds, "--plain", "--shards", "1"},
                    .environment = {{"TMPDIR", place.string()}}}};
  };
  {
    auto killed = start("60");
    REQUIRE(killed.wait_output([](const std::string& text) { return text.find("ready") != std::string::npos; }, 20s));
    CHECK(folders().size() == 2);
    killed.signal(SIGKILL);
    REQUIRE(killed.wait_exit(5s) == 128 + SIGKILL);
  }
  CHECK(folders().size() == 2);
  auto next = start("3");
  INFO(next.errors());
  CHECK(next.wait_exit(40s) == 0);
  CHECK(folders() == std::vector<std::string>{"troupe-demo-of-somebody-else"});
}
