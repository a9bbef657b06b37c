// SPDX-License-Identifier: BSD-3-Clause
#include "actors/simulation/world.hpp"

#include "messages/inspect.hpp"
#include "messages/lifecycle.hpp"
#include "messages/shard.hpp"
#include "messages/supervision.hpp"

#include "runtime/log/log.hpp"
#include "runtime/simulator/faults.hpp"
#include "runtime/supervision/flags.hpp"

#include "actors/testing/memory_connection.hpp"

#include <caf/scheduled_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace troupe::simulation {

using namespace std::chrono_literals;

namespace {

// Small, so that the windows close often.
constexpr delivery_limits window{.events = 128, .probe_every = 16};
// What a connection has credit for may be on its way when the window closes.
constexpr std::uint64_t on_the_way = 512;
// As the tree's supervisors are by default.
const supervision::flags tree_flags;
constexpr auto leave_patience = 60s;
// With `per_guild`: short, so that they fall asleep between events.
constexpr auto idle_after = 20s;

caf::scheduler::test_coordinator& scheduler_of(caf::actor_system& sys) {
  return dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
}

bool is_shard(const std::string& path) {
  return path.starts_with("root/shards/");
}

} // namespace

world_record::world_record(const world_options& options)
  : trace{options.trace_lines}, max_concurrency{1 + static_cast<std::uint32_t>(options.seed % 3)},
    lost{history, options.where == placement::per_guild}, intensity{tree_flags.intensity, tree_flags.period},
    memory{window.events + on_the_way} {
  // nop
}

std::vector<const checker*> world_record::checkers() const {
  return {&lost,      &marks, &order,   &watermark, &rules,   &spacing, &commands, &permits, &resumes, &generations,
          &sequences, &fatal, &backoff, &intensity, &orphans, &memory,  &liveness, &ends,    &shutdown};
}

world::world(world_options options)
  : world_record{options}, options_{options}, random_{options.seed},
    compression_{std::array{codec::compression::none, codec::compression::zlib_stream,
                            codec::compression::zstd_stream}[options.seed % 3]} {
  // Thousands of faults, each of them logged.
  if (auto done = log::configure("off", "text"); !done)
    throw std::runtime_error{to_string(done.error())};
  simulator::options discord;
  discord.seed = options.seed;
  discord.guilds = options.shards * 3;
  discord.events_per_second = options.events_per_second * options.shards;
  discord.recommended_shards = options.shards;
  discord.max_concurrency = max_concurrency;
  discord.allowed_privileged = static_cast<std::uint32_t>(intents::all().bits);
  discord.log_dispatches = true;
  discord.mark_sessions = true;
  discord_ = testing::memory_discord::make(sys, discord);
  discord_->watch([this](const simulator::model& model, simulator::connection_id from, const std::string& payload) {
    on_client(model, from, payload);
  });
  machine.on_stored = [this](const store::session_record& record) { on_stored(record); };
  machine.on_ledger = [this](const gateway::ledger_state& state) { on_ledger(state); };
  machine.on_failed = [this] { sometimes.hit("a store failed"); };
  intensity.allow("root/shards", shards_intensity);
  if (options_.where == placement::per_shard)
    intensity.allow(bot_path, shards_intensity);
  began_ = now();
  trace.begin(began_);
  witness_ = spawn([this](caf::event_based_actor* self) { return witness(self); });
  start_process();
  send_commands();
}

world::~world() {
  if (up_)
    caf::anon_send_exit(tree_.root(), caf::exit_reason::kill);
  tree_ = {};
  discord_->stop();
}

std::chrono::milliseconds world::elapsed() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(now() - began_);
}

// -- the process --------------------------------------------------------------------------------------------

