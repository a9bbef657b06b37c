// SPDX-License-Identifier: BSD-3-Clause
// Every kind of mistake ends in one sentence that names the place and what to change.
#include "tests/config/loading.hpp"

using namespace troupe;
using namespace troupe::testing;

TEST_CASE("a mistake in the file is named with line and column", "[config][unit]") {
  struct row {
    const char* toml;
    const char* detail;
  };
  auto [toml, detail] = GENERATE(values<row>({
    {"# a comment\n\nshards = 'many'",
     "bot.toml:3:10: `shards` must be \"auto\", a count such as 16, or a part such as "
     "0-7/16, not \"many\""},
    {"shards = 1.5", "bot.toml:1:10: `shards` must be a string or a whole number"},
    {"shards = -1", "bot.toml:1:10: `shards` must be \"auto\""},
    {"shards = ''", "bot.toml:1:10: `shards` must not be empty"},
    {"api_url = 10", "bot.toml:1:11: `api_url` must be a string in quotes"},
    {"large_threshold = '250'", "bot.toml:1:19: `large_threshold` must be a whole number"},
    {"large_threshold = 251", "bot.toml:1:19: `large_threshold` must be a number from 50 to 250, not \"251\""},
    {"identify_reserve = -1", "bot.toml:1:20: `identify_reserve` must be a number from 0 to"},
    {"intents = [1]", "bot.toml:1:11: `intents` must be a list of strings"},
    {"intents = 513", "bot.toml:1:11: `intents` must be a list of strings"},
    {"intents = ['guild']", "bot.toml:1:11: `intents` \"guild\", did you mean guilds?"},
    {"shard = 1", "bot.toml:1:1: there is no key `shard`, did you mean shards?"},
    {"\n[log]\nlevl = 'info'", "bot.toml:3:1: there is no key `log.levl`, did you mean log.level?"},
    {"[logs]\nlevel = 'info'", "there is no key `logs`"},
    {"log = 'info'", "bot.toml:1:1: `log` must be a table"},
    {"shards = { count = 3 }", "bot.toml:1:1: `shards` must be a value, not a table"},
    {"log.level = 'loud'", "bot.toml:1:13: `log.level` must be trace, debug, info, warn, error or off, not \"loud\""},
    {"compress = 'zlib_stream'", "did you mean zlib-stream?"},
    {"presence.status = 'away'", "must be online, dnd, idle, invisible or offline"},
    {"shards = ", "bot.toml:1:"},
    {"a = 1\na = 2", "bot.toml:2:"},
    {"shards = 1\nshards = 2", "bot.toml:2:"},
    {"= 3", "bot.toml:1:1: "},
  }));
  INFO(toml);
  auto reason = error_of({.toml = toml});
  CHECK(remedy_for(reason.code) == remedy::caller);
  CHECK(exit_code(reason.code) == 78);
  INFO(reason.detail);
  CHECK(reason.detail.find(detail) != std::string::npos);
}

