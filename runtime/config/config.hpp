// SPDX-License-Identifier: BSD-3-Clause
// A bot's configuration: one schema for the TOML file, the environment and the command line, in rising order (design 14).
#pragma once

#include "messages/command.hpp"
#include "messages/error.hpp"
#include "messages/intents.hpp"
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
  std::uint32_t first = 0;
  /// Inclusive; nothing means "to the last".
  std::optional<std::uint32_t> last;

  /// @returns `errc::shard_out_of_range` or `errc::invalid_configuration` with an example of what is right.
  [[nodiscard]] static result<shard_selection> parse(std::string_view text);

  friend bool operator==(const shard_selection&, const shard_selection&) = default;
};

/// Everything that `troupe::run` needs to know.
struct settings {
  /// DISCORD_TOKEN, or the content of `token_file`. Never in the file, never on the command line.
  secret token;
  /// TROUPE_API_URL.
  std::string api_url = "https://discord.com/api/v10";
  /// TROUPE_CA_FILE.
  std::optional<std::string> ca_file;
  std::optional<std::string> proxy;
  shard_selection shards;
  codec::compression compress = codec::compression::zstd_stream;
  /// Not set: the bot's own wish (`bot_spec`), else the unprivileged ones.
  std::optional<troupe::intents> intents;
  std::uint16_t large_threshold = 250;
  std::optional<presence_update> presence;
  /// The folder of the identify ledger; by default $XDG_STATE_HOME/troupe or ~/.local/state/troupe.
  std::string state_dir;
  /// Session starts kept for recovery; not set: a tenth of the total.
  std::optional<std::uint32_t> identify_reserve;
  /// trace, debug, info, warn, error, off.
  std::string log_level = "info";
  /// text or json.
  std::string log_format = "text";
};

/// An option that a program adds for itself. Values reach `apply`, which returns an error to refuse them.
struct extra_option {
  /// Without dashes.
  std::string name;
  std::string help;
  /// A flag takes no value: `apply` gets "true".
  bool flag = false;
  std::function<result<void>(std::string_view)> apply;
};

/// What the command line asked for.
struct loaded {
  troupe::config::settings settings;
  /// Set where the program should print this and exit 0 (--help, --version).
  std::optional<std::string> print;
};

/// Reads `--config FILE` (or TROUPE_CONFIG), then `TROUPE_*`, then the options.
/// Unknown keys, wrong types and values out of range are errors that name the place: the file with line and column,
/// the variable, or the option, and the nearest known name.
/// @param environment Looks up a variable; `std::getenv` in production.
[[nodiscard]] result<loaded> load(int argc, const char* const* argv,
                                  const std::function<std::optional<std::string>(const std::string&)>& environment,
                                  const std::vector<extra_option>& extras = {}, std::string_view program = "bot");

/// `std::getenv`.
[[nodiscard]] std::optional<std::string> process_environment(const std::string& name);

} // namespace troupe::config
