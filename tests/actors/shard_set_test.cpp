// SPDX-License-Identifier: BSD-3-Clause
// The test plays the node agent, the shards and the runner.
#include "messages/lifecycle.hpp"

#include "actors/shard_set.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

namespace troupe {

using namespace std::chrono_literals;

namespace {

struct knowing_shards : deterministic {
  std::map<std::uint32_t, caf::actor> shards;
  shard_set_actor set;

  void start(std::uint32_t first = 0, std::uint32_t last = 3) {
    set = spawn(shard_set, shard_set_dependencies{.runner = as<caf::actor>()});
    tell(set, shards_planned{4, first, last});
    for (auto index = first; index <= last; ++index)
      create(index);
  }

  /// @param mute Answers nothing and does not leave.
  void create(std::uint32_t index, bool mute = false) {
    auto shard = spawn([id = shard_id{index, 4}, mute](caf::event_based_actor* self) -> caf::behavior {
      if (mute)
        return {[](const stop_shard&) {},
                [self](const shard_status_request&) { return self->make_response_promise<shard_status>(); }};
      return {
        [self](const stop_shard&) { self->quit(caf::exit_reason::user_shutdown); },
        [id](const shard_status_request&) {
          shard_status status;
          status.shard = id;
          status.phase = phase::ready;
          status.identifies = id.index == 3 ? 0 : 1;
          status.events = 7;
          return status;
        },
        [id](const submit_command&) {
          return command_result{command_outcome::sent, errc::none, "by " + to_string(id)};
        },
      };
    });
    shards[index] = shard;
    tell(set, shard_created{{index, 4}, 1}, caf::actor_cast<shard_actor>(shard));
  }

  void end(std::uint32_t index) {
    caf::anon_send_exit(shards[index], caf::exit_reason::user_shutdown);
    settle();
  }

  void refuse(std::uint32_t index) {
    tell(set, shard_exited{{index, 4}, errc::disallowed_intents, {}});
    end(index);
  }

  shard_set_status status() {
    auto pending = self()->request(set, caf::infinite, shard_set_status_request{});
    advance(2s);
    shard_set_status all;
    pending.receive([&](const shard_set_status& got) { all = got; }, [](const caf::error&) {});
    return all;
  }

  errc failure() {
    auto failed = receive<run_failed>();
    return failed ? failed->code : errc::none;
  }
};

} // namespace

TEST_CASE_METHOD(knowing_shards, "a fatal refusal fails the run where nobody else serves", "[actors][unit]") {
  start(2, 3);
  refuse(2); // Shard 3 never had a session.
  CHECK(failure() == errc::disallowed_intents);
}

TEST_CASE_METHOD(knowing_shards, "a fatal refusal of one shard leaves the others alone", "[actors][unit]") {
  start();
  refuse(1);
  CHECK(failure() == errc::none);
  CHECK(status().shards[1].phase == phase::failed);
  refuse(0);
  CHECK(failure() == errc::none);
  refuse(2);
  CHECK(failure() == errc::disallowed_intents);
}

TEST_CASE_METHOD(knowing_shards, "stopping sends all shards away, then answers", "[actors][unit]") {
  start();
  CHECK(ask<shards_stopped>(set, stop_shards{false}));
}

TEST_CASE_METHOD(knowing_shards, "a shard that starts while all stop is sent away, too", "[actors][unit]") {
  start();
  end(1);
  CHECK(ask<shards_stopped>(set, stop_shards{false}));
  create(1);
  self()->monitor(shards[1]);
  CHECK(receive<caf::down_msg>());
}

TEST_CASE_METHOD(knowing_shards, "a shard that does not leave is waited for only so long", "[actors][unit]") {
  start();
  create(1, true);
  auto pending = self()->request(set, caf::infinite, stop_shards{false});
  advance(9s);
  CHECK(self()->peek_at_next_mailbox_element() == nullptr);
  advance(1s);
  auto stopped = false;
  pending.receive([&](const shards_stopped&) { stopped = true; }, [](const caf::error&) {});
  CHECK(stopped);
}

TEST_CASE_METHOD(knowing_shards, "a command goes to the shard of its guild", "[actors][unit]") {
  start(0, 1);
  auto sent = ask<command_result>(set, submit_command{update_presence{}}, snowflake{5ull << 22});
  REQUIRE(sent);
  CHECK(sent->detail == "by 1/4");
  auto elsewhere = ask<command_result>(set, submit_command{update_presence{}}, snowflake{6ull << 22});
  REQUIRE(elsewhere);
  CHECK(elsewhere->outcome == command_outcome::refused);
  CHECK(elsewhere->reason == errc::shard_out_of_range);
  end(1);
  auto down = ask<command_result>(set, submit_command{update_presence{}}, 1u);
  REQUIRE(down);
  CHECK(down->reason == errc::not_ready);
}

TEST_CASE_METHOD(knowing_shards, "a command before the plan is refused", "[actors][unit]") {
  set = spawn(shard_set, shard_set_dependencies{});
  auto early = ask<command_result>(set, submit_command{update_presence{}}, snowflake{1ull << 22});
  REQUIRE(early);
  CHECK(early->reason == errc::not_ready);
}

TEST_CASE_METHOD(knowing_shards, "a successor takes its predecessor's place", "[actors][unit]") {
  start();
  auto old = shards[1];
  create(1);
  caf::anon_send_exit(old, caf::exit_reason::user_shutdown);
  settle();
  auto sent = ask<command_result>(set, submit_command{update_presence{}}, 1u);
  REQUIRE(sent);
  CHECK(sent->outcome == command_outcome::sent);
}

TEST_CASE_METHOD(knowing_shards, "the status has every shard, answering or not", "[actors][unit]") {
  start();
  create(2, true);
  auto all = status();
  CHECK(all.count == 4);
  REQUIRE(all.shards.size() == 4);
  CHECK(all.shards[1].phase == phase::ready);
  CHECK(all.shards[1].events == 7);
  CHECK(all.shards[2].shard == shard_id{2, 4});
}

} // namespace troupe
