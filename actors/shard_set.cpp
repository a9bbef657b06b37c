// SPDX-License-Identifier: BSD-3-Clause
#include "actors/shard_set.hpp"

#include "messages/inspect.hpp"

#include "runtime/log/log.hpp"

#include "actors/supervision/carry_exceptions.hpp"
#include "actors/system.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace troupe {

namespace {

using namespace std::chrono_literals;

constexpr auto status_patience = 2s;

} // namespace

shard_set_state::shard_set_state(shard_set_actor::pointer self) : self{self} {
  // nop
}

// -- who is where ---------------------------------------------------------------------------------------

void shard_set_state::on_plan(const shards_planned& plan) {
  count = plan.count;
  for (auto index = plan.first; index <= plan.last; ++index)
    members[index].last.shard = {index, count};
}

void shard_set_state::on_created(const shard_created& msg, const shard_actor& shard) {
  auto& member = members[msg.shard.index];
  member.actor = shard;
  member.last.shard = msg.shard;
  self->monitor(shard);
  if (stopping)
    self->send(shard, stop_shard{stopping->resumable});
}

void shard_set_state::on_down(const caf::actor_addr& who) {
  for (auto& [index, member] : members)
    if (member.actor && member.actor.address() == who)
      member.actor = nullptr;
  finish_if_empty();
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

template <class Done>
void shard_set_state::refresh(Done done) {
  auto left = std::make_shared<std::size_t>(1);
  // The last answer, or its deadline, makes the whole.
  auto arrived = [left, done]() mutable {
    if (--*left == 0)
      done();
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
}

caf::result<shard_set_status> shard_set_state::status() {
  auto promise = self->make_response_promise<shard_set_status>();
  refresh([this, promise]() mutable {
    shard_set_status all{.count = count, .shards = {}};
    for (auto& [index, member] : members)
      all.shards.push_back(member.last);
    promise.deliver(std::move(all));
  });
  return promise;
}

void shard_set_state::on_fatal(const shard_exited& msg) {
  members[msg.shard.index].fatal = true;
  error reason{msg.reason, msg.detail};
  refresh([this, shard = msg.shard, reason] {
    auto serves = std::any_of(members.begin(), members.end(), [](const auto& one) {
      return !one.second.fatal && one.second.last.identifies + one.second.last.resumes > 0;
    });
    // Whoever serves goes on serving: one shard whose approval lapsed must not take the others with it.
    if (serves)
      log::error("Shard {} ends for good: {}", to_string(shard), to_string(reason));
    else if (deps.runner)
      caf::anon_send(deps.runner, run_failed{reason.code, reason.detail});
  });
}

caf::result<shards_stopped> shard_set_state::stop(const stop_shards& order) {
  stopping = order;
  stopped = self->make_response_promise<shards_stopped>();
  auto promise = *stopped;
  for (auto& [index, member] : members)
    if (member.actor)
      self->send(member.actor, stop_shard{order.resumable});
  tell_after(self, deps.farewell, retry_due{});
  finish_if_empty();
  return promise;
}

void shard_set_state::finish_if_empty() {
  auto runs = std::any_of(members.begin(), members.end(), [](const auto& one) { return bool{one.second.actor}; });
  if (!runs && stopped)
    std::exchange(stopped, std::nullopt)->deliver(shards_stopped{});
}

void shard_set_state::give_up_waiting() {
  if (stopped)
    std::exchange(stopped, std::nullopt)->deliver(shards_stopped{});
}

shard_set_actor::behavior_type shard_set(shard_set_actor::stateful_pointer<shard_set_state> self,
                                         shard_set_dependencies deps) {
  carry_exceptions(self, shard_set_state::name);
  self->state.deps = std::move(deps);
  self->set_down_handler([self](const caf::down_msg& msg) { self->state.on_down(msg.source); });
  // An actor that cannot take an order answers with an error, which by default would end this one.
  self->set_error_handler(
    [](caf::error& err) { log::warn("The shard set was answered with an error: {}", to_string(to_error(err))); });
  return {
    [self](const shard_exited& msg) { self->state.on_fatal(msg); },
    [self](const shards_planned& plan) { self->state.on_plan(plan); },
    [self](const shard_created& msg, const shard_actor& shard) { self->state.on_created(msg, shard); },
    [self](const retry_due&) { self->state.give_up_waiting(); },
    [self](const submit_command& order, snowflake guild) { return self->state.submit(order, guild); },
    [self](const submit_command& order, std::uint32_t index) { return self->state.submit(order, index); },
    [self](const shard_set_status_request&) { return self->state.status(); },
    [self](const stop_shards& order) { return self->state.stop(order); },
  };
}

} // namespace troupe
