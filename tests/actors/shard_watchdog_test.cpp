// SPDX-License-Identifier: BSD-3-Clause
// A shard shows its watchdog what happens and passes its alarms on. When there are some is tested in tests/gateway.
#include "tests/actors/shard_world.hpp"

namespace troupe {

namespace {

struct watched : shard_world {
  // Discord acknowledges heartbeats all the time, and says more or nothing.
  void pass(std::chrono::minutes time, int events_per_half_minute) {
    for (auto left = time.count() * 2; left > 0; --left) {
      std::vector<std::string> texts{R"({"op":11})"};
      for (auto event = 0; event < events_per_half_minute; ++event)
        texts.push_back(payload("TYPING_START", "{}"));
      tell_frames(texts);
      advance(30s);
    }
  }
};

} // namespace

TEST_CASE_METHOD(watched, "a shard whose session falls silent says so, and when it is over", "[actors][unit]") {
  start();
  use_table(std::make_shared<const subscription_table>());
  become_ready();
  pass(20min, 20);
  CHECK(count<shard_alarm>() == 0);
  pass(10min, 0);
  auto alarm = receive<shard_alarm>();
  REQUIRE(alarm);
  CHECK(alarm->shard == shard_id{1, 2});
  CHECK(alarm->kind == alarm_kind::silent_session);
  CHECK(alarm->detail.find("no event for") != std::string::npos);
  CHECK(count<shard_alarm>() == 0);
  CHECK(count<shard_alarm_ended>() == 0);
  pass(1min, 1);
  auto ended = receive<shard_alarm_ended>();
  REQUIRE(ended);
  CHECK(ended->kind == alarm_kind::silent_session);
  CHECK(count<shard_alarm>() == 0);
  CHECK(status().phase == phase::ready);
}

} // namespace troupe
