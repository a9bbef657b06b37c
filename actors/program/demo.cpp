// SPDX-License-Identifier: BSD-3-Clause
#include "actors/program/demo.hpp"

#include "runtime/simulator/faults.hpp"
#include "runtime/simulator/server.hpp"

#include "actors/status_table.hpp"
#include "actors/troupe.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>

#include <CLI/CLI.hpp>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

namespace troupe {

namespace {

using namespace std::chrono_literals;

constexpr auto token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.demo.local-discord";
constexpr auto exit_trouble = 1;
constexpr auto exit_configuration = 78;

// What happens while one watches, one after the other: the session survives all but the last.
constexpr std::array faults{
  "reconnect shard=3",      "drop shard=7",    "close shard=11 code=4000", "invalid-session shard=5 resumable=true",
  "corrupt-stream shard=2", "silence shard=9", "request-heartbeat",        "invalid-session shard=1 resumable=false"};

struct demo_options {
  /// 0: until Ctrl-C.
  unsigned seconds = 0;
  bool plain = false;
  bool calm = false;
  std::uint32_t shards = 16;
  std::uint32_t guilds = 320;
  std::uint32_t max_concurrency = 16;
  double events_per_second = 800;
  std::uint64_t seed = 1;
};

caf::behavior ping(bot* self) {
  self->subscribe<message_create>();
  return {
    [self](const message_create& message) {
      if (message.content == "!ping")
        self->reply(message, "pong");
    },
  };
}

/// What the board tells `run_demo` in the end.
struct outcome {
  status_table table;
  bool all_ready = false;
  std::size_t faults = 0;
};

/// Asks the shard set once a second, draws, and plays the faults.
struct board_state {
  static inline const char* name = "board";

  demo_options options;
  simulator::server* discord = nullptr;
  tree standing;
  std::shared_ptr<outcome> result;
  /// Seconds since the start, and since all shards were ready for the first time.
  unsigned elapsed = 0;
  unsigned ready_for = 0;

  void draw() const {
    if (options.plain)
      std::printf("%4u s  %s\n", elapsed, result->table.line().c_str());
    else // Home, then each line with what was behind it erased, then the rest of the screen.
      std::printf("\x1b[H\x1b[2K\n  Troupe demo: a local Discord at %s, %u s, %zu faults so far. Ctrl-C ends "
                  "it.\x1b[K\n\n%s\x1b[J",
                  discord->api_url().c_str(), elapsed, result->faults, result->table.table().c_str());
    std::fflush(stdout);
  }

  void play_fault() {
    constexpr auto every = 5u;
    constexpr auto calm_end = 12u; // Time to recover before the end.
    auto ending = options.seconds != 0 && elapsed + calm_end >= options.seconds;
    if (options.calm || ending || ready_for == 0 || ready_for % every != 0)
      return;
    auto fault = simulator::parse_fault(faults[result->faults % faults.size()]);
    if (!fault || (fault->shard && *fault->shard >= options.shards))
      return;
    discord->inject(*fault);
    ++result->faults;
  }

  void on_status(const shard_set_status& status, std::chrono::steady_clock::time_point now) {
    result->table.update(status, now);
    result->all_ready = result->all_ready || (status.count != 0 && result->table.ready() == result->table.size());
    if (result->all_ready)
      ++ready_for;
    draw();
    play_fault();
  }
};

struct tick {};

} // namespace

} // namespace troupe

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::tick)

