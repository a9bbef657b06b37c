// SPDX-License-Identifier: BSD-3-Clause
#include "actors/run.hpp"

#include "messages/bot.hpp"
#include "messages/inspect.hpp"
#include "messages/shard.hpp"
#include "messages/supervision.hpp"

#include "runtime/log/log.hpp"
#include "runtime/net/client_context.hpp"
#include "runtime/net/http_client.hpp"
#include "runtime/store/identify_ledger.hpp"
#include "runtime/store/session_store.hpp"

#include "actors/connection.hpp"
#include "actors/system.hpp"
#include "actors/tree.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <utility>

namespace troupe {

namespace {

using namespace std::chrono_literals;

constexpr auto exit_software = 70;
constexpr auto exit_temporary = 75;
// What a hung actor may cost at the end.
constexpr auto shutdown_grace = 30s;
constexpr auto shards_patience = 15s;
// Some send a signal to a process and then to its group: that is one wish, not two.
constexpr auto same_signal = 500ms;
// Above the start deadlines of all children together.
constexpr auto start_patience = 120s;

gateway::wall_time wall_clock() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// Waits for SIGTERM and SIGINT, which must be blocked in all threads, and passes them on.
class signal_thread {
public:
  explicit signal_thread(caf::actor receiver) : receiver_{std::move(receiver)}, thread_{[this] { wait(); }} {
    // nop
  }

  ~signal_thread() {
    ::pthread_kill(thread_.native_handle(), SIGUSR2);
    thread_.join();
  }

  static sigset_t signals() {
    sigset_t set;
    ::sigemptyset(&set);
    for (auto number : {SIGTERM, SIGINT, SIGUSR2})
      ::sigaddset(&set, number);
    return set;
  }

private:
  void wait() {
    auto set = signals();
    std::optional<std::chrono::steady_clock::time_point> asked;
    for (auto number = 0; ::sigwait(&set, &number) == 0 && number != SIGUSR2;) {
      auto now = std::chrono::steady_clock::now();
      if (!asked) {
        asked = now;
        caf::anon_send(receiver_, signal_received{number});
      } else if (now - *asked > same_signal) {
        log::warn("The process got a second signal and ends at once.");
        ::_exit(exit_temporary);
      }
    }
  }

  caf::actor receiver_;
  std::thread thread_;
};

/// Ends the process where its shutdown hangs: no handler can be stopped from outside. Outlives the actor system, whose
/// destructor waits for actors.
class exit_watchdog {
public:
  exit_watchdog() = default;
  exit_watchdog(const exit_watchdog&) = delete;
  exit_watchdog& operator=(const exit_watchdog&) = delete;

  ~exit_watchdog() {
    {
      std::lock_guard lock{mutex_};
      done_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable())
      thread_.join();
  }

  /// From now on there is `shutdown_grace` left.
  void arm() {
    thread_ = std::thread{[this] { watch(); }};
  }

private:
  void watch() {
    std::unique_lock lock{mutex_};
    if (changed_.wait_for(lock, shutdown_grace, [this] { return done_; }))
      return;
    log::error("The shutdown hangs and is cut short: a handler blocks.");
    ::_exit(exit_software);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread thread_;
};

/// Opens a store; the one that was opened first, to find mistakes early, is used first.
template <class Store>
std::function<result<std::unique_ptr<Store>>()> reopening(std::unique_ptr<Store> first,
                                                          std::function<result<std::unique_ptr<Store>>()> open) {
  return [first = std::make_shared<std::unique_ptr<Store>>(std::move(first)),
          open = std::move(open)]() -> result<std::unique_ptr<Store>> {
    if (*first)
      return std::move(*first);
    return open();
  };
}

/// The tree of one process, and the loop that minds it.
class runner {
public:
  runner(const config::settings& settings, std::shared_ptr<net::client_context> context)
    : settings_{settings}, context_{std::move(context)}, http_{std::make_unique<net::http_client>(context_)}, sys_{
                                                                                                                cfg_} {
    // nop
  }

  /// Opens the stores, so that one that cannot be used is a clear error before anything starts.
  result<void> open_stores() {
    auto bot = store::bot_name(settings_.token.reveal());
    auto folder = std::filesystem::path{settings_.state_dir};
    std::function open_ledger = [file = folder / "identify.db", bot] { return store::open_sqlite_ledger(file, bot); };
    std::function open_sessions = [file = folder / "sessions.db", bot] {
      return store::open_sqlite_sessions(file, bot, wall_clock().time_since_epoch().count());
    };
    auto ledger = open_ledger();
    if (!ledger)
      return ledger.error();
    auto sessions = open_sessions();
    if (!sessions)
      return sessions.error();
    ledger_ = reopening(std::move(*ledger), std::move(open_ledger));
    sessions_ = reopening(std::move(*sessions), std::move(open_sessions));
    return {};
  }

