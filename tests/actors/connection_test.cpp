// SPDX-License-Identifier: BSD-3-Clause
// The real connection over real sockets: the test plays its owner, a scripted server the far end.
#include "messages/inspect.hpp"

#include "actors/connection.hpp"
#include "actors/system.hpp"

#include "tests/catch.hpp"
#include "tests/net/client.hpp"
#include "tests/net/local_server.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <optional>
#include <utility>

namespace troupe {

using namespace std::chrono_literals;

namespace {

struct owner {
  actor_config config;
  caf::actor_system sys{config};
  std::shared_ptr<net::client_context> context = test::make_context();
  caf::scoped_actor self{sys};
  socket_connection_actor connection = sys.spawn(
    troupe::connection, context, caf::actor_cast<connection_owner_actor>(caf::actor_cast<caf::strong_actor_ptr>(self)));

  ~owner() {
    self->send_exit(connection, caf::exit_reason::user_shutdown);
    self->wait_for(connection);
    connection = nullptr;
    context->stop();
  }

  void dial(std::uint64_t generation, std::string url) {
    self->send(connection, open_connection{generation, std::move(url)});
  }

  void dial(std::uint64_t generation, const test::local_server& server) {
    dial(generation, server.url("ws"));
    auto opened = receive<connection_opened>();
    REQUIRE(opened);
    REQUIRE(opened->generation == generation);
  }

  template <class Message>
  std::optional<Message> receive(std::chrono::milliseconds patience = 10s) {
    std::optional<Message> received;
    self->receive([&](const Message& message) { received = message; }, caf::after(patience) >> [] {});
    return received;
  }

  // Makes sure that all that the connection would say was said: it answers this after all orders before.
  bool quiet() {
    return !receive<connection_closed>(200ms);
  }

  error write(std::uint64_t generation, std::string text, std::uint64_t ticket = 1) {
    error failure;
    self->request(connection, 10s, write_payload{generation, ticket, std::move(text)})
      .receive([&](const payload_written& written) { CHECK(written.ticket == ticket); },
               [&](const caf::error& err) { failure = to_error(err); });
    return failure;
  }
};

// A server that accepts and then only listens.
void accept_and_drain(test::peer& client) {
  client.upgrade();
  client.drain();
}

} // namespace

TEST_CASE_METHOD(owner, "frames come up to the credit, in order", "[actors][socket]") {
  test::local_server server{[](test::peer& client) {
    client.upgrade();
    client.send(test::text_frame("one") + test::binary_frame("two") + test::text_frame("three"));
    client.drain();
  }};
  dial(4, server);
  CHECK_FALSE(receive<frames_received>(200ms));
  frame_batch all;
  self->send(connection, grant_credit{3, 100}); // Of another generation.
  self->send(connection, grant_credit{4, 2});
  while (all.size() < 2) {
    auto batch = receive<frames_received>();
    REQUIRE(batch);
    CHECK(batch->generation == 4);
    all.insert(all.end(), batch->frames->begin(), batch->frames->end());
  }
  CHECK_FALSE(receive<frames_received>(200ms));
  REQUIRE(all.size() == 2);
  CHECK(all[0].bytes == "one");
  CHECK_FALSE(all[0].binary);
  CHECK(all[1].bytes == "two");
  CHECK(all[1].binary);
}

TEST_CASE_METHOD(owner, "a write is answered when the socket took it", "[actors][socket]") {
  test::milestone arrived;
  test::local_server server{[&](test::peer& client) {
    client.upgrade();
    if (client.read_frame().payload == "hello")
      arrived.reach();
    client.drain();
  }};
  dial(1, server);
  CHECK_FALSE(write(1, "hello", 77));
  CHECK(arrived.wait());
}

TEST_CASE_METHOD(owner, "a write for another generation is answered with an error", "[actors][socket]") {
  CHECK(write(1, "too early").code == errc::dropped_by_reconnect);
  test::local_server server{accept_and_drain};
  dial(2, server);
  CHECK(write(1, "too late").code == errc::dropped_by_reconnect);
  CHECK_FALSE(write(2, "in time"));
}

TEST_CASE_METHOD(owner, "a close by the peer is reported once, and writes fail from then on", "[actors][socket]") {
  test::local_server server{[](test::peer& client) {
    client.upgrade();
    client.send(test::close_frame(4004, "Authentication failed."));
    client.drain();
  }};
  dial(1, server);
  self->send(connection, grant_credit{1, 10});
  auto closed = receive<connection_closed>();
  REQUIRE(closed);
  CHECK(closed->code == 4004);
  CHECK(closed->reason == "Authentication failed.");
  CHECK(closed->was_open);
  CHECK(quiet());
  // The note to the connection itself follows the report to us.
  CHECK(write(1, "nobody there"));
}

TEST_CASE_METHOD(owner, "a close that is ordered is reported once", "[actors][socket]") {
  test::local_server server{[](test::peer& client) {
    client.upgrade();
    auto goodbye = client.read_frame();
    client.send(test::close_frame(static_cast<std::uint16_t>(goodbye.close_code()), ""));
    client.drain();
  }};
  dial(1, server);
  self->send(connection, close_connection{9, 4000}); // Of another generation.
  CHECK(quiet());
  self->send(connection, grant_credit{1, 10});
  self->send(connection, close_connection{1, 4000});
  auto closed = receive<connection_closed>();
  REQUIRE(closed);
  CHECK(closed->generation == 1);
  CHECK(closed->failure == errc::none);
  CHECK(quiet());
}

TEST_CASE_METHOD(owner, "a newer connection ends the older one, which is reported once", "[actors][socket]") {
  test::local_server server{accept_and_drain};
  dial(1, server);
  dial(2, server);
  auto closed = receive<connection_closed>();
  REQUIRE(closed);
  CHECK(closed->generation == 1);
  CHECK(quiet());
  CHECK_FALSE(write(2, "alive"));
}

TEST_CASE_METHOD(owner, "an address that cannot be dialled is reported as the end", "[actors][socket]") {
  auto [url, reason] = GENERATE(table<std::string, errc>({
    {"no address", errc::invalid_configuration},
    {"ws://gateway.discord.gg", errc::insecure_url},
    {"ws://127.0.0.1:1/", errc::connect_failed},
  }));
  dial(5, url);
  auto closed = receive<connection_closed>();
  REQUIRE(closed);
  CHECK(closed->generation == 5);
  CHECK(closed->failure == reason);
  CHECK_FALSE(closed->was_open);
  CHECK_FALSE(receive<connection_opened>(50ms));
  CHECK(quiet());
}

TEST_CASE_METHOD(owner, "the socket is dropped when the actor ends", "[actors][socket]") {
  test::milestone gone;
  test::local_server server{[&](test::peer& client) {
    client.upgrade();
    try {
      client.drain();
    } catch (...) {
      // Also an end.
    }
    gone.reach();
  }};
  dial(1, server);
  self->send_exit(connection, caf::exit_reason::user_shutdown);
  CHECK(gone.wait());
}

} // namespace troupe
