// SPDX-License-Identifier: BSD-3-Clause
// The server over real TLS, with Troupe's own client.
#include "runtime/codec/compression.hpp"
#include "runtime/net/http_client.hpp"
#include "runtime/net/websocket.hpp"
#include "runtime/simulator/server.hpp"

#include "tests/catch.hpp"
#include "tests/simulator/model_client.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <ctime>
#include <filesystem>
#include <future>
#include <mutex>

using namespace troupe;
using namespace troupe::test;

namespace {

constexpr auto identify = R"({"op":2,"d":{"token":"local-discord-token","properties":{},"intents":513,"shard":[0,1]}})";

struct scratch {
  std::filesystem::path path =
    std::filesystem::temp_directory_path() / ("troupe-simulator-" + std::to_string(::getpid()));
  ~scratch() {
    std::filesystem::remove_all(path);
  }
};

// A gateway client that keeps all messages.
class gateway_client {
public:
  gateway_client(std::shared_ptr<net::client_context> context, const std::string& url, codec::compression how)
    : unpacker_{codec::make_decompressor(how, 64u << 20)} {
    net::websocket_handlers handlers;
    handlers.opened = [] {};
    handlers.written = [](std::uint64_t) {};
    handlers.received = [this](std::shared_ptr<const frame_batch> frames) {
      std::lock_guard guard{mutex_};
      for (auto& one : *frames)
        if (auto text = unpacker_->feed(one); text.has_value() && !text->empty())
          messages_.emplace_back(*text);
      changed_.notify_all();
    };
    handlers.ended = [this](net::websocket_end end) {
      std::lock_guard guard{mutex_};
      end_ = std::move(end);
      changed_.notify_all();
    };
    auto query = std::string{"/?v=10&encoding=json"};
    if (how != codec::compression::none)
      query += "&compress=" + std::string{to_string(how)};
    socket_ = net::dial_websocket(std::move(context), net::parse_url(url + query).value(), std::move(handlers));
    socket_->grant(1'000'000);
  }

  ~gateway_client() {
    socket_->close(0);
    (void)wait([this] { return end_.has_value(); });
  }

  void send(std::string text) {
    socket_->write(0, std::move(text));
  }

  // The first message with `part` in it.
  std::string expect(const std::string& part) {
    std::string found;
    (void)wait([&] {
      for (auto& one : messages_)
        if (one.find(part) != std::string::npos)
          found = found.empty() ? one : found;
      return !found.empty();
    });
    return found;
  }

  std::optional<net::websocket_end> expect_end() {
    (void)wait([this] { return end_.has_value(); });
    std::lock_guard guard{mutex_};
    return end_;
  }

private:
  template <class Predicate>
  bool wait(Predicate predicate) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, 10s, predicate);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<codec::decompressor> unpacker_;
  std::vector<std::string> messages_;
  std::optional<net::websocket_end> end_;
  std::shared_ptr<net::websocket> socket_;
};

// A server, and a client's view of it.
struct local {
  explicit local(simulator::server_options opts = {}) {
    opts.tls_dir = folder.path.string();
    server = simulator::server::start(std::move(opts)).value();
    context = net::client_context::make({.ca_file = server->ca_file()}).value();
    rest = std::make_unique<net::http_client>(context);
  }

  net::http_response call(const std::string& method, const std::string& url, std::string body = {}) {
    std::promise<result<net::http_response>> promise;
    net::http_request request{.method = method, .where = net::parse_url(url).value(), .headers = {}, .body = body};
    request.headers.emplace_back("Authorization", "Bot local-discord-token");
    request.headers.emplace_back("Content-Type", "application/json");
    rest->send(std::move(request), [&](result<net::http_response> got) { promise.set_value(std::move(got)); });
    return promise.get_future().get().value();
  }

  std::string gateway() {
    auto url = at(call("GET", server->api_url() + "/gateway/bot").body, "/url");
    return url.substr(1, url.size() - 2);
  }

  scratch folder;
  std::unique_ptr<simulator::server> server;
  std::shared_ptr<net::client_context> context;
  std::unique_ptr<net::http_client> rest;
};

} // namespace

TEST_CASE("a client identifies, is dropped and resumes over TLS", "[simulator][server]") {
  auto how = GENERATE(codec::compression::none, codec::compression::zlib_stream, codec::compression::zstd_stream);
  local discord;
  std::string session;
  std::string resume_url;
  {
    gateway_client client{discord.context, discord.gateway(), how};
    CHECK(at(client.expect("\"op\":10"), "/d/heartbeat_interval") == "41250");
    client.send(identify);
    auto ready = client.expect("\"READY\"");
    session = at(ready, "/d/session_id");
    resume_url = at(ready, "/d/resume_gateway_url");
    CHECK(client.expect("GUILD_CREATE") != "");
    client.send(R"({"op":1,"d":1})");
    CHECK(client.expect("\"op\":11") != "");
    discord.server->inject(simulator::parse_fault("close code=4000").value());
    CHECK(client.expect_end()->code == 4000);
  }
  resume_url = resume_url.substr(1, resume_url.size() - 2);
  CHECK(resume_url != discord.gateway());
  gateway_client client{discord.context, resume_url, how};
  client.send(R"({"op":6,"d":{"token":"local-discord-token","seq":1,"session_id":)" + session + "}}");
  CHECK(client.expect("\"RESUMED\"") != "");
  auto summary = at(discord.server->summary(), "/counters");
  CHECK(at(summary, "/identifies") == "1");
  CHECK(at(summary, "/resumes") == "1");
  CHECK(discord.server->breaches() == 0);
}

