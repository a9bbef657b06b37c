// SPDX-License-Identifier: BSD-3-Clause
// Plays the three sources of a configuration for one call of `load`.
#pragma once

#include "runtime/config/config.hpp"

#include "tests/catch.hpp"
#include "tests/scratch_folder.hpp"

#include <map>
#include <string>
#include <vector>

namespace troupe::testing {

/// What a test sets. A token is there unless the test takes it away.
struct sources {
  /// The TOML file; named by --config where it is not empty.
  std::string toml;
  std::map<std::string, std::string> environment;
  std::vector<std::string> arguments;
  std::vector<config::extra_option> extras;
};

/// A token of the right form that belongs to nobody.
inline constexpr auto some_token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.not-a-real-token-0123456789";

/// Calls `load`. The file is called "bot.toml" in errors' places whatever folder it is in.
inline result<config::loaded> load(const sources& from) {
  scratch_folder folder;
  auto file = (folder / "bot.toml").string();
  std::vector<std::string> words{"bot"};
  if (!from.toml.empty()) {
    write_file(file, from.toml);
    words.insert(words.end(), {"--config", file});
  }
  words.insert(words.end(), from.arguments.begin(), from.arguments.end());
  std::vector<const char*> argv;
  for (const auto& word : words)
    argv.push_back(word.c_str());
  auto variables = from.environment;
  variables.try_emplace("DISCORD_TOKEN", some_token);
  variables.try_emplace("HOME", "/home/somebody");
  std::vector<std::string> names;
  for (const auto& [name, value] : variables)
    names.push_back(name);
  auto lookup = [&](const std::string& name) {
    auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  };
  auto made = config::load(static_cast<int>(argv.size()), argv.data(), lookup, from.extras, "bot", names);
  if (made)
    return made;
  auto reason = made.error();
  if (auto at = reason.detail.find(file); at != std::string::npos)
    reason.detail.replace(at, file.size(), "bot.toml");
  return reason;
}

/// The settings of a configuration that must load.
inline config::settings settings_of(const sources& from) {
  auto made = load(from);
  if (!made)
    FAIL(to_string(made.error()));
  REQUIRE_FALSE(made->print);
  return made->settings;
}

/// The error of a configuration that must not load.
inline error error_of(const sources& from) {
  auto made = load(from);
  if (made.has_value())
    FAIL("it was accepted");
  return made.error();
}

} // namespace troupe::testing
