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
#include "actors/identify_queue.hpp"
#include "actors/lifecycle.hpp"
#include "actors/rest.hpp"
#include "actors/shard.hpp"
#include "actors/shard_set.hpp"
#include "actors/subscriptions.hpp"
#include "actors/system.hpp"

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
    for (auto number = 0; ::sigwait(&set, &number) == 0 && number != SIGUSR2;)
      caf::anon_send(receiver_, signal_received{number});
  }

  caf::actor receiver_;
  std::thread thread_;
};

/// Ends the process where its shutdown hangs: no handler can be stopped from outside.
class exit_watchdog {
public:
  exit_watchdog() : thread_{[this] { watch(); }} {
    // nop
  }

  ~exit_watchdog() {
    {
      std::lock_guard lock{mutex_};
      done_ = true;
    }
    changed_.notify_all();
    thread_.join();
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

  result<void> run(const std::function<void(caf::actor_system&, const bot_services&)>& started) {
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
    exit_watchdog watchdog;
    stop(self);
    return failure ? result<void>{failure} : result<void>{};
  }

private:
  void spawn_services(caf::scoped_actor& self) {
    services_.lifecycle = sys_.spawn(lifecycle);
    services_.subscriptions = sys_.spawn(subscriptions);
    auto transport = [http = http_.get()](net::http_request request, auto done) {
      http->send(std::move(request), std::move(done));
    };
    services_.rest = caf::actor_cast<rest_actor>(sys_.spawn(
      rest, rest_dependencies{
              .transport = transport, .api_url = settings_.api_url, .token = settings_.token, .seed = seed()}));
    services_.shards = sys_.spawn(
      shard_set, shard_set_dependencies{
                   .selection = settings_.shards,
                   .rest = services_.rest,
                   .lifecycle = services_.lifecycle,
                   .start_queue = [this](caf::actor_system&, const session_start_limit& limit) { return queue(limit); },
                   .start_shard = [this](caf::actor_system&, shard_plan plan) { return start_shard(std::move(plan)); },
                   .runner = caf::actor{self},
                   .seed = seed()});
  }

  identify_queue_actor queue(const session_start_limit& limit) {
    gateway::identify_queue_settings settings{.limit = limit};
    settings.reserve = settings_.identify_reserve.value_or(limit.total / 10);
    // Detached: writing the ledger waits for the disk.
    return sys_.spawn<caf::detached>(
      identify_queue, identify_queue_dependencies{.settings = settings, .ledger = std::move(ledger_), .now = [] {
                                                    return std::chrono::time_point_cast<std::chrono::milliseconds>(
                                                      std::chrono::system_clock::now());
                                                  }});
  }

  shard_actor start_shard(shard_plan plan) {
    shard_dependencies deps;
    deps.settings.shard = plan.shard;
    deps.settings.token = settings_.token;
    deps.settings.intents = *settings_.intents;
    deps.settings.compression = settings_.compress;
    deps.settings.main_url = std::move(plan.main_url);
    deps.settings.large_threshold = settings_.large_threshold;
    deps.settings.presence = settings_.presence;
    deps.settings.seed = plan.seed;
    deps.resume = std::move(plan.resume);
    deps.connect = [context = context_](caf::actor_system& sys, connection_owner_actor owner) {
      return caf::actor_cast<connection_actor>(sys.spawn(connection, context, std::move(owner)));
    };
    deps.queue = std::move(plan.queue);
    deps.lifecycle = services_.lifecycle;
    deps.subscriptions = services_.subscriptions;
    deps.owner = std::move(plan.owner);
    deps.start = plan.start;
    return sys_.spawn(shard, std::move(deps));
  }

  caf::actor start_bot(const bot_spec& spec) {
    return sys_.spawn([name = spec.name, start = spec.start, services = services_](bot* self) -> caf::behavior {
      self->attach(name, services);
      return start(self);
    });
  }

  /// Returns when every bot has run its function: then its subscriptions come before the first shard's question.
  error start_bots(caf::scoped_actor& self) {
    for (std::size_t index = 0; index < specs_.size(); ++index) {
      auto actor = start_bot(specs_[index]);
      self->monitor(actor);
      bots_.emplace(actor.address(), running_bot{actor, index, 0});
      error failure;
      self->request(actor, bots_patience, caf::sys_atom::value, caf::get_atom::value, "info")
        .receive([](caf::ok_atom, const std::string&, const caf::strong_actor_ptr&, const std::string&) {},
                 [&](const caf::error& err) { failure = to_error(err); });
      if (failure)
        return {errc::internal, "bot " + specs_[index].name + " did not start: " + to_string(failure)};
    }
    return {};
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
        failure = restart_bot(self, down);
        running = !failure;
      });
    return failure;
  }

  error restart_bot(caf::scoped_actor& self, const caf::down_msg& down) {
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
    self->send_exit(services_.shards, caf::exit_reason::user_shutdown);
    self->send_exit(services_.rest, caf::exit_reason::user_shutdown);
    self->send_exit(services_.subscriptions, caf::exit_reason::user_shutdown);
    self->send_exit(services_.lifecycle, caf::exit_reason::user_shutdown);
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
  log::redact(settings.token);
  if (auto done = log::configure(settings.log_level, settings.log_format); !done)
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
  runner tree{complete, std::move(bots), *context, std::move(*ledger)};
  return tree.run(started);
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
  for (const auto& warning : loaded->warnings)
    log::warn("{}", warning);
  auto ended = run_bots(loaded->settings, std::move(bots));
  return ended ? 0 : report(program, ended.error());
}

int run(int argc, char** argv, bot_spec bot) {
  return run(argc, argv, std::vector<bot_spec>{std::move(bot)});
}

} // namespace troupe
