// SPDX-License-Identifier: BSD-3-Clause
// Whatever is wrong ends in one sentence that says what happened and what to change, with the exit code of its kind.
#include "tests/catch.hpp"
#include "tests/processes/local_discord.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using namespace troupe::test;

namespace {

struct bad_input {
  std::string name;
  std::vector<std::string> discord_arguments;
  std::vector<std::string> bot_arguments;
  std::map<std::string, std::string> environment;
  int exit_code;
  /// Each must be in the sentence.
  std::vector<std::string> says;
};

const std::string other_token = "OTk5OTk5OTk5OTk5OTk5OTk5.not.valid";

void check_ends(const bad_input& input, local_discord& discord) {
  INFO(input.name);
  std::vector<std::string> command{"event_counter", "--log-level", "error"};
  command.insert(command.end(), input.bot_arguments.begin(), input.bot_arguments.end());
  auto bot = start_bot(discord, command, input.environment);
  auto exit_code = bot->wait_exit(30s);
  INFO(bot->errors());
  INFO(bot->output());
  REQUIRE(exit_code);
  CHECK(*exit_code == input.exit_code);
  auto errors = bot->errors();
  CHECK(std::count(errors.begin(), errors.end(), '\n') == 1);
  for (const auto& part : input.says)
    CHECK(errors.find(part) != std::string::npos);
  for (const auto& secret : {std::string{local_discord::token}, other_token}) {
    CHECK(errors.find(secret) == std::string::npos);
    CHECK(bot->output().find(secret) == std::string::npos);
  }
}

} // namespace

TEST_CASE("wrong settings are refused before anything is dialled", "[processes][bad_input]") {
  local_discord discord;
  auto input = GENERATE(
    bad_input{"unknown option", {}, {"--shard", "4"}, {}, 78, {"--shard", "--shards"}},
    bad_input{"missing configuration file", {}, {"--config", "/nowhere/bot.toml"}, {}, 78, {"/nowhere/bot.toml"}},
    bad_input{"shard range out of range", {}, {"--shards", "3-9/4"}, {}, 78, {"--shards"}},
    bad_input{"shard range that is no range", {}, {"--shards", "many"}, {}, 78, {"--shards", "auto"}},
    bad_input{"unknown intent", {}, {"--intents", "guild_mesages"}, {}, 78, {"guild_mesages", "guild_messages"}},
    bad_input{"unknown transport", {}, {"--compress", "gzip"}, {}, 78, {"gzip", "zstd-stream"}},
    bad_input{"no token", {}, {}, {{"DISCORD_TOKEN", ""}}, 78, {"DISCORD_TOKEN"}},
    bad_input{"token with a line break", {}, {}, {{"DISCORD_TOKEN", other_token + "\nx"}}, 78, {"DISCORD_TOKEN"}},
    bad_input{"plain http to another host", {}, {}, {{"TROUPE_API_URL", "http://discord.com/api/v10"}}, 78, {"https"}},
    bad_input{
      "event without a struct", {}, {"--types", "MESSAGE_CREAT"}, {}, 70, {"MESSAGE_CREAT", "MESSAGE_CREATE", "raw"}},
    bad_input{"state folder that cannot be made", {}, {"--state-dir", "/dev/null/x"}, {}, 75, {"/dev/null/x"}},
    bad_input{"unreadable CA file", {}, {}, {{"TROUPE_CA_FILE", "/nowhere/ca.pem"}}, 78, {"/nowhere/ca.pem"}});
  check_ends(input, discord);
}

TEST_CASE("what Discord refuses for good ends the bot with what to change", "[processes][bad_input]") {
  auto input =
    GENERATE(bad_input{"wrong token", {}, {}, {{"DISCORD_TOKEN", other_token}}, 77, {"token"}},
             bad_input{"disallowed intents", {}, {"--intents", "guilds,message_content"}, {}, 77, {"message_content"}},
             bad_input{"token refused at identify", {"--fault", "close code=4004"}, {}, {}, 77, {"token"}},
             bad_input{"invalid shard", {"--large-bot-multiple", "16"}, {"--shards", "3"}, {}, 78, {"shards"}},
             bad_input{"sharding required",
                       {"--guilds", "40", "--max-guilds-per-session", "10"},
                       {"--shards", "1"},
                       {},
                       78,
                       {"shards"}});
  local_discord discord{input.discord_arguments};
  check_ends(input, discord);
}

TEST_CASE("a malformed configuration file is refused with the place", "[processes][bad_input]") {
  local_discord discord;
  troupe::testing::scratch_folder folder;
  auto malformed = (folder / "bot.toml").string();
  troupe::testing::write_file(malformed, "shards = [1,\n");
  check_ends({"malformed configuration file", {}, {"--config", malformed}, {}, 78, {"bot.toml:1:"}}, discord);
}

TEST_CASE("a host that cannot be reached ends the bot after a while", "[processes][bad_input]") {
  local_discord discord;
  check_ends({"unreachable host", {}, {}, {{"TROUPE_API_URL", "https://127.0.0.1:1/api/v10"}}, 75, {"127.0.0.1:1"}},
             discord);
}

TEST_CASE("a certificate of an unknown authority ends the bot with what to change", "[processes][bad_input]") {
  local_discord discord;
  local_discord stranger;
  check_ends({"unknown authority", {}, {}, {{"TROUPE_CA_FILE", stranger.ca_file()}}, 78, {"TROUPE_CA_FILE"}}, discord);
}

TEST_CASE("HTML instead of JSON from /gateway/bot is said as such", "[processes][bad_input]") {
  local_discord discord{{"--fault", "rest-html"}};
  check_ends({"HTML", {}, {}, {}, 78, {"text/html", "/gateway/bot"}}, discord);
}
