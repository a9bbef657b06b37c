// SPDX-License-Identifier: BSD-3-Clause
// The test plays Discord's API, the shards, the identify queue and the runner.
#include "messages/lifecycle.hpp"
#include "messages/rest.hpp"

#include "actors/shard_set.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

#include <set>
#include <string>

namespace troupe {

using namespace std::chrono_literals;

namespace {

struct minding_shards : deterministic {
  struct started {
    shard_id shard;
    std::optional<gateway::resume_point> resume;
    std::uint32_t start = 0;
    std::string main_url;
  };
  std::vector<started> starts;
  std::map<std::uint32_t, caf::actor> shards;
  std::vector<session_start_limit> queues;
  /// These answer nothing and do not stop when they are told.
  std::set<std::uint32_t> stuck;
  shard_set_actor set;

  void start(config::shard_selection selection = {}) {
    shard_set_dependencies deps;
    deps.selection = selection;
    deps.rest = as<rest_actor>();
    deps.lifecycle = as<lifecycle_actor>();
    deps.start_queue = [this](caf::actor_system&, const session_start_limit& limit) {
      queues.push_back(limit);
      return caf::actor_cast<identify_queue_actor>(
        spawn([]() -> caf::behavior { return {[](const session_start_limit&) {}}; }));
    };
    deps.start_shard = [this](caf::actor_system&, shard_plan plan) { return play_shard(plan); };
    deps.runner = as<caf::actor>();
    set = spawn(shard_set, std::move(deps));
    tell(set, start_shards{});
  }

  shard_actor play_shard(const shard_plan& plan) {
    starts.push_back({plan.shard, plan.resume, plan.start, plan.main_url});
    auto actor = spawn(
      [shard = plan.shard, mute = stuck.contains(plan.shard.index)](caf::event_based_actor* self) -> caf::behavior {
        if (mute)
          return {[](const stop_shard&) {},
                  [self](const shard_status_request&) { return self->make_response_promise<shard_status>(); }};
        return {
          [self](const stop_shard&) { self->quit(caf::exit_reason::user_shutdown); },
          [self](int) { self->quit(make_error(errc::internal, "on purpose")); },
          [shard](const shard_status_request&) {
            shard_status status;
            status.shard = shard;
            status.phase = phase::ready;
            status.events = 7;
            return status;
          },
          [shard](const submit_command&) {
            return command_result{command_outcome::sent, errc::none, "by " + to_string(shard)};
          },
        };
      });
    shards[plan.shard.index] = actor;
    return caf::actor_cast<shard_actor>(actor);
  }

  bool answer_gateway(std::uint16_t status, std::string body, std::string type = "application/json") {
    return answer<rest_request>([&](const rest_request& asked) {
             CHECK(asked.method == "GET");
             CHECK(asked.path == "/gateway/bot");
             return rest_response{status, type, body};
           })
      .has_value();
  }

  bool answer_gateway(std::uint32_t recommended = 4) {
    return answer_gateway(200, "{\"url\":\"wss://gateway.test\",\"shards\":" + std::to_string(recommended)
                                 + ",\"session_start_limit\":{\"total\":1000,\"remaining\":999,\"reset_after\":1,"
                                   "\"max_concurrency\":16}}");
  }

  void crash(std::uint32_t index) {
    tell(shards[index], 0);
  }

  void refuse(std::uint32_t index, errc why) {
    tell(set, shard_exited{{index, 4}, why, {}});
    caf::anon_send_exit(shards[index], caf::exit_reason::user_shutdown);
    settle();
  }

  std::vector<std::uint32_t> started_indexes() const {
    std::vector<std::uint32_t> result;
    for (const auto& one : starts)
      result.push_back(one.shard.index);
    return result;
  }