  result<void> run(const std::vector<bot_spec>& bots,
                   const std::function<void(caf::actor_system&, const tree&)>& started, exit_watchdog& watchdog) {
    caf::scoped_actor self{sys_};
    signal_thread signals{caf::actor{self}};
    auto standing = raise(self, bots);
    auto failure = await_start(self, standing);
    auto resumable = true;
    if (!failure) {
      if (started)
        started(sys_, standing);
      failure = wait(self, standing, resumable);
    }
    watchdog.arm();
    stop(self, standing, resumable);
    return failure ? result<void>{failure} : result<void>{};
  }

private:
  tree raise(caf::scoped_actor& self, const std::vector<bot_spec>& bots) {
    tree_dependencies deps;
    deps.settings = settings_;
    for (const auto& bot : bots)
      deps.bots.push_back({bot.name, bot.start, bot.placement, bot.idle_after});
    deps.transport = [http = http_.get()](net::http_request request, auto done) {
      http->send(std::move(request), std::move(done));
    };
    deps.connect = [context = context_](caf::actor_system& sys, connection_owner_actor owner) {
      return caf::actor_cast<connection_actor>(sys.spawn(connection, context, std::move(owner)));
    };
    deps.ledger = ledger_;
    deps.sessions = sessions_;
    deps.wall_clock = wall_clock;
    deps.runner = caf::actor{self};
    deps.seed = seed();
    auto standing = tree::raise(sys_, std::move(deps));
    self->monitor(standing.root());
    return standing;
  }

  /// The supervisor's own reason where a child did not start: it says which, and why.
  static error await_start(caf::scoped_actor& self, const tree& standing) {
    error failure;
    self->request(standing.root(), start_patience, await_children{})
      .receive([](const children_done&) {}, [&](const caf::error& err) { failure = to_error(err); });
    return failure;
  }

  /// @param resumable Set to whether the sessions are to be resumed later: after SIGTERM somebody starts the next
  ///   version of this program, after Ctrl-C nobody does.
  static error wait(caf::scoped_actor& self, const tree& standing, bool& resumable) {
    error failure;
    auto running = true;
    self->receive_while(running)(
      [&](const signal_received& signal) {
        resumable = signal.number != SIGINT;
        log::info("The process got signal {} and {}.", signal.number,
                  resumable ? "leaves its sessions to be resumed" : "closes all sessions");
        running = false;
      },
      [&](const run_failed& failed) {
        failure = {failed.code, failed.detail};
        running = false;
      },
      [&](const caf::down_msg& down) {
        if (down.source != standing.root().address())
          return;
        failure = to_error(down.reason);
        running = false;
      });
    return failure;
  }

  void stop(caf::scoped_actor& self, tree& standing, bool resumable) {
    if (auto shards = standing.services().shards; shards && !resumable)
      self->request(shards, shards_patience, stop_shards{false})
        .receive([](const shards_stopped&) {},
                 [](const caf::error& err) { log::warn("Not all shards left in time: {}", to_string(to_error(err))); });
    self->monitor(standing.root());
    self->send_exit(standing.root(), caf::exit_reason::user_shutdown);
    auto ended = false;
    self->receive_while([&ended] { return !ended; })(
      [&](const caf::down_msg& down) { ended = down.source == standing.root().address(); },
      [](const signal_received&) {}, [](const run_failed&) {});
    standing = {};
    http_.reset();
    context_->stop();
  }

  static std::uint64_t seed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
  }

  config::settings settings_;
  std::shared_ptr<net::client_context> context_;
  std::unique_ptr<net::http_client> http_;
  std::function<result<std::unique_ptr<store::identify_ledger>>()> ledger_;
  std::function<result<std::unique_ptr<store::session_store>>()> sessions_;
  actor_config cfg_;
  caf::actor_system sys_;
};

troupe::intents wanted_intents(const std::vector<bot_spec>& bots) {
  troupe::intents wanted;
  for (const auto& bot : bots)
    wanted.bits |= bot.intents.value_or(troupe::intents::unprivileged()).bits;
  return wanted;
}

result<void> prepare_log(const config::settings& settings) {
  log::redact(settings.token);
  return log::configure(settings.log_level, settings.log_format);
}

int report(const std::string& program, const error& failure) {
  auto sentence = to_string(failure);
  std::fprintf(stderr, "%s: %s\n", program.c_str(), sentence.c_str());
  return exit_code(failure.code);
}

} // namespace

result<void> run_bots(const config::settings& settings, std::vector<bot_spec> bots,
                      const std::function<void(caf::actor_system&, const tree&)>& started) {
  // Every thread inherits the mask: only ours gets the signals.
  auto signals = signal_thread::signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  if (auto done = prepare_log(settings); !done)
    return done.error();
  auto complete = settings;
  if (!complete.intents)
    complete.intents = wanted_intents(bots);
  auto context = net::client_context::make({.ca_file = settings.ca_file, .proxy = settings.proxy});
  if (!context)
    return context.error();
  exit_watchdog watchdog;
  runner all{complete, *context};
  if (auto opened = all.open_stores(); !opened)
    return opened.error();
  return all.run(bots, started, watchdog);
}

int run(int argc, char** argv, std::vector<bot_spec> bots) {
  auto program = std::filesystem::path{argv[0]}.filename().string();
  std::vector<config::extra_option> options;
  for (const auto& bot : bots)
    options.insert(options.end(), bot.options.begin(), bot.options.end());
  auto loaded =
    config::load(argc, argv, config::process_environment, options, program, config::process_environment_names());
  if (!loaded)
    return report(program, loaded.error());
  if (loaded->print) {
    std::fputs(loaded->print->c_str(), stdout);
    return 0;
  }
  if (auto done = prepare_log(loaded->settings); !done)
    return report(program, done.error());
  for (const auto& warning : loaded->warnings)
    log::warn("{}", warning);
  auto ended = run_bots(loaded->settings, std::move(bots));
  return ended ? 0 : report(program, ended.error());
}

int run(int argc, char** argv, bot_spec bot) {
  return run(argc, argv, std::vector<bot_spec>{std::move(bot)});
}

} // namespace troupe
