// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/http_client.hpp"

#include "tests/catch.hpp"
#include "tests/net/client.hpp"
#include "tests/net/local_server.hpp"

#include <future>

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

using outcome = std::future<result<net::http_response>>;

outcome send(net::http_client& client, net::http_request request) {
  auto promise = std::make_shared<std::promise<result<net::http_response>>>();
  auto future = promise->get_future();
  client.send(std::move(request), [promise](auto answer) { promise->set_value(std::move(answer)); });
  return future;
}

outcome get(net::http_client& client, const std::string& url) {
  return send(client, {.where = net::parse_url(url).value()});
}

result<net::http_response> wait(outcome future) {
  if (future.wait_for(10s) != std::future_status::ready)
    throw std::runtime_error{"no answer and no failure"};
  return future.get();
}

errc failure(outcome future) {
  auto answer = wait(std::move(future));
  return answer ? errc::none : answer.error().code;
}

/// Answers every request with itself.
void echo(peer& client) {
  for (;;) {
    auto request = client.read_request();
    client.send(http_answer(200, request));
  }
}

} // namespace

TEST_CASE("a request has its target, headers and body, and what is missing is added", "[net][unit]") {
  auto pair = net::make_self_signed({"127.0.0.1"}).value();
  auto tls = GENERATE(false, true);
  local_server server{echo, tls ? std::optional{pair} : std::nullopt};
  net::http_client client{make_context(pair)};
  auto url = server.url(tls ? "https" : "http") + "/api/v10/channels/1/messages?a=b";
  auto posted = wait(send(client, {.method = "POST",
                                   .where = net::parse_url(url).value(),
                                   .headers = {{"Authorization", "Bot x"}},
                                   .body = R"({"content":"hi"})"}));
  REQUIRE(posted.has_value());
  CHECK(posted->status == 200);
  auto& request = posted->body;
  CAPTURE(request);
  CHECK(request.starts_with("POST /api/v10/channels/1/messages?a=b HTTP/1.1\r\n"));
  for (std::string line : {"Host: 127.0.0.1:" + std::to_string(server.port()), std::string{"Authorization: Bot x"},
                           std::string{"Content-Type: application/json"}, std::string{"Content-Length: 16"}})
    CHECK(request.find("\r\n" + line + "\r\n") != std::string::npos);
  CHECK(request.find("\r\nUser-Agent: DiscordBot (") != std::string::npos);
  CHECK(request.ends_with("\r\n\r\n{\"content\":\"hi\"}"));

  auto got = wait(send(client, {.where = net::parse_url(url).value(), .headers = {{"user-agent", "Mine"}}}));
  REQUIRE(got.has_value());
  CHECK(got->body.find("Mine") != std::string::npos);
  CHECK(got->body.find("DiscordBot") == std::string::npos);
  CHECK(got->body.find("Content-Type") == std::string::npos);
}

TEST_CASE("requests one after the other share a connection", "[net][unit]") {
  auto pair = net::make_self_signed({"127.0.0.1"}).value();
  auto tls = GENERATE(false, true);
  local_server server{echo, tls ? std::optional{pair} : std::nullopt};
  net::http_client client{make_context(pair)};
  for (auto i = 0; i < 5; ++i)
    REQUIRE(wait(get(client, server.url(tls ? "https" : "http"))).has_value());
  CHECK(server.accepted() == 1);
}

TEST_CASE("requests beyond the connections wait for one", "[net][unit]") {
  milestone two_came;
  std::atomic<int> came{0};
  local_server server{[&](peer& client) {
    for (;;) {
      client.read_request();
      if (++came == 2)
        two_came.reach();
      if (came <= 2 && !two_came.wait())
        return;
      client.send(http_answer(200, ""));
    }
  }};
  net::http_client client{make_context(), 2};
  std::vector<outcome> all;
  for (auto i = 0; i < 10; ++i)
    all.push_back(get(client, server.url("http")));
  for (auto& each : all)
    CHECK(failure(std::move(each)) == errc::none);
  CHECK(server.accepted() == 2);
}

