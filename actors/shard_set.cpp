// SPDX-License-Identifier: BSD-3-Clause
#include "actors/shard_set.hpp"

#include "messages/inspect.hpp"
#include "messages/lifecycle.hpp"
#include "messages/rest.hpp"

#include "runtime/codec/json.hpp"
#include "runtime/log/log.hpp"
#include "runtime/net/url.hpp"

#include "actors/system.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace troupe {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds backoff_min = 1s;
constexpr milliseconds backoff_max = 60s;
constexpr auto stable = 5min;
constexpr auto rest_patience = 60s;
constexpr auto status_patience = 2s;

// `retry_due` numbers: 0 asks the gateway, this gives up waiting, all else is the index of a shard plus one.
constexpr auto give_up = ~std::uint64_t{0};

error not_a_gateway(const rest_response& answer) {
  auto type = answer.content_type.substr(0, answer.content_type.find(';'));
  return {errc::not_a_gateway, "GET /gateway/bot was answered with status " + std::to_string(answer.status) + " and "
                                 + (type.empty() ? "no content type" : type) + " instead of JSON"};
}

result<gateway_bot> read_gateway(const rest_response& answer) {
  if (answer.status == 401)
    return error{errc::authentication_failed, "GET /gateway/bot was answered with 401"};
  if (answer.status == 429)
    return error{errc::rate_limited, "GET /gateway/bot was answered with 429"};
  if (answer.status >= 500)
    return error{errc::http_status, "GET /gateway/bot was answered with " + std::to_string(answer.status)};
  if (answer.status != 200)
    return not_a_gateway(answer);
  auto gateway = codec::decode_copy<gateway_bot>(answer.body);
  if (!gateway || gateway->url.empty())
    return not_a_gateway(answer);
  if (auto dialled = net::parse_url(gateway->url); !dialled)
    return dialled.error();
  gateway->shards = std::max(gateway->shards, 1u);
  return gateway;
}

} // namespace

shard_set_state::shard_set_state(shard_set_actor::pointer self) : self{self} {
  // nop
}

// -- first contact ------------------------------------------------------------------------------------

void shard_set_state::start() {
  if (tries != 0)
    return;
  asked_first = self->clock().now();
  ask_gateway();
}

void shard_set_state::ask_gateway() {
  if (stopping)
    return;
  ++tries;
  self->request(deps.rest, rest_patience, rest_request{.method = "GET", .path = "/gateway/bot", .body = {}})
    .then([this](const rest_response& answer) { on_gateway(answer); },
          [this](const caf::error& err) { retry_or_fail(to_error(err)); });
}

void shard_set_state::on_gateway(const rest_response& answer) {
  auto gateway = read_gateway(answer);
  if (!gateway) {
    retry_or_fail(gateway.error());
    return;
  }
  auto selection = selected(*gateway);
  if (!selection) {
    fail(selection.error());
    return;
  }
  main_url = gateway->url;
  count = *selection->count;
  queue = deps.start_queue(self->system(), gateway->session_start_limit);
  self->monitor(queue);
  // Only Discord's word, said while the queue runs, can give budget back (`identify_queue::use_limit`).
  self->send(queue, gateway->session_start_limit);
  log::info("The shard set starts shards {} to {} of {} (max_concurrency {}, {} of {} session starts left).",
            selection->first, *selection->last, count, gateway->session_start_limit.max_concurrency,
            gateway->session_start_limit.remaining, gateway->session_start_limit.total);
  for (auto index = selection->first; index <= *selection->last; ++index)
    start_member(index);
}

result<config::shard_selection> shard_set_state::selected(const gateway_bot& gateway) const {
  auto selection = deps.selection;
  selection.count = selection.count.value_or(gateway.shards);
  selection.last = selection.last.value_or(*selection.count - 1);
  if (*selection.count == 0 || selection.first > *selection.last || *selection.last >= *selection.count)
    return error{errc::shard_out_of_range, "shards " + std::to_string(selection.first) + "-"
                                             + std::to_string(*selection.last) + " of "
                                             + std::to_string(*selection.count)};
  return selection;
}

