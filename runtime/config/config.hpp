// SPDX-License-Identifier: BSD-3-Clause
// A bot's configuration: one schema for the TOML file, the environment and the command line, in rising order (design
// 14).
#pragma once

#include "messages/command.hpp"
#include "messages/error.hpp"
#include "messages/intents.hpp"

#include "runtime/cache/settings.hpp"
#include "runtime/codec/compression.hpp"
#include "runtime/secret.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::config {

/// Which shards run here: all of Discord's recommendation, all of N, or a part of N (`--shards=auto|N|a-b/N`).
struct shard_selection {
  /// Nothing means "ask GET /gateway/bot".
  std::optional<std::uint32_t> count;
  /// Counted from 0.
  std::uint32_t first = 0;
  /// Inclusive; nothing means "to the last".
  std::optional<std::uint32_t> last;

  /// Reads "auto", "N" (1 to 65536), "a-b/N" or "a/N"; spaces around it do not matter.
  /// @returns `errc::shard_out_of_range` or `errc::invalid_configuration` with an example of what is right.
  [[nodiscard]] static result<shard_selection> parse(std::string_view text);

  friend bool operator==(const shard_selection&, const shard_selection&) = default;
};

/// Everything that `troupe::run` needs to know.
struct settings {
  /// DISCORD_TOKEN, or else the content of `token_file`. Never in the file, never on the command line. Without a
  /// leading "Bot ".
  secret token;
  /// The base of the REST API, without a slash at the end. TROUPE_API_URL.
  std::string api_url = "https://discord.com/api/v10";
  /// A PEM file of authorities to trust instead of the system's. TROUPE_CA_FILE.
  std::optional<std::string> ca_file;
  /// "http://host:port", for everything but loopback hosts.
  std::optional<std::string> proxy;
  shard_selection shards;
  /// The gateway's transport compression.
  codec::compression compress = codec::compression::zstd_stream;
  /// Not set: the bot's own wish (`bot_spec`), else the unprivileged ones.
  std::optional<troupe::intents> intents;
  /// Guilds with more members than this send no offline members: 50 to 250.
  std::uint16_t large_threshold = 250;
  /// Not set: the bot's own wish, else Discord's default.
  std::optional<update_presence> presence;
  /// The folder of the identify ledger; by default $XDG_STATE_HOME/troupe or ~/.local/state/troupe.
  std::string state_dir;
  /// Session starts kept for recovery; not set: a tenth of the total.
  std::optional<std::uint32_t> identify_reserve;
  /// What guilds' actors keep; by default there are none. See `cache::settings`.
  cache::settings cache = cache::settings::parse("none").value();
  /// trace, debug, info, warn, error, off.
  std::string log_level = "info";
  /// text or json.
  std::string log_format = "text";
};

/// An option that a program adds for itself. Values reach `apply`, which returns an error to refuse them.
struct extra_option {
  /// Without dashes.
  std::string name;
  /// What `--help` says about it.
  std::string help;
  /// A flag takes no value: `apply` gets "true".
  bool flag = false;
  /// Called once, and only where the option was given.
  std::function<result<void>(std::string_view)> apply;
};

/// What the command line asked for.
struct loaded {
  /// Complete and checked, unless `print` is set.
  troupe::config::settings settings;
  /// Set where the program should print this and exit 0 (--help, --version).
  std::optional<std::string> print;
  /// Sentences for the log: what works but should be changed.
  std::vector<std::string> warnings;
};

/// Reads `--config FILE` (or TROUPE_CONFIG), then `TROUPE_*`, then the options. A variable that is empty counts as not
/// set; paths are relative to the working directory. Unknown keys, wrong types and values out of range are errors that
/// name the place: the file with line and column, the variable, or the option, and the nearest known name. No error and
/// no warning ever holds the token.
/// @param environment Looks up a variable; `process_environment` in production.
/// @param program The name that `--help` and `--version` show.
/// @param environment_names The variables that are set, so that a mistyped TROUPE_ variable is an error:
///   `process_environment_names()` in production. Without them an unknown variable goes unnoticed.
[[nodiscard]] result<loaded> load(int argc, const char* const* argv,
                                  const std::function<std::optional<std::string>(const std::string&)>& environment,
                                  const std::vector<extra_option>& extras = {}, std::string_view program = "bot",
                                  const std::vector<std::string>& environment_names = {});

/// `std::getenv`.
[[nodiscard]] std::optional<std::string> process_environment(const std::string& name);

/// The names of this process's variables that begin with TROUPE_.
[[nodiscard]] std::vector<std::string> process_environment_names();

} // namespace troupe::config
