// SPDX-License-Identifier: BSD-3-Clause
#include "tests/processes/local_discord.hpp"

#include "runtime/net/client_context.hpp"
#include "runtime/net/http_client.hpp"

#include <simdjson.h>

#include <future>
#include <stdexcept>

namespace troupe::test {

using namespace std::chrono_literals;

class local_discord::control {
public:
  control(const std::string& ca_file, std::string base)
    : context_{net::client_context::make({.ca_file = ca_file}).value()}, client_{context_}, base_{std::move(base)} {
    // nop
  }

  std::string call(const std::string& method, const std::string& path, std::string body = {}) {
    std::promise<result<net::http_response>> promise;
    auto answer = promise.get_future();
    client_.send(
      {.method = method, .where = net::parse_url(base_ + path).value(), .headers = {}, .body = std::move(body)},
      [&promise](result<net::http_response> got) { promise.set_value(std::move(got)); });
    auto response = answer.get().value();
    if (response.status / 100 != 2)
      throw std::runtime_error{method + " " + path + ": " + std::to_string(response.status) + " " + response.body};
    return response.body;
  }

private:
  std::shared_ptr<net::client_context> context_;
  net::http_client client_;
  std::string base_;
};

local_discord::local_discord(std::vector<std::string> arguments) {
  std::vector<std::string> command{program("troupe"), "simulate", "--port",    "0",
                                   "--token",         token,      "--tls-dir", (folder_ / "tls").string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  process_ = std::make_unique<process>(process_options{.command = command, .environment = {}});
  auto line = process_->first_line(10s);
  if (!line)
    throw std::runtime_error{"the local Discord did not start: " + process_->errors()};
  simdjson::dom::parser parser;
  auto greeting = parser.parse(*line);
  api_url_ = std::string{greeting["api_url"].get_string().value()};
  ca_file_ = std::string{greeting["ca_file"].get_string().value()};
  control_url_ = std::string{greeting["control_url"].get_string().value()};
  control_ = std::make_unique<control>(ca_file_, control_url_);
}

local_discord::~local_discord() = default;

std::map<std::string, std::string> local_discord::bot_environment() const {
  return {{"DISCORD_TOKEN", token},
          {"TROUPE_API_URL", api_url_},
          {"TROUPE_CA_FILE", ca_file_},
          {"TROUPE_STATE_DIR", (folder_ / "state").string()}};
}

discord_summary local_discord::summary() {
  auto text = control_->call("GET", "/summary");
  simdjson::dom::parser parser;
  auto root = parser.parse(text);
  discord_summary result;
  for (auto [name, value] : root["counters"].get_object())
    if (std::int64_t number = 0; value.get(number) == simdjson::SUCCESS)
      result.counters[std::string{name}] = number;
  for (auto session : root["shards"].get_array()) {
    result.dispatches += session["sequence"].get_int64().value();
    if (session["connected"].get_bool().value())
      result.connected.push_back(static_cast<std::uint32_t>(session["shard"].at(0).get_uint64().value()));
  }
  for (auto breach : root["breaches"].get_array())
    result.breaches.push_back(simdjson::minify(breach));
  return result;
}

std::string local_discord::dispatches(std::size_t from) {
  return control_->call("GET", "/dispatches?from=" + std::to_string(from));
}

void local_discord::inject(const std::string& fault) {
  control_->call("POST", "/faults", fault);
}

void local_discord::set_traffic(double events_per_second) {
  control_->call("POST", "/traffic?events_per_second=" + std::to_string(events_per_second));
}

bool local_discord::drain(std::chrono::milliseconds deadline) {
  set_traffic(0);
  auto before = summary().counters;
  inject("request-heartbeat");
  return wait_until([&] { return summary().counters["heartbeats"] >= before["heartbeats"] + before["ready_sessions"]; },
                    deadline);
}

bool local_discord::wait_ready(std::int64_t shards, std::chrono::milliseconds deadline) {
  return wait_until([&] { return summary().counters["ready_sessions"] == shards; }, deadline);
}

std::unique_ptr<process> start_bot(const local_discord& discord, std::vector<std::string> command,
                                   std::map<std::string, std::string> more_environment) {
  auto environment = discord.bot_environment();
  for (auto& [name, value] : more_environment)
    environment[name] = value;
  command.front() = program(command.front());
  return std::make_unique<process>(process_options{.command = std::move(command), .environment = environment});
}

} // namespace troupe::test