void shard_set_state::retry_or_fail(error reason) {
  if (stopping)
    return;
  auto waited = self->clock().now() - asked_first;
  if (remedy_for(reason.code) != remedy::retry || waited >= deps.first_contact) {
    fail(reason);
    return;
  }
  auto wait = backoff(tries);
  log::warn("The shard set could not ask GET /gateway/bot and tries again in {} ms: {}", wait.count(),
            to_string(reason));
  tell_after(self, wait, retry_due{0});
}

void shard_set_state::fail(const error& reason) {
  if (deps.runner)
    caf::anon_send(deps.runner, run_failed{reason.code, reason.detail});
}

milliseconds shard_set_state::backoff(std::uint32_t attempt) {
  auto cap = std::min(backoff_max, backoff_min * (1u << std::min(attempt, 6u)));
  return milliseconds{std::uniform_int_distribution<std::int64_t>{backoff_min.count() / 2, cap.count()}(random)};
}

// -- shards ---------------------------------------------------------------------------------------------

void shard_set_state::start_member(std::uint32_t index) {
  auto& member = members[index];
  member.last.shard = {index, count};
  member.started_at = self->clock().now();
  member.actor = deps.start_shard(self->system(), {.shard = {index, count},
                                                   .resume = std::exchange(member.resume, std::nullopt),
                                                   .start = ++member.starts,
                                                   .main_url = main_url,
                                                   .queue = queue,
                                                   .owner = shard_owner_actor{self},
                                                   .seed = random()});
  self->monitor(member.actor);
}

void shard_set_state::on_due(std::uint64_t what) {
  if (what == 0) {
    ask_gateway();
  } else if (what == give_up) {
    for (auto& [index, member] : members)
      if (member.actor)
        caf::anon_send_exit(member.actor, caf::exit_reason::kill);
  } else if (auto index = static_cast<std::uint32_t>(what - 1); !stopping && !members[index].actor) {
    start_member(index);
  }
}

void shard_set_state::on_checkpoint(const session_checkpoint& msg) {
  auto found = members.find(msg.shard.index);
  if (found == members.end())
    return;
  if (msg.session_id.empty())
    found->second.resume.reset();
  else
    found->second.resume = gateway::resume_point{msg.session_id, msg.resume_url, msg.sequence};
  any_ready = any_ready || !msg.session_id.empty();
}

void shard_set_state::on_fatal(const shard_exited& msg) {
  auto found = members.find(msg.shard.index);
  if (found == members.end())
    return;
  error reason{msg.reason, msg.detail};
  found->second.fatal = reason;
  auto others = std::any_of(members.begin(), members.end(), [](const auto& one) { return !one.second.fatal; });
  // Whoever serves goes on serving: one shard whose approval lapsed must not take the others with it.
  if (any_ready && others)
    log::error("Shard {} ends for good: {}", to_string(msg.shard), to_string(reason));
  else
    fail(reason);
}

void shard_set_state::on_down(const caf::down_msg& msg) {
  if (queue && msg.source == queue.address()) {
    if (!stopping)
      fail(to_error(msg.reason));
    return;
  }
  auto found = std::find_if(members.begin(), members.end(), [&](const auto& one) {
    return one.second.actor && one.second.actor.address() == msg.source;
  });
  if (found == members.end())
    return;
  auto& [index, member] = *found;
  member.actor = nullptr;
  if (!stopping && !member.fatal) {
    restart_later(index, member, msg.reason);
    return;
  }
  if (deps.lifecycle)
    self->send(deps.lifecycle, shard_destroyed{{index, count}});
  finish_if_empty();
}

void shard_set_state::restart_later(std::uint32_t index, member& crashed, const caf::error& reason) {
  if (self->clock().now() - crashed.started_at >= stable)
    crashed.crashes = 0;
  auto wait = backoff(++crashed.crashes);
  auto why = to_error(reason);
  log::error("Shard {}/{} crashed and is started again in {} ms: {}", index, count, wait.count(), to_string(why));
  if (deps.lifecycle) {
    self->send(deps.lifecycle, shard_exited{{index, count}, why.code, why.detail});
    self->send(deps.lifecycle,
               shard_restarting{{index, count}, why.code, why.detail, wait.count(), crashed.resume.has_value()});
  }
  tell_after(self, wait, retry_due{std::uint64_t{index} + 1});
}

