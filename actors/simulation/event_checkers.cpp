// SPDX-License-Identifier: BSD-3-Clause
#include "actors/simulation/event_checkers.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

namespace troupe::simulation {

namespace {

constexpr std::size_t sessions_kept = 8;

std::string place(std::uint32_t shard, std::uint64_t sequence) {
  return "event " + std::to_string(sequence) + " of shard " + std::to_string(shard);
}

/// How the data of its events begin.
std::string mark_of(const std::string& session_id) {
  return "{\"_session\":\"" + session_id + "\",";
}

std::uint64_t digest_of(std::string_view payload) {
  return std::hash<std::string_view>{}(payload);
}

void take_skipped(event_history::session& in) {
  while (in.skipped.erase(in.handled + 1) > 0)
    ++in.handled;
}

} // namespace

void event_history::dispatched(const std::string& session_id, std::uint32_t shard, std::uint64_t sequence,
                               std::string_view payload) {
  auto& all = sessions_[shard];
  // A session that was replaced goes on for RESUME until it expires.
  auto found = std::find_if(all.begin(), all.end(), [&](const session& one) { return one.id == session_id; });
  if (found == all.end()) {
    all.emplace_back();
    all.back().id = session_id;
    all.back().shard = shard;
    if (all.size() > sessions_kept)
      all.pop_front();
    found = std::prev(all.end());
  }
  if (sequence == found->digests.size() + 1)
    found->digests.push_back(digest_of(payload));
  // What the local Discord says in RESUMED.
  if (payload == mark_of(session_id) + "\"_trace\":[]}")
    found->resumed.insert(sequence);
}

event_history::session* event_history::find(std::uint32_t shard, std::uint64_t sequence, std::string_view payload) {
  auto& all = sessions_[shard];
  auto found = std::find_if(all.begin(), all.end(), [&](const session& one) {
    return payload.starts_with(mark_of(one.id)) && sequence >= 1 && sequence <= one.digests.size()
           && one.digests[sequence - 1] == digest_of(payload);
  });
  return found == all.end() ? nullptr : &*found;
}

event_history::session* event_history::find(const std::string& id) {
  for (auto& [shard, all] : sessions_)
    for (auto& one : all)
      if (one.id == id)
        return &one;
  return nullptr;
}

// -- no_event_lost ------------------------------------------------------------------------------------------

no_event_lost::no_event_lost(event_history& history, bool in_parallel)
  : checker{"no_event_lost"}, history_{history}, in_parallel_{in_parallel} {
  // nop
}

void no_event_lost::on_handled(event_history::session* of, shard_id shard, std::uint64_t sequence) {
  if (of == nullptr) {
    violated(place(shard.index, sequence) + " was never sent");
    return;
  }
  take_skipped(*of);
  for (auto left_out = of->handled + 1; left_out < sequence; ++left_out)
    // No replay has RESUMED of earlier connections.
    if (of->skipped.erase(left_out) == 0 && !of->resumed.contains(left_out))
      of->missing.insert(left_out);
  of->missing.erase(sequence);
  of->handled = std::max(of->handled, sequence);
}

void no_event_lost::on_set_aside(shard_id shard, std::uint64_t sequence) {
  auto& sessions = history_.all()[shard.index];
  for (auto& session : sessions)
    if (session.missing.erase(sequence) > 0)
      return;
  // It is the next one of its session, as a rule; else whatever lacks it.
  auto lacks = [&](const event_history::session& one) {
    return sequence > one.handled && sequence <= one.digests.size();
  };
  auto found = std::find_if(sessions.rbegin(), sessions.rend(),
                            [&](const auto& one) { return lacks(one) && sequence == one.handled + 1; });
  if (found == sessions.rend())
    found = std::find_if(sessions.rbegin(), sessions.rend(), lacks);
  if (found == sessions.rend())
    return;
  found->skipped.insert(sequence);
  take_skipped(*found);
}

void no_event_lost::on_settled() {
  if (in_parallel_)
    return;
  for (auto& [shard, sessions] : history_.all())
    for (auto& session : sessions) {
      if (!session.missing.empty())
        violated(place(shard, *session.missing.begin()) + " was not handled, though later ones were");
      session.missing.clear();
    }
}

void no_event_lost::on_quiet(const std::string& session_id) {
  auto* session = history_.find(session_id);
  if (session == nullptr)
    return;
  take_skipped(*session);
  if (!session->missing.empty())
    violated(place(session->shard, *session->missing.begin())
             + " was dispatched and never handled, though later ones were");
  if (session->handled < session->digests.size())
    violated(place(session->shard, session->handled + 1) + " was dispatched and never handled, of "
             + std::to_string(session->digests.size()));
}

// -- the others ---------------------------------------------------------------------------------------------

duplicates_are_marked::duplicates_are_marked() : checker{"duplicates_are_marked"} {
  // nop
}

void duplicates_are_marked::on_handled(const event_history::session& of, std::uint64_t sequence, bool marked) {
  if (sequence > of.handled || of.missing.contains(sequence) || of.resumed.contains(sequence))
    return;
  if (marked)
    ++marked_;
  else
    violated(place(of.shard, sequence) + " was handled twice without a mark");
}

order_kept::order_kept() : checker{"order_kept"} {
  // nop
}

void order_kept::on_handled(event_history::session& of, std::uint64_t sequence, std::uint64_t guild) {
  auto& newest = of.newest[guild];
  if (sequence < newest && of.missing.contains(sequence))
    violated(place(of.shard, sequence) + " came after " + std::to_string(newest));
  newest = std::max(newest, sequence);
}

watermark_is_honest::watermark_is_honest(event_history& history) : checker{"watermark_is_honest"}, history_{history} {
  // nop
}

void watermark_is_honest::on_stored(const std::string& session_id, std::uint64_t sequence) {
  auto* session = history_.find(session_id);
  if (session == nullptr)
    return;
  take_skipped(*session);
  // RESUMED may be gone with its connection.
  auto sure = session->handled;
  while (session->resumed.contains(sure + 1))
    ++sure;
  if (sequence > sure)
    violated("shard " + std::to_string(session->shard) + " stored " + std::to_string(sequence)
             + " as handled, and the subscriber is at " + std::to_string(session->handled));
  session->stored = std::max(session->stored, sequence);
}

void watermark_is_honest::on_settled() {
  for (const auto& [shard, sessions] : history_.all())
    for (const auto& session : sessions)
      if (!session.missing.empty() && *session.missing.begin() <= session.stored)
        violated("shard " + std::to_string(shard) + " stored " + std::to_string(session.stored)
                 + " as handled, and the subscriber lacks " + std::to_string(*session.missing.begin()));
}

} // namespace troupe::simulation
