// SPDX-License-Identifier: BSD-3-Clause
// Kills a bot under traffic with `kill -9` again and again, and then compares what it wrote down with what the local
// Discord sent: nothing may be lost, doubled without a mark, or out of order, and no shard may identify twice
// (promises P3 and P4). One line of JSON at the end; exit code 0 where the guarantee held.
#include "runtime/store/identify_ledger.hpp"
#include "runtime/store/session_store.hpp"

#include "tests/processes/local_discord.hpp"
#include "tests/scratch_folder.hpp"
#include "tests/soak/record.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <random>
#include <stdexcept>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::test;

namespace {

constexpr std::int64_t shards = 4;
constexpr double events_per_second = 200;
constexpr auto crash_every = "89";
// More than half of the time that there is: a kill meets events that wait.
constexpr auto work_ms = "3";
constexpr auto patience = 60s;

std::int64_t unix_ms() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::vector<std::string> discord_arguments(const std::string& seed) {
  return {"--seed", seed, "--shards", std::to_string(shards), "--guilds", "24", "--max-concurrency", "16",
          "--events-per-second", std::to_string(events_per_second), "--record", "--allow-privileged",
          // A session must wait as long as this machine is busy.
          "--replay-buffer", "1000000", "--session-lifetime-s", "3600"};
}

/// The run, from the first start to the verdict.
class run {
public:
  run(std::uint32_t kills, std::uint64_t seed)
    : kills_{kills}, seed_{seed}, random_{seed}, discord_{discord_arguments(std::to_string(seed))},
      state_{discord_.bot_environment().at("TROUPE_STATE_DIR")}, record_{state_ + "-record.txt"} {
    // nop
  }

  /// @returns the exit code.
  int go() {
    start_bot_again();
    require([this] { return stored_sessions() == shards; }, "the sessions of all shards are stored");
    for (std::uint32_t kill = 0; kill < kills_; ++kill)
      kill_somewhen();
    require([this] { return resumed(); }, "all shards are back at the end");
    discord_.set_traffic(0);
    // What is still missing when the time is over is lost: the report says what it is.
    auto caught_up = wait_until([this] { return alive() && judge().lost == 0; }, patience);
    bot_->signal(SIGTERM);
    auto left = bot_->wait_exit(30s);
    return report(caught_up, left == 0);
  }

private:
  void start_bot_again() {
    resumes_before_ = starts_ == 0 ? -shards : discord_.summary().counters["resumes"];
    bot_ = start_bot(discord_, {"soak_recorder", "--record", record_, "--start", std::to_string(++starts_),
                                "--crash-every", crash_every, "--work-ms", work_ms, "--intents", "all"});
  }