  errc failure() {
    auto failed = receive<run_failed>();
    return failed ? failed->code : errc::none;
  }
};

using indexes = std::vector<std::uint32_t>;

} // namespace

TEST_CASE_METHOD(minding_shards, "as many shards as Discord recommends start at its URL", "[actors][unit]") {
  start();
  REQUIRE(answer_gateway(3));
  CHECK(started_indexes() == indexes{0, 1, 2});
  for (const auto& one : starts) {
    CHECK(one.shard.count == 3);
    CHECK(one.main_url == "wss://gateway.test");
    CHECK(one.start == 1);
    CHECK(!one.resume);
  }
  REQUIRE(queues.size() == 1);
  CHECK(queues[0].remaining == 999);
  CHECK(queues[0].max_concurrency == 16);
}

TEST_CASE_METHOD(minding_shards, "a part of the shards can be chosen", "[actors][unit]") {
  start({.count = 8, .first = 2, .last = 4});
  REQUIRE(answer_gateway());
  CHECK(started_indexes() == indexes{2, 3, 4});
  CHECK(starts[0].shard.count == 8);
}

TEST_CASE_METHOD(minding_shards, "a part that the count does not have fails the run", "[actors][unit]") {
  start({.count = 4, .first = 2, .last = 4});
  REQUIRE(answer_gateway());
  CHECK(failure() == errc::shard_out_of_range);
  CHECK(starts.empty());
}

TEST_CASE_METHOD(minding_shards, "what cannot pass fails the run at once", "[actors][unit]") {
  start();
  SECTION("a refused token") {
    answer_gateway(401, "{}");
    CHECK(failure() == errc::authentication_failed);
  }
  SECTION("HTML") {
    answer_gateway(200, "<html>", "text/html; charset=utf-8");
    auto failed = receive<run_failed>();
    REQUIRE(failed);
    CHECK(failed->code == errc::not_a_gateway);
    CHECK(failed->detail == "GET /gateway/bot was answered with status 200 and text/html instead of JSON");
  }
  SECTION("an address that is not encrypted") {
    answer_gateway(200, R"({"url":"ws://discord.test","shards":1})");
    CHECK(failure() == errc::insecure_url);
  }
  CHECK(starts.empty());
}

TEST_CASE_METHOD(minding_shards, "trouble of Discord's is waited for, but not for ever", "[actors][unit]") {
  start();
  SECTION("it passes") {
    answer_gateway(503, "");
    CHECK(failure() == errc::none);
    advance(2s);
    CHECK(answer_gateway(1));
    CHECK(starts.size() == 1);
  }
  SECTION("it lasts") {
    auto asked = 0;
    auto failed = errc::none;
    for (auto seconds = 0; seconds < 60 && failed == errc::none; ++seconds) {
      asked += answer_gateway(503, "") ? 1 : 0;
      failed = failure();
      advance(1s);
    }
    CHECK(failed == errc::http_status);
    CHECK(asked >= 3);
    CHECK(asked <= 20);
  }
}

TEST_CASE_METHOD(minding_shards, "a crashed shard is started again with what it left", "[actors][unit]") {
  start();
  answer_gateway();
  tell(set, session_checkpoint{{2, 4}, "session", "wss://resume.test", 41});
  tell(set, session_checkpoint{{2, 4}, "session", "wss://resume.test", 42});
  crash(2);
  auto exited = receive<shard_exited>();
  REQUIRE(exited);
  CHECK(exited->shard == shard_id{2, 4});
  CHECK(exited->reason == errc::internal);
  auto restarting = receive<shard_restarting>();
  REQUIRE(restarting);
  CHECK(restarting->resumes);
  CHECK(restarting->delay_ms >= 500);
  CHECK(starts.size() == 4);
  advance(std::chrono::milliseconds{restarting->delay_ms});
  REQUIRE(starts.size() == 5);
  CHECK(starts[4].shard == shard_id{2, 4});
  CHECK(starts[4].start == 2);
  CHECK(starts[4].resume == gateway::resume_point{"session", "wss://resume.test", 42});
  CHECK(failure() == errc::none);
}

TEST_CASE_METHOD(minding_shards, "a session that ended is not resumed after a crash", "[actors][unit]") {
  start();
  answer_gateway();
  tell(set, session_checkpoint{{0, 4}, "session", "wss://resume.test", 41});
  tell(set, session_checkpoint{{0, 4}, "", "", 0});
  crash(0);
  advance(1min);
  REQUIRE(starts.size() == 5);
  CHECK(!starts[4].resume);
}

TEST_CASE_METHOD(minding_shards, "a shard that crashes again and again is started ever more slowly", "[actors][unit]") {
  start();
  answer_gateway(1);
  std::int64_t longest = 0;
  for (auto times = 0; times < 40; ++times) {
    crash(0);
    auto restarting = receive<shard_restarting>();
    REQUIRE(restarting);
    longest = std::max(longest, restarting->delay_ms);
    CHECK(restarting->delay_ms <= 60'000);
    advance(std::chrono::milliseconds{restarting->delay_ms});
  }
  CHECK(longest > 30'000);
  advance(5min);
  crash(0);
  CHECK(receive<shard_restarting>()->delay_ms <= 2'000);
}

TEST_CASE_METHOD(minding_shards, "a fatal refusal fails the run where nothing ever served", "[actors][unit]") {
  start();
  answer_gateway();
  refuse(1, errc::disallowed_intents);
  CHECK(failure() == errc::disallowed_intents);
  advance(2min);
  CHECK(starts.size() == 4);
}

TEST_CASE_METHOD(minding_shards, "a fatal refusal of one shard leaves the others alone", "[actors][unit]") {
  start();
  answer_gateway();
  tell(set, session_checkpoint{{0, 4}, "session", "wss://resume.test", 1});
  refuse(1, errc::disallowed_intents);
  CHECK(failure() == errc::none);
  auto gone = receive<shard_destroyed>();
  REQUIRE(gone);
  CHECK(gone->shard == shard_id{1, 4});
  advance(2min);
  CHECK(starts.size() == 4);
  for (auto other : {0u, 2u, 3u})
    refuse(other, errc::disallowed_intents);
  CHECK(failure() == errc::disallowed_intents);
}

TEST_CASE_METHOD(minding_shards, "stopping ends all shards, then answers", "[actors][unit]") {
  start();
  SECTION("before the first contact") {
    CHECK(ask<shards_stopped>(set, stop_shards{false}));
    answer_gateway();
    CHECK(starts.empty());
  }
  SECTION("while they run") {
    answer_gateway();
    CHECK(ask<shards_stopped>(set, stop_shards{false}));
    CHECK(count<shard_destroyed>() == 4);
    advance(2min);
    CHECK(starts.size() == 4);
  }
  SECTION("while one of them is to be started again") {
    answer_gateway();
    crash(1);
    CHECK(ask<shards_stopped>(set, stop_shards{false}));
    advance(2min);
    CHECK(starts.size() == 4);
  }
}

TEST_CASE_METHOD(minding_shards, "a shard that does not leave is killed", "[actors][unit]") {
  stuck = {1};
  start();
  answer_gateway();
  auto pending = self()->request(set, caf::infinite, stop_shards{false});
  advance(9s);
  CHECK(count<shard_destroyed>() == 3);
  advance(1s);
  CHECK(count<shard_destroyed>() == 1);
  auto stopped = false;
  pending.receive([&](const shards_stopped&) { stopped = true; }, [](const caf::error&) {});
  CHECK(stopped);
}

TEST_CASE_METHOD(minding_shards, "a command goes to the shard of its guild", "[actors][unit]") {
  start({.count = 4, .first = 0, .last = 1});
  auto early = ask<command_result>(set, submit_command{presence_update{}}, snowflake{1ull << 22});
  REQUIRE(early);
  CHECK(early->reason == errc::not_ready);
  answer_gateway();
  auto sent = ask<command_result>(set, submit_command{presence_update{}}, snowflake{5ull << 22});
  REQUIRE(sent);
  CHECK(sent->detail == "by 1/4");
  auto elsewhere = ask<command_result>(set, submit_command{presence_update{}}, snowflake{6ull << 22});
  REQUIRE(elsewhere);
  CHECK(elsewhere->outcome == command_outcome::refused);
  CHECK(elsewhere->reason == errc::shard_out_of_range);
  crash(1);
  auto down = ask<command_result>(set, submit_command{presence_update{}}, 1u);
  REQUIRE(down);
  CHECK(down->reason == errc::not_ready);
}

TEST_CASE_METHOD(minding_shards, "the status has every shard, answering or not", "[actors][unit]") {
  stuck = {2};
  start();
  answer_gateway();
  auto pending = self()->request(set, caf::infinite, shard_set_status_request{});
  advance(2s);
  shard_set_status all;
  pending.receive([&](const shard_set_status& got) { all = got; }, [](const caf::error&) {});
  CHECK(all.count == 4);
  REQUIRE(all.shards.size() == 4);
  CHECK(all.shards[1].phase == phase::ready);
  CHECK(all.shards[1].events == 7);
  CHECK(all.shards[2].shard == shard_id{2, 4});
  CHECK(all.shards[2].phase == phase::idle);
}

} // namespace troupe
