// SPDX-License-Identifier: BSD-3-Clause
// The test plays the shards. The wall clock follows the virtual one.
#include "messages/shard.hpp"

#include "runtime/log/log.hpp"

#include "actors/identify_queue.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace troupe {

using namespace std::chrono_literals;

namespace {

// A ledger on a disk that the test can break.
class fragile_ledger : public store::identify_ledger {
public:
  struct disk {
    gateway::ledger_state written;
    bool broken = false;
    int saves = 0;
  };
  explicit fragile_ledger(std::shared_ptr<disk> where) : disk_{std::move(where)} {
    // nop
  }
  result<gateway::ledger_state> load() override {
    if (disk_->broken)
      return error{errc::store_unavailable, "the disk is broken"};
    return disk_->written;
  }
  result<void> save(const gateway::ledger_state& state) override {
    if (disk_->broken)
      return error{errc::store_unavailable, "the disk is broken"};
    disk_->written = state;
    ++disk_->saves;
    return {};
  }

private:
  std::shared_ptr<disk> disk_;
};

identify_client_actor::behavior_type relay(identify_client_actor::pointer self, identify_client_actor test) {
  return {
    [self, test](const prepare_identify& msg) { self->send(test, msg); },
    [self, test](const permit_granted& msg) { self->send(test, msg); },
  };
}

struct queued : deterministic {
  std::shared_ptr<fragile_ledger::disk> disk = std::make_shared<fragile_ledger::disk>();
  gateway::identify_queue_settings settings;
  identify_queue_actor queue;

  void start() {
    queue =
      spawn(identify_queue, identify_queue_dependencies{
                              .settings = settings, .ledger = std::make_unique<fragile_ledger>(disk), .now = [this] {
                                return gateway::wall_time{
                                  std::chrono::duration_cast<std::chrono::milliseconds>(now().time_since_epoch())};
                              }});
    settle();
  }

  static shard_id shard(std::uint32_t index) {
    return {index, 4};
  }

  // A shard waits at HELLO; its ticket is its index + 100.
  void arrive(std::uint32_t index) {
    arrive(index, as<identify_client_actor>());
  }
  void arrive(std::uint32_t index, const identify_client_actor& client) {
    tell(queue, join_identify_queue{shard(index), 100 + index, false}, client);
    tell(queue, request_permit{shard(index), 100 + index});
  }

  void identify(std::uint32_t index) {
    tell(queue, permit_committed{shard(index), 100 + index});
    tell(queue, permit_spent{shard(index), 100 + index});
    tell(queue, identify_answered{shard(index), true});
  }

  // 0 for none.
  std::uint64_t granted() {
    auto permit = receive<permit_granted>();
    return permit ? permit->ticket : 0;
  }

  identify_queue_status status() {
    auto answer = ask<identify_queue_status>(queue, identify_queue_request{});
    REQUIRE(answer);
    return *answer;
  }
};

} // namespace

TEST_CASE_METHOD(queued, "a shard is told to connect, then gets its permit", "[actors][unit]") {
  start();
  tell(queue, join_identify_queue{shard(0), 9, false}, as<identify_client_actor>());
  auto turn = receive<prepare_identify>();
  REQUIRE(turn);
  CHECK(turn->ticket == 9);
  CHECK(granted() == 0);
  tell(queue, request_permit{shard(0), 9});
  CHECK(granted() == 9);
}

TEST_CASE_METHOD(queued, "shards of one bucket identify five seconds apart", "[actors][unit]") {
  start();
  for (std::uint32_t index = 0; index < 4; ++index)
    arrive(index);
  for (std::uint32_t index = 0; index < 4; ++index) {
    CHECK(granted() == 100 + index);
    identify(index);
    advance(5s);
    CHECK(granted() == 0);
    advance(200ms);
  }
}

TEST_CASE_METHOD(queued, "the identify is in the ledger before it can be on the wire", "[actors][unit]") {
  start();
  arrive(0);
  CHECK(granted() == 100);
  tell(queue, permit_committed{shard(0), 100});
  CHECK(disk->written.used == 1);
  CHECK(disk->written.last_identify.count(0) == 1);
}

