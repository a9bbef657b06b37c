// SPDX-License-Identifier: BSD-3-Clause
// How dialling fails, and TLS: what a WebSocket says before it is open.
#include "tests/catch.hpp"
#include "tests/net/client.hpp"
#include "tests/net/local_server.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

net::certificate_pair for_hosts(std::vector<std::string> hosts, net::certificate_validity validity = {}) {
  return net::make_self_signed(hosts, validity).value();
}

void serve_websocket(peer& client) {
  client.upgrade();
  client.send(text_frame("hello"));
  client.drain();
}

void stay_silent(peer& client) {
  client.drain();
}

/// A port of this machine that nobody listens on.
std::uint16_t closed_port() {
  return local_server{stay_silent}.port();
}

} // namespace

TEST_CASE("an unusable CA file is refused with its path and the remedy", "[net][unit]") {
  temporary_file empty{""};
  temporary_file words{"these are no certificates\n"};
  temporary_file damaged{for_hosts({"localhost"}).ca_pem.substr(0, 200)};
  for (auto& path : {empty.path(), words.path(), damaged.path(), std::string{"/nowhere/ca.pem"}, std::string{"/"}}) {
    CAPTURE(path);
    auto context = net::client_context::make({.ca_file = path});
    REQUIRE(!context);
    CHECK(context.error().code == errc::invalid_configuration);
    CHECK(context.error().detail.find("'" + path + "'") != std::string::npos);
    CHECK(context.error().detail.find("PEM") != std::string::npos);
  }
}

TEST_CASE("a proxy that is no URL is refused", "[net][unit]") {
  auto context = net::client_context::make({.proxy = "proxy:3128"});
  REQUIRE(!context);
  CHECK(context.error().code == errc::invalid_configuration);
}

TEST_CASE("a closed port is connect_failed", "[net][unit]") {
  recorder client{make_context(), "ws://127.0.0.1:" + std::to_string(closed_port())};
  auto end = client.wait_end();
  CHECK(end.failure == errc::connect_failed);
  CHECK(!end.was_open);
  CHECK(end.reason.find("127.0.0.1:") == 0);
}

TEST_CASE("a name that does not exist is resolve_failed", "[net][unit]") {
  // 64 characters are too many for one label: refused without asking any server.
  recorder client{make_context(), "wss://" + std::string(64, 'a')};
  auto end = client.wait_end();
  CHECK(end.failure == errc::resolve_failed);
}

TEST_CASE("localhost is found whether it is IPv4 or IPv6", "[net][unit]") {
  local_server server{serve_websocket}; // IPv4 only.
  recorder client{make_context(), server.url("ws", "localhost")};
  CHECK(client.wait_open());
}

TEST_CASE("a silent TCP server ends in connect_timeout", "[net][unit]") {
  local_server server{stay_silent};
  auto [scheme, step] = GENERATE(table<const char*, const char*>({{"ws", "upgrade"}, {"wss", "TLS handshake"}}));
  recorder client{make_context({.connect_timeout = 100ms}), server.url(scheme)};
  auto end = client.wait_end();
  CHECK(end.failure == errc::connect_timeout);
  CHECK(end.reason.find(step) != std::string::npos);
  CHECK(!end.was_open);
}

TEST_CASE("an HTTP 520 at the upgrade is upgrade_refused with its status", "[net][unit]") {
  auto body = GENERATE("", "<html>Web server is returning an unknown error</html>");
  local_server server{[&](peer& client) {
    client.read_head();
    client.send(http_answer(520, body));
    client.drain();
  }};
  recorder client{make_context(), server.url("ws")};
  auto end = client.wait_end();
  CHECK(end.failure == errc::upgrade_refused);
  CHECK(end.reason.find("HTTP 520") != std::string::npos);
}

