// SPDX-License-Identifier: BSD-3-Clause
#include "tests/soak/runs.hpp"
#include "tests/soak/trial.hpp"

#include <filesystem>
#include <random>

using namespace std::chrono_literals;

namespace troupe::soak {

namespace {

constexpr std::int64_t shards = 2;
// So that two hundred restarts use it up.
constexpr std::int64_t session_starts = 40;

void forget_sessions(const std::filesystem::path& state_folder) {
  for (const auto* file : {"sessions.db", "sessions.db-wal", "sessions.db-shm"})
    std::filesystem::remove(state_folder / file);
}

} // namespace

int restarts(std::uint64_t restarts, std::uint64_t seed) {
  report result{"restarts"};
  std::mt19937_64 random{seed};
  trial trial{{"--seed", std::to_string(seed), "--shards", std::to_string(shards), "--guilds", "4", "--max-concurrency",
               "1", "--session-starts", std::to_string(session_starts), "--events-per-second", "20",
               "--allow-privileged"},
              {}};
  std::int64_t lives_with_ready = 0;
  for (std::uint64_t life = 0; life < restarts; ++life) {
    trial.start();
    // Most are killed before the next bucket is due, a third later.
    if (trial.ends_within(std::chrono::milliseconds{random() % (random() % 3 == 0 ? 8'000 : 1'500)}))
      trial.alive(); // Says why it is not.
    lives_with_ready += trial.counter("ready_sessions") > 0 ? 1 : 0;
    trial.kill();
    if (random() % 4 != 0)
      forget_sessions(trial.state_folder());
  }
  auto identifies = trial.counter("identifies");
  result.add("restarts", static_cast<std::int64_t>(restarts))
    .add("lives_with_ready", lives_with_ready)
    .add("session_starts", session_starts)
    .add("refused", trial.counter("identifies_refused"))
    .expect(identifies <= session_starts, "more identifies than the budget allows")
    .expect(identifies > 1 && lives_with_ready > 0, "nothing was tried: the machine is too slow for this run")
    .expect_no_breach(trial.discord());
  return result.print();
}

} // namespace troupe::soak
