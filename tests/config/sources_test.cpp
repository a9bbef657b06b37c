// SPDX-License-Identifier: BSD-3-Clause
#include "tests/config/loading.hpp"

#include <functional>
#include <set>

using namespace troupe;
using namespace troupe::testing;
using config::settings;

namespace {

/// One setting in all three spellings.
struct spelling {
  std::string toml;
  std::string variable;
  std::string option;
  std::string value;
  std::function<bool(const settings&)> took_effect;
};

const std::vector<spelling>& spellings() {
  using codec::compression;
  static const std::vector<spelling> all{
    {"api_url = 'https://discord.test/api/v10/'", "TROUPE_API_URL", "--api-url", "https://discord.test/api/v10/",
     [](const settings& s) { return s.api_url == "https://discord.test/api/v10"; }},
    {"ca_file = 'ca.pem'", "TROUPE_CA_FILE", "--ca-file", "ca.pem",
     [](const settings& s) { return s.ca_file == "ca.pem"; }},
    {"proxy = 'http://proxy:3128'", "TROUPE_PROXY", "--proxy", "http://proxy:3128",
     [](const settings& s) { return s.proxy == "http://proxy:3128"; }},
    {"intents = ['guilds', 'guild_messages']", "TROUPE_INTENTS", "--intents", "guilds,guild_messages",
     [](const settings& s) {
       return s.intents == intents{intent::guilds, intent::guild_messages};
     }},
    {"shards = '0-7/16'", "TROUPE_SHARDS", "--shards", "0-7/16",
     [](const settings& s) {
       return s.shards == config::shard_selection{16, 0, 7};
     }},
    {"compress = 'zlib-stream'", "TROUPE_COMPRESS", "--compress", "zlib-stream",
     [](const settings& s) { return s.compress == compression::zlib_stream; }},
    {"large_threshold = 50", "TROUPE_LARGE_THRESHOLD", "--large-threshold", "50",
     [](const settings& s) { return s.large_threshold == 50; }},
    {"state_dir = 'state'", "TROUPE_STATE_DIR", "--state-dir", "state",
     [](const settings& s) { return s.state_dir == "state"; }},
    {"identify_reserve = 7", "TROUPE_IDENTIFY_RESERVE", "--identify-reserve", "7",
     [](const settings& s) { return s.identify_reserve == 7u; }},
    {"cache.resources = ['roles', 'invites']", "TROUPE_CACHE_RESOURCES", "--cache-resources", "roles, invites",
     [](const settings& s) {
       return s.cache.roles && s.cache.invites && !s.cache.guilds && !s.cache.members && s.cache.any();
     }},
    {"cache.messages_per_channel = 7", "TROUPE_CACHE_MESSAGES_PER_CHANNEL", "--cache-messages-per-channel", "7",
     [](const settings& s) { return s.cache.messages_per_channel == 7 && !s.cache.any(); }},
    {"cache.members_per_guild = 9", "TROUPE_CACHE_MEMBERS_PER_GUILD", "--cache-members-per-guild", "9",
     [](const settings& s) { return s.cache.members_per_guild == 9; }},
    {"cache.budget_mib = 3", "TROUPE_CACHE_BUDGET_MIB", "--cache-budget-mib", "3",
     [](const settings& s) { return s.cache.budget_bytes == 3u << 20; }},
    {"log.level = 'debug'", "TROUPE_LOG_LEVEL", "--log-level", "debug",
     [](const settings& s) { return s.log_level == "debug"; }},
    {"[log]\nformat = 'json'", "TROUPE_LOG_FORMAT", "--log-format", "json",
     [](const settings& s) { return s.log_format == "json"; }},
    {"presence.status = 'dnd'", "TROUPE_PRESENCE_STATUS", "--presence-status", "dnd",
     [](const settings& s) { return s.presence && s.presence->status == "dnd" && s.presence->activities.empty(); }},
    {"[presence.activity]\nname = 'chess'", "TROUPE_PRESENCE_ACTIVITY_NAME", "--presence-activity-name", "chess",
     [](const settings& s) {
       return s.presence && s.presence->status == "online"
              && s.presence->activities == std::vector{bot_activity{"chess", 0, {}, {}}};
     }},
  };
  return all;
}

} // namespace

TEST_CASE("every setting can come from the file, the environment and the command line", "[config][unit]") {
  for (const auto& each : spellings()) {
    INFO(each.toml);
    CHECK_FALSE(each.took_effect(settings_of({})));
    CHECK(each.took_effect(settings_of({.toml = each.toml})));
    CHECK(each.took_effect(settings_of({.environment = {{each.variable, each.value}}})));
    CHECK(each.took_effect(settings_of({.arguments = {each.option, each.value}})));
    CHECK(each.took_effect(settings_of({.arguments = {each.option + "=" + each.value}})));
  }
}

TEST_CASE("the defaults are those that the documentation names", "[config][unit]") {
  auto made = settings_of({});
  CHECK(made.token.reveal() == some_token);
  CHECK(made.api_url == "https://discord.com/api/v10");
  CHECK_FALSE(made.ca_file);
  CHECK_FALSE(made.proxy);
  CHECK((made.shards == config::shard_selection{}));
  CHECK(made.compress == codec::compression::zstd_stream);
  CHECK_FALSE(made.intents);
  CHECK(made.large_threshold == 250);
  CHECK_FALSE(made.presence);
  CHECK(made.state_dir == "/home/somebody/.local/state/troupe");
  CHECK_FALSE(made.identify_reserve);
  CHECK(made.log_level == "info");
  CHECK(made.log_format == "text");
}

