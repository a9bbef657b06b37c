// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/config/schema.hpp"

#include "messages/nearest.hpp"

#include "runtime/net/url.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>

namespace troupe::config {

namespace {

using names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 6> log_levels{"trace", "debug", "info", "warn", "error", "off"};
constexpr std::array<std::string_view, 2> log_formats{"text", "json"};
constexpr std::array<std::string_view, 3> transports{"zstd-stream", "zlib-stream", "none"};
constexpr std::array<std::string_view, 5> statuses{"online", "dnd", "idle", "invisible", "offline"};
// In the order of Discord's numbers.
constexpr std::array<std::string_view, 6> activity_types{"playing",  "streaming", "listening",
                                                         "watching", "custom",    "competing"};

error wrong(std::string what) {
  return {errc::invalid_configuration, std::move(what)};
}

result<std::size_t> one_of(std::string_view text, names known) {
  auto found = std::find(known.begin(), known.end(), text);
  if (found != known.end())
    return static_cast<std::size_t>(found - known.begin());
  std::string list;
  for (auto name : known)
    list.append(list.empty() ? "" : name == known.back() ? " or " : ", ").append(name);
  return wrong("must be " + list + ", not \"" + std::string{text} + "\"" + did_you_mean(text, known));
}

result<void> set_name(std::string& to, std::string_view text, names known) {
  auto index = one_of(text, known);
  if (!index)
    return index.error();
  to = known[*index];
  return {};
}

template <class Number>
result<void> set_number(Number& to, std::string_view text, std::uint32_t least, std::uint32_t most) {
  std::uint32_t number = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc{} || end != text.data() + text.size() || number < least || number > most)
    return wrong("must be a number from " + std::to_string(least) + " to " + std::to_string(most) + ", not \""
                 + std::string{text} + "\"");
  to = static_cast<Number>(number);
  return {};
}

template <class Text>
result<void> set_filled(Text& to, std::string_view text, std::string_view what) {
  if (text.empty())
    return wrong("must be " + std::string{what} + ", not empty");
  to = std::string{text};
  return {};
}

result<void> set_api_url(draft& to, std::string_view text) {
  auto parsed = net::parse_url(text);
  if (!parsed)
    return parsed.error();
  if (parsed->scheme != "https" && parsed->scheme != "http")
    return wrong("must begin with https:// (or http:// on a loopback host), not " + parsed->scheme + "://");
  if (text.find_first_of("?#") != std::string_view::npos)
    return wrong("must be the base of an API, without \"?\" and \"#\"");
  while (text.ends_with('/'))
    text.remove_suffix(1);
  to.settings.api_url = text;
  return {};
}

// Not `parse_url`: that is for what we talk to in the clear, whereas through a proxy everything is TLS to the end.
result<void> set_proxy(draft& to, std::string_view text) {
  constexpr std::string_view scheme = "http://";
  auto host = text.starts_with(scheme) ? text.substr(scheme.size()) : std::string_view{};
  if (host.ends_with('/'))
    host.remove_suffix(1);
  // Names and passwords in it are not supported, and must not be repeated in an error.
  if (host.empty() || host.find_first_of("/?#@ ") != std::string_view::npos)
    return wrong("must be http://host:port");
  to.settings.proxy = std::string{text};
  return {};
}

result<void> set_shards(draft& to, std::string_view text) {
  auto parsed = shard_selection::parse(text);
  if (!parsed)
    return parsed.error();
  to.settings.shards = *parsed;
  return {};
}

result<void> set_intents(draft& to, std::string_view text) {
  auto parsed = intents::parse(text);
  if (!parsed)
    return parsed.error();
  to.settings.intents = *parsed;
  return {};
}

result<void> set_compress(draft& to, std::string_view text) {
  auto index = one_of(text, transports);
  if (!index)
    return index.error();
  to.settings.compress = codec::parse_compression(transports[*index]).value_or(codec::compression::none);
  return {};
}

result<void> set_reserve(draft& to, std::string_view text) {
  std::uint32_t number = 0;
  if (auto read = set_number(number, text, 0, 1'000'000); !read)
    return read;
  to.settings.identify_reserve = number;
  return {};
}

result<void> set_status(draft& to, std::string_view text) {
  update_presence presence;
  if (auto read = set_name(presence.status, text, statuses); !read)
    return read;
  to.settings.presence = std::move(presence);
  return {};
}

result<void> set_resources(draft& to, std::string_view text) {
  auto parsed = cache::settings::parse(text);
  if (!parsed)
    return parsed.error();
  auto& cache = to.settings.cache;
  parsed->messages_per_channel = cache.messages_per_channel;
  parsed->members_per_guild = cache.members_per_guild;
  parsed->budget_bytes = cache.budget_bytes;
  cache = *parsed;
  return {};
}

result<void> set_budget(draft& to, std::string_view text) {
  std::uint32_t mebibytes = 0;
  if (auto read = set_number(mebibytes, text, 0, 1'000'000); !read)
    return read;
  to.settings.cache.budget_bytes = std::uint64_t{mebibytes} << 20;
  return {};
}

bot_activity& doing(draft& to) {
  return to.doing ? *to.doing : to.doing.emplace();
}

result<void> set_activity_type(draft& to, std::string_view text) {
  auto index = one_of(text, activity_types);
  if (!index)
    return index.error();
  doing(to).type = static_cast<std::int32_t>(*index);
  return {};
}

constexpr std::array<setting, 21> rows{{
  {"api_url", value_kind::text, "URL", "Base of the REST API; http:// only on loopback hosts",
   "https://discord.com/api/v10", set_api_url},
  {"ca_file", value_kind::text, "FILE", "PEM file of the authorities to trust", "the system's",
   [](draft& to, std::string_view text) { return set_filled(to.settings.ca_file, text, "a file"); }},
  {"proxy", value_kind::text, "URL", "HTTP proxy, http://host:port", "none", set_proxy},
  {"token_file", value_kind::text, "FILE", "File that holds the token, where DISCORD_TOKEN is not set", "",
   [](draft& to, std::string_view text) { return set_filled(to.token_file, text, "a file"); }},
  {"intents", value_kind::list, "NAMES", "Intents, by name and with commas between them, \"unprivileged\" or \"all\"",
   "the bot's own", set_intents},
  {"shards", value_kind::text_or_number, "auto|N|a-b/N", "Which shards run here", "auto", set_shards},
  {"compress", value_kind::text, "NAME", "zstd-stream, zlib-stream or none", "zstd-stream", set_compress},
  {"large_threshold", value_kind::number, "N", "Members from which a guild is large, 50 to 250", "250",
   [](draft& to, std::string_view text) { return set_number(to.settings.large_threshold, text, 50, 250); }},
  {"state_dir", value_kind::text, "FOLDER", "Where the identify ledger is kept", "~/.local/state/troupe",
   [](draft& to, std::string_view text) { return set_filled(to.settings.state_dir, text, "a folder"); }},
  {"identify_reserve", value_kind::number, "N", "Session starts kept for recovery", "a tenth", set_reserve},
  {"cache.resources", value_kind::list, "NAMES",
   "What guilds' actors keep: roles,channels,members,..., \"usual\", \"all\" or \"none\"", "none", set_resources},
  {"cache.messages_per_channel", value_kind::number, "N", "The newest messages that are kept of each channel", "100",
   [](draft& to, std::string_view text) {
     return set_number(to.settings.cache.messages_per_channel, text, 1, 100'000);
   }},
  {"cache.members_per_guild", value_kind::number, "N", "Members that are kept of each guild; 0 for all", "0",
   [](draft& to, std::string_view text) {
     return set_number(to.settings.cache.members_per_guild, text, 0, 10'000'000);
   }},
  {"cache.budget_mib", value_kind::number, "MIB", "What all guilds of the process may take; 0 for no bound", "0",
   set_budget},
  {"log.level", value_kind::text, "LEVEL", "trace, debug, info, warn, error or off", "info",
   [](draft& to, std::string_view text) { return set_name(to.settings.log_level, text, log_levels); }},
  {"log.format", value_kind::text, "FORMAT", "text or json", "text",
   [](draft& to, std::string_view text) { return set_name(to.settings.log_format, text, log_formats); }},
  {"presence.status", value_kind::text, "STATUS", "online, dnd, idle, invisible or offline", "the bot's own",
   set_status},
  {"presence.activity.name", value_kind::text, "TEXT", "What the bot is doing", "",
   [](draft& to, std::string_view text) { return set_filled(doing(to).name, text, "a text"); }},
  {"presence.activity.type", value_kind::text, "TYPE", "playing, streaming, listening, watching, custom or competing",
   "playing", set_activity_type},
  {"presence.activity.state", value_kind::text, "TEXT", "The text of a custom status", "",
   [](draft& to, std::string_view text) { return set_filled(doing(to).state, text, "a text"); }},
  {"presence.activity.url", value_kind::text, "URL", "The address of a stream", "",
   [](draft& to, std::string_view text) { return set_filled(doing(to).url, text, "an address"); }},
}};

} // namespace

std::span<const setting> schema() noexcept {
  return rows;
}

std::string variable_name(std::string_view key) {
  std::string name = "TROUPE_";
  for (unsigned char c : key)
    name += c == '.' ? '_' : static_cast<char>(std::toupper(c));
  return name;
}

std::string option_name(std::string_view key) {
  std::string name{key};
  std::replace_if(
    name.begin(), name.end(), [](char c) { return c == '.' || c == '_'; }, '-');
  return name;
}

} // namespace troupe::config