namespace troupe {

namespace {

caf::behavior board(caf::stateful_actor<board_state>* self, demo_options options, simulator::server* discord,
                    tree standing, std::shared_ptr<outcome> result) {
  self->state.options = options;
  self->state.discord = discord;
  self->state.standing = std::move(standing);
  self->state.result = std::move(result);
  self->delayed_send(self, 1s, tick{});
  // When the tree ends, nobody is left to watch.
  self->monitor(self->state.standing.root());
  self->set_down_handler([self](const caf::down_msg&) { self->quit(); });
  return {
    [self](tick) {
      ++self->state.elapsed;
      if (self->state.options.seconds != 0 && self->state.elapsed >= self->state.options.seconds)
        ::kill(::getpid(), SIGTERM);
      if (auto shards = self->state.standing.services().shards)
        self->request(shards, 3s, shard_set_status_request{})
          .then([self](const shard_set_status& status) { self->state.on_status(status, self->clock().now()); },
                [](const caf::error&) {});
      self->delayed_send(self, 1s, tick{});
    },
  };
}

/// A folder of this run, removed at its end. What ends without one (a second Ctrl-C, a kill) leaves its folder to the
/// next demo: the name has the owner's pid.
class scratch_folder {
public:
  scratch_folder() {
    std::error_code failed;
    auto parent = std::filesystem::temp_directory_path(failed);
    if (failed)
      return;
    remove_orphans(parent);
    auto pattern = (parent / (prefix + std::to_string(::getpid()) + "-XXXXXX")).string();
    if (::mkdtemp(pattern.data()) != nullptr)
      path_ = pattern;
  }
  ~scratch_folder() {
    std::error_code ignored;
    if (!path_.empty())
      std::filesystem::remove_all(path_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept {
    return path_;
  }

private:
  static inline const std::string prefix = "troupe-demo-";

  static void remove_orphans(const std::filesystem::path& parent) {
    std::error_code ignored;
    std::filesystem::directory_iterator entry{parent, ignored};
    for (; entry != std::filesystem::directory_iterator{}; entry.increment(ignored)) {
      auto name = entry->path().filename().string();
      if (!name.starts_with(prefix))
        continue;
      auto owner = 0;
      auto end = std::from_chars(name.data() + prefix.size(), name.data() + name.size(), owner).ptr;
      if (owner <= 0 || *end != '-' || ::kill(owner, 0) == 0 || errno != ESRCH)
        continue;
      // Others may write to the parent too: only a folder of our own, and no link to one.
      struct stat seen {};
      if (::lstat(entry->path().c_str(), &seen) == 0 && S_ISDIR(seen.st_mode) && seen.st_uid == ::geteuid())
        std::filesystem::remove_all(entry->path(), ignored);
    }
  }

  std::filesystem::path path_;
};

int fail(const error& reason) {
  std::fprintf(stderr, "troupe demo: %s\n", to_string(reason).c_str());
  return exit_code(reason.code);
}

simulator::server_options discord_options(const demo_options& options, const scratch_folder& folder) {
  simulator::server_options server;
  server.model.token = token;
  server.model.seed = options.seed;
  server.model.guilds = options.guilds;
  server.model.events_per_second = options.events_per_second;
  server.model.recommended_shards = options.shards;
  server.model.max_concurrency = options.max_concurrency;
  server.model.allowed_privileged = troupe::intents::privileged().bits;
  // Short, so that one sees a latency soon, and a silent socket noticed.
  server.model.heartbeat_interval = 5s;
  server.tls_dir = (folder.path() / "tls").string();
  return server;
}

void print_summary(const outcome& seen, simulator::server& discord) {
  auto all = seen.table.sum();
  std::printf("\nThe bot handled %llu events in %llu guilds; %llu identifies, %llu resumes, %zu faults.\n",
              static_cast<unsigned long long>(all.events), static_cast<unsigned long long>(all.guilds),
              static_cast<unsigned long long>(all.identifies), static_cast<unsigned long long>(all.resumes),
              seen.faults);
  std::printf("The local Discord: %s\n", discord.summary().c_str());
}

int run_with(const demo_options& options) {
  scratch_folder folder;
  if (folder.path().empty())
    return fail(
      {errc::invalid_configuration, "no temporary folder can be made; set TMPDIR to one that can be written"});
  auto discord = simulator::server::start(discord_options(options, folder));
  if (!discord)
    return fail(discord.error());
  config::settings settings;
  settings.token = secret{token};
  settings.api_url = (*discord)->api_url();
  settings.ca_file = (*discord)->ca_file();
  settings.intents = troupe::intents::all();
  settings.state_dir = (folder.path() / "state").string();
  // The table is redrawn in place: log lines would tear it.
  settings.log_level = options.plain ? "warn" : "off";
  auto seen = std::make_shared<outcome>();
  if (!options.plain)
    std::fputs("\x1b[2J", stdout);
  auto ended = run_bots(settings, {bot_spec{"ping", ping}}, [&](caf::actor_system& sys, const tree& standing) {
    sys.spawn(board, options, discord->get(), standing, seen);
  });
  (*discord)->stop();
  if (!ended)
    return fail(ended.error());
  print_summary(*seen, **discord);
  if (!seen->all_ready) {
    std::fputs("troupe demo: not every shard became ready.\n", stderr);
    return exit_trouble;
  }
  if (auto breaches = (*discord)->breaches(); breaches != 0) {
    std::fprintf(stderr, "troupe demo: the bot broke %zu of Discord's rules, see the summary.\n", breaches);
    return exit_trouble;
  }
  return 0;
}

} // namespace

int run_demo(int argc, char** argv) {
  demo_options options;
  CLI::App app{"A local Discord with traffic and faults, the ping bot and a live status table.", "troupe demo"};
  app.add_option("--seconds", options.seconds, "End after so many seconds; 0: at Ctrl-C")->capture_default_str();
  app.add_flag("--plain", options.plain, "A line a second instead of a table");
  app.add_flag("--calm", options.calm, "Without faults");
  app.add_option("--shards", options.shards, "Shards")->check(CLI::Range(1, 256))->capture_default_str();
  app.add_option("--guilds", options.guilds, "Guilds")->check(CLI::Range(1, 100'000))->capture_default_str();
  app.add_option("--max-concurrency", options.max_concurrency, "Identify buckets")
    ->check(CLI::Range(1, 256))
    ->capture_default_str();
  app.add_option("--events-per-second", options.events_per_second, "Traffic of all guilds together")
    ->check(CLI::Range(0.0, 100'000.0))
    ->capture_default_str();
  app.add_option("--seed", options.seed, "Everything random in the local Discord follows from it")
    ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& err) {
    return app.exit(err) == 0 ? 0 : exit_configuration;
  }
  // Before the local Discord's thread starts: only the runner's thread takes these.
  sigset_t signals;
  ::sigemptyset(&signals);
  for (auto number : {SIGTERM, SIGINT, SIGUSR2})
    ::sigaddset(&signals, number);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return run_with(options);
}

} // namespace troupe