TEST_CASE("options win over variables, variables over the file", "[config][unit]") {
  sources from{.toml = "shards = 2\nlog.level = 'warn'\ncompress = 'none'",
               .environment = {{"TROUPE_SHARDS", "3"}, {"TROUPE_LOG_LEVEL", "error"}},
               .arguments = {"--shards", "4"}};
  auto made = settings_of(from);
  CHECK(made.shards.count == 4u);
  CHECK(made.log_level == "error");
  CHECK(made.compress == codec::compression::none);
}

TEST_CASE("of an option that is given twice the last counts", "[config][unit]") {
  CHECK(settings_of({.arguments = {"--shards=2", "--shards=3"}}).shards.count == 3u);
}

TEST_CASE("an empty variable or option counts as not set", "[config][unit]") {
  CHECK(settings_of({.environment = {{"TROUPE_SHARDS", ""}, {"TROUPE_CONFIG", ""}}}).shards.count == std::nullopt);
  CHECK(settings_of({.environment = {{"TROUPE_PROXY", "http://p:1"}}, .arguments = {"--proxy", ""}}).proxy
        == "http://p:1");
}

TEST_CASE("TROUPE_CONFIG names the file, --config wins over it", "[config][unit]") {
  scratch_folder folder;
  auto file = (folder / "other.toml").string();
  write_file(file, "shards = 5");
  CHECK(settings_of({.environment = {{"TROUPE_CONFIG", file}}}).shards.count == 5u);
  CHECK(settings_of({.toml = "shards = 6", .environment = {{"TROUPE_CONFIG", file}}}).shards.count == 6u);
}

TEST_CASE("the ledger's folder follows XDG_STATE_HOME where that is absolute", "[config][unit]") {
  CHECK(settings_of({.environment = {{"XDG_STATE_HOME", "/var/state"}}}).state_dir == "/var/state/troupe");
  CHECK(settings_of({.environment = {{"XDG_STATE_HOME", "state"}}}).state_dir == "/home/somebody/.local/state/troupe");
  CHECK(error_of({.environment = {{"HOME", ""}}}).detail.find("TROUPE_STATE_DIR") != std::string::npos);
}

TEST_CASE("a presence is put together from all sources", "[config][unit]") {
  auto made = settings_of({.toml = "[presence]\nstatus = 'idle'\n[presence.activity]\nname = 'x'\ntype = 'streaming'",
                           .environment = {{"TROUPE_PRESENCE_ACTIVITY_URL", "https://stream.test/me"}},
                           .arguments = {"--presence-activity-name", "live"}});
  REQUIRE(made.presence);
  CHECK(made.presence->status == "idle");
  CHECK((made.presence->activities == std::vector{bot_activity{"live", 1, {}, "https://stream.test/me"}}));
  made = settings_of({.toml = "presence.activity = { type = 'custom', state = 'thinking' }"});
  CHECK((made.presence->activities == std::vector{bot_activity{"Custom Status", 4, "thinking", {}}}));
}

TEST_CASE("intents may be a list, words with commas, or nothing at all", "[config][unit]") {
  CHECK(settings_of({.toml = "intents = 'guilds, guild_messages'"}).intents->bits == 0x201);
  CHECK(settings_of({.toml = "intents = 'unprivileged'"}).intents == intents::unprivileged());
  CHECK(settings_of({.toml = "intents = []"}).intents == intents{});
}

TEST_CASE("a program's own options reach it, in its order and only where given", "[config][unit]") {
  std::vector<std::string> seen;
  auto note = [&seen](std::string name) {
    return [&seen, name](std::string_view value) -> result<void> {
      seen.push_back(name + "=" + std::string{value});
      if (value == "bad")
        return error{errc::invalid_argument, "must be good"};
      return {};
    };
  };
  sources from{.extras = {{"types", "Event types", false, note("types")},
                          {"raw", "As JSON", true, note("raw")},
                          {"quiet", "No output", true, note("quiet")}}};
  from.arguments = {"--raw", "--types", "A,B", "--shards", "2"};
  CHECK(settings_of(from).shards.count == 2u);
  CHECK((seen == std::vector<std::string>{"types=A,B", "raw=true"}));
  from.arguments = {"--types=bad"};
  CHECK((error_of(from) == error{errc::invalid_argument, "--types: must be good"}));
}

TEST_CASE("--help shows every option with its default and --version the version", "[config][unit]") {
  auto argument = GENERATE("--help", "-h");
  // Help must not depend on a working configuration.
  auto made = load({.toml = "broken",
                    .environment = {{"DISCORD_TOKEN", ""}},
                    .arguments = {argument},
                    .extras = {{"types", "Event types to count", false, {}}}});
  REQUIRE(made.has_value());
  REQUIRE(made->print);
  for (const auto& each : spellings()) {
    INFO(each.option);
    CHECK(made->print->find(each.option + " ") != std::string::npos);
  }
  for (auto part : {"--config FILE", "[zstd-stream]", "[https://discord.com/api/v10]", "--types VALUE",
                    "Event types to count", "DISCORD_TOKEN", "--token-file"}) {
    INFO(part);
    CHECK(made->print->find(part) != std::string::npos);
  }
  made = load({.arguments = {"--version"}});
  REQUIRE(made.has_value());
  CHECK(made->print.value_or("").starts_with("bot (Troupe "));
}

TEST_CASE("the process's own TROUPE_ variables are listed", "[config][unit]") {
  REQUIRE(::setenv("TROUPE_OF_THE_TEST", "a=b", 1) == 0);
  auto names = config::process_environment_names();
  CHECK(std::set<std::string>(names.begin(), names.end()).contains("TROUPE_OF_THE_TEST"));
  CHECK(config::process_environment("TROUPE_OF_THE_TEST") == "a=b");
  REQUIRE(::unsetenv("TROUPE_OF_THE_TEST") == 0);
  CHECK_FALSE(config::process_environment("TROUPE_OF_THE_TEST"));
}