  /// Most kills meet a bot that runs, a third one that is being started.
  void kill_somewhen() {
    auto young = random_() % 3 == 0;
    std::chrono::milliseconds when{young ? random_() % 400 : random_() % 2'500};
    // On a slow machine every kill would be a young one.
    if (!young)
      require([this] { return resumed(); }, "all shards are back");
    if (bot_->wait_exit(when))
      alive(); // Says why it is not.
    bot_->signal(SIGKILL);
    bot_->wait_exit(10s);
    start_bot_again();
  }

  /// Whether all shards resumed since the newest process began; the first one identifies.
  bool resumed() {
    auto counters = discord_.summary().counters;
    return counters["resumes"] >= resumes_before_ + shards && counters["ready_sessions"] == shards;
  }

  /// Throws where the bot is gone.
  bool alive() {
    if (auto code = bot_->wait_exit(0ms))
      throw std::runtime_error{"the bot ended by itself with " + std::to_string(*code) + ": " + bot_->errors()};
    return true;
  }

  void require(const std::function<bool()>& holds, const std::string& what) {
    if (!wait_until([&] { return alive() && holds(); }, patience))
      throw std::runtime_error{"not in time: " + what + "; the bot says: " + bot_->errors()};
  }

  [[nodiscard]] std::int64_t stored_sessions() const {
    auto file = std::filesystem::path{state_} / "sessions.db";
    if (!std::filesystem::exists(file))
      return 0;
    auto store = store::open_sqlite_sessions(file, store::bot_name(local_discord::token), unix_ms());
    if (!store)
      return 0;
    auto all = (*store)->load();
    return all ? static_cast<std::int64_t>(all->size()) : 0;
  }

  /// Compares all that was sent with all that was written down so far.
  soak::verdict judge() {
    fetch_sent();
    written_ = soak::read_record(testing::read_file(record_));
    return soak::compare(sent_, written_.lines);
  }

  void fetch_sent() {
    simdjson::dom::parser parser;
    while (true) {
      auto page = parser.parse(discord_.dispatches(sent_.size()));
      auto before = sent_.size();
      for (auto one : page["dispatches"].get_array())
        sent_.push_back({static_cast<std::uint32_t>(one["shard"].get_uint64().value()), one["s"].get_uint64().value(),
                         std::string{one["t"].get_string().value()}, std::string{one["session"].get_string().value()}});
      if (sent_.size() == before)
        return;
    }
  }

  int report(bool caught_up, bool left_cleanly) {
    auto found = judge();
    auto summary = discord_.summary();
    auto identifies = summary.counters["identifies"];
    for (const auto& finding : found.findings)
      std::cerr << finding << '\n';
    for (const auto& breach : summary.breaches)
      std::cerr << "breach: " << breach << '\n';
    if (!caught_up || !left_cleanly)
      std::cerr << "the last process " << (left_cleanly ? "did not catch up" : "did not leave") << ": "
                << bot_->errors() << '\n';
    auto holds = found.holds() && caught_up && left_cleanly && identifies == shards && summary.breaches.empty();
    auto redelivered = std::count_if(written_.lines.begin(), written_.lines.end(),
                                     [](const soak::sighting& line) { return line.redelivered; });
    auto seconds = std::chrono::duration<double>{std::chrono::steady_clock::now() - begun_}.count();
    std::printf(
      "{\"holds\":%s,\"kills\":%u,\"seed\":%llu,\"shards\":%lld,\"sent\":%zu,\"lines\":%zu,\"lost\":%zu,"
      "\"duplicates\":%zu,\"unmarked\":%zu,\"out_of_order\":%zu,\"unknown\":%zu,\"torn\":%zu,\"redelivered\":%zu,"
      "\"identifies\":%lld,\"resumes\":%lld,\"breaches\":%zu,\"seconds\":%.1f}\n",
      holds ? "true" : "false", kills_, static_cast<unsigned long long>(seed_), static_cast<long long>(shards),
      sent_.size(), written_.lines.size(), found.lost, found.duplicates, found.unmarked, found.out_of_order,
      found.unknown, written_.torn, static_cast<std::size_t>(redelivered), static_cast<long long>(identifies),
      static_cast<long long>(summary.counters["resumes"]), summary.breaches.size(), seconds);
    return holds ? 0 : 1;
  }

  std::uint32_t kills_;
  std::uint64_t seed_;
  std::mt19937_64 random_;
  local_discord discord_;
  std::string state_;
  std::string record_;
  std::unique_ptr<process> bot_;
  std::uint32_t starts_ = 0;
  /// As the local Discord counted when the newest process was started.
  std::int64_t resumes_before_ = 0;
  std::vector<soak::dispatch> sent_;
  soak::record written_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

template <class Number>
bool read_argument(const char* text, Number& into) {
  std::string_view all{text};
  auto [end, ec] = std::from_chars(all.data(), all.data() + all.size(), into);
  return ec == std::errc{} && end == all.data() + all.size();
}

} // namespace

int main(int argc, char** argv) {
  std::uint32_t kills = 50;
  std::uint64_t seed = 1;
  if (argc > 3 || (argc > 1 && !read_argument(argv[1], kills)) || (argc > 2 && !read_argument(argv[2], seed))) {
    std::cerr << "usage: soak [KILLS] [SEED]\n";
    return 64;
  }
  try {
    return run{kills, seed}.go();
  } catch (const std::exception& err) {
    std::cerr << "soak " << kills << ' ' << seed << ": " << err.what() << '\n';
    return 1;
  }
}
