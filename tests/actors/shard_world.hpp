// SPDX-License-Identifier: BSD-3-Clause
// One real shard with its real ratelimiter; the test plays the connection, the identify queue, lifecycle, the sessions,
// the owner and the subscribers.
#pragma once

#include "messages/discord/events.hpp"

#include "actors/shard.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

using namespace std::chrono_literals;

// A connection of its own, because it lives and dies with the shard; it asks the test what to do.
inline connection_actor::behavior_type relay(connection_actor::pointer self, connection_actor test) {
  return {
    [self, test](const open_connection& order) { self->send(test, order); },
    [self, test](const write_payload& order) { return self->delegate(test, order); },
    [self, test](const grant_credit& order) { self->send(test, order); },
    [self, test](const close_connection& order) { self->send(test, order); },
  };
}

struct shard_world : deterministic {
  // Called after each message that an actor handled.
  std::function<void()> on_step;
  connection_actor connection;
  shard_actor subject;
  std::uint64_t generation = 0;
  std::uint64_t ticket = 0;
  std::uint64_t sequence = 0;

  shard_dependencies dependencies() {
    shard_dependencies deps;
    deps.settings.shard = {1, 2};
    deps.settings.token = secret{"not.a.token"};
    deps.settings.compression = codec::compression::none;
    deps.settings.main_url = "ws://127.0.0.1:9";
    deps.connect = [this](caf::actor_system&, const connection_owner_actor&) {
      return connection = spawn(relay, as<connection_actor>());
    };
    deps.queue = as<identify_queue_actor>();
    deps.lifecycle = as<lifecycle_actor>();
    deps.subscriptions = as<subscriptions_actor>();
    deps.sessions = as<sessions_actor>();
    deps.owner = as<shard_owner_actor>();
    deps.path = "root/shards/1";
    return deps;
  }

  void start() {
    start(dependencies());
  }
  void start(shard_dependencies deps) {
    start_without_session(std::move(deps));
    found({});
  }
  void start_without_session(shard_dependencies deps) {
    subject = spawn(shard, std::move(deps));
    settle();
    self()->monitor(subject);
  }

  // Answers what the shard asks at its start.
  void found(const session_checkpoint& session) {
    auto asked = answer<find_session>([&](const find_session&) { return session; });
    REQUIRE(asked);
    CHECK(asked->shard == shard_id{1, 2});
  }

  // The test has handled what it was sent. Returns how often it was asked.
  std::size_t answer_probes() {
    std::size_t asked = 0;
    for (auto more = true; more;) {
      more = false;
      settle();
      self()->receive(
        [&](caf::sys_atom, caf::get_atom, const std::string&) {
          ++asked;
          more = true;
          return caf::ok_atom::value;
        },
        caf::after(0s) >> [] {});
    }
    settle();
    return asked;
  }

  std::optional<session_checkpoint> last_checkpoint() {
    std::optional<session_checkpoint> last;
    while (auto next = receive<session_checkpoint>())
      last = next;
    return last;
  }

  void use_table(std::shared_ptr<const subscription_table> table) {
    tell(subject, subscriptions_changed{std::move(table)});
  }

  void dispatch(std::string_view name, std::string_view data) {
    tell_frames({payload(name, data)});
  }

  std::string payload(std::string_view name, std::string_view data) {
    return R"({"op":0,"s":)" + std::to_string(++sequence) + R"(,"t":")" + std::string{name} + R"(","d":)"
           + std::string{data} + "}";
  }

  void tell_frames(const std::vector<std::string>& texts) {
    auto batch = std::make_shared<frame_batch>();
    for (const auto& text : texts)
      batch->push_back({text, false});
    tell(subject, frames_received{generation, batch});
  }

  std::optional<write_payload> take_write() {
    return answer<write_payload>([](const write_payload& order) {
      return payload_written{order.generation, order.ticket};
    });
  }

  // The next write with this opcode; those before it are taken, too.
  std::optional<write_payload> take_write(int op) {
    auto mark = "\"op\":" + std::to_string(op);
    while (auto order = take_write()) {
      auto at = order->text.find(mark);
      if (at != std::string::npos && (std::isdigit(order->text[at + mark.size()]) == 0))
        return order;
    }
    return std::nullopt;
  }

  // The ticket of the next shard that joins; 0 for none.
  std::uint64_t take_join() {
    ticket = 0;
    self()->receive([this](const join_identify_queue& msg, const identify_client_actor&) { ticket = msg.ticket; },
                    caf::after(0s) >> [] {});
    return ticket;
  }

  void open() {
    auto order = receive<open_connection>();
    REQUIRE(order);
    generation = order->generation;
    tell(subject, connection_opened{generation});
    tell_frames({R"({"op":10,"s":null,"t":null,"d":{"heartbeat_interval":41250}})"});
  }

  void become_ready() {
    REQUIRE(take_join() != 0);
    tell(subject, prepare_identify{ticket});
    open();
    auto request = receive<request_permit>();
    REQUIRE(request);
    CHECK(request->ticket == ticket);
    tell(subject, permit_granted{ticket});
    REQUIRE(receive<permit_committed>());
    REQUIRE(take_write(2));
    REQUIRE(receive<permit_spent>());
    sequence = 0;
    dispatch("READY", R"({"v":10,"user":{"id":"1","username":"b"},"guilds":[{"id":"10","unavailable":true},)"
                      R"({"id":"11","unavailable":true}],"session_id":"abc",)"
                      R"("resume_gateway_url":"ws://127.0.0.1:10","application":{"id":"2"}})");
    auto came = receive<shard_ready>();
    REQUIRE(came);
    CHECK(came->guilds == 2);
  }

  void start_ready(const subscribe& what) {
    start();
    use_table(subscription_table{}.with(as<caf::actor>(), what));
    become_ready();
  }

  shard_status status() {
    auto answer = ask<shard_status>(subject, shard_status_request{});
    REQUIRE(answer);
    return *answer;
  }

  void stepped() override {
    if (on_step)
      on_step();
  }

  std::optional<caf::error> down() {
    auto msg = receive<caf::down_msg>();
    return msg ? std::optional{msg->reason} : std::nullopt;
  }
};

} // namespace troupe
