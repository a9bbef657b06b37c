// SPDX-License-Identifier: BSD-3-Clause
// Where the token may come from, and that nothing ever repeats it (promise P11).
#include "tests/config/loading.hpp"

using namespace troupe;
using namespace troupe::testing;

TEST_CASE("a token is trimmed and loses its scheme", "[config][unit]") {
  std::string token{some_token};
  for (const auto& given : {token, " " + token + "\r\n", "Bot " + token, "\tBot  " + token + " "}) {
    INFO(given);
    CHECK(settings_of({.environment = {{"DISCORD_TOKEN", given}}}).token.reveal() == token);
  }
}

TEST_CASE("a token can come from a file, DISCORD_TOKEN wins over it", "[config][unit]") {
  scratch_folder folder;
  auto file = (folder / "token").string();
  write_file(file, "the-token-of-the-file\n");
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  auto made = load({.environment = {{"DISCORD_TOKEN", ""}}, .arguments = {"--token-file", file}});
  REQUIRE(made.has_value());
  CHECK(made->settings.token.reveal() == "the-token-of-the-file");
  CHECK(made->warnings.empty());
  CHECK(settings_of({.toml = "token_file = '" + file + "'"}).token.reveal() == some_token);

  std::filesystem::permissions(file, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
  made = load({.environment = {{"DISCORD_TOKEN", ""}, {"TROUPE_TOKEN_FILE", file}}});
  REQUIRE(made.has_value());
  REQUIRE(made->warnings.size() == 1);
  CHECK(made->warnings.front().find("chmod 600 \"" + file + "\"") != std::string::npos);
}

TEST_CASE("without a token the error says what to set", "[config][unit]") {
  auto variable = GENERATE("", " ", "Bot ", "\n");
  auto reason = error_of({.environment = {{"DISCORD_TOKEN", variable}}});
  CHECK(reason.code == errc::invalid_configuration);
  CHECK(reason.detail.starts_with("no token: "));
  CHECK(reason.detail.find("set DISCORD_TOKEN") != std::string::npos);
}

TEST_CASE("a token file that cannot be used is named", "[config][unit]") {
  scratch_folder folder;
  write_file(folder / "empty", "\n");
  write_file(folder / "odd", "one two");
  auto name = GENERATE("missing", "empty", "odd", ".");
  auto file = (folder / name).string();
  auto reason = error_of({.environment = {{"DISCORD_TOKEN", ""}, {"TROUPE_TOKEN_FILE", file}}});
  CHECK(reason.code == errc::invalid_configuration);
  INFO(reason.detail);
  CHECK(reason.detail.find("`token_file` \"" + file + "\"") != std::string::npos);
  CHECK(reason.detail.find("two") == std::string::npos);
}

TEST_CASE("a token with characters that no header can carry is refused unseen", "[config][unit]") {
  std::string bad =
    GENERATE("MTIz.secret part", "MTIz.sec\nret", "MTIz.secret\x01", "MTIz.secr\xc3\xa4t", "\"MTIz secret\"");
  auto reason = error_of({.environment = {{"DISCORD_TOKEN", bad}}});
  CHECK(reason.code == errc::invalid_configuration);
  INFO(reason.detail);
  CHECK(reason.detail.find("DISCORD_TOKEN has a character") != std::string::npos);
  CHECK(reason.detail.find("sec") == std::string::npos);
  CHECK(reason.detail.find("MTI") == std::string::npos);
}

TEST_CASE("a token in the wrong place is refused and not repeated", "[config][unit]") {
  const std::string token{some_token};
  const std::vector<sources> places{
    {.toml = "token = '" + token + "'"},
    {.toml = "discord_token = '" + token + "'"},
    {.toml = "shards = '" + token + "'"},
    {.toml = token},
    {.environment = {{"TROUPE_TOKEN", token}}},
    {.environment = {{"TROUPE_API_URL", "https://" + token + "/x?y"}}},
    {.arguments = {"--token", token}},
    {.arguments = {"--token=" + token}},
    {.arguments = {"--discord-token=" + token}},
    {.arguments = {"--tokn=" + token}},
    {.arguments = {token}},
    {.arguments = {"-" + token}},
    {.arguments = {"--shards", token}},
    {.arguments = {"--intents", token}},
    {.arguments = {"--config", token}},
  };
  for (const auto& from : places) {
    auto reason = error_of(from);
    CHECK(remedy_for(reason.code) == remedy::caller);
    INFO(reason.detail);
    CHECK(reason.detail.find("not-a-real-token") == std::string::npos);
    CHECK(reason.detail.find("Gabcde") == std::string::npos);
  }
}

TEST_CASE("a token in the file or on the command line is told where it belongs", "[config][unit]") {
  for (const auto& from : {sources{.toml = "token = 'x'"}, sources{.arguments = {"--token", "x"}}}) {
    auto reason = error_of(from);
    CHECK(reason.code == errc::invalid_configuration);
    INFO(reason.detail);
    CHECK(reason.detail.find("DISCORD_TOKEN") != std::string::npos);
  }
}
