// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/watchdog.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace troupe::gateway {

namespace {

using namespace std::chrono_literals;

constexpr clock::duration one_minute = 1min;

double in_minutes(clock::duration time) {
  return std::chrono::duration<double, std::ratio<60>>{time}.count();
}

std::string in_seconds(clock::duration time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

} // namespace

watchdog::watchdog(watchdog_limits limits) : limits_{std::move(limits)} {
  // nop
}

std::vector<watchdog_verdict> watchdog::look(const shard_view& seen, clock::time_point now) {
  watch_silence(seen, now);
  watch_phase(seen, now);
  watch_lateness(seen, now);
  return std::exchange(told_, {});
}

void watchdog::watch_silence(const shard_view& seen, clock::time_point now) {
  auto came = seen.events - events_;
  events_ = seen.events;
  // Elsewhere silence means nothing: nobody reads, or nobody sends. What was half a minute is forgotten.
  if (seen.phase != phase::ready || seen.reading_withheld) {
    watched_.reset();
    current_ = {};
    set(alarm_kind::silent_session, false, {});
    return;
  }
  if (!watched_) {
    last_event_ = now; // What was replayed on the way here is no sign of how much usually comes.
  } else {
    current_.length += now - *watched_;
    current_.events += came;
    if (came > 0) {
      if (!raised_[static_cast<std::size_t>(alarm_kind::silent_session)])
        current_.gap = std::max(current_.gap, *watched_ - last_event_);
      last_event_ = now;
      set(alarm_kind::silent_session, false, {});
    }
  }
  watched_ = now;
  judge_silence(now - last_event_);
  // A silence becomes what is usual when an event ended it.
  if (current_.length < one_minute || current_.events == 0)
    return;
  remembered_ += current_.length;
  history_.push_back(std::exchange(current_, {}));
  while (history_.size() > limits_.shortest_history && remembered_ - history_.front().length >= limits_.history) {
    remembered_ -= history_.front().length;
    history_.pop_front();
  }
}

void watchdog::judge_silence(clock::duration silence) {
  clock::duration longest{0};
  for (const auto& one : history_)
    longest = std::max(longest, one.gap);
  auto expected = usual_rate() * in_minutes(silence);
  if (silence < limits_.silence || expected < limits_.expected
      || in_minutes(silence) <= limits_.gaps * in_minutes(longest))
    return;
  set(alarm_kind::silent_session, true,
      "its session lives and delivered no event for " + in_seconds(silence) + ", where its history makes about "
        + std::to_string(std::llround(expected))
        + " expected: look at Discord's status page, then restart the process: after SIGTERM the session is resumed, "
          "after SIGINT a new one is begun");
}

double watchdog::usual_rate() const {
  if (history_.size() < limits_.shortest_history)
    return 0;
  std::vector<const minute*> kept;
  for (const auto& one : history_)
    kept.push_back(&one);
  auto rate = [](const minute& of) { return static_cast<double>(of.events) / in_minutes(of.length); };
  std::sort(kept.begin(), kept.end(), [&](const minute* a, const minute* b) { return rate(*a) < rate(*b); });
  kept.resize(kept.size() - (kept.size() + 3) / 4);
  minute sum;
  for (const auto* one : kept) {
    sum.events += one->events;
    sum.length += one->length;
  }
  return rate(sum);
}

std::optional<milliseconds> watchdog::longest_stay(phase in) const {
  const auto& allowed = limits_.deadlines;
  switch (in) {
  case phase::connecting:
    return allowed.connect;
  case phase::awaiting_hello:
    return allowed.hello;
  case phase::identifying:
    return allowed.ready;
  case phase::resuming:
  case phase::replaying:
    return allowed.resumed;
  case phase::closing:
    return allowed.close;
  case phase::idle:
  case phase::queued:
  case phase::awaiting_permit: // Like `queued`: the identify queue reports what holds it.
  case phase::ready:
  case phase::backing_off:
  case phase::failed:
    break;
  }
  return std::nullopt;
}

void watchdog::watch_phase(const shard_view& seen, clock::time_point now) {
  // Each replayed event is progress, and while nothing is read no deadline runs.
  auto same = seen_ && seen.phase == phase_ && seen.generation == generation_ && seen.events == progress_
              && !seen.reading_withheld;
  if (!same)
    entered_ = now;
  seen_ = true;
  phase_ = seen.phase;
  generation_ = seen.generation;
  progress_ = seen.events;
  auto allowed = longest_stay(seen.phase);
  auto stay = now - entered_;
  auto stuck = allowed && stay > *allowed + limits_.margin;
  set(alarm_kind::stuck_phase, stuck,
      stuck ? "it is " + std::string{to_string(seen.phase)} + " for " + in_seconds(stay) + " and may be for "
                + in_seconds(*allowed)
                + ", so its own timers do not work: restart the process, and report this with the log before it"
            : "");
}

void watchdog::watch_lateness(const shard_view& seen, clock::time_point now) {
  if (seen.lateness <= limits_.late) {
    late_since_.reset();
    set(alarm_kind::late_shard, false, {});
    return;
  }
  if (!late_since_)
    late_since_ = now - seen.lateness;
  if (now - *late_since_ < limits_.late_for)
    return;
  auto late = std::chrono::duration_cast<std::chrono::milliseconds>(seen.lateness).count();
  set(alarm_kind::late_shard, true,
      "its messages wait " + std::to_string(late) + " ms for their turn, since " + in_seconds(now - *late_since_)
        + ": give the process more processor time, or run fewer shards in it; handlers that block belong into "
          "detached actors");
}

void watchdog::set(alarm_kind kind, bool holds, const std::string& detail) {
  auto& raised = raised_[static_cast<std::size_t>(kind)];
  if (std::exchange(raised, holds) != holds)
    told_.push_back({kind, holds, detail});
}

} // namespace troupe::gateway
