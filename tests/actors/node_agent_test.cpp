// SPDX-License-Identifier: BSD-3-Clause
// The test plays Discord's API, the identify queue, the shard set, the supervisor of the shards, and the runner.
#include "messages/lifecycle.hpp"
#include "messages/rest.hpp"
#include "messages/shard.hpp"

#include "actors/node_agent.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

#include <set>
#include <string>

namespace troupe {

using namespace std::chrono_literals;

namespace {

struct planning : deterministic {
  std::uint64_t seed = 0;
  std::vector<shard_id> made;
  std::vector<std::string> urls;
  std::set<std::uint32_t> gone;
  std::shared_ptr<std::atomic<bool>> contacted = std::make_shared<std::atomic<bool>>(false);

  void start(config::shard_selection selection = {}) {
    node_agent_dependencies deps;
    deps.selection = selection;
    deps.rest = as<rest_actor>();
    deps.queue = as<identify_queue_actor>();
    deps.shard_set = as<shard_set_actor>();
    deps.shards = as<supervisor_actor>();
    deps.make_shard = [this](shard_id shard, const std::string& main_url) -> std::optional<start_child> {
      if (gone.contains(shard.index))
        return std::nullopt;
      made.push_back(shard);
      urls.push_back(main_url);
      start_child order;
      order.spec.id = std::to_string(shard.index);
      return order;
    };
    deps.runner = as<caf::actor>();
    deps.seed = seed;
    deps.contacted = contacted;
    spawn(node_agent, std::move(deps));
    settle();
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

  /// The ids that the supervisor is asked to start.
  std::vector<std::string> orders() {
    std::vector<std::string> ids;
    while (auto order = answer<start_child>([](const start_child&) { return children_done{}; }))
      ids.push_back(order->spec.id);
    return ids;
  }

  errc failure() {
    auto failed = receive<run_failed>();
    return failed ? failed->code : errc::none;
  }

  /// Discord answers 503 for a minute. @returns how often it was asked.
  int outage() {
    auto asked = 0;
    for (auto seconds = 0; seconds < 60; ++seconds) {
      asked += answer_gateway(503, "") ? 1 : 0;
      advance(1s);
    }
    return asked;
  }
};

using ids = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(planning, "as many shards as Discord recommends start at its URL", "[actors][unit]") {
  start();
  REQUIRE(answer_gateway(3));
  auto limit = receive<session_start_limit>();
  REQUIRE(limit);
  CHECK(limit->remaining == 999);
  CHECK(limit->max_concurrency == 16);
  auto plan = receive<shards_planned>();
  REQUIRE(plan);
  CHECK(plan->count == 3);
  CHECK(plan->last == 2);
  CHECK(orders() == ids{"0", "1", "2"});
  CHECK(made == std::vector<shard_id>{{0, 3}, {1, 3}, {2, 3}});
  CHECK(urls == ids(3, "wss://gateway.test"));
}

TEST_CASE_METHOD(planning, "a part of the shards can be chosen", "[actors][unit]") {
  start({.count = 8, .first = 2, .last = 4});
  REQUIRE(answer_gateway());
  CHECK(orders() == ids{"2", "3", "4"});
  CHECK(made[0].count == 8);
}

TEST_CASE_METHOD(planning, "a part that the count does not have fails the run", "[actors][unit]") {
  start({.count = 4, .first = 2, .last = 4});
  REQUIRE(answer_gateway());
  CHECK(failure() == errc::shard_out_of_range);
  CHECK(orders().empty());
}

TEST_CASE_METHOD(planning, "what cannot pass fails the run at once", "[actors][unit]") {
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
  SECTION("more shards than anyone has") {
    answer_gateway(4'000'000'000u);
    CHECK(failure() == errc::not_a_gateway);
  }
  SECTION("an address that is not encrypted") {
    answer_gateway(200, R"({"url":"ws://discord.test","shards":1})");
    CHECK(failure() == errc::insecure_url);
  }
  CHECK(orders().empty());
}

TEST_CASE_METHOD(planning, "trouble of Discord's that passes is waited for", "[actors][unit]") {
  start();
  answer_gateway(503, "");
  CHECK(failure() == errc::none);
  advance(2s);
  CHECK(answer_gateway(1));
  CHECK(orders() == ids{"0"});
}

TEST_CASE_METHOD(planning, "trouble at the first contact is not waited for without end", "[actors][unit]") {
  start();
  auto asked = outage();
  CHECK(failure() == errc::http_status);
  CHECK(asked >= 3);
  CHECK(asked <= 20);
}

TEST_CASE_METHOD(planning, "the first contact ends in time, however long the backoff has grown", "[actors][unit]") {
  seed = GENERATE(range<std::uint64_t>(0, 20));
  start();
  for (auto seconds = 0; seconds < 15; ++seconds) {
    answer_gateway(503, "");
    advance(1s);
  }
  CHECK(answer_gateway(503, ""));
  CHECK(failure() == errc::http_status);
}

TEST_CASE_METHOD(planning, "the successor of one that reached Discord never gives up", "[actors][unit]") {
  *contacted = true;
  start();
  CHECK(outage() >= 3);
  CHECK(failure() == errc::none);
  advance(2min);
  CHECK(answer_gateway(1));
}

TEST_CASE_METHOD(planning, "a shard that left for good is not started again", "[actors][unit]") {
  gone = {1};
  start();
  REQUIRE(answer_gateway(3));
  CHECK(orders() == ids{"0", "2"});
}

TEST_CASE_METHOD(planning, "a shard that runs already is no failure", "[actors][unit]") {
  start();
  REQUIRE(answer_gateway(1));
  answer<start_child>([](const start_child&) -> caf::result<children_done> {
    return make_error(errc::invalid_child_spec, "root/shards/0 exists");
  });
  CHECK(failure() == errc::none);
}

} // namespace troupe