TEST_CASE("a mistake in a variable is named with the variable", "[config][unit]") {
  struct row {
    const char* name;
    const char* value;
    errc code;
    const char* detail;
  };
  auto [name, value, code, detail] = GENERATE(values<row>({
    {"TROUPE_COMPRESS", "zstd", errc::invalid_configuration,
     "TROUPE_COMPRESS: must be zstd-stream, zlib-stream or none"},
    {"TROUPE_SHARDS", "4/4", errc::shard_out_of_range, "TROUPE_SHARDS: there is no shard 4 of 4"},
    {"TROUPE_INTENTS", "guild_message", errc::unknown_intent,
     "TROUPE_INTENTS: \"guild_message\", did you mean guild_messages?"},
    {"TROUPE_API_URL", "http://discord.com/api/v10", errc::insecure_url, "TROUPE_API_URL: "},
    {"TROUPE_API_URL", "wss://gateway.discord.gg", errc::invalid_configuration,
     "TROUPE_API_URL: must begin with https://"},
    {"TROUPE_API_URL", "https://discord.com/api?v=10", errc::invalid_configuration, "without \"?\""},
    {"TROUPE_API_URL", "discord.com", errc::invalid_configuration, "TROUPE_API_URL: "},
    {"TROUPE_PROXY", "socks5://proxy:1080", errc::invalid_configuration, "TROUPE_PROXY: must be http://host:port"},
    {"TROUPE_LARGE_THRESHOLD", "49", errc::invalid_configuration, "TROUPE_LARGE_THRESHOLD: must be a number from 50"},
    {"TROUPE_IDENTIFY_RESERVE", "a", errc::invalid_configuration, "TROUPE_IDENTIFY_RESERVE: must be a number"},
    {"TROUPE_SHARD", "4", errc::invalid_configuration,
     "TROUPE_SHARD: there is no such variable, did you mean TROUPE_SHARDS?"},
    {"TROUPE_TOKEN", "x", errc::invalid_configuration, "TROUPE_TOKEN: the token belongs into DISCORD_TOKEN"},
    {"TROUPE_CONFIG", "/nonexistent/bot.toml", errc::invalid_configuration,
     "\"/nonexistent/bot.toml\" cannot be read, No such file"},
    {"TROUPE_CONFIG", "/", errc::invalid_configuration, "\"/\" cannot be read, Is a directory"},
  }));
  INFO(name << "=" << value);
  auto reason = error_of({.environment = {{name, value}}});
  CHECK(reason.code == code);
  INFO(reason.detail);
  CHECK(reason.detail.find(detail) != std::string::npos);
}

TEST_CASE("a mistake on the command line is named with the option", "[config][unit]") {
  struct row {
    std::vector<std::string> arguments;
    errc code;
    const char* detail;
  };
  auto one = GENERATE(values<row>({
    {{"--shard", "4"}, errc::unknown_option, "\"--shard\", did you mean --shards?"},
    {{"--log-lvl=debug"}, errc::unknown_option, "\"--log-lvl\", did you mean --log-level?"},
    {{"--something-else"}, errc::unknown_option, "\"--something-else\""},
    {{"--shards", "4/4"}, errc::shard_out_of_range, "--shards: there is no shard 4 of 4"},
    {{"--compress=gzip"}, errc::invalid_configuration, "--compress: must be zstd-stream"},
    {{"--intents", "513"}, errc::unknown_intent, "--intents: \"513\" is a number, write the names"},
    {{"--presence-activity-type", "play"}, errc::invalid_configuration, "--presence-activity-type: must be playing"},
    {{"--presence-activity-type", "custom"}, errc::invalid_configuration, "`presence.activity.state`"},
    {{"--presence-activity-url", "https://a.test"}, errc::invalid_configuration, "needs `presence.activity.name`"},
    {{"--presence-activity-name=a", "--presence-activity-url=https://a.test"},
     errc::invalid_configuration,
     "streaming only"},
    {{"--shards"}, errc::invalid_configuration, "--shards: needs a value"},
    {{"--shards", "--compress", "none"}, errc::invalid_configuration, "--shards: needs a value"},
    {{"--raw=secret"}, errc::invalid_configuration, "--raw: is a flag and takes no value"},
    {{"start"}, errc::unknown_option, "options begin with --"},
    {{"-x"}, errc::unknown_option, "options begin with --"},
    {{"--config", "/nonexistent.toml"}, errc::invalid_configuration, "\"/nonexistent.toml\" cannot be read"},
  }));
  INFO(one.arguments.front());
  auto reason = error_of({.arguments = one.arguments, .extras = {{"raw", "As JSON", true, {}}}});
  CHECK(reason.code == one.code);
  CHECK(exit_code(reason.code) == 78);
  INFO(reason.detail);
  CHECK(reason.detail.find(one.detail) != std::string::npos);
  CHECK(reason.detail.find("secret") == std::string::npos);
}
