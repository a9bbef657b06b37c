// SPDX-License-Identifier: BSD-3-Clause
#include "messages/nearest.hpp"

#include "runtime/config/schema.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace troupe::config {

namespace {

constexpr std::string_view prefix = "TROUPE_";

result<void> check_names(const std::vector<std::string>& names) {
  std::vector<std::string> known{"TROUPE_CONFIG"};
  for (const auto& row : schema())
    known.push_back(variable_name(row.key));
  std::vector<std::string_view> views{known.begin(), known.end()};
  for (const auto& name : names) {
    if (name.starts_with("TROUPE_TOKEN") && name != "TROUPE_TOKEN_FILE")
      return error{errc::invalid_configuration, name + ": the token belongs into DISCORD_TOKEN"};
    if (name.starts_with(prefix) && std::find(known.begin(), known.end(), name) == known.end())
      return error{errc::invalid_configuration, name + ": there is no such variable" + did_you_mean(name, views)};
  }
  return {};
}

} // namespace

result<std::vector<assignment>> read_environment(const environment_lookup& environment,
                                                 const std::vector<std::string>& names) {
  if (auto checked = check_names(names); !checked)
    return checked.error();
  std::vector<assignment> found;
  for (const auto& row : schema()) {
    auto name = variable_name(row.key);
    if (auto value = environment(name); value && !value->empty())
      found.push_back({&row, *std::move(value), name + ":"});
  }
  return found;
}

std::optional<std::string> process_environment(const std::string& name) {
  const auto* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>{value};
}

std::vector<std::string> process_environment_names() {
  std::vector<std::string> names;
  for (auto** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    std::string_view variable{*entry};
    if (variable.starts_with(prefix))
      names.emplace_back(variable.substr(0, variable.find('=')));
  }
  return names;
}

} // namespace troupe::config
