// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/command_queue.hpp"

#include "tests/catch.hpp"

using namespace troupe;
using namespace troupe::gateway;
using namespace std::chrono_literals;

namespace {

const command_queue::clock::time_point start{};

request_guild_members full_list(std::uint64_t guild) {
  request_guild_members what;
  what.guild_id = {guild};
  what.query = "";
  return what;
}

update_presence presence(std::string name) {
  update_presence what;
  what.activities.push_back({std::move(name)});
  return what;
}

update_voice_state voice() {
  update_voice_state what;
  what.guild_id = {1};
  return what;
}

std::uint64_t popped(command_queue& queue, command_queue::clock::time_point now) {
  auto next = queue.pop(now);
  return next ? next->ticket : 0;
}

} // namespace

TEST_CASE("voice goes before requests, requests before presence", "[gateway][unit]") {
  command_queue queue;
  CHECK(queue.push(1, presence("a"), start).empty());
  CHECK(queue.push(2, full_list(1), start).empty());
  CHECK(queue.push(3, voice(), start).empty());
  CHECK_FALSE(queue.pop(start));
  CHECK_FALSE(queue.next_due(start));
  queue.open(41'250ms);
  CHECK(queue.next_due(start) == start);
  CHECK(popped(queue, start) == 3);
  CHECK(popped(queue, start) == 2);
  CHECK(popped(queue, start) == 1);
  CHECK(popped(queue, start) == 0);
}

TEST_CASE("the newest presence replaces one that waits", "[gateway][unit]") {
  command_queue queue;
  CHECK(queue.push(1, presence("a"), start).empty());
  auto replaced = queue.push(2, presence("b"), start);
  REQUIRE(replaced.size() == 1);
  CHECK(replaced[0].ticket == 1);
  CHECK(replaced[0].result.outcome == command_outcome::dropped);
  queue.open(41'250ms);
  auto next = queue.pop(start);
  REQUIRE(next);
  CHECK(next->ticket == 2);
  CHECK(next->text.find("\"b\"") != std::string::npos);
}

TEST_CASE("four presences go in twenty seconds, the fifth waits", "[gateway][unit]") {
  command_queue queue;
  queue.open(41'250ms);
  for (std::uint64_t i = 1; i <= 4; ++i) {
    CHECK(queue.push(i, presence("a"), start + i * 1s).empty());
    CHECK(popped(queue, start + i * 1s) == i);
  }
  CHECK(queue.push(5, presence("a"), start + 5s).empty());
  CHECK(popped(queue, start + 5s) == 0);
  CHECK(queue.next_due(start + 5s) == start + 21s);
  CHECK(popped(queue, start + 21s) == 5);
}

TEST_CASE("full lists of a guild are thirty seconds apart and block nobody", "[gateway][unit]") {
  command_queue queue;
  queue.open(41'250ms);
  CHECK(queue.push(1, full_list(1), start).empty());
  CHECK(queue.push(2, full_list(1), start).empty());
  CHECK(queue.push(3, full_list(2), start).empty());
  CHECK(popped(queue, start) == 1);
  CHECK(popped(queue, start) == 3);
  CHECK(popped(queue, start) == 0);
  CHECK(queue.next_due(start) == start + 30s);
  CHECK(popped(queue, start + 30s) == 2);
}

TEST_CASE("commands stay within the connection's window", "[gateway][unit]") {
  command_queue queue;
  queue.open(41'250ms);
  for (std::uint64_t i = 1; i <= 200; ++i)
    CHECK(queue.push(i, voice(), start).empty());
  std::size_t sent = 0;
  while (queue.pop(start))
    ++sent;
  CHECK(sent == 114);
  CHECK(queue.next_due(start) == start + 60s);
  CHECK(queue.pop(start + 60s));
}

TEST_CASE("a lost connection drops what waits", "[gateway][unit]") {
  command_queue queue;
  queue.open(41'250ms);
  CHECK(queue.push(1, voice(), start).empty());
  CHECK(queue.push(2, presence("a"), start).empty());
  auto ended = queue.close();
  CHECK(ended.size() == 2);
  for (const auto& one : ended)
    CHECK(one.result.reason == errc::dropped_by_reconnect);
  CHECK(queue.waiting() == 0);
  CHECK_FALSE(queue.is_open());
}

TEST_CASE("a queue that is full refuses", "[gateway][unit]") {
  command_limits limits;
  limits.waiting = 1;
  command_queue queue{limits};
  CHECK(queue.push(1, voice(), start).empty());
  auto refused = queue.push(2, voice(), start);
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].ticket == 2);
  CHECK(refused[0].result.reason == errc::queue_full);
}

TEST_CASE("a payload above 4096 bytes is refused", "[gateway][unit]") {
  command_queue queue;
  auto refused = queue.push(1, presence(std::string(4096, 'x')), start);
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].result.outcome == command_outcome::refused);
  CHECK(refused[0].result.reason == errc::payload_too_large);
}

TEST_CASE("wrong arguments are refused with a sentence", "[gateway][unit]") {
  auto members = [](auto change) {
    request_guild_members what;
    what.guild_id = {1};
    change(what);
    return command{what};
  };
  auto bad_status = presence("a");
  bad_status.status = "away";
  auto bad_type = presence("a");
  bad_type.activities[0].type = 6;
  request_channel_info bad_field{{1}, {"name"}};
  auto wrong = std::vector<command>{
    bad_status,
    bad_type,
    bad_field,
    update_voice_state{},
    request_soundboard_sounds{},
    members([](auto&) {}),
    members([](auto& what) {
      what.query = "";
      what.user_ids.emplace(1);
    }),
    members([](auto& what) { what.user_ids.emplace(101); }),
    members([](auto& what) {
      what.query = "a";
      what.limit = 101;
    }),
    members([](auto& what) { what.query = "a"; }),
    members([](auto& what) {
      what.query = "";
      what.nonce = std::string(33, 'n');
    }),
  };
  for (const auto& what : wrong) {
    command_queue queue;
    auto refused = queue.push(1, what, start);
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].result.outcome == command_outcome::refused);
    CHECK(refused[0].result.reason == errc::invalid_argument);
    CHECK_FALSE(refused[0].result.detail.empty());
  }
}
