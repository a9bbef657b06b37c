// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/identify_queue.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <deque>
#include <random>
#include <set>

using namespace troupe;
using namespace troupe::gateway;
using namespace std::chrono_literals;

namespace {

const wall_time start{1'700'000'000'000ms};

template <class T>
std::vector<T> all(const queue_actions& actions) {
  std::vector<T> found;
  for (const auto& one : actions)
    if (auto* match = std::get_if<T>(&one))
      found.push_back(*match);
  return found;
}

/// A queue with a clock, and shards that do what they are told at once.
struct world {
  identify_queue_settings settings;
  std::optional<identify_queue> queue;
  wall_time now = start;
  ledger_state disk;
  std::uint32_t count = 16;
  std::vector<std::pair<wall_time, std::uint32_t>> identified;
  bool auto_answer = true;

  explicit world(std::uint32_t mc = 1) {
    settings.limit.max_concurrency = mc;
    boot();
  }
  void boot() {
    queue.emplace(settings, disk, now);
  }
  shard_id id(std::uint32_t index) const {
    return {index, count};
  }
  void join(std::uint32_t index, bool recovery = false) {
    call([&](auto& out) { queue->join({id(index), 1, recovery}, now, out); });
  }
  template <class F>
  queue_actions call(F what) {
    queue_actions out;
    what(out);
    perform(out);
    return out;
  }
  void perform(const queue_actions& actions) {
    for (const auto& one : actions) {
      if (auto* save = std::get_if<save_ledger>(&one))
        disk = save->state;
      else if (auto* prepare = std::get_if<tell_prepare>(&one); prepare != nullptr && auto_answer)
        call([&](auto& out) { queue->request({prepare->shard, prepare->ticket}, now, out); });
      else if (auto* granted = std::get_if<tell_granted>(&one); granted != nullptr && auto_answer) {
        identified.emplace_back(now, granted->shard.index);
        call([&](auto& out) { queue->commit({granted->shard, granted->ticket}, now, out); });
        call([&](auto& out) { queue->spend({granted->shard, granted->ticket}, now, out); });
        call([&](auto& out) { queue->answered({granted->shard, true}, now, out); });
      }
    }
  }
  bool wait() {
    auto due = queue->next_due(now);
    if (!due)
      return false;
    REQUIRE(*due > now);
    now = *due;
    call([&](auto& out) { queue->tick(now, out); });
    return true;
  }
};

} // namespace

TEST_CASE("shards identify in order and as fast as Discord allows", "[gateway][unit]") {
  struct row {
    std::uint32_t shards, mc;
    std::chrono::milliseconds at_most;
  };
  for (auto [shards, mc, at_most] : {row{16, 1, 15 * 5'150ms}, row{16, 16, 0ms}, row{1000, 16, 62 * 5'150ms}}) {
    world w{mc};
    w.count = shards;
    for (std::uint32_t i = 0; i < shards; ++i)
      w.join(i);
    while (w.wait()) {}
    REQUIRE(w.identified.size() == shards);
    CHECK(w.now - start <= at_most);
    std::map<std::uint32_t, std::uint32_t> last;
    for (auto [when, shard] : w.identified) {
      if (auto before = last.find(shard % mc); before != last.end())
        CHECK(shard > before->second);
      last[shard % mc] = shard;
    }
  }
}