void world::start_process() {
  ++starts;
  note("the process starts");
  tree_dependencies deps;
  deps.settings.token = secret{discord_->with_model([](auto& model) { return model.settings().token; })};
  deps.settings.api_url = testing::memory_discord::api_url();
  deps.settings.intents = intents::all();
  deps.settings.compress = compression_;
  deps.bots = {{.name = "observer",
                .start = [this](bot* self) { return observe(self); },
                .where = options_.where,
                .idle_after = idle_after}};
  deps.transport = discord_->transport();
  deps.connect = [this](caf::actor_system& system, connection_owner_actor owner) {
    return caf::actor_cast<connection_actor>(system.spawn(testing::memory_connection, discord_, std::move(owner)));
  };
  deps.ledger = [this] { return machine.open_ledger(); };
  deps.sessions = [this] { return machine.open_sessions(); };
  deps.wall_clock = [this] {
    return gateway::wall_time{std::chrono::duration_cast<std::chrono::milliseconds>(now().time_since_epoch())};
  };
  deps.detached_stores = false;
  deps.window = window;
  deps.runner = witness_;
  deps.seed = random_();
  tree_ = tree::raise(sys, std::move(deps));
  up_ = true;
  heard_ = nullptr;
  session_before_restart_.clear();
  if (starts > 1)
    for (const auto& record : machine.sessions())
      session_before_restart_[record.shard] = record.session_id;
}

void world::kill_process() {
  if (!std::exchange(up_, false))
    return;
  caf::anon_send_exit(tree_.root(), caf::exit_reason::kill);
  frozen_ = 0;
  while (step())
    continue;
  tree_ = {};
  // One permit for each bucket may have been out.
  for (std::uint32_t bucket = 0; bucket < max_concurrency; ++bucket)
    permits.on_excuse();
  fatal.on_process_restart();
  intensity.on_process_restart();
  for (std::uint32_t index = 0; index < options_.shards; ++index)
    backoff.on_forgotten({index, options_.shards});
}

bool world::stop_process() {
  frozen_ = 0;
  caf::anon_send_exit(tree_.root(), caf::exit_reason::user_shutdown);
  auto deadline = now() + leave_patience;
  while (tree_.find("root") && now() < deadline)
    run_for(100ms);
  auto in_time = !tree_.find("root");
  kill_process();
  return in_time;
}

// -- the judges' eyes ---------------------------------------------------------------------------------------

void world::subscribe_witness() {
  auto lifecycle = up_ ? tree_.find("root/lifecycle") : caf::actor{};
  if (!lifecycle || lifecycle.address() == heard_)
    return;
  heard_ = lifecycle.address();
  caf::anon_send(lifecycle, subscribe_lifecycle{}, witness_);
}

void world::look() {
  auto breaches = discord_->with_model([](simulator::model& model) {
    std::vector<std::string> sentences;
    for (const auto& breach : model.breaches())
      sentences.push_back(breach.rule + ": " + breach.sentence);
    return sentences;
  });
  rules.on_breaches(breaches);
  for (const auto& one : statuses()) {
    memory.on_outstanding(one.shard, one.outstanding);
    if (one.outstanding >= window.events)
      sometimes.hit("a shard stopped reading");
  }
}

std::vector<shard_status> world::statuses() {
  auto set = up_ ? tree_.services().shards : shard_set_actor{};
  if (!set)
    return {};
  auto answer = std::make_shared<std::vector<shard_status>>();
  sys.spawn([answer, set](caf::event_based_actor* self) {
    self->request(set, 10s, shard_set_status_request{})
      .then([answer](const shard_set_status& all) { *answer = all.shards; }, [](const caf::error&) {});
  });
  while (step())
    continue;
  return *answer;
}

std::vector<std::string> world::violations() const {
  std::vector<std::string> all;
  for (const auto* one : checkers())
    all.insert(all.end(), one->found().begin(), one->found().end());
  return all;
}

// -- time ---------------------------------------------------------------------------------------------------

