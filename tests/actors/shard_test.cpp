// SPDX-License-Identifier: BSD-3-Clause
// What the session decides is tested in tests/gateway: here it is only whether the shard does it.
#include "tests/actors/shard_world.hpp"

namespace troupe {

namespace {

constexpr auto message_text = R"({"id":"7","channel_id":"8","guild_id":"9"})";

} // namespace

TEST_CASE_METHOD(shard_world, "a shard registers and waits for the table before it starts its session",
                 "[actors][unit]") {
  start();
  auto registered = false;
  self()->receive(
    [&](const shard_created& msg, const shard_actor& who) {
      registered = msg.shard == shard_id{1, 2} && who == subject;
    },
    caf::after(0s) >> [] {});
  CHECK(registered);
  auto created = receive<shard_created>();
  REQUIRE(created);
  CHECK(created->start == 1);
  CHECK(take_join() == 0);
  use_table(std::make_shared<subscription_table>());
  CHECK(take_join() != 0);
}

TEST_CASE_METHOD(shard_world, "a shard identifies, becomes ready and leaves a checkpoint", "[actors][unit]") {
  start_ready({});
  auto answered = receive<identify_answered>();
  REQUIRE(answered);
  CHECK(answered->ready);
  auto remembered = receive<session_checkpoint>();
  REQUIRE(remembered);
  CHECK(remembered->shard == shard_id{1, 2});
  CHECK(remembered->session_id == "abc");
  CHECK(remembered->resume_url == "ws://127.0.0.1:10");
  auto report = status();
  CHECK(report.phase == phase::ready);
  CHECK(report.identifies == 1);
  CHECK(report.sequence == 1);
  CHECK(report.events == 1);
}

TEST_CASE_METHOD(shard_world, "a shard with a session to resume asks nobody for a permit", "[actors][unit]") {
  start_without_session(dependencies());
  use_table(std::make_shared<subscription_table>());
  found({{1, 2}, 0, "abc", "ws://127.0.0.1:10", 41});
  CHECK(take_join() == 0);
  open();
  auto resume = take_write(6);
  REQUIRE(resume);
  CHECK(resume->text.find("\"seq\":41") != std::string::npos);
  sequence = 41;
  dispatch("TYPING_START", "{}");
  dispatch("RESUMED", "{}");
  auto came = receive<shard_resumed>();
  REQUIRE(came);
  CHECK(came->replayed == 1);
  CHECK(status().resumes == 1);
}

TEST_CASE_METHOD(shard_world, "a permit for an earlier attempt is not used", "[actors][unit]") {
  start();
  use_table(std::make_shared<subscription_table>());
  REQUIRE(take_join() != 0);
  tell(subject, prepare_identify{ticket});
  open();
  tell(subject, permit_granted{ticket - 1});
  CHECK_FALSE(take_write(2));
  tell(subject, permit_granted{ticket});
  CHECK(take_write(2));
}

TEST_CASE_METHOD(shard_world, "a typed event is decoded for its subscribers", "[actors][unit]") {
  start_ready({{"MESSAGE_DELETE"}, false});
  dispatch("MESSAGE_DELETE", message_text);
  CHECK(receive<message_delete>() == message_delete{{7}, {8}, snowflake{9}});
  CHECK_FALSE(receive<raw_event>());
  CHECK(status().events == 2);
}

TEST_CASE_METHOD(shard_world, "a raw event comes as it was, and is shared", "[actors][unit]") {
  start();
  auto other = spawn([test = as<caf::actor>()](caf::event_based_actor* self) -> caf::behavior {
    return {[self, test](const raw_event& event) { self->send(test, event); }};
  });
  auto table = subscription_table{}.with(as<caf::actor>(), {{"MESSAGE_DELETE"}, true});
  use_table(table->with(other, {{}, true}));
  become_ready();
  CHECK(receive<raw_event>()->name == "READY");
  dispatch("MESSAGE_DELETE", message_text);
  auto mine = receive<raw_event>();
  auto others = receive<raw_event>();
  REQUIRE(mine);
  REQUIRE(others);
  CHECK(mine->shard == shard_id{1, 2});
  CHECK(mine->sequence == 2);
  CHECK(mine->name == "MESSAGE_DELETE");
  CHECK(*mine->json == message_text);
  CHECK(mine->json.get() == others->json.get());
}

TEST_CASE_METHOD(shard_world, "an event that nobody wants is only counted", "[actors][unit]") {
  start_ready({{"MESSAGE_DELETE"}, true});
  dispatch("TYPING_START", "{}");
  CHECK_FALSE(receive<raw_event>());
  CHECK(status().events == 2);
}

TEST_CASE_METHOD(shard_world, "an event that cannot be decoded is reported and does no harm", "[actors][unit]") {
  start_ready({{"MESSAGE_DELETE"}, false});
  dispatch("MESSAGE_DELETE", "[]");
  CHECK_FALSE(receive<message_delete>());
  CHECK(receive<invalid_message_received>());
  dispatch("MESSAGE_DELETE", message_text);
  CHECK(receive<message_delete>());
}

TEST_CASE_METHOD(shard_world, "available guilds are counted", "[actors][unit]") {
  start_ready({});
  CHECK(status().guilds == 0);
  dispatch("GUILD_CREATE", R"({"id":"10","name":"a"})");
  dispatch("GUILD_CREATE", R"({"id":"11","name":"b"})");
  dispatch("GUILD_CREATE", R"({"id":"11","name":"b"})");
  CHECK(status().guilds == 2);
  dispatch("GUILD_DELETE", R"({"id":"10","unavailable":true})");
  CHECK(status().guilds == 1);
}

TEST_CASE_METHOD(shard_world, "frames of another connection are ignored", "[actors][unit]") {
  start_ready({});
  auto current = std::exchange(generation, generation + 1);
  dispatch("TYPING_START", "{}");
  generation = current;
  CHECK(status().events == 1);
}

TEST_CASE_METHOD(shard_world, "a shard reports its parts", "[actors][unit]") {
  auto deps = dependencies();
  std::vector<std::string> parts;
  deps.on_part = [&](const char* part, const caf::actor& who) {
    CHECK(who);
    parts.emplace_back(part);
  };
  start(std::move(deps));
  CHECK(parts == std::vector<std::string>{"connection", "ratelimiter"});
  auto report = ask<children_report>(subject, which_children{});
  REQUIRE(report);
  REQUIRE(report->children.size() == 2);
  CHECK(report->children[0].path == "root/shards/1/connection");
  CHECK(report->children[1].path == "root/shards/1/ratelimiter");
  CHECK(report->children[0].phase == child_phase::running);
}

TEST_CASE_METHOD(shard_world, "a command goes through the ratelimiter", "[actors][unit]") {
  start_ready({});
  tell(subject, submit_command{update_voice_state{{10}, std::nullopt, false, false}});
  CHECK(take_write(4));
  CHECK(receive<command_result>() == command_result{command_outcome::sent, errc::none, {}});
}

TEST_CASE_METHOD(shard_world, "the next identify sets the presence that was set last", "[actors][unit]") {
  start();
  tell(subject, submit_command{update_presence{std::nullopt, {}, "dnd", false}});
  use_table(std::make_shared<subscription_table>());
  REQUIRE(take_join() != 0);
  tell(subject, prepare_identify{ticket});
  open();
  tell(subject, permit_granted{ticket});
  auto identify = take_write(2);
  REQUIRE(identify);
  CHECK(identify->text.find("\"dnd\"") != std::string::npos);
}

TEST_CASE_METHOD(shard_world, "a heartbeat is sent and its answer measured", "[actors][unit]") {
  start_ready({});
  advance(41'250ms);
  CHECK(take_write(1));
  advance(30ms);
  tell_frames({R"({"op":11,"s":null,"t":null,"d":null})"});
  auto ping = receive<shard_ping>();
  REQUIRE(ping);
  CHECK(ping->latency_us >= 30'000);
  CHECK(status().latency_us == ping->latency_us);
}

TEST_CASE_METHOD(shard_world, "a lost connection is resumed", "[actors][unit]") {
  start_ready({});
  tell(subject, connection_closed{generation, 0, "reset", errc::connection_lost, true});
  auto again = receive<shard_restarting>();
  REQUIRE(again);
  CHECK(again->resumes);
  advance(1ms); // The first time at once.
  open();
  CHECK(take_write(6));
  CHECK(status().restarts == 1);
}

TEST_CASE_METHOD(shard_world, "a fatal close code ends the shard, which says why", "[actors][unit]") {
  start_ready({});
  tell(subject, connection_closed{generation, 4014, "Disallowed intent(s).", errc::none, true});
  // One for lifecycle, one for the owner.
  for (auto listener : {"lifecycle", "owner"}) {
    INFO(listener);
    auto end = receive<shard_exited>();
    REQUIRE(end);
    CHECK(end->reason == errc::disallowed_intents);
  }
  CHECK(down() == std::optional<caf::error>{caf::exit_reason::user_shutdown});
}

TEST_CASE_METHOD(shard_world, "a shard that is stopped says goodbye, then ends", "[actors][unit]") {
  auto [resumable, code] = GENERATE(table<bool, std::uint16_t>({{true, 4000}, {false, 1000}}));
  start_ready({});
  tell(subject, stop_shard{resumable});
  auto order = receive<close_connection>();
  REQUIRE(order);
  CHECK(order->code == code);
  CHECK_FALSE(down());
  tell(subject, connection_closed{generation, code, {}, errc::none, true});
  auto end = receive<shard_exited>();
  REQUIRE(end);
  CHECK(end->reason == errc::none);
  CHECK_FALSE(receive<shard_exited>());
  CHECK(down() == std::optional<caf::error>{caf::exit_reason::user_shutdown});
}

TEST_CASE_METHOD(shard_world, "a shard can be stopped before it started", "[actors][unit]") {
  start();
  tell(subject, stop_shard{true});
  CHECK(down() == std::optional<caf::error>{caf::exit_reason::user_shutdown});
}

TEST_CASE_METHOD(shard_world, "a shard ends with its connection", "[actors][unit]") {
  start_ready({});
  caf::anon_send_exit(connection, caf::exit_reason::unhandled_exception);
  auto reason = down();
  REQUIRE(reason);
  CHECK(to_error(*reason).code == errc::internal);
}

TEST_CASE_METHOD(shard_world, "the connection ends with its shard, and commands that wait are answered",
                 "[actors][unit]") {
  start();
  self()->monitor(connection);
  use_table(std::make_shared<subscription_table>());
  tell(subject, submit_command{update_voice_state{{10}, std::nullopt, false, false}});
  caf::anon_send_exit(subject, caf::exit_reason::user_shutdown);
  auto result = receive<command_result>();
  REQUIRE(result);
  CHECK(result->outcome == command_outcome::dropped);
  CHECK(count<caf::down_msg>() == 2);
}

} // namespace troupe