TEST_CASE("the control endpoint injects, changes the traffic and sums up", "[simulator][server]") {
  local discord;
  auto base = discord.server->control_url();
  CHECK(discord.call("POST", base + "/faults", "rest-error status=503").status == 200);
  CHECK(discord.call("GET", discord.server->api_url() + "/gateway/bot").status == 503);
  auto wrong = discord.call("POST", base + "/faults", "rest-eror");
  CHECK(wrong.status == 400);
  CHECK(wrong.body.find("rest-error") != std::string::npos);
  CHECK(discord.call("POST", base + "/faults", R"({"fault":"burst","events":3})").status == 200);
  CHECK(discord.call("POST", base + "/traffic?events_per_second=5").status == 200);
  CHECK(discord.call("POST", base + "/traffic?events_per_second=x").status == 400);
  CHECK(at(discord.call("GET", base + "/summary").body, "/counters/faults") == "2");
  CHECK(discord.call("GET", base + "/nothing").status == 404);
}

TEST_CASE("a server that records tells every dispatch, a page at a time", "[simulator][server]") {
  simulator::server_options opts;
  opts.model.log_dispatches = true;
  opts.model.guilds = 3;
  opts.model.events_per_second = 0;
  local discord{std::move(opts)};
  gateway_client client{discord.context, discord.gateway(), codec::compression::none};
  client.send(identify);
  REQUIRE(client.expect("\"s\":4,") != "");
  auto page = [&](const std::string& query) {
    return discord.call("GET", discord.server->control_url() + "/dispatches" + query).body;
  };
  auto all = page("");
  CHECK(at(all, "/next") == "4");
  CHECK(at(all, "/dispatches/0/t") == "\"READY\"");
  CHECK(at(all, "/dispatches/0/s") == "1");
  CHECK(at(all, "/dispatches/3/t") == "\"GUILD_CREATE\"");
  CHECK(at(all, "/dispatches/3/shard") == "0");
  CHECK(at(page("?from=3"), "/dispatches/0/s") == "4");
  CHECK(page("?from=9") == R"({"next":4,"dispatches":[]})");
  CHECK(at(page("?from=x"), "/message") == "\"from must be a number from 0\"");
}

TEST_CASE("a server that does not record says how to make it", "[simulator][server]") {
  local discord;
  auto answer = discord.call("GET", discord.server->control_url() + "/dispatches");
  CHECK(answer.status == 400);
  CHECK(answer.body.find("--record") != std::string::npos);
}

TEST_CASE("the control endpoint tells the truth about a guild", "[simulator][server]") {
  simulator::server_options opts;
  opts.model.guilds = 1;
  opts.model.events_per_second = 0;
  local discord{std::move(opts)};
  gateway_client client{discord.context, discord.gateway(), codec::compression::none};
  client.send(identify);
  auto created = client.expect("\"GUILD_CREATE\"");
  auto id = at(created, "/d/id");
  auto told = discord.call("GET", discord.server->control_url() + "/guilds/" + id.substr(1, id.size() - 2));
  CHECK(told.status == 200);
  CHECK(at(told.body, "/id") == id);
  CHECK(at(told.body, "/channels") == at(created, "/d/channels"));
  CHECK(discord.call("GET", discord.server->control_url() + "/guilds/1").status == 404);
  CHECK(discord.call("GET", discord.server->control_url() + "/guilds/x").status == 404);
}

TEST_CASE("sockets fail as they are told to", "[simulator][server]") {
  local discord;
  auto gateway = discord.gateway();
  auto [fault, failure] = GENERATE(table<std::string, errc>(
    {{"upgrade-error status=520", errc::upgrade_refused}, {"tls-failure seconds=5", errc::tls_failed}}));
  discord.server->inject(simulator::parse_fault(fault).value());
  (void)discord.server->summary(); // The fault is in.
  gateway_client client{discord.context, gateway, codec::compression::none};
  auto end = client.expect_end();
  REQUIRE(end);
  CHECK(end->failure == failure);
}

TEST_CASE("a dropped socket has no close code, half a frame never ends", "[simulator][server]") {
  auto fault = GENERATE(as<std::string>{}, "drop", "half-frame");
  local discord;
  gateway_client client{discord.context, discord.gateway(), codec::compression::none};
  client.send(identify);
  REQUIRE(client.expect("\"READY\"") != "");
  discord.server->inject(simulator::parse_fault(fault).value());
  if (fault == "drop")
    CHECK(client.expect_end()->code == 0);
  else
    CHECK(at(discord.server->summary(), "/counters/faults") == "1");
}

// Not with the address sanitizer: what comes with it needs file descriptors to look at memory.
#ifndef __SANITIZE_ADDRESS__
TEST_CASE("a server without free file descriptors waits for one, and does not spin", "[simulator][server]") {
  simulator::server_options opts;
  opts.plain = true;
  auto server = simulator::server::start(opts).value();
  auto port = std::stoi(server->api_url().substr(std::string_view{"http://127.0.0.1:"}.size()));
  auto client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  // The next descriptor would be at least this one.
  rlimit none{static_cast<rlim_t>(client), before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  auto used = std::clock();
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto connected = ::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  std::string_view request = "GET /_control/summary HTTP/1.1\r\nHost: x\r\n\r\n";
  auto sent = ::send(client, request.data(), request.size(), MSG_NOSIGNAL);
  pollfd answered{client, POLLIN, 0};
  auto early = ::poll(&answered, 1, 500);
  auto spent = std::clock() - used;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  auto late = ::poll(&answered, 1, 10'000);
  ::close(client);
  CHECK(connected);
  CHECK(sent == static_cast<ssize_t>(request.size()));
  CHECK(early == 0);
  CHECK(spent < CLOCKS_PER_SEC / 20);
  CHECK(late == 1);
}
#endif
