// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/websocket.hpp"

#include "tests/catch.hpp"
#include "tests/net/client.hpp"
#include "tests/net/local_server.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t plenty = 1'000'000;

const net::certificate_pair& certificates() {
  static const auto pair = net::make_self_signed({"localhost", "127.0.0.1"}).value();
  return pair;
}

/// The same server with TLS and without, and a client that trusts it.
struct setting {
  explicit setting(bool tls, local_server::script play, net::client_options options = {})
    : context{tls ? make_context(certificates(), options) : make_context(options)},
      server{std::move(play), tls ? std::optional{certificates()} : std::nullopt}, client{context,
                                                                                          server.url(tls ? "wss" : "ws")
                                                                                            + "/?v=10"} {
    // nop
  }

  std::shared_ptr<net::client_context> context;
  local_server server;
  recorder client;
};

} // namespace

TEST_CASE("frames and text go both ways, with TLS and without", "[net][unit]") {
  setting it{GENERATE(false, true), [](peer& client) {
               client.upgrade();
               auto first = client.read_frame();
               client.send(text_frame(first.masked ? first.payload : "not masked"));
               client.send(binary_frame(client.read_frame().payload));
               client.drain();
             }};
  it.client.socket().write(7, "hello"); // Before it is open: it waits.
  REQUIRE(it.client.wait_open());
  it.client.socket().grant(plenty);
  it.client.socket().write(8, std::string(100'000, 'x'));
  REQUIRE(it.client.wait([](auto& seen) { return seen.texts().size() == 2 && seen.written.size() == 2; }));
  auto seen = it.client.now();
  CHECK(seen.texts() == std::vector<std::string>{"hello", std::string(100'000, 'x')});
  CHECK(!seen.batches.front()->front().binary);
  CHECK(seen.batches.back()->back().binary);
  CHECK(seen.written == std::vector<std::uint64_t>{7, 8});
  CHECK(seen.ends.empty());
}

TEST_CASE("a frame that is split over TCP segments arrives whole", "[net][unit]") {
  setting it{GENERATE(false, true), [](peer& client) {
               client.upgrade();
               for (auto byte : text_frame(std::string(300, 'y')))
                 client.send({&byte, 1});
               client.drain();
             }};
  it.client.socket().grant(plenty);
  REQUIRE(it.client.wait([](auto& seen) { return !seen.batches.empty(); }));
  CHECK(it.client.now().texts() == std::vector<std::string>{std::string(300, 'y')});
}

TEST_CASE("frames that are complete together arrive as one batch", "[net][unit]") {
  milestone sent;
  auto size = GENERATE(10u, 3000u); // Below and above what Beast buffers itself.
  setting it{GENERATE(false, true), [&](peer& client) {
               client.upgrade();
               std::string all;
               for (auto i = 0; i < 10; ++i)
                 all += text_frame(std::string(size, 'z'));
               client.send(all);
               sent.reach();
               client.drain();
             }};
  REQUIRE(it.client.wait_open());
  REQUIRE(sent.wait());
  it.client.socket().grant(plenty);
  REQUIRE(it.client.wait([](auto& seen) { return seen.texts().size() == 10; }));
  // TLS cuts 30 kB into two records: the second may be on its way when the first is empty.
  CHECK(it.client.now().batches.size() <= (size > 1000 ? 2 : 1));
}

TEST_CASE("a batch has at most 256 frames", "[net][unit]") {
  milestone sent;
  setting it{false, [&](peer& client) {
               client.upgrade();
               std::string all;
               for (auto i = 0; i < 600; ++i)
                 all += text_frame(std::to_string(i));
               client.send(all);
               sent.reach();
               client.drain();
             }};
  REQUIRE(sent.wait());
  it.client.socket().grant(plenty);
  REQUIRE(it.client.wait([](auto& seen) { return seen.texts().size() == 600; }));
  auto seen = it.client.now();
  CHECK(seen.batches.front()->size() == 256);
  auto texts = seen.texts();
  for (auto i = 0; i < 600; ++i)
    REQUIRE(texts[static_cast<std::size_t>(i)] == std::to_string(i));
}

TEST_CASE("without credit nothing is read and the sender blocks", "[net][unit]") {
  milestone blocked;
  setting it{false, [&](peer& client) {
               client.upgrade();
               client.limit_sending(200ms);
               try {
                 for (auto i = 0; i < 1024; ++i)
                   client.send(text_frame(std::string(65536, 'c')));
               } catch (const std::exception&) {
                 blocked.reach();
               }
               client.drain();
             }};
  REQUIRE(it.client.wait_open());
  REQUIRE(blocked.wait());
  CHECK(it.client.now().batches.empty());
  it.client.socket().grant(3);
  REQUIRE(it.client.wait([](auto& seen) { return seen.texts().size() == 3; }));
  it.client.socket().close(0);
  it.client.wait_end();
  CHECK(it.client.now().texts().size() == 3);
}

TEST_CASE("a ping is answered while there is credit", "[net][unit]") {
  milestone answered;
  setting it{false, [&](peer& client) {
               client.upgrade();
               client.send(std::string{"\x89\x02hi", 4});
               if (auto pong = client.read_frame(); pong.opcode == 10 && pong.payload == "hi")
                 answered.reach();
               client.drain();
             }};
  it.client.socket().grant(1);
  CHECK(answered.wait());
}

TEST_CASE("the upgrade offers no extension and names the runtime", "[net][unit]") {
  milestone upgraded;
  std::string head;
  setting it{false, [&](peer& client) {
               head = client.upgrade();
               upgraded.reach();
               client.drain();
             }};
  REQUIRE(upgraded.wait());
  CAPTURE(head);
  CHECK(head.starts_with("GET /?v=10 HTTP/1.1\r\n"));
  CHECK(head.find("Host: 127.0.0.1:" + std::to_string(it.server.port()) + "\r\n") != std::string::npos);
  CHECK(head.find("\r\nUser-Agent: DiscordBot (") != std::string::npos);
  CHECK(head.find("xtensions") == std::string::npos);
}

TEST_CASE("a close code of the peer is reported with its reason", "[net][unit]") {
  auto [sent, reported] = GENERATE(table<int, int>({{4004, 4004}, {1000, 1000}, {1001, 1001}, {0, 1005}}));
  setting it{GENERATE(false, true), [&, code = sent](peer& client) {
               client.upgrade();
               client.send(text_frame("last") + close_frame(static_cast<std::uint16_t>(code), code ? "why" : ""));
               client.drain();
             }};
  it.client.socket().grant(plenty);
  auto end = it.client.wait_end();
  CHECK(end.code == reported);
  CHECK(end.reason == (sent ? "why" : ""));
  CHECK(end.failure == errc::none);
  CHECK(end.was_open);
  CHECK(it.client.now().texts() == std::vector<std::string>{"last"});
}

TEST_CASE("an end without a close frame is connection_lost", "[net][unit]") {
  auto abrupt = GENERATE(false, true);
  setting it{GENERATE(false, true), [abrupt](peer& client) {
               client.upgrade();
               client.send(text_frame("last"));
               client.read_frame();
               if (abrupt)
                 client.reset();
             }};
  it.client.socket().grant(plenty);
  REQUIRE(it.client.wait([](auto& seen) { return !seen.batches.empty(); }));
  it.client.socket().write(1, "now");
  auto end = it.client.wait_end();
  CAPTURE(end.reason);
  CHECK(end.failure == errc::connection_lost);
  CHECK(end.code == 0);
  CHECK(end.was_open);
  CHECK(!end.reason.empty());
}

TEST_CASE("a frame that breaks the protocol is connection_lost", "[net][unit]") {
  setting it{false, [](peer& client) {
               client.upgrade();
               client.send(std::string(16, char(0xff)));
               client.drain();
             }};
  it.client.socket().grant(plenty);
  auto end = it.client.wait_end();
  CHECK(end.failure == errc::connection_lost);
  CHECK(end.reason.find("WebSocket protocol") != std::string::npos);
}

TEST_CASE("a message above the limit ends the connection", "[net][unit]") {
  milestone told;
  setting it{false,
             [&](peer& client) {
               client.upgrade();
               client.send(text_frame(std::string(1000, 'f')) + text_frame(std::string(1001, 'f')));
               if (client.read_frame().close_code() == 1009)
                 told.reach();
             },
             {.max_frame_bytes = 1000}};
  it.client.socket().grant(plenty);
  auto end = it.client.wait_end();
  CHECK(end.failure == errc::message_too_large);
  CHECK(it.client.now().texts().size() == 1);
  CHECK(told.wait());
}

TEST_CASE("a close handshake gives our code and reports the answer", "[net][unit]") {
  std::atomic<int> asked{0};
  setting it{GENERATE(false, true), [&](peer& client) {
               client.upgrade();
               client.send(text_frame("not read"));
               asked = client.read_frame().close_code();
               client.send(close_frame(4000, "bye"));
               client.drain();
             }};
  REQUIRE(it.client.wait_open());
  if (GENERATE(false, true)) // Otherwise nobody reads when the answer comes.
    it.client.socket().grant(plenty);
  it.client.socket().close(4000);
  auto end = it.client.wait_end();
  CHECK(asked == 4000);
  CHECK(end.code == 4000);
  CHECK(end.failure == errc::none);
  CHECK(end.was_open);
}

TEST_CASE("close is bounded where the peer does not answer", "[net][unit]") {
  setting it{GENERATE(false, true),
             [](peer& client) {
               client.upgrade();
               client.drain();
             },
             {.close_timeout = 100ms}};
  REQUIRE(it.client.wait_open());
  if (GENERATE(false, true))
    it.client.socket().grant(plenty);
  it.client.socket().close(1000);
  auto end = it.client.wait_end();
  CHECK(end.code == 0);
  CHECK(end.failure == errc::none);
  CHECK(end.reason.find("did not answer") != std::string::npos);
}

TEST_CASE("close is bounded behind a blocked write", "[net][unit]") {
  milestone over;
  setting it{false,
             [&](peer& client) {
               client.upgrade();
               (void)over.wait(); // Does not read.
             },
             {.close_timeout = 100ms}};
  REQUIRE(it.client.wait_open());
  it.client.socket().write(1, std::string(64u << 20, 'w'));
  it.client.socket().close(1000);
  CHECK(it.client.wait_end().failure == errc::none);
  CHECK(it.client.now().written.empty());
  over.reach();
}

TEST_CASE("a blocked write ends the connection", "[net][unit]") {
  milestone over;
  setting it{GENERATE(false, true),
             [&](peer& client) {
               client.upgrade();
               (void)over.wait(); // Does not read.
             },
             {.write_timeout = 200ms}};
  REQUIRE(it.client.wait_open());
  it.client.socket().write(1, "small");
  it.client.socket().write(2, std::string(64u << 20, 'w'));
  auto end = it.client.wait_end();
  CHECK(end.failure == errc::write_timeout);
  CHECK(end.was_open);
  CHECK(it.client.now().written == std::vector<std::uint64_t>{1});
  over.reach();
}

TEST_CASE("close with code 0 ends at once, in any phase", "[net][unit]") {
  auto open = GENERATE(false, true);
  setting it{false, [&](peer& client) {
               if (open)
                 client.upgrade();
               client.drain();
             }};
  if (open)
    REQUIRE(it.client.wait_open());
  it.client.socket().close(0);
  auto end = it.client.wait_end();
  CHECK(end.code == 0);
  CHECK(end.failure == errc::none);
  CHECK(end.was_open == open);
}

TEST_CASE("dropping the pointer silences the handlers and closes the socket", "[net][unit]") {
  milestone gone;
  setting it{GENERATE(false, true), [&](peer& client) {
               client.upgrade();
               try {
                 client.drain();
               } catch (const std::exception&) {
                 gone.reach();
               }
             }};
  REQUIRE(it.client.wait_open());
  it.client.socket().grant(plenty);
  it.client.drop();
  REQUIRE(gone.wait());
  it.context->stop(); // Whatever would still come has come.
  CHECK(it.client.now().ends.empty());
}

TEST_CASE("stopping the context silences its connections", "[net][unit]") {
  auto open = GENERATE(false, true);
  milestone gone;
  setting it{false, [&](peer& client) {
               if (open)
                 client.upgrade();
               try {
                 client.drain();
               } catch (const std::exception&) {
                 gone.reach();
               }
             }};
  if (open)
    REQUIRE(it.client.wait_open());
  it.context->stop();
  it.context->stop(); // Once more does nothing.
  if (open)
    CHECK(gone.wait());
  it.client.socket().write(1, "nobody");
  CHECK(it.client.now().ends.empty());
}

TEST_CASE("the last owner may let go inside a handler", "[net][unit]") {
  local_server server{[](peer& client) {
    client.upgrade();
    client.drain();
  }};
  milestone dropped;
  auto held = std::make_shared<std::shared_ptr<net::websocket>>();
  auto context = make_context();
  auto where = net::parse_url(server.url("ws")).value();
  // Held while `held` is set: the handler may run before dial_websocket() returned. It lets go of the lock before it
  // wakes this thread, which then destroys all of this.
  std::mutex setting_up;
  net::websocket_handlers handlers;
  handlers.opened = [&, held] {
    { std::scoped_lock wait{setting_up}; }
    context.reset();
    held->reset();
    dropped.reach();
  };
  {
    std::scoped_lock lock{setting_up};
    *held = net::dial_websocket(context, where, std::move(handlers));
  }
  CHECK(dropped.wait());
}
