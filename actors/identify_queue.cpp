// SPDX-License-Identifier: BSD-3-Clause
#include "actors/identify_queue.hpp"

#include "messages/shard.hpp"

#include "runtime/buggify.hpp"
#include "runtime/log/log.hpp"

#include "actors/supervision/carry_exceptions.hpp"
#include "actors/system.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace troupe {

namespace {

// Delayed messages keep the actor alive until they are due, and the wall clock may be set meanwhile: look again at
// least this often.
constexpr std::chrono::milliseconds longest_nap{60'000};

// A part of the session starts is kept for sessions that were lost.
constexpr std::uint32_t reserve_share = 10;

std::string_view what_happens_next(hold_reason reason) {
  switch (reason) {
  case hold_reason::none:
    break;
  case hold_reason::budget_exhausted:
    return "no session start is left; shards wait for Discord's reset";
  case hold_reason::reserve_reached:
    return "only the reserve is left; sessions that were lost come back, first starts wait for Discord's reset";
  case hold_reason::breaker_open:
    return "too many identifies in a row ended without READY; it tries one shard when the pause is over";
  case hold_reason::store_failed:
    return "the ledger cannot be written, so nobody may identify; it tries again";
  }
  return "permits flow";
}

} // namespace

identify_queue_state::identify_queue_state(identify_queue_actor::pointer self) : self{self} {
  // nop
}

void identify_queue_state::start(identify_queue_dependencies deps) {
  now = std::move(deps.now);
  ledger = std::move(deps.ledger);
  settings = std::move(deps.settings);
  reserve = deps.reserve;
  auto loaded = ledger->load();
  if (!loaded) {
    // What was used up is unknown, and going on would overwrite it.
    log::error("The identify queue cannot read its ledger and ends: {}", to_string(loaded.error()));
    self->quit(make_error(loaded.error().code, loaded.error().detail));
    return;
  }
  remembered = std::move(*loaded);
  if (settings.limit.total > 0)
    queue.emplace(settings, remembered, now());
}

void identify_queue_state::on_limit(const session_start_limit& limit) {
  if (!queue) {
    settings.limit = limit;
    settings.reserve = reserve.value_or(limit.total / reserve_share);
    queue.emplace(settings, remembered, now());
  }
  // Only Discord's word, said while the queue runs, can give budget back (`identify_queue::use_limit`).
  decide(&gateway::identify_queue::use_limit, limit);
}

identify_queue_status identify_queue_state::status() const {
  return queue ? queue->status(now()) : identify_queue_status{};
}

void identify_queue_state::join(const join_identify_queue& msg, const identify_client_actor& client) {
  auto& known = clients[msg.shard];
  if (known != client) {
    if (known)
      decide(&gateway::identify_queue::forget, msg.shard); // Its successor is quicker than the news of its death.
    known = client;
    self->monitor(client);
  }
  decide(&gateway::identify_queue::join, msg);
}

void identify_queue_state::on_client_down(const caf::down_msg& msg) {
  auto died = std::find_if(clients.begin(), clients.end(),
                           [&](const auto& known) { return known.second.address() == msg.source; });
  if (died == clients.end())
    return;
  auto shard = died->first;
  clients.erase(died);
  decide(&gateway::identify_queue::forget, shard);
}

void identify_queue_state::on_due(std::uint64_t due_epoch) {
  if (due_epoch != epoch)
    return;
  wakes_at.reset();
  decide(&gateway::identify_queue::tick);
}

void identify_queue_state::perform(const gateway::queue_actions& actions) {
  // Told when the list is done: where the ledger still cannot be written, the hold that seemed to end goes on.
  const gateway::hold_changed* change = nullptr;
  for (const auto& action : actions) {
    if (auto* order = std::get_if<gateway::tell_prepare>(&action)) {
      if (auto client = clients.find(order->shard); client != clients.end())
        self->send(client->second, prepare_identify{order->ticket});
    } else if (auto* granted = std::get_if<gateway::tell_granted>(&action)) {
      if (auto client = clients.find(granted->shard); client != clients.end())
        self->send(client->second, permit_granted{granted->ticket});
    } else if (auto* newer = std::get_if<gateway::hold_changed>(&action)) {
      change = newer;
    } else if (auto* order = std::get_if<gateway::save_ledger>(&action); order != nullptr && !save(order->state)) {
      // What follows counts on the ledger: it must not happen.
      decide(&gateway::identify_queue::on_store_failed);
      return;
    }
  }
  if (change != nullptr)
    report(*change);
  arm();
}

bool identify_queue_state::save(const gateway::ledger_state& state) {
  auto saved = ledger->save(state);
  if (TROUPE_BUGGIFY("the queue crashes after it saved", 0.01))
    throw std::runtime_error{"provoked: the queue crashes after it saved"};
  // Once, however often it is tried.
  if (!saved && told != hold_reason::store_failed)
    log::error("The identify queue cannot write its ledger: {}", to_string(saved.error()));
  return saved.has_value();
}

void identify_queue_state::report(const gateway::hold_changed& change) {
  auto before = std::exchange(told, change.reason);
  if (before == hold_reason::store_failed && change.reason == before)
    return;
  if (change.reason == hold_reason::none) {
    log::info("The identify queue is open again: permits flow.");
    return;
  }
  log::warn("The identify queue holds all permits for {} s: {}.", change.until.count() / 1000,
            what_happens_next(change.reason));
  auto status = queue->status(now());
  if (status.waiting.empty())
    return;
  auto last = std::max_element(status.waiting.begin(), status.waiting.end(),
                               [](const auto& a, const auto& b) { return a.eta_ms < b.eta_ms; });
  log::warn("The identify queue has {} shards waiting; the last of them, {}, identifies in about {} s.",
            status.waiting.size(), to_string(last->shard), last->eta_ms / 1000);
}

void identify_queue_state::arm() {
  auto moment = now();
  auto due = queue->next_due(moment);
  if (!due)
    return;
  auto wake = std::min(*due, moment + longest_nap);
  if (wakes_at && *wakes_at <= wake)
    return; // An earlier timer looks again.
  wakes_at = wake;
  tell_after(self, std::max(wake - moment, std::chrono::milliseconds::zero()), retry_due{++epoch});
}

identify_queue_actor::behavior_type identify_queue(identify_queue_actor::stateful_pointer<identify_queue_state> self,
                                                   identify_queue_dependencies deps) {
  carry_exceptions(self, identify_queue_state::name);
  using queue = gateway::identify_queue;
  self->set_down_handler([self](const caf::down_msg& msg) { self->state.on_client_down(msg); });
  self->state.start(std::move(deps));
  return {
    [self](const join_identify_queue& msg, const identify_client_actor& client) { self->state.join(msg, client); },
    [self](const request_permit& msg) { self->state.decide(&queue::request, msg); },
    [self](const permit_committed& msg) { self->state.decide(&queue::commit, msg); },
    [self](const permit_spent& msg) { self->state.decide(&queue::spend, msg); },
    [self](const leave_identify_queue& msg) { self->state.decide(&queue::leave, msg); },
    [self](const identify_answered& msg) { self->state.decide(&queue::answered, msg); },
    [self](const session_start_limit& limit) { self->state.on_limit(limit); },
    [self](retry_due msg) { self->state.on_due(msg.epoch); },
    [self](const identify_queue_request&) { return self->state.status(); },
  };
}

} // namespace troupe