bool world::step() {
  auto& scheduler = scheduler_of(sys);
  auto& jobs = scheduler.jobs;
  if (jobs.empty())
    return false;
  auto chosen = random_() % jobs.size();
  if (frozen_ != 0) {
    // Whoever sleeps is not chosen; the next one is.
    for (std::size_t tried = 0;; chosen = (chosen + 1) % jobs.size()) {
      auto* actor = dynamic_cast<caf::scheduled_actor*>(jobs[chosen]);
      if (actor == nullptr || actor->id() != frozen_)
        break;
      if (++tried > 1 || jobs.size() == 1)
        return false;
    }
  }
  std::swap(jobs.front(), jobs[chosen]);
  auto ran = scheduler.try_run_once();
  // Its first messages count, too.
  if (up_ && heard_ == nullptr)
    subscribe_witness();
  return ran;
}

void world::after(std::chrono::milliseconds delay, std::function<void()> what) {
  plans_.emplace(now() + delay, std::move(what));
}

void world::run_due() {
  while (!plans_.empty() && plans_.begin()->first <= now())
    plans_.extract(plans_.begin()).mapped()();
}

void world::send_commands() {
  auto shards = up_ ? tree_.services().shards : shard_set_actor{};
  if (shards) {
    auto shard = static_cast<std::uint32_t>(random_() % options_.shards);
    auto storm = random_() % 30 == 0;
    for (auto left = storm ? 200 : random_() % 4; left > 0; --left)
      // A guild that Discord does not know: it counts the command and says nothing.
      caf::anon_send(shards, submit_command{update_voice_state{.guild_id = snowflake{1}, .channel_id = std::nullopt}},
                     shard);
    for (auto left = storm ? 8 : random_() % 2; left > 0; --left)
      caf::anon_send(shards, submit_command{update_presence{}}, shard);
  }
  after(std::chrono::milliseconds{1'000 + random_() % 20'000}, [this] { send_commands(); });
}

void world::run_for(std::chrono::milliseconds duration) {
  auto end = now() + duration;
  auto& clock = scheduler_of(sys).clock();
  while (true) {
    subscribe_witness();
    while (step())
      continue;
    subscribe_witness();
    if (step())
      continue;
    lost.on_settled();
    watermark.on_settled();
    resumes.on_settled();
    if (!machine.fails())
      permits.on_settled();
    auto next = end;
    if (!clock.schedule().empty())
      next = std::min(next, clock.schedule().begin()->first);
    if (!plans_.empty())
      next = std::min(next, plans_.begin()->first);
    if (next >= end)
      break;
    clock.advance_time(std::max(next - now(), time_point::duration::zero()));
    run_due();
  }
  clock.advance_time(end - now());
  run_due();
  while (step())
    continue;
}

// -- faults -------------------------------------------------------------------------------------------------

void world::crash(const planned_fault& what) {
  // A crash of the lifecycle actor may hide that all shards start anew, and that an event is set aside.
  if (what.text == "root/lifecycle") {
    fatal.on_process_restart();
    poison = 0;
  }
  if (auto victim = up_ ? tree_.find(what.text == bot_path ? any_bot() : what.text) : caf::actor{}; victim) {
    for (std::uint32_t bucket = 0; bucket < max_concurrency; ++bucket)
      permits.on_excuse();
    if (!is_shard(what.text) && !what.text.starts_with("root/bots/")) {
      sometimes.hit("a service was restarted with all below it");
      // The bots are stopped, too, and nothing stops one whose handler blocks: after its deadlines it has a
      // successor, and no promise is kept (docs/delivery.md). Let it wake in time.
      frozen_ = 0;
    }
    if (what.text == "root/lifecycle")
      heard_ = nullptr;
    if (what.hard)
      caf::anon_send_exit(victim, caf::exit_reason::kill);
    else
      caf::anon_send(victim, caf::exit_msg{victim.address(), make_error(errc::internal, "crashed by the simulation")});
  }
}