TEST_CASE("nonsense at the upgrade is upgrade_refused", "[net][unit]") {
  auto answer = GENERATE("220 mail.example ESMTP\r\n\r\n", "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\n\r\n");
  local_server server{[&](peer& client) {
    client.read_head();
    client.send(answer);
    client.drain();
  }};
  recorder client{make_context(), server.url("ws")};
  CHECK(client.wait_end().failure == errc::upgrade_refused);
}

TEST_CASE("an end during the upgrade is connection_lost", "[net][unit]") {
  auto abrupt = GENERATE(false, true);
  local_server server{[&](peer& client) {
    client.read_head();
    if (abrupt)
      client.reset();
  }};
  recorder client{make_context(), server.url("ws")};
  auto end = client.wait_end();
  CHECK(end.failure == errc::connection_lost);
  CHECK(!end.was_open);
}

TEST_CASE("a server without TLS is tls_failed", "[net][unit]") {
  auto speaks = GENERATE(true, false);
  local_server server{[&](peer& client) {
    client.read_some();
    if (speaks)
      client.send("HTTP/1.1 400 Bad Request\r\n\r\n");
  }};
  recorder client{make_context(), server.url("wss")};
  auto end = client.wait_end();
  CAPTURE(end.reason);
  CHECK(end.failure == errc::tls_failed);
}

TEST_CASE("an authority that is not trusted is certificate_rejected", "[net][unit]") {
  local_server server{serve_websocket, for_hosts({"localhost", "127.0.0.1"})};
  auto context = GENERATE(true, false) ? make_context(for_hosts({"localhost", "127.0.0.1"})) : make_context();
  recorder client{context, server.url("wss")};
  auto end = client.wait_end();
  CHECK(end.failure == errc::certificate_rejected);
  CHECK(end.reason.find("127.0.0.1: ") == 0);
  CHECK(end.reason.find("certificate") != std::string::npos);
}

TEST_CASE("a certificate is for its own hosts only", "[net][unit]") {
  struct row {
    const char* certified;
    const char* dialled;
    bool accepted;
  };
  auto [certified, dialled, accepted] = GENERATE(values<row>({
    {"localhost", "localhost", true},
    {"127.0.0.1", "127.0.0.1", true},
    {"localhost", "127.0.0.1", false},
    {"127.0.0.1", "localhost", false},
    {"gateway.discord.gg", "localhost", false},
    {"127.0.0.2", "127.0.0.1", false},
  }));
  CAPTURE(certified, dialled);
  auto pair = for_hosts({certified});
  local_server server{serve_websocket, pair};
  recorder client{make_context(pair), server.url("wss", dialled)};
  CHECK(client.wait_open() == accepted);
  if (!accepted) {
    auto end = client.wait_end();
    CHECK(end.failure == errc::certificate_rejected);
    CHECK(end.reason.find("mismatch") != std::string::npos);
  }
}

TEST_CASE("a certificate is for its own time only", "[net][unit]") {
  auto [validity, reason] = GENERATE(table<net::certificate_validity, const char*>({
    {{-2h, -1h}, "expired"},
    {{1h, 2h}, "not yet valid"},
  }));
  auto pair = for_hosts({"127.0.0.1"}, validity);
  local_server server{serve_websocket, pair};
  recorder client{make_context(pair), server.url("wss")};
  auto end = client.wait_end();
  CHECK(end.failure == errc::certificate_rejected);
  CHECK(end.reason.find(reason) != std::string::npos);
}

TEST_CASE("a second connection to the same host resumes the TLS session", "[net][unit]") {
  auto pair = for_hosts({"127.0.0.1"});
  local_server server{serve_websocket, pair};
  auto context = make_context(pair);
  for (auto round = 0u; round < 3; ++round) {
    recorder client{context, server.url("wss")};
    client.socket().grant(1); // The ticket comes before the first frame.
    REQUIRE(client.wait([](auto& seen) { return !seen.batches.empty(); }));
    CHECK(context->tls_sessions_resumed() == round);
    client.socket().close(0);
    client.wait_end();
  }
  local_server other{serve_websocket, pair};
  recorder client{context, other.url("wss")};
  REQUIRE(client.wait_open());
  CHECK(context->tls_sessions_resumed() == 2);
}

