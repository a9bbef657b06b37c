// SPDX-License-Identifier: BSD-3-Clause
#include "actors/node_agent.hpp"

#include "messages/inspect.hpp"
#include "messages/shard.hpp"

#include "runtime/codec/json.hpp"
#include "runtime/log/log.hpp"
#include "runtime/net/url.hpp"

#include "actors/supervision/carry_exceptions.hpp"
#include "actors/supervision/child_spec.hpp"
#include "actors/system.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace troupe {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds backoff_min = 1s;
constexpr milliseconds backoff_max = 60s;
constexpr auto rest_patience = 60s;
// As in configuration: more is a mistake, whoever made it.
constexpr std::uint32_t shards_max = 65'536;
// A shard counts as started when it handled its first message.
constexpr auto start_patience = 60s;

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
  if (gateway->shards > shards_max)
    return error{errc::not_a_gateway, "GET /gateway/bot recommends " + std::to_string(gateway->shards) + " shards"};
  return gateway;
}

} // namespace

node_agent_state::node_agent_state(node_agent_actor::pointer self) : self{self} {
  // nop
}

// -- first contact ------------------------------------------------------------------------------------

void node_agent_state::start(node_agent_dependencies with) {
  deps = std::move(with);
  random.seed(deps.seed);
  asked_first = self->clock().now();
  ask_gateway();
}

void node_agent_state::ask_gateway() {
  ++tries;
  self->request(deps.rest, rest_patience, rest_request{.method = "GET", .path = "/gateway/bot", .body = {}})
    .then([this](const rest_response& answer) { on_gateway(answer); },
          [this](const caf::error& err) { retry_or_fail(to_error(err)); });
}

void node_agent_state::on_gateway(const rest_response& answer) {
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
  *deps.contacted = true;
  const auto& limit = gateway->session_start_limit;
  log::info("The node agent starts shards {} to {} of {} (max_concurrency {}, {} of {} session starts left).",
            selection->first, *selection->last, *selection->count, limit.max_concurrency, limit.remaining, limit.total);
  // Before any shard can ask it for anything.
  self->send(deps.queue, limit);
  start_shards(*selection, gateway->url);
}

result<config::shard_selection> node_agent_state::selected(const gateway_bot& gateway) const {
  auto selection = deps.selection;
  selection.count = selection.count.value_or(gateway.shards);
  selection.last = selection.last.value_or(*selection.count - 1);
  if (*selection.count == 0 || selection.first > *selection.last || *selection.last >= *selection.count)
    return error{errc::shard_out_of_range, "shards " + std::to_string(selection.first) + "-"
                                             + std::to_string(*selection.last) + " of "
                                             + std::to_string(*selection.count)};
  return selection;
}

void node_agent_state::retry_or_fail(error reason) {
  auto waited = self->clock().now() - asked_first;
  if (remedy_for(reason.code) != remedy::retry || (waited >= deps.first_contact && !*deps.contacted)) {
    fail(reason);
    return;
  }
  auto cap = std::min(backoff_max, backoff_min * (1u << std::min(tries, 6u)));
  milliseconds wait{std::uniform_int_distribution<std::int64_t>{backoff_min.count() / 2, cap.count()}(random)};
  if (!*deps.contacted) // The last try is at the end of the first contact, however long the backoff has grown.
    wait = std::min(wait, std::chrono::ceil<milliseconds>(deps.first_contact - waited));
  log::warn("The node agent could not ask GET /gateway/bot and tries again in {} ms: {}", wait.count(),
            to_string(reason));
  tell_after(self, wait, retry_due{tries});
}

void node_agent_state::fail(const error& reason) {
  if (deps.runner)
    caf::anon_send(deps.runner, run_failed{reason.code, reason.detail});
}

// -- shards -------------------------------------------------------------------------------------------

void node_agent_state::start_shards(const config::shard_selection& selection, const std::string& main_url) {
  self->send(deps.shard_set, shards_planned{*selection.count, selection.first, *selection.last});
  for (auto index = selection.first; index <= *selection.last; ++index) {
    shard_id shard{index, *selection.count};
    if (auto order = deps.make_shard(shard, main_url))
      start_bots(shard, std::move(*order));
  }
}

void node_agent_state::start_bots(shard_id shard, start_child then) {
  auto orders = deps.make_bots ? deps.make_bots(shard) : std::vector<std::pair<supervisor_actor, start_child>>{};
  if (orders.empty())
    return start_shard(shard, std::move(then));
  auto left = std::make_shared<std::size_t>(orders.size());
  for (auto& [supervisor, order] : orders) {
    // A bot that does not start does not keep the shard from it: its supervisor goes on trying.
    auto done = [this, shard, left, then] {
      if (--*left == 0)
        start_shard(shard, then);
    };
    self->request(supervisor, start_patience, std::move(order))
      .then([done](const children_done&) { done(); },
            [done, shard](const caf::error& err) {
              if (auto why = to_error(err); why.code != errc::invalid_child_spec)
                log::error("A bot of shard {} did not start: {}", to_string(shard), to_string(why));
              done();
            });
  }
}

void node_agent_state::start_shard(shard_id shard, start_child order) {
  self->request(deps.shards, start_patience, std::move(order))
    .then([](const children_done&) {},
          [shard](const caf::error& err) {
            // It runs already where this node agent is a successor.
            if (auto why = to_error(err); why.code != errc::invalid_child_spec)
              log::error("Shard {} did not start: {}", shard.index, to_string(why));
          });
}

node_agent_actor::behavior_type node_agent(node_agent_actor::stateful_pointer<node_agent_state> self,
                                           node_agent_dependencies deps) {
  carry_exceptions(self, node_agent_state::name);
  // An actor that cannot take a message answers with an error, which by default would end this one.
  self->set_error_handler(
    [](caf::error& err) { log::warn("The node agent was answered with an error: {}", to_string(to_error(err))); });
  self->state.start(std::move(deps));
  return {
    [self](const retry_due&) { self->state.ask_gateway(); },
  };
}

} // namespace troupe
