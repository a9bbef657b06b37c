// SPDX-License-Identifier: BSD-3-Clause
// The start of a thousand shards: the whole tree in virtual time, on the local Discord in memory. Prints how long the
// start takes against what Discord's rule of one IDENTIFY per bucket and five seconds allows, what CPU time it costs
// on both sides together, and what the tree holds on its heap. Uncompressed, for the decompressors are measured by
// `idle_shards`.
//
//   bench_startup [SHARDS]
#include "messages/inspect.hpp"
#include "messages/lifecycle.hpp"
#include "messages/supervision.hpp"

#include "runtime/log/log.hpp"

#include "actors/testing/deterministic.hpp"
#include "actors/testing/memory_connection.hpp"
#include "actors/testing/memory_discord.hpp"
#include "actors/tree.hpp"

#include "tests/bench/measuring.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::bench;

namespace {

constexpr std::uint32_t max_concurrency = 16;
constexpr auto identify_interval = 5s;

/// One start.
class start_of_all : private testing::deterministic {
public:
  explicit start_of_all(std::uint32_t shards) : shards_{shards} {
    simulator::options opts;
    opts.guilds = shards;
    opts.members_min = opts.members_max = 5;
    opts.events_per_second = 0;
    opts.recommended_shards = shards;
    opts.max_concurrency = max_concurrency;
    opts.session_starts_total = opts.session_starts_remaining = 100'000;
    discord_ = testing::memory_discord::make(sys, opts);
    listener_ = spawn([this](caf::event_based_actor* self) -> caf::behavior {
      self->set_default_handler(caf::drop);
      return {[this](const shard_ready&) {
        ++ready_;
        took_ = now() - began_;
      }};
    });
  }

  ~start_of_all() override {
    end();
    discord_->stop();
  }

  /// @returns whether all shards are ready, and no rule was broken.
  bool run() {
    began_ = now();
    tree_dependencies deps;
    deps.settings.token = secret{discord_->with_model([](auto& model) { return model.settings().token; })};
    deps.settings.api_url = testing::memory_discord::api_url();
    deps.settings.intents = intents::unprivileged();
    deps.settings.compress = codec::compression::none;
    deps.bots = {{"idle", [](bot*) { return caf::behavior{[](const raw_event&) {}}; }}};
    deps.transport = discord_->transport();
    deps.connect = [discord = discord_](caf::actor_system& on, connection_owner_actor owner) {
      return caf::actor_cast<connection_actor>(on.spawn(testing::memory_connection, discord, std::move(owner)));
    };
    deps.ledger = []() -> result<std::unique_ptr<store::identify_ledger>> { return store::make_memory_ledger(); };
    deps.sessions = []() -> result<std::unique_ptr<store::session_store>> {
      return store::make_memory_sessions(std::make_shared<store::session_memory>());
    };
    deps.wall_clock = [this] {
      return gateway::wall_time{std::chrono::duration_cast<std::chrono::milliseconds>(now() - began_)};
    };
    deps.detached_stores = false;
    tree_ = tree::raise(sys, std::move(deps));
    auto patience = 2 * bound() + 60s;
    while (ready_ < shards_ && now() - began_ < patience)
      advance(1s);
    return ready_ == shards_ && discord_->with_model([](auto& model) { return model.breaches().empty(); });
  }

  /// Ends the tree, and lets go of everything that it had.
  void end() {
    if (tree_.root())
      caf::anon_send_exit(tree_.root(), caf::exit_reason::kill);
    tree_ = {};
    settle();
    dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler()).clock().cancel_all();
    settle();
  }

  /// As fast as Discord allows: all buckets at once, every five seconds.
  [[nodiscard]] std::chrono::seconds bound() const {
    return (shards_ + max_concurrency - 1) / max_concurrency * identify_interval;
  }

  [[nodiscard]] std::chrono::duration<double> took() const {
    return took_;
  }

private:
  /// The first shards are ready before any time passed: nobody can ask so early but from here.
  void stepped() override {
    if (asked_)
      return;
    if (auto lifecycle = tree_.find("root/lifecycle")) {
      asked_ = true;
      caf::anon_send(lifecycle, subscribe_lifecycle{}, listener_);
    }
  }

  std::uint32_t shards_;
  bool asked_ = false;
  std::uint32_t ready_ = 0;
  std::chrono::steady_clock::time_point began_;
  std::chrono::nanoseconds took_{0};
  std::shared_ptr<testing::memory_discord> discord_;
  caf::actor listener_;
  tree tree_;
};

} // namespace

int main(int argc, char** argv) {
  auto shards = static_cast<std::uint32_t>(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000);
  if (!log::configure("off", "text"))
    return EXIT_FAILURE;
  start_of_all start{shards};
  auto before = process_cpu_seconds();
  if (!start.run()) {
    std::fputs("not all shards became ready, or a rule was broken\n", stderr);
    return EXIT_FAILURE;
  }
  auto cpu = process_cpu_seconds() - before;
  auto full = heap_bytes();
  start.end();
  json_line{"startup"}
    .with("shards", std::uint64_t{shards})
    .with("max_concurrency", std::uint64_t{max_concurrency})
    .with("cpu_seconds", cpu, 3)
    .with("virtual_seconds", start.took().count(), 1)
    .with("bound_seconds", static_cast<double>(start.bound().count()), 0)
    .with("ratio", start.took() / start.bound(), 3)
    .with("heap_bytes_per_shard", static_cast<double>(full - heap_bytes()) / shards, 0)
    .print();
}