void world::play(const planned_fault& what) {
  note(to_string(what));
  switch (what.source) {
  case fault_source::discord: {
    auto parsed = simulator::parse_fault(what.text);
    if (!parsed)
      throw std::runtime_error{to_string(parsed.error())};
    parsed->shard = what.shard;
    // Without compression damage may go unnoticed: below it TLS takes care of that.
    if (parsed->kind == simulator::fault_kind::corrupt_stream && compression_ == codec::compression::none)
      parsed->kind = simulator::fault_kind::half_frame;
    discord_->inject(*parsed);
    break;
  }
  case fault_source::crash:
    crash(what);
    break;
  case fault_source::slow_subscriber:
    if (auto sleeper = up_ ? tree_.find(any_bot()) : caf::actor{}; sleeper) {
      frozen_ = sleeper.id();
      sometimes.hit("a subscriber was slow");
      discord_->inject({.kind = simulator::fault_kind::burst, .count = 600});
      after(what.length, [this] { frozen_ = 0; });
    }
    break;
  case fault_source::poison:
    poison = what.count;
    poisoned.clear();
    break;
  case fault_source::disk:
    machine.fail(true);
    after(what.length, [this] { machine.fail(false); });
    break;
  case fault_source::kill_process:
    kill_process();
    sometimes.hit("the process was restarted");
    break;
  case fault_source::restart_process:
    if (up_)
      stop_process();
    sometimes.hit("the process was restarted");
    break;
  }
  auto down = what.source == fault_source::kill_process || what.source == fault_source::restart_process;
  if (down)
    after(what.length, [this] {
      if (!up_)
        start_process();
    });
  while (step())
    continue;
}

void world::restart_if_failed() {
  if (!failed)
    return;
  ends.on_failed(std::exchange(failed, {}));
  kill_process();
  after(5s, [this] {
    if (!up_)
      start_process();
  });
}

void world::heal() {
  note("all heals");
  plans_.clear();
  rare_.heal();
  if (rare_.struck() > 0)
    sometimes.hit("a rare path was provoked");
  send_commands();
  machine.fail(false);
  frozen_ = 0;
  poison = 0;
  if (!up_)
    start_process();
}

void world::await_ready(std::uint32_t first, std::uint32_t end, std::chrono::seconds bound) {
  std::vector<shard_id> late;
  for (auto deadline = now() + bound;; run_for(2s)) {
    late.clear();
    auto all = statuses();
    for (auto index = first; index < end; ++index)
      if (index >= all.size() || all[index].phase != phase::ready)
        late.push_back({index, options_.shards});
    if (late.empty() || now() >= deadline)
      break;
  }
  liveness.on_bound(late, bound);
}

void world::come_to_rest() {
  note("the traffic stops");
  discord_->with_model([this](simulator::model& model) { model.set_events_per_second(0, now()); });
  // Two heartbeats and a reconnect: somebody may talk to a connection that is dead.
  run_for(150s);
  take_dispatches();
  auto sessions = discord_->with_model([](simulator::model& model) { return model.sessions(); });
  for (const auto& session : sessions)
    if (session.connection != 0)
      lost.on_quiet(session.id);
  permits.on_quiet();
  look();
  // The witness, the local Discord's clock, and the test itself run beside the tree.
  constexpr std::size_t beside = 3;
  orphans.on_quiet(sys.registry().running(), tree_.paths().size() + beside);
}

void world::shut_down() {
  note("SIGTERM");
  std::vector<shard_id> ready;
  for (const auto& one : statuses())
    if (one.phase == phase::ready)
      ready.push_back(one.shard);
  auto in_time = stop_process();
  std::erase_if(ready, [this](const shard_id& shard) {
    const auto& stored = machine.sessions();
    return std::any_of(stored.begin(), stored.end(), [&](const auto& record) { return record.shard == shard; });
  });
  shutdown.on_end(in_time, ready);
}

} // namespace troupe::simulation
