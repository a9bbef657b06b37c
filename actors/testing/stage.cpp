// SPDX-License-Identifier: BSD-3-Clause
#include "actors/testing/stage.hpp"

#include "messages/inspect.hpp"

#include "runtime/log/log.hpp"

#include "actors/lifecycle.hpp"
#include "actors/system.hpp"
#include "actors/testing/memory_connection.hpp"
#include "actors/testing/stage_impl.hpp"

#include <caf/others.hpp>
#include <caf/send.hpp>
#include <caf/skip.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace troupe::testing {

namespace {

using namespace std::chrono_literals;

constexpr auto lifecycle_path = "root/lifecycle";
// Above the start deadlines of all children together.
constexpr auto start_patience = 120s;
constexpr auto stop_patience = 60s;

/// The ledger of a stage, for one process after the other.
class kept_ledger final : public store::identify_ledger {
public:
  explicit kept_ledger(std::shared_ptr<store::identify_ledger> kept) : kept_{std::move(kept)} {
    // nop
  }

  result<gateway::ledger_state> load() override {
    return kept_->load();
  }

  result<void> save(const gateway::ledger_state& state) override {
    return kept_->save(state);
  }

private:
  std::shared_ptr<store::identify_ledger> kept_;
};

simulator::options quiet(const stage_options& wanted) {
  simulator::options opts;
  opts.seed = wanted.seed;
  opts.recommended_shards = wanted.shards;
  opts.guilds = wanted.guilds > 0 ? wanted.guilds : 2 * wanted.shards;
  opts.members_min = 5;
  opts.members_max = 5;
  opts.events_per_second = 0;
  opts.ping_share = 0;
  opts.allowed_privileged = intents::privileged().bits;
  if (wanted.discord)
    wanted.discord(opts);
  return opts;
}

intents wanted_intents(const stage_options& options, const std::vector<bot_spec>& bots) {
  if (options.intents)
    return *options.intents;
  intents all;
  for (const auto& one : bots)
    all.bits |= one.intents.value_or(intents::unprivileged()).bits;
  return all;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "none" : text;
}

std::string type_of(caf::actor_system& sys, const caf::message& what) {
  return what.empty() ? "nothing" : sys.types().portable_name(what.type(0));
}

} // namespace

stage_state::stage_state(caf::actor_system& sys, stage_options opts, std::function<void()> settle)
  : system{sys}, options{std::move(opts)}, settle{std::move(settle)},
    discord_options{quiet(options)}, world{discord_options}, record{std::make_shared<recording>(sys)},
    discord{memory_discord::make(sys, discord_options)}, witness{spawn_witness(sys, record)},
    ledger{store::make_memory_ledger()}, sessions{std::make_shared<store::session_memory>()} {
  record_commands(*discord, record);
}

stage::stage(stage_options options)
  : state_{std::make_unique<stage_state>(sys, std::move(options), [this] { settle(); })}, discord{*state_}, rest{
                                                                                                              *state_} {
  if (auto done = log::configure(state_->options.log_level, "text"); !done)
    throw failure{to_string(done.error())};
  settle();
}

stage::~stage() {
  if (state_->running)
    kill_process();
  state_->discord->watch({});
  state_->discord->stop();
  caf::anon_send_exit(state_->witness, caf::exit_reason::kill);
  settle();
}

void stage::stepped() {
  auto now_there = state_->standing.find(lifecycle_path);
  if (!now_there || now_there.address() == state_->heard)
    return;
  // A new one: it forgot who listened.
  state_->heard = now_there.address();
  caf::anon_send(now_there, troupe::subscribe_lifecycle{}, state_->witness);
}

// -- the process -----------------------------------------------------------------------------------

void stage::run(bot_spec bot) {
  start({std::move(bot)});
}

void stage::start(std::vector<bot_spec> bots) {
  if (state_->running)
    throw failure{"the stage has a process already: start all bots at once, or end it first"};
  state_->bots = std::move(bots);
  raise();
}

void stage::restart_process() {
  if (state_->running)
    throw failure{"the process runs: end it first, by stop_process or kill_process"};
  raise();
}

void stage::raise() {
  auto& state = *state_;
  tree_dependencies deps;
  if (state.options.settings)
    state.options.settings(deps.settings);
  deps.settings.token = secret{state.discord_options.token};
  deps.settings.api_url = memory_discord::api_url();
  if (!deps.settings.intents)
    deps.settings.intents = wanted_intents(state.options, state.bots);
  for (const auto& bot : state.bots)
    deps.bots.push_back({bot.name, bot.start, bot.placement, bot.idle_after});
  deps.transport = recording_transport(state.record, state.discord->transport());
  deps.connect = [discord = state.discord](caf::actor_system& on, connection_owner_actor owner) {
    return caf::actor_cast<connection_actor>(on.spawn(memory_connection, discord, std::move(owner)));
  };
  deps.ledger = [kept = state.ledger]() -> result<std::unique_ptr<store::identify_ledger>> {
    return std::make_unique<kept_ledger>(kept);
  };
  deps.sessions = [kept = state.sessions]() -> result<std::unique_ptr<store::session_store>> {
    return store::make_memory_sessions(kept);
  };
  deps.wall_clock = [record = state.record, begin = state.discord_options.unix_start_ms] {
    return gateway::wall_time{std::chrono::milliseconds{begin} + record->elapsed()};
  };
  deps.detached_stores = false;
  deps.runner = state.witness;
  deps.seed = state.options.seed + 1000 * state.starts++;
  state.record->note("test starts the process");
  state.record->run_failed = {};
  state.running = true;
  state.standing = tree::raise(sys, std::move(deps));
  if (auto done = ask_within<children_done>(start_patience, state.standing.root(), await_children{}); !done) {
    auto reason = to_error(done.error());
    kill_process();
    throw failure{"the process did not start: " + to_string(reason)};
  }
  await_ready();
}

