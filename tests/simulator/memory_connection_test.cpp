// SPDX-License-Identifier: BSD-3-Clause
// The in-memory connection keeps the contract of a CONNECTION (messages/interfaces.hpp); the test plays the owner.
#include "messages/inspect.hpp"

#include "actors/testing/memory_connection.hpp"
#include "actors/testing/memory_discord.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

using namespace troupe;
using namespace std::chrono_literals;

namespace {

struct memory : deterministic {
  memory() {
    simulator::options opts;
    opts.events_per_second = 0;
    opts.guilds = 2;
    discord = testing::memory_discord::make(sys, opts);
    connection = spawn(testing::memory_connection, discord, as<connection_owner_actor>());
  }
  ~memory() {
    discord->stop();
    settle();
  }

  void dial(std::uint64_t generation, std::string host = "wss://gateway.memory") {
    tell(connection, open_connection{generation, host + "/?v=10&encoding=json"});
  }

  void inject(const char* text) {
    discord->inject(simulator::parse_fault(text).value());
    settle();
  }

  auto write(std::uint64_t generation, std::string text) {
    return ask<payload_written>(connection, write_payload{generation, 7, std::move(text)});
  }

  std::shared_ptr<testing::memory_discord> discord;
  testing::memory_connection_actor connection;
};

constexpr auto identify = R"({"op":2,"d":{"token":"local-discord-token","properties":{},"intents":1,"shard":[0,1]}})";

} // namespace

TEST_CASE_METHOD(memory, "frames wait for credit", "[simulator][memory]") {
  dial(1);
  CHECK(receive<connection_opened>());
  CHECK_FALSE(receive<frames_received>());
  tell(connection, grant_credit{1, 1});
  auto hello = receive<frames_received>();
  REQUIRE(hello);
  REQUIRE(hello->frames->size() == 1);
  CHECK(hello->frames->front().bytes.find("\"op\":10") != std::string::npos);
  auto written = write(1, identify);
  REQUIRE(written);
  CHECK(written->ticket == 7);
  advance(1s);
  CHECK_FALSE(receive<frames_received>());
  tell(connection, grant_credit{1, 2});
  auto more = receive<frames_received>();
  REQUIRE(more);
  CHECK(more->frames->size() == 2);
}

TEST_CASE_METHOD(memory, "each generation ends once", "[simulator][memory]") {
  dial(1);
  dial(2);
  auto first = receive<connection_closed>();
  REQUIRE(first);
  CHECK(first->generation == 1);
  CHECK_FALSE(receive<connection_closed>());
  tell(connection, close_connection{2, 4000});
  tell(connection, close_connection{2, 4000});
  auto second = receive<connection_closed>();
  REQUIRE(second);
  CHECK(second->generation == 2);
  CHECK(second->was_open);
  CHECK_FALSE(receive<connection_closed>());
  CHECK_FALSE(write(2, identify));
}

TEST_CASE_METHOD(memory, "the server's close comes after the frames before it", "[simulator][memory]") {
  dial(1);
  REQUIRE(write(1, identify));
  inject("close code=4009");
  CHECK_FALSE(receive<connection_closed>());
  tell(connection, grant_credit{1, 100});
  auto frames = receive<frames_received>();
  REQUIRE(frames);
  CHECK(frames->frames->size() == 2); // HELLO, READY
  auto closed = receive<connection_closed>();
  REQUIRE(closed);
  CHECK(closed->code == 4009);
}

TEST_CASE_METHOD(memory, "a dial fails as it is told to", "[simulator][memory]") {
  auto [fault, failure] = GENERATE(table<const char*, errc>({{"resume-host-dead mode=refuse", errc::connect_failed},
                                                             {"resume-host-dead mode=hang", errc::connect_timeout},
                                                             {"tls-failure", errc::tls_failed},
                                                             {"upgrade-error status=520", errc::upgrade_refused}}));
  inject(fault);
  dial(1, "wss://resume.memory");
  advance(11s);
  CHECK_FALSE(receive<connection_opened>());
  auto closed = receive<connection_closed>();
  REQUIRE(closed);
  CHECK(closed->failure == failure);
  CHECK_FALSE(closed->was_open);
}

TEST_CASE_METHOD(memory, "time passes for the model as the clock says", "[simulator][memory]") {
  dial(1);
  tell(connection, grant_credit{1, 1'000});
  REQUIRE(write(1, identify));
  advance(60s);
  CHECK_FALSE(receive<connection_closed>());
  advance(2s);
  auto closed = receive<connection_closed>();
  REQUIRE(closed);
  CHECK(closed->code == 4000);
  CHECK(discord->with_model([](auto& model) { return model.breaches().size(); }) == 1);
}
