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
          && read(take(line), seen.start);
  seen.session = take(line);
  if (seen.session == "-")
    seen.session.clear();
  whole = whole && take(line) == "." && line.empty();
  return whole ? std::optional{std::move(seen)} : std::nullopt;
}

/// One session as it was sent, and how much of it was seen.
struct told {
  struct event {
    std::string name;
    bool seen = false;
  };

  std::uint32_t shard = 0;
  /// By sequence.
  std::map<std::uint64_t, event> events;
  std::uint64_t newest_seen = 0;
};

class comparison {
public:
  comparison(const std::vector<dispatch>& sent, sessions expected) : expected_{expected} {
    for (const auto& one : sent) {
      auto [session, is_new] = told_.try_emplace(one.session, told{.shard = one.shard});
      session->second.events.insert({one.sequence, {one.name}});
      if (is_new && !newest_.insert_or_assign(one.shard, one.session).second && expected == sessions::kept)
        find(result_.extra_sessions, "another session", place(one.shard, one.sequence, one.name));
    }
  }

  verdict with(const std::vector<sighting>& seen) && {
    for (const auto& line : seen)
      look_at(line);
    for (const auto& [id, session] : told_)
      look_for_losses(session, expected_ == sessions::kept || newest_[session.shard] == id);
    return std::move(result_);
  }

private:
  static std::string place(std::uint32_t shard, std::uint64_t sequence, const std::string& name) {
    return "shard " + std::to_string(shard) + ", sequence " + std::to_string(sequence) + ", " + name;
  }

  void find(std::size_t& counter, const char* what, const std::string& where) {
    ++counter;
    if (result_.findings.size() < most_findings)
      result_.findings.push_back(std::string{what} + ": " + where);
  }

  void look_at(const sighting& line) {
    auto where = place(line.shard, line.sequence, line.name) + ", process " + std::to_string(line.start);
    auto session = told_.find(line.session.empty() ? newest_[line.shard] : line.session);
    if (session == told_.end())
      return find(result_.unknown, "never sent", where);
    auto event = session->second.events.find(line.sequence);
    if (session->second.shard != line.shard || event == session->second.events.end()
        || event->second.name != line.name) {
      find(result_.unknown, "never sent", where);
    } else if (std::exchange(event->second.seen, true)) {
      ++result_.duplicates;
      if (!line.replayed && !line.redelivered)
        find(result_.unmarked, "a duplicate without a mark", where);
    } else if (auto& last = session->second.newest_seen; line.sequence < last) {
      find(result_.out_of_order, "first seen after a later one", where);
    } else {
      last = line.sequence;
    }
  }

  // Of a session that is over everything behind the last event that was seen may be gone.
  void look_for_losses(const told& session, bool lives) {
    for (const auto& [sequence, event] : session.events) {
      // RESUMED is for one connection, and no replay has those of earlier ones.
      if (event.seen || event.name == "RESUMED")
        continue;
      if (lives || sequence < session.newest_seen)
        find(result_.lost, "lost", place(session.shard, sequence, event.name));
      else
        ++result_.gone;
    }
  }

  sessions expected_;
  std::map<std::string, told> told_;
  /// By shard: the id of its newest session.
  std::map<std::uint32_t, std::string> newest_;
  verdict result_;
};

} // namespace

std::string to_line(const sighting& what) {
  // The full stop tells a whole line from one that was cut off inside its last number.
  return "event " + std::to_string(what.shard) + ' ' + std::to_string(what.sequence) + ' ' + what.name
         + (what.replayed ? " 1" : " 0") + (what.redelivered ? " 1 " : " 0 ") + std::to_string(what.start) + ' '
         + (what.session.empty() ? "-" : what.session) + " .\n";
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

verdict compare(const std::vector<dispatch>& sent, const std::vector<sighting>& seen, sessions expected) {
  return comparison{sent, expected}.with(seen);
}

} // namespace troupe::soak
