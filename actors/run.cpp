// SPDX-License-Identifier: BSD-3-Clause
#include "actors/run.hpp"

#include "messages/bot.hpp"
#include "messages/inspect.hpp"
#include "messages/shard.hpp"

#include "runtime/log/log.hpp"
#include "runtime/net/client_context.hpp"
#include "runtime/net/http_client.hpp"
#include "runtime/store/identify_ledger.hpp"

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
#include <map>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

namespace troupe {

namespace {

using namespace std::chrono_literals;

constexpr auto exit_software = 70;
constexpr auto exit_temporary = 75;
// What a hung actor may cost at the end.
constexpr auto shutdown_grace = 20s;
constexpr auto shards_patience = 15s;
constexpr auto bots_patience = 5s;
constexpr std::uint32_t bot_restarts_max = 5;

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
    auto asked = false;
    for (auto number = 0; ::sigwait(&set, &number) == 0 && number != SIGUSR2; asked = true) {
      if (asked) {
        log::warn("The process got a second signal and ends at once.");
        ::_exit(exit_temporary);
      }
      caf::anon_send(receiver_, signal_received{number});
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

/// The tree of one process, and the loop that minds it.
class runner {
public:
  runner(const config::settings& settings, std::vector<bot_spec> specs, std::shared_ptr<net::client_context> context,
         std::unique_ptr<store::identify_ledger> ledger)
    : settings_{settings}, specs_{std::move(specs)}, context_{std::move(context)},
      http_{std::make_unique<net::http_client>(context_)}, ledger_{std::move(ledger)}, sys_{cfg_} {
    // nop
  }

  result<void> run(const std::function<void(caf::actor_system&, const bot_services&)>& started,
                   exit_watchdog& watchdog) {
    caf::scoped_actor self{sys_};
    signal_thread signals{caf::actor{self}};
    spawn_services(self);
    auto failure = start_bots(self);
    if (!failure) {
      if (started)
        started(sys_, services_);
      self->send(services_.shards, start_shards{});
      failure = wait(self);
    }
    watchdog.arm();
    stop(self);
    return failure ? result<void>{failure} : result<void>{};
  }

private:
  void spawn_services(caf::scoped_actor& self) {
    tree_dependencies deps;
    deps.settings = settings_;
    deps.transport = [http = http_.get()](net::http_request request, auto done) {
      http->send(std::move(request), std::move(done));
    };
    deps.connect = [context = context_](caf::actor_system& sys, connection_owner_actor owner) {
      return caf::actor_cast<connection_actor>(sys.spawn(connection, context, std::move(owner)));
    };
    deps.ledger = [this] { return std::move(ledger_); };
    deps.wall_clock = [] {
      return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    };
    deps.runner = caf::actor{self};
    deps.seed = seed();
    services_ = spawn_tree(sys_, std::move(deps));
    self->monitor(services_.lifecycle);
    self->monitor(services_.subscriptions);
    self->monitor(services_.rest);
    self->monitor(services_.shards);
  }

  /// The name of the service with this address; null for a bot.
  [[nodiscard]] const char* service_at(const caf::actor_addr& where) const {
    if (where == services_.lifecycle.address())
      return "lifecycle";
    if (where == services_.subscriptions.address())
      return "subscriptions";
    if (where == services_.rest.address())
      return "rest";
    return where == services_.shards.address() ? "shard set" : nullptr;
  }

  caf::actor start_bot(const bot_spec& spec) {
    return spawn_bot(sys_, spec.name, spec.start, services_);
  }

  /// Returns when every bot has run its function: then its subscriptions come before the first shard's question.
  error start_bots(caf::scoped_actor& self) {
    for (std::size_t index = 0; index < specs_.size(); ++index) {
      auto actor = start_bot(specs_[index]);
      self->monitor(actor);
      bots_.emplace(actor.address(), running_bot{actor, index, 0});
      auto failure = await_start(self, actor);
      if (failure && remedy_for(failure.code) == remedy::caller && failure.code != errc::internal)
        return failure; // It asked for something wrong, and says what.
      if (failure)
        return {errc::internal, "bot " + specs_[index].name + " did not start: " + to_string(failure)};
    }
    return {};
  }

  static error await_start(caf::scoped_actor& self, const caf::actor& actor) {
    error failure;
    self->request(actor, bots_patience, caf::sys_atom::value, caf::get_atom::value, "info")
      .receive([](caf::ok_atom, const std::string&, const caf::strong_actor_ptr&, const std::string&) {},
               [&](const caf::error& err) { failure = to_error(err); });
    if (failure) // It may have ended by itself: its reason says more than our unanswered question.
      self->receive(
        [&](const caf::down_msg& down) {
          if (down.source == actor.address() && down.reason)
            failure = to_error(down.reason);
        },
        caf::after(1s) >> [] {});
    return failure;
  }

  error wait(caf::scoped_actor& self) {
    error failure;
    auto running = true;
    self->receive_while(running)(
      [&](const signal_received& signal) {
        log::info("The process got signal {} and closes all sessions.", signal.number);
        running = false;
      },
      [&](const run_failed& failed) {
        failure = {failed.code, failed.detail};
        running = false;
      },
      [&](const caf::down_msg& down) {
        failure = on_down(self, down);
        running = !failure;
      });
    return failure;
  }

  error on_down(caf::scoped_actor& self, const caf::down_msg& down) {
    if (auto service = service_at(down.source))
      return {errc::internal, "the " + std::string{service} + " crashed: " + to_error(down.reason).detail};
    auto found = bots_.find(down.source);
    if (found == bots_.end())
      return {};
    auto crashed = found->second;
    bots_.erase(found);
    if (!down.reason || down.reason == caf::exit_reason::normal || down.reason == caf::exit_reason::user_shutdown)
      return {}; // It wanted to end.
    auto reason = to_error(down.reason);
    if (remedy_for(reason.code) == remedy::caller && reason.code != errc::internal)
      return reason; // It would ask the same again.
    if (++crashed.restarts > bot_restarts_max)
      return {errc::internal, "bot " + specs_[crashed.spec].name + " crashed too often, last with: " + reason.detail};
    log::error("Bot {} crashed and is started again: {}", specs_[crashed.spec].name, to_string(reason));
    crashed.actor = start_bot(specs_[crashed.spec]);
    self->monitor(crashed.actor);
    bots_.emplace(crashed.actor.address(), crashed);
    return {};
  }

  void stop(caf::scoped_actor& self) {
    self->request(services_.shards, shards_patience, stop_shards{false})
      .receive([](const shards_stopped&) {},
               [](const caf::error& err) { log::warn("Not all shards left in time: {}", to_string(to_error(err))); });
    for (const auto& [address, bot] : bots_)
      self->send(bot.actor, bot_stopping{});
    while (!bots_.empty()) {
      auto in_time = true;
      self->receive([this](const caf::down_msg& down) { bots_.erase(down.source); }, [](const signal_received&) {},
                    [](const run_failed&) {}, caf::after(bots_patience) >> [&in_time] { in_time = false; });
      if (in_time)
        continue;
      log::warn("{} bots did not end in time and are killed.", bots_.size());
      for (const auto& [address, bot] : bots_)
        self->send_exit(bot.actor, caf::exit_reason::kill);
      bots_.clear();
    }
    end_tree(services_);
    services_ = {};
    http_.reset();
    context_->stop();
  }

  static std::uint64_t seed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
  }

  struct running_bot {
    caf::actor actor;
    std::size_t spec = 0;
    std::uint32_t restarts = 0;
  };

  config::settings settings_;
  std::vector<bot_spec> specs_;
  std::shared_ptr<net::client_context> context_;
  std::unique_ptr<net::http_client> http_;
  std::unique_ptr<store::identify_ledger> ledger_;
  actor_config cfg_;
  caf::actor_system sys_;
  bot_services services_;
  std::map<caf::actor_addr, running_bot> bots_;
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
                      const std::function<void(caf::actor_system&, const bot_services&)>& started) {
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
  auto ledger = store::open_sqlite_ledger(std::filesystem::path{settings.state_dir} / "identify.db",
                                          store::bot_name(settings.token.reveal()));
  if (!ledger)
    return ledger.error();
  exit_watchdog watchdog;
  runner tree{complete, std::move(bots), *context, std::move(*ledger)};
  return tree.run(started, watchdog);
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