TEST_CASE("too many waiting requests are refused", "[net][unit]") {
  local_server server{[](peer& client) { client.drain(); }};
  net::http_client client{make_context({.http_timeout = 1s}), 1};
  std::vector<outcome> all;
  for (auto i = 0; i < 1002; ++i)
    all.push_back(get(client, server.url("http")));
  CHECK(failure(std::move(all.back())) == errc::queue_full);
  auto in_vain = failure(std::move(all[1])); // It may just have got its turn when its time was up.
  CHECK((in_vain == errc::http_failed || in_vain == errc::connect_timeout));
}

TEST_CASE("a stale connection is replaced once", "[net][unit]") {
  std::atomic<int> connections{0};
  local_server server{[&](peer& client) {
    auto first = ++connections == 1;
    client.read_request();
    client.send(http_answer(200, "fine"));
    client.read_request();
    if (!first)
      client.send(http_answer(200, "again"));
    // Closing in the middle of the second request is what a stale connection looks like.
  }};
  net::http_client client{make_context(), 1};
  REQUIRE(wait(get(client, server.url("http"))).has_value());
  auto method = GENERATE("GET", "DELETE", "POST");
  CAPTURE(method);
  auto second = wait(send(client, {.method = method, .where = net::parse_url(server.url("http")).value()}));
  if (method == std::string{"POST"}) {
    // The server may have acted on it.
    REQUIRE(!second);
    CHECK(second.error().code == errc::connection_lost);
    CHECK(server.accepted() == 1);
  } else {
    REQUIRE(second.has_value());
    CHECK(second->body == "fine");
    CHECK(server.accepted() == 2);
  }
}

TEST_CASE("a connection that the server closed while idle costs no request", "[net][unit]") {
  local_server server{[&](peer& client) {
    client.read_request();
    client.send(http_answer(200, "fine"));
  }};
  net::http_client client{make_context(), 1};
  for (auto i = 0; i < 3; ++i) {
    auto answer = wait(send(client, {.method = "GET", .where = net::parse_url(server.url("http")).value()}));
    REQUIRE(answer.has_value());
  }
  CHECK(server.accepted() == 3);
}

TEST_CASE("`Connection: close` is honoured", "[net][unit]") {
  local_server server{[&](peer& client) {
    client.read_request();
    client.send(http_answer(200, "", "Connection: close\r\n"));
    client.drain();
  }};
  net::http_client client{make_context()};
  for (auto i = 0; i < 2; ++i)
    REQUIRE(wait(get(client, server.url("http"))).has_value());
  CHECK(server.accepted() == 2);
}

TEST_CASE("an HTML body comes back as it is, with its content type", "[net][unit]") {
  auto [status, body] =
    GENERATE(table<int, std::string>({{502, "<html>bad gateway</html>"}, {429, ""}, {200, "<html>"}}));
  local_server server{[&, status = status, body = body](peer& client) {
    client.read_request();
    client.send(http_answer(status, body, "CONTENT-Type: text/html\r\nVia: one\r\nVia: two\r\n"));
    client.drain();
  }};
  net::http_client client{make_context()};
  auto answer = wait(get(client, server.url("http")));
  REQUIRE(answer.has_value());
  CHECK(answer->status == status);
  CHECK(answer->body == body);
  CHECK(answer->headers["content-type"] == "text/html");
  CHECK(answer->headers["via"] == "one, two");
}

TEST_CASE("an announcement is not the answer", "[net][unit]") {
  local_server server{[&](peer& client) {
    client.read_request();
    client.send("HTTP/1.1 100 Continue\r\n\r\n" + http_answer(201, "made"));
    client.drain();
  }};
  net::http_client client{make_context()};
  CHECK(wait(get(client, server.url("http")))->body == "made");
}

TEST_CASE("the answer to HEAD has no body", "[net][unit]") {
  local_server server{[&](peer& client) {
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    client.drain();
  }};
  net::http_client client{make_context()};
  auto answer = wait(send(client, {.method = "HEAD", .where = net::parse_url(server.url("http")).value()}));
  REQUIRE(answer.has_value());
  CHECK(answer->body.empty());
}

