// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/command.hpp"

#include "messages/intents.hpp"

#include "runtime/simulator/server.hpp"
#include "runtime/simulator/text.hpp"

#include <CLI/CLI.hpp>
#include <signal.h>

#include <fstream>
#include <iostream>
#include <iterator>

namespace troupe::simulator {

namespace {

struct arguments {
  server_options server;
  std::int64_t heartbeat_interval_ms = 41'250;
  double session_lifetime_s = 180;
  std::vector<std::string> faults;
  std::string script;
  std::string tls_dir;
  bool allow_privileged = false;
  bool fail_on_breach = false;
  /// Seconds; 0: until a signal.
  double duration = 0;
};

void declare(CLI::App& app, arguments& into) {
  auto& model = into.server.model;
  app.add_option("--port", into.server.port, "The port of REST, gateway and control; 0 for any free one");
  app.add_flag("--plain", into.server.plain, "Serve without TLS");
  app.add_option("--tls-dir", into.tls_dir, "The folder where ca.pem is written");
  app.add_option("--cert-file", into.server.cert_file, "A certificate chain (PEM) of your own");
  app.add_option("--key-file", into.server.key_file, "Its key (PEM)");
  app.add_option("--token", model.token, "The bot token that is accepted");
  app.add_option("--seed", model.seed, "Everything random follows from it");
  app.add_option("--guilds", model.guilds, "How many guilds the bot is in")->check(CLI::Range(0, 1'000'000));
  app.add_option("--shards", model.recommended_shards, "The shards that GET /gateway/bot recommends")
    ->check(CLI::Range(1, 65'536));
  app.add_option_function<std::uint32_t>(
    "--members", [&model](std::uint32_t n) { model.members_min = model.members_max = n; }, "Members per guild");
  app.add_option("--events-per-second", model.events_per_second, "Of all guilds together")->check(CLI::Range(0.0, 1e6));
  app.add_option("--ping-share", model.ping_share, "The share of messages that say !ping")->check(CLI::Range(0.0, 1.0));
  app.add_option("--direct-share", model.direct_share, "The share of messages that go to the bot alone, on shard 0")
    ->check(CLI::Range(0.0, 1.0));
  app.add_option("--churn", model.churn, "The share of the events that change guilds or are rare")
    ->check(CLI::Range(0.0, 1.0));
  app.add_option("--max-concurrency", model.max_concurrency, "Identify buckets")->check(CLI::Range(1, 65'536));
  app.add_option_function<std::uint32_t>(
    "--session-starts", [&model](std::uint32_t n) { model.session_starts_total = model.session_starts_remaining = n; },
    "Session starts per day");
  app.add_option("--heartbeat-interval-ms", into.heartbeat_interval_ms, "As HELLO says it")
    ->check(CLI::Range(50, 3'600'000));
  app.add_option("--session-lifetime-s", into.session_lifetime_s, "How long a session waits for RESUME")
    ->check(CLI::Range(0.0, 86'400.0));
  app.add_option("--replay-buffer", model.replay_buffer, "Events kept for RESUME; 0 for Discord's formula");
  app.add_option("--max-guilds-per-session", model.guild_limit, "More are close code 4011");
  app.add_option("--large-bot-multiple", model.shard_multiple, "The shard count must be a multiple of it");
  app.add_flag("--allow-privileged", into.allow_privileged, "Approve the privileged intents");
  app.add_option("--fault", into.faults, "A fault at the start, for example \"close code=4009 shard=0\"; repeatable")
    ->allow_extra_args(false);
  app.add_option("--script", into.script, "A file of faults: <seconds> <fault> [key=value ...]");
  app.add_option("--duration", into.duration, "Seconds after which it ends; 0 for never")->check(CLI::Range(0.0, 1e7));
  app.add_flag("--record", model.log_dispatches, "Keep every dispatch for the control endpoint (memory grows)");
  app.add_flag("--fail-on-breach", into.fail_on_breach, "Exit with 1 where a rule was broken");
}

result<void> complete(arguments& given) {
  auto& model = given.server.model;
  model.heartbeat_interval = std::chrono::milliseconds{given.heartbeat_interval_ms};
  model.session_lifetime = std::chrono::milliseconds{static_cast<std::int64_t>(given.session_lifetime_s * 1000)};
  model.allowed_privileged = given.allow_privileged ? intents::privileged().bits : 0;
  if (!given.tls_dir.empty())
    given.server.tls_dir = given.tls_dir;
  if (!given.script.empty()) {
    std::ifstream file{given.script, std::ios::binary};
    if (!file)
      return error{errc::invalid_configuration, "cannot read " + given.script};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    auto script = parse_script(text, given.script);
    if (!script)
      return script.error();
    given.server.script = std::move(*script);
  }
  for (auto& text : given.faults) {
    auto what = parse_fault(text);
    if (!what)
      return error{what.error().code, "--fault: " + what.error().detail};
    given.server.script.insert(given.server.script.begin(), {std::chrono::milliseconds{0}, *what});
  }
  return {};
}

// Blocked in all threads before they start, so that only this call takes them.
void wait_for_signal(const sigset_t& signals, double seconds) {
  if (seconds <= 0) {
    int which = 0;
    sigwait(&signals, &which);
    return;
  }
  timespec limit{static_cast<time_t>(seconds),
                 static_cast<long>((seconds - static_cast<double>(static_cast<time_t>(seconds))) * 1e9)};
  sigtimedwait(&signals, nullptr, &limit);
}

} // namespace

int run_simulate(int argc, char** argv) {
  CLI::App app{"A local Discord: REST and gateway with Discord's rules, traffic and faults", "simulate"};
  arguments given;
  declare(app, given);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& err) {
    return app.exit(err) == 0 ? 0 : exit_code(errc::invalid_configuration);
  }
  auto complain = [](const error& err) {
    std::cerr << "simulate: " << to_string(err) << '\n';
    return exit_code(err.code == errc::invalid_argument ? errc::invalid_configuration : err.code);
  };
  if (auto completed = complete(given); !completed)
    return complain(completed.error());
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  auto server = server::start(given.server);
  if (!server)
    return complain(server.error());
  auto& running = **server;
  std::cout << "{\"api_url\":" << quote(running.api_url()) << ",\"ca_file\":" << quote(running.ca_file())
            << ",\"control_url\":" << quote(running.control_url()) << "}" << std::endl;
  wait_for_signal(signals, given.duration);
  running.stop();
  std::cout << running.summary() << std::endl;
  return given.fail_on_breach && running.breaches() > 0 ? 1 : 0;
}

} // namespace troupe::simulator