TEST_CASE("CONNECT goes through a proxy that knows the host", "[net][unit]") {
  std::string asked;
  local_server proxy{[&](peer& client) {
    asked = client.read_head();
    client.send("HTTP/1.1 200 Connection established\r\n\r\n");
    serve_websocket(client);
  }};
  auto context = make_context({.proxy = proxy.url("http"), .proxy_loopback = true});
  recorder client{context, "ws://localhost:1234/?v=10"};
  client.socket().grant(1);
  REQUIRE(client.wait([](auto& seen) { return !seen.batches.empty(); }));
  CHECK(asked.starts_with("CONNECT localhost:1234 HTTP/1.1\r\n"));
  CHECK(asked.find("\r\nHost: localhost:1234\r\n") != std::string::npos);
}

TEST_CASE("TLS goes end to end through a proxy that tunnels", "[net][unit]") {
  auto pair = for_hosts({"gateway.test"});
  local_server server{serve_websocket, pair};
  std::string asked;
  local_server proxy{[&](peer& client) {
    asked = client.read_head();
    client.send("HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n");
    tunnel(client, server.port());
  }};
  // No DNS knows this name: only the proxy has to. And the certificate is that of the far end.
  recorder client{make_context(pair, {.proxy = proxy.url("http")}), "wss://gateway.test:4430/?v=10"};
  client.socket().grant(1);
  REQUIRE(client.wait([](auto& seen) { return !seen.texts().empty(); }));
  CHECK(client.now().texts() == std::vector<std::string>{"hello"});
  CHECK(asked.starts_with("CONNECT gateway.test:4430 HTTP/1.1\r\n"));
  client.socket().write(1, std::string(100'000, 'x'));
  REQUIRE(client.wait([](auto& seen) { return !seen.written.empty(); }));
  client.socket().close(0);
  CHECK(client.wait_end().was_open);
}

TEST_CASE("a proxy cannot show a certificate of its own", "[net][unit]") {
  auto pair = for_hosts({"gateway.test"});
  local_server server{serve_websocket, for_hosts({"gateway.test"})}; // Of another authority.
  local_server proxy{[&](peer& client) {
    client.read_head();
    client.send("HTTP/1.1 200 OK\r\n\r\n");
    tunnel(client, server.port());
  }};
  recorder client{make_context(pair, {.proxy = proxy.url("http")}), "wss://gateway.test:4430"};
  CHECK(client.wait_end().failure == errc::certificate_rejected);
}

TEST_CASE("loopback does not go through the proxy unless it is told to", "[net][unit]") {
  local_server proxy{stay_silent};
  local_server server{serve_websocket};
  recorder client{make_context({.proxy = proxy.url("http")}), server.url("ws")};
  REQUIRE(client.wait_open());
  CHECK(proxy.accepted() == 0);
}

TEST_CASE("a proxy that refuses is connect_failed with its status", "[net][unit]") {
  auto status = GENERATE(407, 502);
  std::string asked;
  local_server proxy{[&](peer& client) {
    asked = client.read_head();
    client.send(http_answer(status, "no"));
    client.drain();
  }};
  // No name is resolved here: that is up to the proxy.
  recorder client{make_context({.proxy = proxy.url("http")}), "wss://gateway.invalid"};
  auto end = client.wait_end();
  CHECK(end.failure == errc::connect_failed);
  CHECK(end.reason.find("HTTP " + std::to_string(status)) != std::string::npos);
  CHECK(end.reason.find("gateway.invalid:443") != std::string::npos);
  CHECK(asked.starts_with("CONNECT gateway.invalid:443 HTTP/1.1\r\n"));
}