TEST_CASE("a server that does not answer is given up", "[net][unit]") {
  local_server server{[](peer& client) { client.drain(); }};
  net::http_client client{make_context({.http_timeout = 100ms})};
  auto plain = wait(get(client, server.url("http")));
  REQUIRE(!plain);
  CHECK(plain.error().code == errc::http_failed);
  CHECK(plain.error().detail.find("waiting for the answer") != std::string::npos);
  auto tls = wait(get(client, server.url("https")));
  REQUIRE(!tls);
  CHECK(tls.error().code == errc::connect_timeout);
  CHECK(tls.error().detail.find("TLS") != std::string::npos);
}

TEST_CASE("what goes wrong is told apart", "[net][unit]") {
  struct row {
    const char* answer;
    errc expected;
  };
  auto [answer, expected] = GENERATE(values<row>({
    {"", errc::connection_lost},
    {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", errc::connection_lost},
    {"SSH-2.0-OpenSSH\r\n", errc::http_failed},
    {"HTTP/1.1 200 OK\r\nContent-Length: 16777217\r\n\r\n", errc::message_too_large},
  }));
  CAPTURE(answer);
  local_server server{[&, answer = answer](peer& client) {
    client.read_request();
    client.send(answer);
  }};
  net::http_client client{make_context()};
  CHECK(failure(get(client, server.url("http"))) == expected);
}

TEST_CASE("a certificate that is not trusted is told as a WebSocket tells it", "[net][unit]") {
  local_server server{echo, net::make_self_signed({"127.0.0.1"}).value()};
  net::http_client client{make_context()};
  CHECK(failure(get(client, server.url("https"))) == errc::certificate_rejected);
}

TEST_CASE("HTTPS requests share one tunnel through a proxy", "[net][unit]") {
  auto pair = net::make_self_signed({"api.test"}).value();
  local_server server{echo, pair};
  local_server proxy{[&](peer& client) {
    client.read_head();
    client.send("HTTP/1.1 200 Connection established\r\n\r\n");
    tunnel(client, server.port());
  }};
  net::http_client client{make_context(pair, {.proxy = proxy.url("http")})};
  for (const auto* path : {"/first", "/second"}) {
    auto answer = wait(get(client, std::string{"https://api.test"} + path));
    REQUIRE(answer.has_value());
    CHECK(answer->status == 200);
    // The request is sealed: the far end sees a path, not a proxy's absolute URL.
    CHECK(answer->body.starts_with(std::string{"GET "} + path + " HTTP/1.1\r\n"));
    CHECK(answer->body.find("\r\nHost: api.test\r\n") != std::string::npos);
  }
  CHECK(proxy.accepted() == 1);
  CHECK(server.accepted() == 1);
}

TEST_CASE("a line break cannot smuggle a header in", "[net][unit]") {
  local_server server{echo};
  net::http_client client{make_context()};
  auto where = net::parse_url(server.url("http")).value();
  auto odd = where;
  odd.target = "/a b";
  for (auto& request : std::vector<net::http_request>{{.method = "GET\r\nX: y", .where = where},
                                                      {.method = "", .where = where},
                                                      {.method = "TRACE", .where = where, .body = "x"},
                                                      {.where = odd},
                                                      {.where = where, .headers = {{"X", "a\r\nY: b"}}},
                                                      {.where = where, .headers = {{"X:", "a"}}}})
    CHECK(failure(send(client, request)) == errc::invalid_argument);
  CHECK(server.accepted() == 0);
}

TEST_CASE("dropping the client silences it", "[net][unit]") {
  milestone asked;
  milestone gone;
  local_server server{[&](peer& client) {
    client.read_request();
    asked.reach();
    try {
      client.drain();
    } catch (const std::exception&) {
      gone.reach();
    }
  }};
  auto context = make_context();
  auto client = std::make_unique<net::http_client>(context);
  std::atomic<int> called{0};
  client->send({.where = net::parse_url(server.url("http")).value()}, [&](auto) { ++called; });
  REQUIRE(asked.wait());
  client.reset();
  CHECK(gone.wait());
  context->stop();
  CHECK(called == 0);
}
