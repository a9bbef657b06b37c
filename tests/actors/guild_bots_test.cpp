// SPDX-License-Identifier: BSD-3-Clause
// The front of a bot per guild alone: the test plays SUBSCRIPTIONS, REST and LIFECYCLE, and has shards of its own.
#include "messages/lifecycle.hpp"
#include "messages/rest.hpp"
#include "messages/supervision.hpp"

#include "actors/guild_bots.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace troupe {

using namespace std::chrono_literals;

namespace {

message_create message(std::uint64_t guild, std::string content) {
  message_create result;
  result.guild_id = snowflake{guild};
  result.content = std::move(content);
  return result;
}

// Says to the front what it is told to, and counts the answers.
caf::behavior play_shard(caf::event_based_actor* self, const caf::actor& front, std::vector<int>* answers) {
  auto asked = std::make_shared<int>(0);
  return {
    [=](const message_create& event) { self->send(front, event); },
    [=](const event_marks& marks) { self->send(front, marks); },
    [=](const await_handled& question) {
      self->request(front, caf::infinite, question).then([=, number = ++*asked](const handled&) {
        answers->push_back(number);
      });
    },
  };
}

struct front_alone : deterministic {
  std::vector<std::string> got;
  caf::actor front;
  std::vector<int> answers;
  std::vector<int> other_answers;
  caf::actor shard;
  caf::actor other;

  front_alone() {
    front = spawn([this](bot* self) {
      guild_bots_dependencies with{
        .name = "tester",
        .start = [this](bot* one) { return tester(one); },
        .services = {as<subscriptions_actor>(), as<lifecycle_actor>(), as<rest_actor>(), as<shard_set_actor>()},
        .idle_after = 10s,
        .path = "root/bots/tester"};
      return guild_bots(self, with);
    });
    settle();
    shard = spawn(play_shard, front, &answers);
    other = spawn(play_shard, front, &other_answers);
  }

  caf::behavior tester(bot* self) {
    self->subscribe<message_create>();
    self->send_message(snowflake{1}, "I run");
    return {[this, self](const message_create& event) {
      if (event.content == "die")
        throw std::runtime_error{"as it was told"};
      got.push_back(to_string(*self->guild()) + " " + event.content + (self->replayed() ? " replayed" : "")
                    + (self->redelivered() ? " redelivered" : ""));
      // The test is slow to answer.
      if (event.content == "wait")
        self->request(as<caf::actor>(), caf::infinite, 1).await([](int) {});
    }};
  }

  void go_on() {
    CHECK(answer<int>([](int) { return 1; }));
  }

  std::optional<subscribe> subscription() {
    std::optional<subscribe> asked;
    self()->receive(
      [&](const subscribe& what, const caf::actor& who) {
        CHECK(who == front);
        asked = what;
        return subscribed{};
      },
      caf::after(0s) >> [] {});
    settle();
    return asked;
  }
};

using texts = std::vector<std::string>;
using numbers = std::vector<int>;

} // namespace

TEST_CASE_METHOD(front_alone, "the front subscribes for all guilds under the bot's name, and says nothing else",
                 "[actors][unit]") {
  auto asked = subscription();
  REQUIRE(asked);
  CHECK(asked->events == std::vector<std::string>{"MESSAGE_CREATE"});
  CHECK(asked->name == "tester");
  CHECK(asked->relays);
  CHECK(asked->marks);
  CHECK_FALSE(receive<rest_request>());
  tell(shard, message(5, "a"));
  CHECK_FALSE(subscription()); // The guild's actor asks for nothing that is not known.
  CHECK(receive<rest_request>());
}

TEST_CASE_METHOD(front_alone, "the front answers when all guilds have handled what came before the question",
                 "[actors][unit]") {
  tell(shard, await_handled{});
  CHECK(answers == numbers{1});
  tell(shard, message(5, "wait"));
  tell(shard, message(6, "a"));
  tell(shard, await_handled{});
  tell(shard, message(5, "b"));
  tell(shard, await_handled{});
  CHECK(answers == numbers{1});
  CHECK(got == texts{"5 wait", "6 a"});
  go_on();
  CHECK(got == texts{"5 wait", "6 a", "5 b"});
  CHECK(answers == numbers{1, 2, 3});
}

TEST_CASE_METHOD(front_alone, "a shard's question is about the events of that shard", "[actors][unit]") {
  tell(shard, message(5, "wait"));
  tell(other, message(6, "a"));
  tell(shard, await_handled{});
  tell(other, await_handled{});
  CHECK(answers.empty());
  CHECK(other_answers == numbers{1});
  go_on();
  CHECK(answers == numbers{1});
}

TEST_CASE_METHOD(front_alone, "marks hold for the events of their shard", "[actors][unit]") {
  tell(shard, event_marks{{0, 2}, true, false});
  tell(other, event_marks{{1, 2}, false, true});
  tell(shard, message(0, "a"));
  tell(other, message(0, "b"));
  tell(shard, event_marks{{0, 2}, false, false});
  tell(shard, message(0, "c"));
  tell(other, message(0, "d"));
  CHECK(got == texts{"0 a replayed", "0 b redelivered", "0 c", "0 d redelivered"});
}

TEST_CASE_METHOD(front_alone, "a question waits for the successor of an actor that crashed", "[actors][unit]") {
  tell(shard, event_marks{{0, 2}, false, false});
  tell(shard, message(5, "die"));
  tell(shard, message(5, "a"));
  tell(shard, message(6, "b"));
  tell(shard, await_handled{});
  // The first successor came at once, and died of it, too.
  CHECK(got == texts{"6 b"});
  CHECK(answers.empty());
  auto ended = receive<child_exited>();
  REQUIRE(ended);
  CHECK(ended->path == "root/bots/tester/5");
  CHECK(ended->detail.find("as it was told") != std::string::npos);
  advance(3s);
  CHECK(got == texts{"6 b", "5 a redelivered"});
  CHECK(answers == numbers{1});
  auto aside = receive<event_set_aside>();
  REQUIRE(aside);
  CHECK(aside->shard == shard_id{0, 2});
  CHECK(aside->subscriber == "tester of guild 5");
}

TEST_CASE_METHOD(front_alone, "what a dead shard sent is handled still, and its successor is answered",
                 "[actors][unit]") {
  tell(shard, message(5, "wait"));
  tell(shard, message(5, "a"));
  tell(shard, await_handled{});
  self()->send_exit(shard, caf::exit_reason::kill);
  settle();
  tell(other, message(5, "b"));
  tell(other, await_handled{});
  go_on();
  CHECK(got == texts{"5 wait", "5 a", "5 b"});
  CHECK(other_answers == numbers{1});
}

TEST_CASE_METHOD(front_alone, "the front ends when the guilds' actors have", "[actors][unit]") {
  self()->monitor(front);
  tell(shard, message(5, "wait"));
  tell(shard, message(5, "a"));
  self()->send_exit(front, caf::exit_reason::user_shutdown);
  settle();
  CHECK_FALSE(receive<caf::down_msg>());
  go_on();
  CHECK(got == texts{"5 wait", "5 a"});
  auto down = receive<caf::down_msg>();
  REQUIRE(down);
  CHECK(!down->reason);
}

} // namespace troupe