void stage::await_ready(std::chrono::milliseconds patience) {
  auto ready = [](const shard_status& one) { return one.phase == phase::ready; };
  std::vector<shard_status> all;
  for (auto end = now() + patience;; advance(100ms)) {
    all = shards();
    if (!all.empty() && std::all_of(all.begin(), all.end(), ready))
      return;
    if (const auto& failed = state_->record->run_failed)
      throw failure{"the process ended: " + to_string(failed)};
    if (!running() || now() >= end)
      break;
  }
  std::string text = all.empty() ? "no shard was started" : "";
  for (const auto& one : all)
    if (!ready(one))
      text += fmt::format("{}shard {} is {}", text.empty() ? "" : ", ", to_string(one.shard), to_string(one.phase));
  throw failure{fmt::format("not all shards are ready after {} s: {}; broken rules: {}",
                            std::chrono::duration_cast<std::chrono::seconds>(patience).count(), text,
                            joined(discord.breaches()))};
}

void stage::stop_process() {
  if (!state_->running)
    throw failure{"there is no process to stop"};
  state_->record->note("test stops the process");
  caf::anon_send_exit(state_->standing.root(), caf::exit_reason::user_shutdown);
  settle();
  for (auto end = now() + stop_patience; state_->standing.find("root") && now() < end;)
    advance(100ms);
  auto left = paths();
  state_->standing = {};
  state_->running = false;
  if (!left.empty())
    throw failure{"the process did not end in time: " + joined(left)};
}

void stage::kill_process() {
  if (!state_->running)
    throw failure{"there is no process to kill"};
  settle(); // Nobody has a message left that it could handle before it dies.
  state_->record->note("test kills the process");
  for (const auto& path : paths())
    if (auto who = state_->standing.find(path))
      caf::anon_send_exit(who, caf::exit_reason::kill);
  state_->standing = {};
  state_->running = false;
  settle();
}

bool stage::running() const {
  return state_->running && state_->standing.find("root");
}

// -- the tree --------------------------------------------------------------------------------------

void stage::crash(std::string_view path) {
  auto who = find(path);
  if (path == "root")
    throw failure{"the root is the process itself: use kill_process"};
  state_->record->note(fmt::format("test crashes {}", path));
  caf::anon_send_exit(who, caf::exit_reason::kill);
  settle();
}

caf::actor stage::find(std::string_view path) {
  settle();
  auto who = state_->standing.find(path);
  if (!who)
    throw failure{fmt::format("there is no actor at \"{}\"; there are: {}", path, joined(paths()))};
  return who;
}

std::vector<std::string> stage::paths() const {
  return state_->standing.paths();
}

std::vector<child_info> stage::children() {
  if (!running())
    return {};
  auto report = ask_within<children_report>(1s, state_->standing.root(), which_children{});
  return report ? std::move(report->children) : std::vector<child_info>{};
}

bot_services stage::services() {
  if (!running())
    throw failure{"there is no process"};
  return state_->standing.services();
}

std::vector<shard_status> stage::shards() {
  if (!running())
    return {};
  auto set = state_->standing.services().shards;
  if (!set)
    return {};
  auto status = ask_within<shard_set_status>(1s, set, shard_set_status_request{});
  return status ? std::move(status->shards) : std::vector<shard_status>{};
}

void stage::subscribe_lifecycle() {
  tell(services().lifecycle, troupe::subscribe_lifecycle{}, as<caf::actor>());
}

// -- what was sent to the test ---------------------------------------------------------------------

void stage::refuse_absent(const caf::message& example) {
  std::vector<std::string> there;
  auto look = [&](const caf::message_view& view) -> caf::result<caf::message> {
    const auto& content = view.content();
    std::string one = content.empty() ? "an empty message" : "";
    for (std::size_t i = 0; i < content.size(); ++i)
      one += (i > 0 ? " with " : "") + sys.types().portable_name(content.type(i)) + content.stringify(i);
    there.push_back(one);
    return caf::skip();
  };
  // Nothing matches the first handler: what is looked at stays.
  self()->receive(
    caf::others >> look, caf::after(0s) >> [] {});
  throw failure{fmt::format("no {} was sent to the test; what was: {}", type_of(sys, example), joined(there))};
}

void stage::refuse_unexpected(const caf::message& came) {
  throw failure{fmt::format("{} was sent to the test: {}", type_of(sys, came), caf::to_string(came))};
}

// -- what happened ---------------------------------------------------------------------------------

std::chrono::milliseconds stage::elapsed() {
  return state_->record->elapsed();
}

std::string stage::trace() const {
  return state_->record->trace;
}

} // namespace troupe::testing
