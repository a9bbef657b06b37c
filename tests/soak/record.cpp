// SPDX-License-Identifier: BSD-3-Clause
#include "tests/soak/record.hpp"

#include <charconv>
#include <map>
#include <optional>
#include <utility>

namespace troupe::soak {

namespace {

constexpr std::size_t most_findings = 20;

// Takes the next word of a line.
std::string_view take(std::string_view& rest) {
  auto word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  return word;
}

template <class Number>
bool read(std::string_view word, Number& into) {
  auto [end, ec] = std::from_chars(word.data(), word.data() + word.size(), into);
  return ec == std::errc{} && end == word.data() + word.size();
}

bool read_flag(std::string_view word, bool& into) {
  into = word == "1";
  return into || word == "0";
}

std::optional<sighting> read_line(std::string_view line) {
  sighting seen;
  auto whole = take(line) == "event" && read(take(line), seen.shard) && read(take(line), seen.sequence);
  seen.name = take(line);
  whole = whole && read_flag(take(line), seen.replayed) && read_flag(take(line), seen.redelivered)
          && read(take(line), seen.start) && take(line) == "." && line.empty();
  return whole ? std::optional{std::move(seen)} : std::nullopt;
}

std::string place(std::uint32_t shard, std::uint64_t sequence, const std::string& name) {
  return "shard " + std::to_string(shard) + ", sequence " + std::to_string(sequence) + ", " + name;
}

} // namespace

std::string to_line(const sighting& what) {
  // The full stop tells a whole line from one that was cut off inside its last number.
  return "event " + std::to_string(what.shard) + ' ' + std::to_string(what.sequence) + ' ' + what.name
         + (what.replayed ? " 1" : " 0") + (what.redelivered ? " 1 " : " 0 ") + std::to_string(what.start) + " .\n";
}

record read_record(std::string_view text) {
  record result;
  while (!text.empty()) {
    auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty())
      continue;
    if (auto seen = end == std::string_view::npos ? std::nullopt : read_line(line))
      result.lines.push_back(std::move(*seen));
    else
      ++result.torn;
  }
  return result;
}

verdict compare(const std::vector<dispatch>& sent, const std::vector<sighting>& seen) {
  verdict result;
  auto find = [&result](std::size_t& counter, const char* what, const std::string& where) {
    ++counter;
    if (result.findings.size() < most_findings)
      result.findings.push_back(std::string{what} + ": " + where);
  };
  std::map<std::uint32_t, std::string> sessions;
  // By shard and sequence: the name, and whether it was seen.
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::pair<std::string, bool>> events;
  for (const auto& one : sent) {
    if (auto& session = sessions.try_emplace(one.shard, one.session).first->second; session != one.session) {
      find(result.extra_sessions, "another session", place(one.shard, one.sequence, one.name));
      session = one.session;
    }
    events.insert({{one.shard, one.sequence}, {one.name, false}});
  }
  std::map<std::uint32_t, std::uint64_t> newest;
  for (const auto& line : seen) {
    auto where = place(line.shard, line.sequence, line.name) + ", process " + std::to_string(line.start);
    auto event = events.find({line.shard, line.sequence});
    if (event == events.end() || event->second.first != line.name) {
      find(result.unknown, "never sent", where);
    } else if (std::exchange(event->second.second, true)) {
      ++result.duplicates;
      if (!line.replayed && !line.redelivered)
        find(result.unmarked, "a duplicate without a mark", where);
    } else if (auto& last = newest[line.shard]; line.sequence < last) {
      find(result.out_of_order, "first seen after a later one", where);
    } else {
      last = line.sequence;
    }
  }
  // RESUMED is for one connection, and no replay has those of earlier ones.
  for (const auto& [where, event] : events)
    if (!event.second && event.first != "RESUMED")
      find(result.lost, "lost", place(where.first, where.second, event.first));
  return result;
}

} // namespace troupe::soak
