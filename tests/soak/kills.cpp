// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/store/identify_ledger.hpp"
#include "runtime/store/session_store.hpp"

#include "tests/soak/runs.hpp"
#include "tests/soak/trial.hpp"

#include <algorithm>
#include <filesystem>
#include <random>

using namespace std::chrono_literals;

namespace troupe::soak {

namespace {

constexpr std::int64_t shards = 4;

std::int64_t unix_ms() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::int64_t stored_sessions(const std::filesystem::path& state_folder) {
  auto file = state_folder / "sessions.db";
  if (!std::filesystem::exists(file))
    return 0;
  auto store = store::open_sqlite_sessions(file, store::bot_name(test::local_discord::token), unix_ms());
  if (!store)
    return 0;
  auto all = (*store)->load();
  return all ? static_cast<std::int64_t>(all->size()) : 0;
}

class killing {
public:
  explicit killing(std::uint64_t seed)
    : random_{seed}, trial_{{"--seed", std::to_string(seed), "--shards", std::to_string(shards), "--guilds", "24",
                             "--max-concurrency", "16", "--events-per-second", "200", "--record", "--allow-privileged",
                             // A session must wait as long as this machine is busy.
                             "--replay-buffer", "1000000", "--session-lifetime-s", "3600"},
                            // More than half of the time that there is: a kill meets events that wait.
                            {"--record", "RECORD", "--crash-every", "89", "--work-ms", "3"}} {
    start();
    trial_.require([this] { return stored_sessions(trial_.state_folder()) == shards; },
                   "the sessions of all shards are stored");
  }

  /// Most kills meet a bot that runs, a third one that is being started.
  void kill_somewhen() {
    auto young = random_() % 3 == 0;
    std::chrono::milliseconds when{young ? random_() % 400 : random_() % 2'500};
    // On a slow machine every kill would be a young one.
    if (!young)
      trial_.require([this] { return resumed(); }, "all shards are back");
    if (trial_.ends_within(when))
      trial_.alive(); // Says why it is not.
    trial_.kill();
    start();
  }

  void finish(report& into) {
    trial_.require([this] { return resumed(); }, "all shards are back at the end");
    trial_.discord().set_traffic(0);
    // What is still missing when the time is over is lost: the report says what it is.
    auto caught_up =
      test::wait_until([this] { return trial_.alive() && trial_.judge(sessions::kept).lost == 0; }, patience);
    auto left = trial_.stop();
    auto found = trial_.judge(sessions::kept);
    const auto& lines = trial_.written().lines;
    auto redelivered = std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line.redelivered; });
    into.add("sent", static_cast<std::int64_t>(trial_.sent()))
      .add("lines", static_cast<std::int64_t>(lines.size()))
      .add("torn", static_cast<std::int64_t>(trial_.written().torn))
      .add("redelivered", redelivered)
      .add(found)
      .expect_no_breach(trial_.discord())
      .expect(trial_.counter("identifies") == shards, "a shard identified again")
      .expect(caught_up && left, "the last process did not come to its end");
  }

private:
  void start() {
    // The first process identifies.
    resumes_before_ = first_ ? -shards : trial_.counter("resumes");
    first_ = false;
    trial_.start();
  }

  /// Whether all shards resumed since the newest process began.
  bool resumed() {
    auto counters = trial_.discord().summary().counters;
    return counters["resumes"] >= resumes_before_ + shards && counters["ready_sessions"] == shards;
  }

  std::mt19937_64 random_;
  trial trial_;
  bool first_ = true;
  /// As the local Discord counted when the newest process was started.
  std::int64_t resumes_before_ = 0;
};

} // namespace

int kills(std::uint64_t kills, std::uint64_t seed) {
  report result{"kills"};
  killing run{seed};
  for (std::uint64_t kill = 0; kill < kills; ++kill)
    run.kill_somewhen();
  run.finish(result.add("kills", static_cast<std::int64_t>(kills)));
  return result.print();
}

} // namespace troupe::soak