// -- questions and orders -----------------------------------------------------------------------------

caf::result<command_result> shard_set_state::submit(const submit_command& order, std::uint32_t index) {
  auto found = members.find(index);
  if (found == members.end())
    return command_result{command_outcome::refused, errc::shard_out_of_range,
                          "shard " + std::to_string(index) + " does not run here"};
  if (!found->second.actor)
    return command_result{command_outcome::refused, errc::not_ready, "shard " + std::to_string(index) + " is down"};
  return self->delegate(found->second.actor, order);
}

caf::result<command_result> shard_set_state::submit(const submit_command& order, snowflake guild) {
  if (count == 0)
    return command_result{command_outcome::refused, errc::not_ready, "the shards have not started yet"};
  return submit(order, static_cast<std::uint32_t>((guild.value >> 22) % count));
}

caf::result<shard_set_status> shard_set_state::status() {
  auto promise = self->make_response_promise<shard_set_status>();
  auto left = std::make_shared<std::size_t>(1);
  // The last answer, or its deadline, makes the whole.
  auto arrived = [this, promise, left]() mutable {
    if (--*left != 0)
      return;
    shard_set_status all{.count = count, .shards = {}};
    for (auto& [index, member] : members)
      all.shards.push_back(member.last);
    promise.deliver(std::move(all));
  };
  for (auto& [index, member] : members) {
    if (!member.actor) {
      member.last.phase = member.fatal ? phase::failed : phase::idle;
      continue;
    }
    ++*left;
    self->request(member.actor, status_patience, shard_status_request{})
      .then(
        [this, arrived, index = index](const shard_status& answer) mutable {
          members[index].last = answer;
          arrived();
        },
        [arrived](const caf::error&) mutable { arrived(); });
  }
  arrived();
  return promise;
}

caf::result<shards_stopped> shard_set_state::stop(const stop_shards& order) {
  stopping = true;
  stopped = self->make_response_promise<shards_stopped>();
  auto promise = *stopped;
  for (auto& [index, member] : members)
    if (member.actor)
      self->send(member.actor, stop_shard{order.resumable});
  tell_after(self, deps.farewell, retry_due{give_up});
  finish_if_empty();
  return promise;
}

void shard_set_state::finish_if_empty() {
  auto runs = std::any_of(members.begin(), members.end(), [](const auto& one) { return bool{one.second.actor}; });
  if (!stopping || runs || !stopped)
    return;
  stopped->deliver(shards_stopped{});
  stopped.reset();
  if (queue)
    caf::anon_send_exit(queue, caf::exit_reason::user_shutdown);
  self->quit(caf::exit_reason::user_shutdown);
}

shard_set_actor::behavior_type shard_set(shard_set_actor::stateful_pointer<shard_set_state> self,
                                         shard_set_dependencies deps) {
  self->state.random.seed(deps.seed);
  self->state.deps = std::move(deps);
  self->set_down_handler([self](const caf::down_msg& msg) { self->state.on_down(msg); });
  // An actor that cannot take an order answers with an error, which by default would end this one.
  self->set_error_handler(
    [](caf::error& err) { log::warn("The shard set was answered with an error: {}", to_string(to_error(err))); });
  return {
    [self](const session_checkpoint& msg) { self->state.on_checkpoint(msg); },
    [self](const shard_exited& msg) { self->state.on_fatal(msg); },
    [self](const start_shards&) { self->state.start(); },
    [self](retry_due msg) { self->state.on_due(msg.epoch); },
    [self](const submit_command& order, snowflake guild) { return self->state.submit(order, guild); },
    [self](const submit_command& order, std::uint32_t index) { return self->state.submit(order, index); },
    [self](const shard_set_status_request&) { return self->state.status(); },
    [self](const stop_shards& order) { return self->state.stop(order); },
  };
}

} // namespace troupe