TEST_CASE("a bucket is held from grant to spend, then for spacing and slack", "[gateway][unit]") {
  world w;
  w.auto_answer = false;
  w.join(0);
  w.join(1);
  w.call([&](auto& out) { w.queue->request({w.id(1), 1}, w.now, out); });
  auto granted = w.call([&](auto& out) { w.queue->request({w.id(0), 1}, w.now, out); });
  // Shard 1 was ready first: a slow head does not block.
  CHECK(all<tell_granted>(granted).empty());
  w.now += 3s;
  w.call([&](auto& out) { w.queue->commit({w.id(1), 1}, w.now, out); });
  w.now += 1s;
  w.call([&](auto& out) { w.queue->spend({w.id(1), 1}, w.now, out); });
  CHECK(w.queue->next_due(w.now) == w.now + 5'150ms);
  w.now += 5'149ms;
  CHECK(all<tell_granted>(w.call([&](auto& out) { w.queue->tick(w.now, out); })).empty());
  w.now += 1ms;
  CHECK(all<tell_granted>(w.call([&](auto& out) { w.queue->tick(w.now, out); })).size() == 1);
}

TEST_CASE("the ledger is saved before the permit is told, and a returned permit is refunded", "[gateway][unit]") {
  world w;
  w.auto_answer = false;
  w.join(0);
  auto out = w.call([&](auto& o) { w.queue->request({w.id(0), 1}, w.now, o); });
  auto saved = std::find_if(out.begin(), out.end(), [](auto& a) { return std::holds_alternative<save_ledger>(a); });
  auto told = std::find_if(out.begin(), out.end(), [](auto& a) { return std::holds_alternative<tell_granted>(a); });
  REQUIRE(saved < told);
  REQUIRE(told != out.end());
  CHECK(w.disk.used == 1);
  CHECK(w.disk.last_identify.at(0) == w.now);
  w.call([&](auto& o) { w.queue->leave({w.id(0), 1}, w.now, o); });
  CHECK(w.disk.used == 0);
  CHECK(w.disk.last_identify.empty());
  w.join(1);
  CHECK(all<tell_granted>(w.call([&](auto& o) { w.queue->request({w.id(1), 1}, w.now, o); })).size() == 1);
}

TEST_CASE("a permit that is not used in time goes back", "[gateway][unit]") {
  world w;
  w.auto_answer = false;
  w.join(0);
  w.join(1);
  w.call([&](auto& o) { w.queue->request({w.id(0), 1}, w.now, o); });
  w.call([&](auto& o) { w.queue->request({w.id(1), 1}, w.now, o); });
  w.now += 10s;
  auto granted = all<tell_granted>(w.call([&](auto& o) { w.queue->tick(w.now, o); }));
  REQUIRE(granted.size() == 1);
  CHECK(granted[0].shard.index == 1);
  CHECK(w.disk.used == 1);
}

TEST_CASE("a shard that dies returns an unused permit and spends a committed one", "[gateway][unit]") {
  auto commits = GENERATE(false, true);
  world w;
  w.auto_answer = false;
  w.join(0);
  w.join(1);
  w.call([&](auto& o) { w.queue->request({w.id(0), 1}, w.now, o); });
  w.call([&](auto& o) { w.queue->request({w.id(1), 1}, w.now, o); });
  if (commits)
    w.call([&](auto& o) { w.queue->commit({w.id(0), 1}, w.now, o); });
  w.now += 1s;
  auto granted = all<tell_granted>(w.call([&](auto& o) { w.queue->forget(w.id(0), w.now, o); }));
  CHECK(granted.size() == (commits ? 0 : 1));
  CHECK(w.disk.used == 1);
}

TEST_CASE("a restart respects the spacing and the count of the ledger", "[gateway][unit]") {
  world w;
  w.join(0);
  REQUIRE(w.identified.size() == 1);
  w.now += 2s;
  w.boot();
  w.join(1);
  CHECK(w.identified.size() == 1);
  CHECK(w.queue->status(w.now).budget.remaining == 999);
  w.wait();
  REQUIRE(w.identified.size() == 2);
  // From the restart on: the ledger may know the grant only.
  CHECK(w.identified[1].first - w.identified[0].first == 2s + 5'150ms);
  SECTION("a clock that jumped back does not block for longer than the spacing") {
    w.now -= 24h;
    w.boot();
    w.join(2);
    w.wait();
    REQUIRE(w.identified.size() == 3);
    CHECK(w.now - (start + 7'150ms - 24h) <= 5'150ms);
  }
  SECTION("an identify that is older than any permit costs nothing") {
    w.now += 71s;
    w.boot();
    w.join(2);
    CHECK(w.identified.size() == 3);
  }
}

TEST_CASE("the queue reports positions and times, bucket by bucket", "[gateway][unit]") {
  world w{2};
  w.auto_answer = false;
  for (auto index : {4u, 0u, 3u, 2u, 1u})
    w.join(index);
  struct row {
    std::uint32_t shard;
    std::uint32_t position;
    std::int64_t eta_ms;
    bool operator==(const row&) const = default;
  };
  auto report = [&] {
    std::vector<row> rows;
    for (const auto& one : w.queue->status(w.now).waiting)
      rows.push_back({one.shard.index, one.position, one.eta_ms});
    return rows;
  };
  // Shards 0, 2, 4 share one bucket, 1 and 3 the other; each is in the order of its shards.
  CHECK(report() == std::vector<row>{{0, 0, 0}, {1, 0, 0}, {2, 1, 5'150}, {3, 1, 5'150}, {4, 2, 10'300}});
  w.call([&](auto& o) { w.queue->request({w.id(0), 1}, w.now, o); });
  // Shard 0 has its permit: those behind it move up, but wait for it and for the spacing.
  CHECK(report() == std::vector<row>{{1, 0, 0}, {2, 0, 5'150}, {3, 1, 5'150}, {4, 1, 10'300}});
  w.call([&](auto& o) { w.queue->commit({w.id(0), 1}, w.now, o); });
  w.call([&](auto& o) { w.queue->spend({w.id(0), 1}, w.now, o); });
  w.now += 2s;
  CHECK(report() == std::vector<row>{{1, 0, 0}, {2, 0, 3'150}, {3, 1, 5'150}, {4, 1, 8'300}});
  w.call([&](auto& o) { w.queue->leave({w.id(2), 1}, w.now, o); });
  CHECK(report() == std::vector<row>{{1, 0, 0}, {3, 1, 5'150}, {4, 0, 3'150}});
}

TEST_CASE("a hold is part of the reported time", "[gateway][unit]") {
  world w;
  w.settings.limit = {.total = 10, .remaining = 3, .reset_after = 3'600'000, .max_concurrency = 1};
  w.settings.reserve = 3;
  w.boot();
  w.auto_answer = false;
  w.join(0);
  w.join(1, true);
  auto status = w.queue->status(w.now);
  CHECK(status.hold == hold_reason::reserve_reached);
  CHECK(status.hold_ms == 3'600'000);
  REQUIRE(status.waiting.size() == 2);
  // A first start waits for the reset, a recovery may use the reserve.
  CHECK(status.waiting[0].eta_ms == 3'600'000);
  CHECK(status.waiting[1].eta_ms < 10'300);
}

TEST_CASE("the budget holds everyone, the reserve only first starts", "[gateway][unit]") {
  world w{16};
  w.settings.limit.total = 10;
  w.settings.limit.remaining = 4;
  w.settings.limit.reset_after = 3'600'000;
  w.settings.reserve = 2;
  w.boot();
  for (std::uint32_t i = 0; i < 8; ++i)
    w.join(i);
  CHECK(w.identified.size() == 2);
  CHECK(w.queue->status(w.now).hold == hold_reason::reserve_reached);
  for (std::uint32_t i = 8; i < 12; ++i)
    w.join(i, true);
  CHECK(w.identified.size() == 4);
  auto status = w.queue->status(w.now);
  CHECK(status.hold == hold_reason::budget_exhausted);
  CHECK(status.budget.remaining == 0);
  CHECK(status.hold_ms == 3'600'000);
  CHECK(status.waiting.size() == 8);
  while (w.identified.size() == 4 && w.wait()) {}
  CHECK(w.now == start + 1h);
  while (w.wait() && w.now < start + 2h) {}
  CHECK(w.identified.size() == 12);
}

TEST_CASE("Discord's own count corrects ours, downwards and at a reset", "[gateway][unit]") {
  world w;
  w.join(0);
  CHECK(w.queue->status(w.now).budget.remaining == 999);
  w.call([&](auto& o) { w.queue->use_limit({1000, 500, 1'000'000, 1}, w.now, o); });
  CHECK(w.queue->status(w.now).budget.remaining == 500);
  w.call([&](auto& o) { w.queue->use_limit({1000, 900, 1'000'000, 1}, w.now, o); });
  CHECK(w.queue->status(w.now).budget.remaining == 500);
  w.now += 1001s;
  w.call([&](auto& o) { w.queue->use_limit({1000, 990, 86'400'000, 1}, w.now, o); });
  CHECK(w.queue->status(w.now).budget.remaining == 990);
}

TEST_CASE("a new concurrency moves the waiting shards", "[gateway][unit]") {
  world w;
  w.auto_answer = false;
  for (std::uint32_t i = 0; i < 4; ++i)
    w.join(i);
  auto prepared = all<tell_prepare>(w.call([&](auto& o) { w.queue->use_limit({1000, 1000, 0, 4}, w.now, o); }));
  CHECK(prepared.size() == 2); // The first two were told before.
}

TEST_CASE("a queue that did not know the concurrency keeps the spacing of every bucket", "[gateway][unit]") {
  world w; // One bucket, as long as Discord was not asked.
  w.disk.last_identify = {{1, w.now - 1s}};
  w.boot();
  w.call([&](auto& o) { w.queue->use_limit({1000, 999, 86'000'000, 3}, w.now, o); });
  w.join(1);
  CHECK(w.identified.empty());
}

TEST_CASE("an absurd concurrency costs neither memory nor rules", "[gateway][unit]") {
  world w;
  w.join(0);
  auto limit = w.settings.limit;
  limit.max_concurrency = 0xffff'ffff;
  w.call([&](auto& o) { w.queue->use_limit(limit, w.now, o); });
  CHECK(w.queue->ledger().last_identify.size() <= 4'096);
  w.settings.limit = limit;
  w.now += 1h;
  w.boot();
  for (std::uint32_t index = 0; index < 16; ++index)
    w.join(index);
  CHECK(w.identified.size() == 17);
}

TEST_CASE("the breaker opens after refusals in a row and tries one shard at a time", "[gateway][unit]") {
  world w{16};
  w.settings.breaker_threshold = 3;
  w.boot();
  for (auto i = 0; i < 3; ++i)
    w.call([&](auto& o) { w.queue->answered({w.id(0), false}, w.now, o); });
  CHECK(w.queue->status(w.now).hold == hold_reason::breaker_open);
  w.auto_answer = false;
  w.join(1);
  w.join(2);
  CHECK(w.queue->next_due(w.now) == w.now + 60s);
  w.now += 60s;
  CHECK(all<tell_prepare>(w.call([&](auto& o) { w.queue->tick(w.now, o); })).size() == 2);
  auto first = w.call([&](auto& o) { w.queue->request({w.id(1), 1}, w.now, o); });
  CHECK(all<tell_granted>(first).size() == 1);
  CHECK(all<tell_granted>(w.call([&](auto& o) { w.queue->request({w.id(2), 1}, w.now, o); })).empty());
  w.call([&](auto& o) { w.queue->commit({w.id(1), 1}, w.now, o); });
  w.call([&](auto& o) { w.queue->spend({w.id(1), 1}, w.now, o); });
  SECTION("a refusal doubles the pause") {
    w.call([&](auto& o) { w.queue->answered({w.id(1), false}, w.now, o); });
    CHECK(w.queue->status(w.now).hold_ms == 120'000);
  }
  SECTION("a READY closes it") {
    auto out = w.call([&](auto& o) { w.queue->answered({w.id(1), true}, w.now, o); });
    CHECK(all<tell_granted>(out).size() == 1);
    CHECK(w.queue->status(w.now).hold == hold_reason::none);
  }
  SECTION("the death of the trial counts as a refusal") {
    w.call([&](auto& o) { w.queue->forget(w.id(1), w.now, o); });
    CHECK(w.queue->status(w.now).hold_ms == 120'000);
  }
}

TEST_CASE("a permit whose ledger cannot be saved is taken back", "[gateway][unit]") {
  world w;
  w.auto_answer = false;
  w.join(0);
  queue_actions dropped;
  w.queue->request({w.id(0), 1}, w.now, dropped);
  REQUIRE(all<tell_granted>(dropped).size() == 1);
  w.call([&](auto& o) { w.queue->on_store_failed(w.now, o); });
  CHECK(w.queue->ledger().used == 0);
  CHECK(w.queue->status(w.now).hold == hold_reason::store_failed);
  CHECK(w.queue->next_due(w.now) == w.now + 5s);
  w.now += 5s;
  CHECK(all<tell_granted>(w.call([&](auto& o) { w.queue->tick(w.now, o); })).size() == 1);
  CHECK(w.queue->ledger().used == 1);
}

TEST_CASE("a restart with the default limit does not forget what was used", "[gateway][unit]") {
  world w;
  w.join(0);
  for (auto restarts = 0; restarts < 5; ++restarts) {
    w.now += 10min;
    w.boot();
    CHECK(w.queue->status(w.now).budget.remaining == 999u - static_cast<unsigned>(restarts));
    w.join(1);
  }
  CHECK(w.disk.used == 6);
}
