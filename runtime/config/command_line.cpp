// SPDX-License-Identifier: BSD-3-Clause
// The only source that includes CLI11.
#include "messages/nearest.hpp"

#include "runtime/config/schema.hpp"

#include <CLI/CLI.hpp>

#include <deque>

namespace troupe::config {

namespace {

constexpr auto footer =
  "Each option is also a variable, for example TROUPE_LOG_LEVEL for --log-level, and a key of the TOML file.\n"
  "Options win over variables, variables over the file. The token comes from DISCORD_TOKEN or --token-file.";

/// An option of ours and what CLI11 read for it.
struct slot {
  const setting* row = nullptr;
  const extra_option* extra = nullptr;
  CLI::Option* option = nullptr;
  std::string value;
  bool flag = false;
};

void add_setting(CLI::App& app, slot& to, const setting& row) {
  to.row = &row;
  // CLI11 can show defaults itself, but its versions disagree on how.
  auto help = std::string{row.help};
  if (!row.fallback.empty())
    help.append(" [").append(row.fallback).append("]");
  to.option = app.add_option("--" + option_name(row.key), to.value, help);
  to.option->type_name(std::string{row.placeholder});
  to.option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void add_extra(CLI::App& app, slot& to, const extra_option& extra) {
  to.extra = &extra;
  if (extra.flag) {
    to.option = app.add_flag("--" + extra.name, to.flag, extra.help);
  } else {
    to.option = app.add_option("--" + extra.name, to.value, extra.help);
    to.option->type_name("VALUE");
    to.option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
  to.option->group("Options of this program");
}

// CLI11's sentences may repeat the value; the name of the option is enough for ours.
std::string option_of(const CLI::ParseError& failure) {
  std::string text{failure.what()};
  auto start = text.find("--");
  if (start == std::string::npos)
    return "one option";
  return text.substr(start, text.find_first_of(" :=", start) - start);
}

// What follows "=" or stands alone may be a token that was pasted in the wrong place: it is never repeated.
error unknown_argument(const std::string& argument, const std::vector<std::string>& known) {
  if (!argument.starts_with('-') || argument == "-")
    return {errc::unknown_option, "this program takes options only, and one argument is none: options begin with --"};
  auto name = argument.substr(0, argument.find('='));
  if (!name.starts_with("--"))
    return {errc::unknown_option, "one argument begins with a single dash: options begin with --"};
  if (name == "--token" || name == "--discord-token")
    return {errc::invalid_configuration, name
                                           + ": other users see the command line, so set DISCORD_TOKEN, or name a "
                                             "file with --token-file"};
  std::vector<std::string_view> views{known.begin(), known.end()};
  return {errc::unknown_option, "\"" + name + "\"" + did_you_mean(name, views)};
}

result<command_line> collect(const std::deque<slot>& slots) {
  command_line line;
  for (const auto& each : slots) {
    if (each.option->count() == 0)
      continue;
    auto place = each.option->get_name() + ":";
    // CLI11 lets an option swallow the next one.
    if (each.value.starts_with("--"))
      return error{errc::invalid_configuration, place + " needs a value"};
    if (each.row != nullptr) {
      // As with variables, an empty value means "not set here": scripts pass --proxy="$PROXY".
      if (!each.value.empty())
        line.assignments.push_back({each.row, each.value, place});
    } else if (each.extra == nullptr) {
      line.config_file = each.value;
    } else if (!each.extra->flag) {
      line.extras.emplace_back(each.extra, each.value);
    } else if (each.flag) {
      line.extras.emplace_back(each.extra, "true");
    }
  }
  return line;
}

} // namespace

result<command_line> read_command_line(int argc, const char* const* argv, const std::vector<extra_option>& extras,
                                       std::string_view program) {
  CLI::App app{std::string{program} + ", a Discord bot on Troupe", std::string{program}};
  app.footer(footer);
  app.allow_extras();
  app.set_help_flag("--help,-h", "Print this and exit");
  app.set_version_flag("--version", std::string{program} + " (Troupe " TROUPE_VERSION ")",
                       "Print the version and exit");
  // CLI11 keeps references to the values, hence a container that does not move them.
  std::deque<slot> slots(1);
  slots.front().option = app.add_option("--config", slots.front().value, "TOML file to read first")->type_name("FILE");
  for (const auto& row : schema())
    add_setting(app, slots.emplace_back(), row);
  for (const auto& extra : extras)
    add_extra(app, slots.emplace_back(), extra);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    command_line line;
    line.print = app.help();
    return line;
  } catch (const CLI::CallForVersion& version) {
    command_line line;
    line.print = std::string{version.what()} + "\n";
    return line;
  } catch (const CLI::ArgumentMismatch& failure) {
    return error{errc::invalid_configuration, option_of(failure) + ": needs a value"};
  } catch (const CLI::ConversionError& failure) {
    return error{errc::invalid_configuration, option_of(failure) + ": is a flag and takes no value"};
  } catch (const CLI::ParseError& failure) {
    return error{errc::invalid_configuration, "the command line cannot be read at " + option_of(failure)};
  }
  auto line = collect(slots);
  if (!line)
    return line;
  std::vector<std::string> known{"--help", "--version"};
  for (const auto& each : slots)
    known.push_back(each.option->get_name());
  if (auto left = app.remaining(); !left.empty())
    return unknown_argument(left.front(), known);
  return line;
}

} // namespace troupe::config
