// SPDX-License-Identifier: BSD-3-Clause
// A random world around the identify queue: deaths, slow shards, a failing store, restarts of the process from the
// ledger. The checker knows only what Discord would see: when each IDENTIFY was on the wire.
#include "runtime/gateway/identify_queue.hpp"

#include "tests/catch.hpp"

#include <functional>
#include <map>
#include <optional>
#include <random>
#include <vector>

using namespace troupe;
using namespace troupe::gateway;
using namespace std::chrono_literals;

namespace {

struct random_world {
  std::mt19937 random;
  identify_queue_settings settings;
  ledger_state disk;
  std::optional<identify_queue> queue;
  wall_time now{1'700'000'000'000ms};
  std::uint32_t count = 24;
  std::uint64_t ticket = 0;
  bool faults = true;

  enum class stage { away, waiting, prepared, requested, granted, committed, done };
  struct shard {
    stage at = stage::away;
    std::uint64_t ticket = 0;
    /// When it was granted, then when it committed.
    wall_time since{};
  };
  std::vector<shard> shards;

  // What Discord sees.
  std::map<std::uint32_t, wall_time> last_wire;
  std::uint32_t identifies = 0;
  std::uint32_t store_failures = 0;

  random_world(std::uint32_t seed, std::uint32_t mc) : random{seed}, shards(24) {
    settings.limit.max_concurrency = mc;
    settings.limit.total = 400;
    settings.limit.remaining = 400;
    queue.emplace(settings, disk, now);
  }

  bool chance(std::uint32_t one_in) {
    return random() % one_in == 0;
  }
  shard_id id(std::uint32_t index) const {
    return {index, count};
  }

  // Not a template: it calls itself with a lambda of its own, whose type would be new each time.
  void call(const std::function<void(queue_actions&)>& what) {
    queue_actions out;
    what(out);
    for (const auto& one : out) {
      if (auto* save = std::get_if<save_ledger>(&one)) {
        if (faults && chance(15)) {
          ++store_failures;
          return call([&](auto& o) { queue->on_store_failed(now, o); });
        }
        disk = save->state;
      } else if (auto* prepare = std::get_if<tell_prepare>(&one)) {
        auto& who = shards[prepare->shard.index];
        if (who.ticket == prepare->ticket && who.at == stage::waiting)
          who.at = stage::prepared;
      } else if (auto* granted = std::get_if<tell_granted>(&one)) {
        auto& who = shards[granted->shard.index];
        REQUIRE(who.ticket == granted->ticket);
        if (who.at == stage::requested)
          who.at = stage::granted;
        who.since = now;
      }
    }
  }

  /// The IDENTIFY of a shard was on the wire at `when`.
  void wire(std::uint32_t index, wall_time when) {
    auto bucket = index % settings.limit.max_concurrency;
    if (auto last = last_wire.find(bucket); last != last_wire.end())
      REQUIRE(when - last->second >= 5s);
    last_wire[bucket] = when;
    REQUIRE(++identifies <= settings.limit.total);
  }

  void step_shard(std::uint32_t index) {
    auto& who = shards[index];
    switch (who.at) {
    case stage::away:
      who = {stage::waiting, ++ticket};
      return call([&](auto& o) { queue->join({id(index), who.ticket, chance(2)}, now, o); });
    case stage::prepared:
      who.at = stage::requested;
      return call([&](auto& o) { queue->request({id(index), who.ticket}, now, o); });
    case stage::granted:
      if (now - who.since >= settings.permit_lease) {
        who.at = stage::away; // Too slow: by contract it does not use the permit any more.
        return call([&](auto& o) { queue->leave({id(index), who.ticket}, now, o); });
      }
      who.at = stage::committed;
      who.since = now;
      return call([&](auto& o) { queue->commit({id(index), who.ticket}, now, o); });
    case stage::committed:
      wire(index, now);
      who.at = stage::done;
      call([&](auto& o) { queue->spend({id(index), who.ticket}, now, o); });
      return call([&](auto& o) { queue->answered({id(index), !faults || !chance(4)}, now, o); });
    default:
      return;
    }
  }

  void disturb(std::uint32_t index) {
    auto& who = shards[index];
    switch (random() % 4) {
    case 0: // Its actor dies; what it had committed may be on the wire at that moment.
      if (who.at == stage::committed)
        wire(index, now);
      who.at = stage::away;
      return call([&](auto& o) { queue->forget(id(index), now, o); });
    case 1:
      if (who.at == stage::committed || who.at == stage::done)
        return;
      who.at = stage::away;
      return call([&](auto& o) { queue->leave({id(index), who.ticket}, now, o); });
    case 2:
      if (who.at == stage::done)
        who.at = stage::away;
      return;
    default: // The process is killed and comes back with what is on the disk.
      // Also right after a save failed: then the disk knows the grant, but perhaps not how late its IDENTIFY was.
      if (!chance(10))
        return;
      for (std::uint32_t i = 0; i < count; ++i) {
        if (shards[i].at == stage::committed)
          wire(i, shards[i].since); // It was written at once, or never.
        shards[i].at = stage::away;
      }
      now += milliseconds{random() % 1000};
      queue.emplace(settings, disk, now);
    }
  }

  using milliseconds = std::chrono::milliseconds;

  void pass_time(milliseconds most) {
    auto until = now + most;
    while (true) {
      auto due = queue->next_due(now);
      if (!due || *due > until)
        break;
      REQUIRE(*due > now);
      now = *due;
      call([&](auto& o) { queue->tick(now, o); });
    }
    now = until;
  }

  bool all_done() const {
    for (const auto& one : shards)
      if (one.at != stage::done)
        return false;
    return true;
  }
};

} // namespace

TEST_CASE("no failure breaks spacing or budget, and everyone is served in the end", "[gateway][unit]") {
  std::uint32_t identifies = 0, store_failures = 0;
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    INFO("seed=" << seed);
    random_world w{seed, seed % 2 == 0 ? 1u : 4u};
    for (auto step = 0; step < 2000; ++step) {
      auto index = static_cast<std::uint32_t>(w.random() % w.count);
      if (w.chance(12))
        w.disturb(index);
      else
        w.step_shard(index);
      w.pass_time(std::chrono::milliseconds{w.random() % 400});
    }
    w.faults = false;
    for (auto step = 0; step < 200'000 && !w.all_done(); ++step) {
      w.step_shard(static_cast<std::uint32_t>(step) % w.count);
      w.pass_time(100ms);
    }
    REQUIRE(w.all_done());
    // Permits are conserved: what we count is at least what Discord saw.
    CHECK(w.queue->ledger().used >= w.identifies);
    identifies += w.identifies;
    store_failures += w.store_failures;
  }
  CHECK(identifies > 500);
  CHECK(store_failures > 20);
}
