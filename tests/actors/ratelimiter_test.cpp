// SPDX-License-Identifier: BSD-3-Clause
// The test plays the connection and those who submit commands.
#include "messages/connection.hpp"

#include "actors/ratelimiter.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

namespace troupe {

using namespace std::chrono_literals;

namespace {

struct limited : deterministic {
  ratelimiter_actor limiter = spawn(ratelimiter, as<connection_actor>(), gateway::command_limits{});

  void open(std::uint64_t generation) {
    tell(limiter, window_opened{generation, 41'250});
  }

  // Voice commands are neither coalesced nor limited further.
  void submit_voice(std::uint64_t guild) {
    tell(limiter, submit_command{update_voice_state{snowflake{guild}, std::nullopt, false, false}});
  }

  std::optional<write_payload> take_write() {
    return answer<write_payload>([](const write_payload& order) {
      return payload_written{order.generation, order.ticket};
    });
  }

  std::size_t take_writes() {
    std::size_t taken = 0;
    while (take_write())
      ++taken;
    return taken;
  }
};

} // namespace

TEST_CASE_METHOD(limited, "a command waits for the window, goes, and is reported sent", "[actors][unit]") {
  submit_voice(1);
  CHECK_FALSE(take_write());
  CHECK_FALSE(receive<command_result>());
  open(3);
  auto written = take_write();
  REQUIRE(written);
  CHECK(written->generation == 3);
  CHECK(written->text.find("\"op\":4") != std::string::npos);
  CHECK(receive<command_result>() == command_result{command_outcome::sent, errc::none, {}});
}

TEST_CASE_METHOD(limited, "nothing is reported sent before the socket took it", "[actors][unit]") {
  open(1);
  submit_voice(1);
  CHECK_FALSE(receive<command_result>());
  CHECK(take_write());
  CHECK(receive<command_result>());
}

TEST_CASE_METHOD(limited, "what waits when the connection is lost is dropped", "[actors][unit]") {
  open(1);
  tell(limiter, window_closed{1});
  submit_voice(1);
  tell(limiter, window_closed{1});
  auto result = receive<command_result>();
  REQUIRE(result);
  CHECK(result->outcome == command_outcome::dropped);
  CHECK(result->reason == errc::dropped_by_reconnect);
  open(2);
  CHECK_FALSE(take_write());
}

TEST_CASE_METHOD(limited, "a write that fails is reported dropped, with the reason", "[actors][unit]") {
  open(1);
  submit_voice(1);
  answer<write_payload>([](const write_payload&) { return make_error(errc::dropped_by_reconnect, "it broke"); });
  CHECK(receive<command_result>() == command_result{command_outcome::dropped, errc::dropped_by_reconnect, "it broke"});
}

TEST_CASE_METHOD(limited, "a connection that never answers does not keep a command for ever", "[actors][unit]") {
  open(1);
  submit_voice(1);
  advance(14s);
  CHECK_FALSE(receive<command_result>());
  advance(2s);
  auto result = receive<command_result>();
  REQUIRE(result);
  CHECK(result->outcome == command_outcome::dropped);
  CHECK(result->reason == errc::actor_unreachable);
}

TEST_CASE_METHOD(limited, "no minute sees more commands than Discord allows", "[actors][unit]") {
  auto per_minute = gateway::command_limit(41'250ms);
  open(1);
  for (std::uint64_t guild = 1; guild <= 2 * per_minute + 1; ++guild)
    submit_voice(guild);
  CHECK(take_writes() == per_minute);
  advance(59s);
  CHECK(take_writes() == 0);
  advance(2s);
  CHECK(take_writes() == per_minute);
  advance(61s);
  CHECK(take_writes() == 1);
  CHECK(count<command_result>() == 2 * per_minute + 1);
}

TEST_CASE_METHOD(limited, "a command that is too large is refused at once", "[actors][unit]") {
  update_presence presence;
  presence.activities.push_back({std::string(5000, 'x'), 0, std::nullopt, std::nullopt});
  tell(limiter, submit_command{presence});
  auto result = receive<command_result>();
  REQUIRE(result);
  CHECK(result->outcome == command_outcome::refused);
  CHECK(result->reason == errc::payload_too_large);
}

TEST_CASE_METHOD(limited, "the end of an older window changes nothing", "[actors][unit]") {
  open(1);
  open(2);
  tell(limiter, window_closed{1});
  submit_voice(1);
  auto written = take_write();
  REQUIRE(written);
  CHECK(written->generation == 2);
}

TEST_CASE_METHOD(limited, "who waits when the limiter ends is answered", "[actors][unit]") {
  submit_voice(1);
  submit_voice(2);
  caf::anon_send_exit(limiter, caf::exit_reason::user_shutdown);
  CHECK(count<command_result>() == 2);
}

} // namespace troupe
