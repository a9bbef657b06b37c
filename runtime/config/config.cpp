// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/config/config.hpp"

#include "runtime/config/schema.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace troupe::config {

namespace {

error wrong(std::string what) {
  return {errc::invalid_configuration, std::move(what)};
}

error at(const std::string& place, const error& reason) {
  return {reason.code, place + " " + reason.detail};
}

result<void> assign(draft& to, const std::vector<assignment>& assignments) {
  for (const auto& each : assignments)
    if (auto set = each.row->set(to, each.value); !set)
      return at(each.place, set.error());
  return {};
}

// Checks what a token may not contain, without ever repeating it: it goes into a header and into JSON.
result<secret> clean_token(std::string_view text, const std::string& source) {
  auto blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  auto trim = [&] {
    while (!text.empty() && blank(text.front()))
      text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
      text.remove_suffix(1);
  };
  trim();
  if (constexpr std::string_view scheme = "Bot "; text.starts_with(scheme)) {
    text.remove_prefix(scheme.size());
    trim();
  }
  if (text.empty() || text == "Bot")
    return wrong("no token: " + source + " is empty, set DISCORD_TOKEN");
  auto odd = std::find_if(text.begin(), text.end(), [](char c) { return c <= ' ' || c >= '\x7f'; });
  if (odd != text.end())
    return wrong("the token in " + source + " has a character that no token has, at position "
                 + std::to_string(odd - text.begin() + 1) + ": copy it again");
  return secret{std::string{text}};
}

result<secret> read_token_file(const std::string& file, std::vector<std::string>& warnings) {
  constexpr std::size_t max_bytes = 4'096;
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0)
    return wrong("`token_file` \"" + file + "\" cannot be read, " + std::generic_category().message(errno));
  std::ifstream in{file, std::ios::binary};
  std::string text(max_bytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.is_open() || in.bad() || S_ISDIR(status.st_mode))
    return wrong("`token_file` \"" + file + "\" cannot be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  if ((status.st_mode & (S_IRGRP | S_IROTH)) != 0)
    warnings.push_back("Others can read the token file \"" + file + "\", run: chmod 600 \"" + file + "\"");
  return clean_token(text, "`token_file` \"" + file + "\"");
}

result<secret> find_token(const draft& from, const std::optional<std::string>& variable,
                          std::vector<std::string>& warnings) {
  if (variable && !variable->empty())
    return clean_token(*variable, "DISCORD_TOKEN");
  if (from.token_file)
    return read_token_file(*from.token_file, warnings);
  return wrong("no token: set DISCORD_TOKEN");
}

result<void> finish_presence(draft& from) {
  constexpr std::int32_t streaming = 1;
  constexpr std::int32_t custom = 4;
  if (!from.doing)
    return {};
  auto& doing = *from.doing;
  if (doing.type == custom && !doing.state)
    return wrong("`presence.activity` of type custom needs `presence.activity.state`, its text");
  // Discord wants a name for a custom status, and shows the state only.
  if (doing.type == custom && doing.name.empty())
    doing.name = "Custom Status";
  if (doing.name.empty())
    return wrong("`presence.activity` needs `presence.activity.name`");
  if (doing.url && doing.type != streaming)
    return wrong("`presence.activity.url` is for the type streaming only");
  auto& presence = from.settings.presence;
  if (!presence)
    presence.emplace();
  presence->activities = {std::move(doing)};
  return {};
}

result<std::string> default_state_dir(const environment_lookup& environment) {
  // The XDG specification: a path that is not absolute is to be ignored.
  if (auto state = environment("XDG_STATE_HOME"); state && state->starts_with('/'))
    return *state + "/troupe";
  if (auto home = environment("HOME"); home && !home->empty())
    return *home + "/.local/state/troupe";
  return wrong("no folder for the identify ledger: set TROUPE_STATE_DIR, since HOME is not set");
}

result<loaded> load_all(int argc, const char* const* argv, const environment_lookup& environment,
                        const std::vector<extra_option>& extras, std::string_view program,
                        const std::vector<std::string>& environment_names) {
  loaded made;
  auto line = read_command_line(argc, argv, extras, program);
  if (!line)
    return line.error();
  if (line->print) {
    made.print = std::move(line->print);
    return made;
  }
  auto variables = read_environment(environment, environment_names);
  if (!variables)
    return variables.error();
  draft drafted;
  auto file = line->config_file ? line->config_file : environment("TROUPE_CONFIG");
  if (file && !file->empty()) {
    auto written = read_toml_file(*file);
    if (!written)
      return written.error();
    if (auto applied = assign(drafted, *written); !applied)
      return applied.error();
  }
  for (const auto* source : {&*variables, &line->assignments})
    if (auto applied = assign(drafted, *source); !applied)
      return applied.error();
  if (auto finished = finish_presence(drafted); !finished)
    return finished.error();
  for (const auto& [extra, value] : line->extras)
    if (auto applied = extra->apply(value); !applied)
      return at("--" + extra->name + ":", applied.error());
  auto token = find_token(drafted, environment("DISCORD_TOKEN"), made.warnings);
  if (!token)
    return token.error();
  drafted.settings.token = *std::move(token);
  if (drafted.settings.state_dir.empty()) {
    auto folder = default_state_dir(environment);
    if (!folder)
      return folder.error();
    drafted.settings.state_dir = *std::move(folder);
  }
  made.settings = std::move(drafted.settings);
  return made;
}

// Somebody may paste the token where it does not belong, and errors repeat values.
void hide(std::string& text, const std::string& token) {
  constexpr std::size_t shortest = 8;
  if (token.size() < shortest)
    return;
  for (auto found = text.find(token); found != std::string::npos; found = text.find(token))
    text.replace(found, token.size(), "[hidden]");
}

} // namespace

result<loaded> load(int argc, const char* const* argv, const environment_lookup& environment,
                    const std::vector<extra_option>& extras, std::string_view program,
                    const std::vector<std::string>& environment_names) {
  auto made = load_all(argc, argv, environment, extras, program, environment_names);
  if (made)
    return made;
  auto reason = made.error();
  if (auto variable = environment("DISCORD_TOKEN")) {
    auto token = clean_token(*variable, "");
    hide(reason.detail, token ? token->reveal() : *variable);
  }
  return reason;
}

} // namespace troupe::config
