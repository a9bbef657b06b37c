// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/faults.hpp"

#include "messages/nearest.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <span>

namespace troupe::simulator {

namespace {

using std::string_view;

struct kind_row {
  fault_kind kind;
  string_view name;
  // The parameters that it takes, with a space on both sides of each.
  string_view parameters;
};

constexpr kind_row kinds[]{
  {fault_kind::reconnect, "reconnect", " shard "},
  {fault_kind::invalid_session, "invalid-session", " shard resumable "},
  {fault_kind::close, "close", " shard code reason "},
  {fault_kind::drop, "drop", " shard "},
  {fault_kind::silence, "silence", " shard "},
  {fault_kind::half_frame, "half-frame", " shard "},
  {fault_kind::split_messages, "split-messages", " shard count "},
  {fault_kind::missing_suffix, "missing-suffix", " shard count "},
  {fault_kind::corrupt_stream, "corrupt-stream", " shard count "},
  {fault_kind::request_heartbeat, "request-heartbeat", " shard "},
  {fault_kind::invalidate, "invalidate", " shard "},
  {fault_kind::hello_delay, "hello-delay", " ms count seconds "},
  {fault_kind::hello_missing, "hello-missing", " count seconds "},
  {fault_kind::resume_host_dead, "resume-host-dead", " mode seconds "},
  {fault_kind::tls_failure, "tls-failure", " seconds "},
  {fault_kind::upgrade_error, "upgrade-error", " status count seconds "},
  {fault_kind::upgrade_hang, "upgrade-hang", " count seconds "},
  {fault_kind::rest_429, "rest-429", " retry_after scope count seconds "},
  {fault_kind::rest_error, "rest-error", " status body count seconds "},
  {fault_kind::rest_html, "rest-html", " count seconds "},
  {fault_kind::rest_hang, "rest-hang", " count seconds "},
  {fault_kind::latency, "latency", " ms seconds "},
  {fault_kind::outage, "outage", " guilds seconds "},
  {fault_kind::burst, "burst", " events "},
};

constexpr string_view parameter_names[]{"shard", "code", "status", "count",  "seconds", "ms",     "resumable",
                                        "mode",  "body", "scope",  "reason", "guilds",  "events", "retry_after"};

template <class T>
bool read_number(string_view text, T& into, T low, T high) {
  T value{};
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size() || value < low || value > high)
    return false;
  into = value;
  return true;
}

bool read_seconds(string_view text, std::chrono::milliseconds& into) {
  double seconds = 0;
  if (!read_number(text, seconds, 0.0, 1e7))
    return false;
  into = std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
  return true;
}

bool read_word(string_view text, std::string& into, std::initializer_list<string_view> known) {
  if (std::find(known.begin(), known.end(), text) == known.end())
    return false;
  into = text;
  return true;
}

// Returns what the value must be, or nothing where it was taken.
string_view set_parameter(fault& to, string_view key, string_view value) {
  if (key == "shard") {
    std::uint32_t shard = 0;
    if (value != "all" && !read_number(value, shard, 0u, 65'535u))
      return "a shard's index or \"all\"";
    to.shard = value == "all" ? std::nullopt : std::optional{shard};
  } else if (key == "code") {
    // 1005, 1006 and 1015 never appear on the wire (RFC 6455).
    if (!read_number<std::uint16_t>(value, to.code, 1000, 4999) || to.code == 1005 || to.code == 1006
        || to.code == 1015)
      return "a close code from 1000 to 4999 that may be sent";
  } else if (key == "status") {
    if (!read_number<std::uint16_t>(value, to.status, 400, 599))
      return "an HTTP status from 400 to 599";
  } else if (key == "count" || key == "events" || key == "guilds") {
    if (!(key == "guilds" && value == "all") && !read_number(value, to.count, 1u, 1'000'000u))
      return "a number from 1 to 1000000";
    if (value == "all")
      to.count = 1'000'000;
  } else if (key == "seconds") {
    if (!read_seconds(value, to.lasting))
      return "a duration in seconds";
  } else if (key == "ms") {
    std::int64_t ms = 0;
    if (!read_number<std::int64_t>(value, ms, 0, 3'600'000))
      return "milliseconds from 0 to 3600000";
    to.late = std::chrono::milliseconds{ms};
  } else if (key == "resumable") {
    if (value != "true" && value != "false")
      return "true or false";
    to.resumable = value == "true";
  } else if (key == "mode") {
    if (!read_word(value, to.variant, {"refuse", "hang"}))
      return "refuse or hang";
  } else if (key == "body") {
    if (!read_word(value, to.variant, {"json", "html", "empty"}))
      return "json, html or empty";
  } else if (key == "scope") {
    if (!read_word(value, to.variant, {"user", "global", "shared", "cloudflare"}))
      return "user, global, shared or cloudflare";
  } else if (key == "retry_after") {
    if (!read_number(value, to.retry_after, 0.0, 86'400.0))
      return "seconds from 0 to 86400";
  } else if (key == "reason") {
    if (value.size() > 120)
      return "at most 120 bytes";
    to.variant = value;
  }
  return {};
}

string_view next_word(string_view& text) {
  constexpr string_view blanks = " \t\r\n";
  auto begin = std::min(text.find_first_not_of(blanks), text.size());
  text.remove_prefix(begin);
  auto end = std::min(text.find_first_of(blanks), text.size());
  auto word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

error wrong(std::string detail) {
  return {errc::invalid_argument, std::move(detail)};
}

result<const kind_row*> find_kind(string_view name) {
  for (auto& row : kinds)
    if (row.name == name)
      return &row;
  std::vector<string_view> names;
  for (auto& row : kinds)
    names.push_back(row.name);
  return wrong("unknown fault \"" + std::string{name} + '"' + did_you_mean(name, names));
}

result<void> take_parameter(fault& to, const kind_row& row, string_view key, string_view value) {
  if (std::find(std::begin(parameter_names), std::end(parameter_names), key) == std::end(parameter_names))
    return wrong("unknown parameter \"" + std::string{key} + '"' + did_you_mean(key, parameter_names));
  if (row.parameters.find(' ' + std::string{key} + ' ') == string_view::npos)
    return wrong("the fault " + std::string{row.name} + " takes no parameter \"" + std::string{key} + "\", only"
                 + std::string{row.parameters.substr(0, row.parameters.size() - 1)});
  if (auto right = set_parameter(to, key, value); !right.empty())
    return wrong(std::string{key} + "=" + std::string{value} + ": must be " + std::string{right});
  return {};
}

fault defaults(const kind_row& row) {
  fault made;
  made.kind = row.kind;
  // Those that are about hosts last; those with a count wait for their occasion, however late.
  if (row.parameters.find(" count ") != string_view::npos)
    made.lasting = std::chrono::hours{24 * 365};
  if (row.kind == fault_kind::burst)
    made.count = 1'000;
  if (row.kind == fault_kind::outage)
    made.count = 1'000'000;
  return made;
}

} // namespace

std::string_view to_string(fault_kind kind) noexcept {
  for (auto& row : kinds)
    if (row.kind == kind)
      return row.name;
  return "?";
}

result<fault> parse_fault(string_view text) {
  auto name = next_word(text);
  if (name.empty())
    return wrong("a fault is missing, for example \"close code=4000 shard=0\"");
  auto row = find_kind(name);
  if (!row)
    return row.error();
  auto made = defaults(**row);
  for (auto word = next_word(text); !word.empty(); word = next_word(text)) {
    auto equals = word.find('=');
    if (equals == string_view::npos)
      return wrong("\"" + std::string{word} + "\" is no key=value");
    if (auto taken = take_parameter(made, **row, word.substr(0, equals), word.substr(equals + 1)); !taken)
      return taken.error();
  }
  return made;
}

result<fault> parse_fault_json(string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  simdjson::padded_string padded{text};
  if (parser.parse(padded).get_object().get(object) != simdjson::SUCCESS)
    return wrong("the body is no JSON object");
  string_view name;
  if (object["fault"].get_string().get(name) != simdjson::SUCCESS)
    return wrong("the key \"fault\" with its name is missing");
  auto row = find_kind(name);
  if (!row)
    return row.error();
  auto made = defaults(**row);
  for (auto [key, value] : object) {
    if (key == "fault")
      continue;
    std::string shown;
    if (string_view word; value.get_string().get(word) == simdjson::SUCCESS)
      shown = word;
    else
      shown = simdjson::minify(value);
    if (auto taken = take_parameter(made, **row, key, shown); !taken)
      return taken.error();
  }
  return made;
}

result<std::vector<timed_fault>> parse_script(string_view text, string_view file) {
  std::vector<timed_fault> script;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, std::min(line.find('#'), line.size()));
    auto time = next_word(line);
    if (time.empty())
      continue;
    auto place = std::string{file} + ':' + std::to_string(number) + ": ";
    timed_fault entry;
    if (!read_seconds(time, entry.at))
      return wrong(place + '"' + std::string{time} + "\" is no time in seconds");
    auto what = parse_fault(line);
    if (!what)
      return wrong(place + what.error().detail);
    entry.what = *what;
    script.push_back(std::move(entry));
  }
  std::stable_sort(script.begin(), script.end(), [](auto& left, auto& right) { return left.at < right.at; });
  return script;
}

} // namespace troupe::simulator
