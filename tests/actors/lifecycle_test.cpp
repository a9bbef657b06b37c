// SPDX-License-Identifier: BSD-3-Clause
#include "actors/lifecycle.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

namespace troupe {

namespace {

struct listening : deterministic {
  lifecycle_actor hub = spawn(lifecycle);

  // Counts what it hears, with and without a handler for it.
  caf::actor listener(int& heard) {
    return spawn([&heard]() -> caf::behavior { return {[&heard](const shard_ready&) { ++heard; }}; });
  }
};

} // namespace

TEST_CASE_METHOD(listening, "everyone who asked hears of every shard", "[actors][unit]") {
  auto first = 0;
  auto second = 0;
  tell(hub, subscribe_lifecycle{}, listener(first));
  tell(hub, shard_ready{{0, 2}, 1});
  tell(hub, subscribe_lifecycle{}, listener(second));
  tell(hub, shard_ready{{1, 2}, 1});
  CHECK(first == 2);
  CHECK(second == 1);
}

TEST_CASE_METHOD(listening, "who asks twice hears once", "[actors][unit]") {
  auto heard = 0;
  auto who = listener(heard);
  tell(hub, subscribe_lifecycle{}, who);
  tell(hub, subscribe_lifecycle{}, who);
  tell(hub, shard_ready{{0, 1}, 1});
  CHECK(heard == 1);
}

TEST_CASE_METHOD(listening, "a listener that died hurts nobody", "[actors][unit]") {
  auto dead = 0;
  auto alive = 0;
  auto who = listener(dead);
  tell(hub, subscribe_lifecycle{}, who);
  tell(hub, subscribe_lifecycle{}, listener(alive));
  caf::anon_send_exit(who, caf::exit_reason::kill);
  tell(hub, shard_ready{{0, 1}, 1});
  CHECK(dead == 0);
  CHECK(alive == 1);
  tell(hub, subscribe_lifecycle{}, who);
  tell(hub, shard_ready{{0, 1}, 1});
  CHECK(alive == 2);
}

TEST_CASE_METHOD(listening, "every kind of message is passed on as it is", "[actors][unit]") {
  tell(hub, subscribe_lifecycle{}, as<caf::actor>());
  const shard_id shard{3, 4};
  tell(hub, shard_created{shard, 2});
  tell(hub, shard_status_changed{shard, phase::ready, phase::closing, errc::connection_lost, "why"});
  tell(hub, shard_resumed{shard, 17});
  tell(hub, shard_restarting{shard, errc::connection_lost, "why", 1500, true});
  tell(hub, shard_exited{shard, errc::invalid_shard, "why"});
  tell(hub, shard_destroyed{shard});
  tell(hub, invalid_message_received{shard, "what"});
  tell(hub, shard_ping{shard, 1234});
  tell(hub, shard_ping_missed{shard});
  CHECK(receive<shard_created>()->start == 2);
  CHECK(receive<shard_status_changed>()->detail == "why");
  CHECK(receive<shard_resumed>()->replayed == 17);
  CHECK(receive<shard_restarting>()->delay_ms == 1500);
  CHECK(receive<shard_exited>()->reason == errc::invalid_shard);
  CHECK(receive<shard_destroyed>()->shard == shard);
  CHECK(receive<invalid_message_received>()->detail == "what");
  CHECK(receive<shard_ping>()->latency_us == 1234);
  CHECK(receive<shard_ping_missed>()->shard == shard);
}

} // namespace troupe
