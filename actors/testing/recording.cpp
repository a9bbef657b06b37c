// SPDX-License-Identifier: BSD-3-Clause
// What a stage writes down: REST calls, what shards send, lifecycle messages.
#include "messages/inspect.hpp"
#include "messages/lifecycle.hpp"
#include "messages/shard.hpp"
#include "messages/supervision.hpp"

#include "actors/system.hpp"
#include "actors/testing/stage_impl.hpp"

#include <caf/actor_clock.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <tuple>
#include <type_traits>

namespace troupe::testing {

namespace {

constexpr std::string_view api_base = "/api/v10";

std::string render(const std::string& value) {
  return fmt::format("\"{}\"", value);
}

std::string render(const shard_id& value) {
  return to_string(value);
}

template <class T>
requires std::is_arithmetic_v<T> std::string render(T value) {
  return fmt::format("{}", value);
}

std::string render(errc value) {
  return std::string{to_string(value)};
}

std::string render(phase value) {
  return std::string{to_string(value)};
}

std::string render(alarm_kind value) {
  return boost::describe::enum_to_string(value, "?");
}

/// "to=ready reason=none"
template <class Message>
std::string members_of(const Message& message) {
  std::string text;
  boost::mp11::mp_for_each<boost::describe::describe_members<Message, boost::describe::mod_public>>(
    [&](auto member) { text += fmt::format(" {}={}", member.name, render(message.*member.pointer)); });
  return text;
}

/// One handler per message, each of which writes a line.
template <class... Messages>
caf::behavior listen(const std::shared_ptr<recording>& to, std::pair<const char*, Messages*>... named) {
  return {[to, name = named.first](const Messages& message) { to->note(name + members_of(message)); }...,
          [to](const run_failed& failed) {
            to->run_failed = {failed.code, failed.detail};
            to->note("run_failed" + members_of(failed));
          }};
}

template <class Message>
std::pair<const char*, Message*> named(const char* name) {
  return {name, nullptr};
}

/// The payload without its token, which is the local Discord's own but must not be a habit.
std::string without_token(std::string json) {
  constexpr std::string_view key = "\"token\":\"";
  auto begin = json.find(key);
  if (begin == std::string::npos)
    return json;
  begin += key.size();
  return json.replace(begin, json.find('"', begin) - begin, "[token]");
}

} // namespace

recording::recording(caf::actor_system& sys) : system{sys}, start{sys.scheduler().clock().now()} {
  // nop
}

std::chrono::milliseconds recording::elapsed() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(system.scheduler().clock().now() - start);
}

void recording::note(std::string_view line) {
  auto ms = elapsed().count();
  trace +=
    fmt::format("{:02}:{:02}:{:02}.{:03} {}\n", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000, line);
}

decltype(tree_dependencies::transport) recording_transport(std::shared_ptr<recording> to,
                                                           decltype(tree_dependencies::transport) inner) {
  return [to, inner = std::move(inner)](net::http_request request, auto done) {
    std::string_view path = request.where.target;
    if (path.starts_with(api_base))
      path.remove_prefix(api_base.size());
    auto number = to->forgotten + to->calls.size();
    to->calls.push_back({to->elapsed(), request.method, std::string{path}, request.body, 0});
    auto answered = [to, number, done](result<net::http_response> answer) {
      auto status = answer ? answer->status : std::uint16_t{0};
      if (number >= to->forgotten) {
        auto& call = to->calls[number - to->forgotten];
        call.status = status;
      }
      done(std::move(answer));
    };
    auto script = std::find_if(to->scripts.begin(), to->scripts.end(), [&](const recording::script& one) {
      return one.method == request.method && one.path == path;
    });
    to->note(fmt::format("rest {} {} {}", request.method, path, request.body));
    if (script == to->scripts.end())
      return inner(std::move(request), answered);
    auto what = script->answer;
    if (--script->times == 0)
      to->scripts.erase(script);
    if (!what)
      return answered(error{errc::http_failed, "the test said so"});
    auto headers = what->headers;
    headers.try_emplace("content-type", "application/json");
    if (what->status == 429)
      headers.try_emplace("retry-after", "1");
    answered(net::http_response{what->status, std::move(headers), what->body});
  };
}

