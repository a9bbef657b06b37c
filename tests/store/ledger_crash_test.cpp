// SPDX-License-Identifier: BSD-3-Clause
// What the ledger promises across processes: a save that returned survives `kill -9`, and two processes never hold
// one bot's ledger.
#include "runtime/store/identify_ledger.hpp"

#include "tests/catch.hpp"
#include "tests/scratch_folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <random>

using namespace troupe;
using namespace troupe::store;
using troupe::testing::scratch_folder;

namespace {

/// A forked process that reports numbers through a pipe.
class child {
public:
  using report = std::function<void(std::uint32_t)>;

  /// @param work Runs in the child and must not use the test framework.
  explicit child(const std::function<void(const report&)>& work) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      ::close(ends[0]);
      work([out = ends[1]](std::uint32_t number) {
        if (::write(out, &number, sizeof(number)) != sizeof(number))
          ::_exit(2);
      });
      ::_exit(0);
    }
    ::close(ends[1]);
    in_ = ends[0];
  }
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  ~child() {
    kill();
    ::close(in_);
  }

  /// The next number; nothing at the end of the pipe.
  std::optional<std::uint32_t> next() {
    std::uint32_t number = 0;
    return ::read(in_, &number, sizeof(number)) == sizeof(number) ? std::optional{number} : std::nullopt;
  }

  /// kill -9, and waits until it is gone.
  void kill() {
    if (pid_ <= 0)
      return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

  [[nodiscard]] pid_t pid() const {
    return pid_;
  }

private:
  pid_t pid_ = 0;
  int in_ = -1;
};

gateway::ledger_state state_number(std::uint32_t number) {
  gateway::ledger_state state;
  state.used = number;
  for (std::uint32_t bucket = 0; bucket < 16; ++bucket)
    state.last_identify.emplace(bucket, gateway::wall_time{std::chrono::milliseconds{number}});
  return state;
}

void save_for_ever(const std::filesystem::path& file, const child::report& saved) {
  auto ledger = open_sqlite_ledger(file, "1");
  if (!ledger)
    return;
  auto start = (*ledger)->load();
  for (auto number = start ? start->used + 1 : 0; start; ++number) {
    if (!(*ledger)->save(state_number(number)))
      return;
    saved(number);
  }
}

} // namespace

TEST_CASE("every save that returned survives kill -9", "[store][crash]") {
  scratch_folder folder;
  auto file = folder / "identify.db";
  constexpr auto seed = 20'240'229u;
  std::minstd_rand random{seed};
  std::uint32_t acknowledged = 0;
  for (int round = 0; round < 20; ++round) {
    child saver{[&file](const child::report& saved) { save_for_ever(file, saved); }};
    for (auto left = 1 + random() % 40; left > 0; --left) {
      auto number = saver.next();
      REQUIRE(number);
      REQUIRE(*number > acknowledged);
      acknowledged = *number;
    }
    saver.kill();
    while (auto number = saver.next())
      acknowledged = *number;

    auto ledger = open_sqlite_ledger(file, "1");
    REQUIRE(ledger.has_value());
    auto state = (*ledger)->load();
    REQUIRE(state.has_value());
    INFO("round " << round << ", seed " << seed);
    // A save that was done but not yet reported may be there as well, never half of it.
    CHECK((state->used == acknowledged || state->used == acknowledged + 1));
    CHECK(*state == state_number(state->used));
    acknowledged = state->used;
  }
}

TEST_CASE("a second process does not get a bot's ledger until the first is gone", "[store][crash]") {
  scratch_folder folder;
  auto file = folder / "identify.db";
  child owner{[&file](const child::report& opened) {
    auto ledger = open_sqlite_ledger(file, "1");
    opened(ledger ? 1 : 0);
    ::pause();
  }};
  REQUIRE(owner.next() == 1u);

  auto second = open_sqlite_ledger(file, "1");
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == errc::store_unavailable);
  INFO(second.error().detail);
  CHECK(second.error().detail.find("another process (pid " + std::to_string(owner.pid()) + ")") != std::string::npos);
  CHECK(second.error().detail.find(file.string()) != std::string::npos);
  CHECK(open_sqlite_ledger(file, "2").has_value());

  owner.kill();
  CHECK(open_sqlite_ledger(file, "1").has_value());
}

TEST_CASE("processes of different bots write to one file at the same time", "[store][crash]") {
  constexpr std::uint32_t saves = 30;
  scratch_folder folder;
  auto file = folder / "state/identify.db";
  auto work = [&file](std::string_view bot) {
    return [&file, bot](const child::report& report) {
      auto ledger = open_sqlite_ledger(file, bot);
      std::uint32_t done = 0;
      while (ledger && done < saves && (*ledger)->save(state_number(done + 1)))
        ++done;
      report(done);
    };
  };
  child first{work("1")};
  child second{work("2")};
  child third{work("3")};
  CHECK(first.next() == saves);
  CHECK(second.next() == saves);
  CHECK(third.next() == saves);
}