TEST_CASE_METHOD(queued, "a new process waits for what the last one sent", "[actors][unit]") {
  start();
  arrive(0);
  identify(0);
  CHECK(granted() == 100);
  start();
  arrive(1);
  CHECK(granted() == 0);
  advance(5'200ms);
  CHECK(granted() == 101);
}

TEST_CASE_METHOD(queued, "nobody identifies while the ledger cannot be written", "[actors][unit]") {
  start();
  disk->broken = true;
  arrive(0);
  arrive(1);
  advance(1h);
  CHECK(granted() == 0);
  CHECK(status().hold == hold_reason::store_failed);
  CHECK(disk->saves == 0);
}

TEST_CASE_METHOD(queued, "permits flow again when the ledger can be written again", "[actors][unit]") {
  start();
  disk->broken = true;
  arrive(0);
  CHECK(granted() == 0);
  disk->broken = false;
  advance(1min);
  CHECK(granted() == 100);
  CHECK(status().hold == hold_reason::none);
  CHECK(disk->written.used == 1);
}

TEST_CASE_METHOD(queued, "the log says once that the ledger cannot be written, and once that it can",
                 "[actors][unit]") {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), std::fclose};
  REQUIRE(log::configure("info", "text", file.get()).has_value());
  start();
  disk->broken = true;
  arrive(0);
  advance(1h);
  disk->broken = false;
  advance(1min);
  CHECK(granted() == 100);
  REQUIRE(log::configure("info", "text", stderr).has_value());
  std::rewind(file.get());
  std::string text(100'000, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  auto times = [&](std::string_view words) {
    auto count = 0;
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
      ++count;
    return count;
  };
  INFO(text);
  CHECK(times("cannot write its ledger") == 1);
  CHECK(times("holds all permits") == 1);
  CHECK(times("is open again") == 1);
}

TEST_CASE_METHOD(queued, "a ledger that cannot be read ends the queue", "[actors][unit]") {
  disk->broken = true;
  queue = spawn(identify_queue, identify_queue_dependencies{
                                  .settings = settings, .ledger = std::make_unique<fragile_ledger>(disk), .now = [] {
                                    return gateway::wall_time{std::chrono::milliseconds{1}};
                                  }});
  self()->monitor(queue);
  auto down = receive<caf::down_msg>();
  REQUIRE(down);
  CHECK(to_error(down->reason).code == errc::store_unavailable);
}

TEST_CASE_METHOD(queued, "the permit of a shard that dies goes to the next", "[actors][unit]") {
  start();
  auto mortal = spawn(relay, as<identify_client_actor>());
  arrive(0, mortal);
  arrive(1);
  CHECK(granted() == 100);
  CHECK(granted() == 0);
  caf::anon_send_exit(mortal, caf::exit_reason::kill);
  CHECK(granted() == 101);
}

TEST_CASE_METHOD(queued, "a successor's place does not end with its predecessor", "[actors][unit]") {
  start();
  auto mortal = spawn(relay, as<identify_client_actor>());
  arrive(0, mortal);
  CHECK(granted() == 100);
  tell(queue, join_identify_queue{shard(0), 777, true}, as<identify_client_actor>());
  caf::anon_send_exit(mortal, caf::exit_reason::kill);
  settle();
  tell(queue, request_permit{shard(0), 777});
  CHECK(granted() == 777);
}

TEST_CASE_METHOD(queued, "the queue says who waits for how long", "[actors][unit]") {
  start();
  arrive(0);
  identify(0);
  arrive(1);
  arrive(2);
  auto report = status();
  REQUIRE(report.waiting.size() == 2);
  CHECK(report.waiting[0].shard == shard(1));
  CHECK(report.waiting[0].position == 0);
  CHECK(report.waiting[1].position == 1);
  CHECK(report.waiting[1].eta_ms >= report.waiting[0].eta_ms + 5'000);
}

} // namespace troupe