void record_commands(memory_discord& discord, const std::shared_ptr<recording>& to) {
  discord.watch([to](const simulator::model& model, simulator::connection_id from, const std::string& text) {
    simdjson::dom::parser parser;
    simdjson::padded_string padded{text};
    simdjson::dom::element payload;
    std::uint64_t op = 0;
    if (parser.parse(padded).get(payload) != simdjson::SUCCESS || payload["op"].get(op) != simdjson::SUCCESS || op == 1)
      return;
    std::uint64_t shard = 0;
    auto sessions = model.sessions();
    auto found =
      std::find_if(sessions.begin(), sessions.end(), [&](const auto& one) { return one.connection == from; });
    if (found != sessions.end())
      shard = found->shard.index;
    else if (payload["d"]["shard"].at(0).get(shard) != simdjson::SUCCESS)
      shard = 0; // A RESUME that was refused: nobody can say whose it was.
    client_command what{to->elapsed(), static_cast<std::uint32_t>(shard), static_cast<std::uint32_t>(op),
                        without_token(text)};
    to->note(fmt::format("shard {} sends {}", what.shard, what.json));
    to->commands.push_back(std::move(what));
  });
}

caf::actor spawn_witness(caf::actor_system& sys, std::shared_ptr<recording> to) {
  return sys.spawn([to](caf::event_based_actor* self) -> caf::behavior {
    self->set_default_handler(caf::drop);
    return listen(to, named<shard_created>("shard_created"), named<shard_status_changed>("shard_status_changed"),
                  named<shard_ready>("shard_ready"), named<shard_resumed>("shard_resumed"),
                  named<shard_restarting>("shard_restarting"), named<shard_exited>("shard_exited"),
                  named<shard_destroyed>("shard_destroyed"),
                  named<invalid_message_received>("invalid_message_received"), named<shard_ping>("shard_ping"),
                  named<shard_ping_missed>("shard_ping_missed"), named<shard_alarm>("shard_alarm"),
                  named<shard_alarm_ended>("shard_alarm_ended"), named<events_redelivered>("events_redelivered"),
                  named<event_set_aside>("event_set_aside"), named<child_started>("child_started"),
                  named<child_exited>("child_exited"), named<child_restarting>("child_restarting"),
                  named<supervisor_degraded>("supervisor_degraded"),
                  named<supervisor_recovered>("supervisor_recovered"), named<supervisor_gave_up>("supervisor_gave_up"));
  });
}

// -- the face --------------------------------------------------------------------------------------

const std::vector<rest_call>& recorded_rest::calls() const {
  return state_->record->calls;
}

std::vector<rest_call> recorded_rest::calls(const std::string& method) const {
  std::vector<rest_call> found;
  for (const auto& one : calls())
    if (one.method == method)
      found.push_back(one);
  return found;
}

std::vector<sent_message> recorded_rest::messages() const {
  constexpr std::string_view before = "/channels/";
  constexpr std::string_view after = "/messages";
  std::vector<sent_message> sent;
  simdjson::dom::parser parser;
  for (const auto& one : calls("POST")) {
    std::string_view path = one.path;
    if (one.status / 100 != 2 || !path.starts_with(before) || !path.ends_with(after))
      continue;
    path = path.substr(before.size(), path.size() - before.size() - after.size());
    simdjson::padded_string padded{one.body};
    simdjson::dom::element body;
    std::string_view content;
    std::string_view reply_to;
    if (parser.parse(padded).get(body) != simdjson::SUCCESS)
      continue;
    std::ignore = body["content"].get(content); // Some have only embeds.
    std::ignore = body["message_reference"]["message_id"].get(reply_to);
    sent.push_back({snowflake::parse(path).value_or(snowflake{}), std::string{content},
                    snowflake::parse(reply_to).value_or(snowflake{})});
  }
  return sent;
}

void recorded_rest::answer(std::string method, std::string path, scripted_answer with, std::size_t times) {
  if (times > 0)
    state_->record->scripts.push_back({std::move(method), std::move(path), std::move(with), times});
}

void recorded_rest::answer(std::string method, std::string path, std::uint16_t status, std::string body) {
  answer(std::move(method), std::move(path), scripted_answer{status, std::move(body), {}});
}

void recorded_rest::fail(std::string method, std::string path, std::size_t times) {
  if (times > 0)
    state_->record->scripts.push_back({std::move(method), std::move(path), std::nullopt, times});
}

void recorded_rest::clear() {
  auto& record = *state_->record;
  record.forgotten += record.calls.size();
  record.calls.clear();
}

} // namespace troupe::testing
