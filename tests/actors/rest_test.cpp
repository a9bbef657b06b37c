// SPDX-License-Identifier: BSD-3-Clause
// The test plays Discord: it holds what the actor sends and answers when it likes.
#include "messages/shard.hpp"

#include "runtime/net/url.hpp"

#include "actors/rest.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

#include <string>

namespace troupe {

using namespace std::chrono_literals;

namespace {

struct discord {
  struct call {
    net::http_request request;
    std::function<void(result<net::http_response>)> done;
  };
  std::vector<call> calls;
};

struct calling : discord, deterministic {
  rest_wire_actor actor = spawn(rest, rest_dependencies{.transport =
                                                          [this](net::http_request request, auto done) {
                                                            calls.push_back({std::move(request), std::move(done)});
                                                          },
                                                        .api_url = "https://discord.test/api/v10/",
                                                        .token = secret{"abc.def"},
                                                        .capacity = 2});

  auto request(const std::string& method, const std::string& path = "/users/@me") {
    auto pending = self()->request(actor, caf::infinite, rest_request{method, path, method == "GET" ? "" : "{}"});
    settle();
    return pending;
  }

  void respond(net::http_response with) {
    calls.back().done(std::move(with));
    settle();
  }

  void fail(errc with) {
    calls.back().done(error{with, "on purpose"});
    settle();
  }

  // The status; 0 for none yet; the negative error code.
  template <class Pending>
  int outcome(Pending& pending) {
    auto got = 0;
    if (self()->peek_at_next_mailbox_element() == nullptr)
      return got;
    pending.receive([&](const rest_response& answer) { got = answer.status; },
                    [&](const caf::error& err) { got = -static_cast<int>(to_error(err).code); });
    return got;
  }

  static constexpr int refused(errc code) {
    return -static_cast<int>(code);
  }
};

} // namespace

TEST_CASE_METHOD(calling, "a request goes to the API's base with the bot's token", "[actors][unit]") {
  auto pending = request("POST", "/channels/1/messages");
  REQUIRE(calls.size() == 1);
  const auto& sent = calls[0].request;
  CHECK(sent.method == "POST");
  CHECK(sent.where == net::parse_url("https://discord.test/api/v10/channels/1/messages").value());
  CHECK(sent.body == "{}");
  CHECK(sent.headers == decltype(sent.headers){{"Authorization", "Bot abc.def"}});
  respond({.status = 200, .headers = {}, .body = "{}"});
  CHECK(outcome(pending) == 200);
}

TEST_CASE_METHOD(calling, "an answer is passed on whatever its status", "[actors][unit]") {
  for (std::uint16_t status : {204, 400, 403, 404}) {
    auto pending = request("GET");
    respond({.status = status, .headers = {}, .body = {}});
    CHECK(outcome(pending) == status);
  }
  CHECK(calls.size() == 4);
}

TEST_CASE_METHOD(calling, "a rate limited request is repeated after the time that Discord names", "[actors][unit]") {
  auto pending = request("POST");
  respond({.status = 429, .headers = {{"retry-after", "2.5"}}, .body = "{\"retry_after\":2.5}"});
  advance(2499ms);
  CHECK(calls.size() == 1);
  advance(1ms);
  REQUIRE(calls.size() == 2);
  respond({.status = 200, .headers = {}, .body = {}});
  CHECK(outcome(pending) == 200);
}

TEST_CASE_METHOD(calling, "a rate limited request without the header waits as its body says", "[actors][unit]") {
  auto pending = request("POST");
  respond({.status = 429, .headers = {}, .body = R"({"message":"slow","retry_after":1.25,"global":false})"});
  advance(1249ms);
  CHECK(calls.size() == 1);
  advance(1ms);
  REQUIRE(calls.size() == 2);
  respond({.status = 200, .headers = {}, .body = {}});
  CHECK(outcome(pending) == 200);
}

TEST_CASE_METHOD(calling, "a rate limited request that would wait for minutes is answered at once", "[actors][unit]") {
  auto body = GENERATE(R"({"retry_after":600})", R"({"retry_after":61.5,"global":true})");
  auto pending = request("POST");
  respond({.status = 429, .headers = {}, .body = body});
  CHECK(outcome(pending) == 429);
  CHECK(calls.size() == 1);
}

TEST_CASE_METHOD(calling, "a 429 that names no time is repeated after a minute", "[actors][unit]") {
  auto pending = request("GET");
  respond({.status = 429, .headers = {{"content-type", "text/html"}}, .body = "<html>"});
  advance(59s);
  CHECK(calls.size() == 1);
  advance(1s);
  CHECK(calls.size() == 2);
  respond({.status = 200, .headers = {}, .body = {}});
  CHECK(outcome(pending) == 200);
}

TEST_CASE_METHOD(calling, "a request is rate limited four times at most", "[actors][unit]") {
  auto pending = request("GET");
  for (auto times = 0; times < 4; ++times) {
    respond({.status = 429, .headers = {{"retry-after", "1"}}, .body = {}});
    advance(1s);
  }
  CHECK(calls.size() == 4);
  CHECK(outcome(pending) == 429);
}

TEST_CASE_METHOD(calling, "a GET that failed is repeated three times", "[actors][unit]") {
  auto lost = GENERATE(false, true);
  auto pending = request("GET");
  for (auto times = 0; times < 4; ++times) {
    if (lost)
      fail(errc::connection_lost);
    else
      respond({.status = 502, .headers = {}, .body = {}});
    advance(5s);
  }
  CHECK(calls.size() == 4);
  CHECK(outcome(pending) == (lost ? refused(errc::connection_lost) : 502));
}

TEST_CASE_METHOD(calling, "a POST that failed is not repeated: it may have been done", "[actors][unit]") {
  auto first = request("POST");
  respond({.status = 502, .headers = {}, .body = {}});
  CHECK(outcome(first) == 502);
  auto second = request("POST");
  fail(errc::connection_lost);
  CHECK(outcome(second) == refused(errc::connection_lost));
  advance(1min);
  CHECK(calls.size() == 2);
}

TEST_CASE_METHOD(calling, "after a 401 nothing is sent any more", "[actors][unit]") {
  auto waiting = request("GET");
  respond({.status = 429, .headers = {{"retry-after", "1"}}, .body = {}});
  auto pending = request("GET");
  respond({.status = 401, .headers = {}, .body = {}});
  CHECK(outcome(pending) == 401);
  advance(1s);
  CHECK(outcome(waiting) == refused(errc::authentication_failed));
  auto later = request("GET");
  CHECK(outcome(later) == refused(errc::authentication_failed));
  CHECK(calls.size() == 2);
}

TEST_CASE_METHOD(calling, "requests beyond the capacity are refused", "[actors][unit]") {
  [[maybe_unused]] auto on_its_way = request("GET");
  auto waiting = request("GET");
  auto excess = request("GET");
  CHECK(outcome(excess) == refused(errc::queue_full));
  respond({.status = 200, .headers = {}, .body = {}});
  CHECK(outcome(waiting) == 200);
  [[maybe_unused]] auto next = request("GET");
  CHECK(calls.size() == 3);
}

} // namespace troupe
