// SPDX-License-Identifier: BSD-3-Clause
// The table of all settings. The TOML key, the variable and the option of a setting come from one row, so that the
// three sources cannot drift apart. Private to runtime/config.
#pragma once

#include "runtime/config/config.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::config {

/// Looks up a variable by its name.
using environment_lookup = std::function<std::optional<std::string>(const std::string&)>;

/// Which TOML values a setting takes. Variables and options are always text.
enum class value_kind : std::uint8_t {
  text,           ///< A string.
  number,         ///< An integer.
  text_or_number, ///< Either.
  list,           ///< An array of strings, or one string with commas.
};

/// What is being built: the settings, and what becomes part of them at the end.
struct draft {
  troupe::config::settings settings;
  std::optional<std::string> token_file;
  /// From `presence.activity.*`; joins the presence if any of its keys was set.
  std::optional<bot_activity> doing;
};

/// One setting.
struct setting {
  /// The path in TOML, for example "log.level".
  std::string_view key;
  value_kind kind = value_kind::text;
  /// What `--help` shows for the value, for example "FILE".
  std::string_view placeholder;
  std::string_view help;
  /// What `--help` shows as the default; may be empty.
  std::string_view fallback;
  /// Reads the value. Errors say what it must be, without the place.
  result<void> (*set)(draft& to, std::string_view text);
};

/// All settings, in the order in which `--help` shows them.
[[nodiscard]] std::span<const setting> schema() noexcept;

/// "log.level" becomes "TROUPE_LOG_LEVEL".
[[nodiscard]] std::string variable_name(std::string_view key);

/// "log.level" becomes "log-level".
[[nodiscard]] std::string option_name(std::string_view key);

/// One value that a source found for a setting.
struct assignment {
  const setting* row = nullptr;
  std::string value;
  /// Where it stands, for errors: "bot.toml:3:10: `shards`", "TROUPE_SHARDS:" or "--shards:".
  std::string place;
};

/// Reads and checks the shape of a TOML file: `errc::invalid_configuration` with file, line and column.
[[nodiscard]] result<std::vector<assignment>> read_toml_file(const std::string& file);

/// Finds the `TROUPE_*` variables. `names` may be empty; see `load`.
[[nodiscard]] result<std::vector<assignment>> read_environment(const environment_lookup& environment,
                                                               const std::vector<std::string>& names);

/// What the command line says.
struct command_line {
  std::vector<assignment> assignments;
  std::optional<std::string> config_file;
  /// The extra options that were given, with their values, in the order of `extras`.
  std::vector<std::pair<const extra_option*, std::string>> extras;
  std::optional<std::string> print;
};

/// Splits the command line: `errc::unknown_option` or `errc::invalid_configuration` with the option.
[[nodiscard]] result<command_line> read_command_line(int argc, const char* const* argv,
                                                     const std::vector<extra_option>& extras, std::string_view program);

} // namespace troupe::config
