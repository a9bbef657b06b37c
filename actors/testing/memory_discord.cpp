// SPDX-License-Identifier: BSD-3-Clause
#include "actors/testing/memory_discord.hpp"

#include "messages/inspect.hpp"
#include "messages/shard.hpp"

#include "actors/system.hpp"

#include <caf/actor_clock.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <utility>

namespace troupe::testing {

namespace {

constexpr std::chrono::seconds http_deadline{15};

simulator::options with_names(simulator::options opts) {
  opts.gateway_url = "wss://gateway.memory";
  opts.resume_url = "wss://resume.memory";
  return opts;
}

struct ticker_state {
  static inline const char* name = "memory_discord";
  std::shared_ptr<memory_discord> discord;
  std::uint64_t epoch = 0;
};

ticker_actor::behavior_type ticker(ticker_actor::stateful_pointer<ticker_state> self,
                                   std::shared_ptr<memory_discord> discord) {
  self->state.discord = std::move(discord);
  return {
    [self](const retry_due& due) {
      auto& state = self->state;
      if (due.epoch != 0 && due.epoch != state.epoch)
        return; // Something else was planned since.
      if (auto next = state.discord->tick())
        tell_after(self, std::max(*next - state.discord->now(), simulator::clock::duration{0}),
                   retry_due{++state.epoch});
    },
  };
}

} // namespace

memory_discord::memory_discord(caf::actor_system& sys, simulator::options opts)
  : system_{sys}, model_{with_names(std::move(opts)), sys.scheduler().clock().now()} {
  // nop
}

std::shared_ptr<memory_discord> memory_discord::make(caf::actor_system& sys, simulator::options opts) {
  std::shared_ptr<memory_discord> made{new memory_discord{sys, std::move(opts)}};
  made->ticker_ = sys.spawn(ticker, made);
  return made;
}

void memory_discord::stop() {
  caf::anon_send_exit(std::exchange(ticker_, nullptr), caf::exit_reason::user_shutdown);
}

simulator::clock::time_point memory_discord::now() const {
  return system_.scheduler().clock().now();
}

std::string memory_discord::api_url() {
  return "https://discord.memory/api/v10";
}

void memory_discord::deliver() {
  for (auto& one : model_.take_effects(now())) {
    auto found = sinks_.find(one.connection);
    if (found == sinks_.end())
      continue;
    auto last = one.kind == simulator::effect_kind::close || one.kind == simulator::effect_kind::drop;
    found->second(std::move(one));
    if (last)
      sinks_.erase(found);
  }
}

std::optional<simulator::clock::time_point> memory_discord::next_due() const {
  auto next = model_.next_due();
  if (!late_.empty())
    next = next ? std::min(*next, late_.begin()->first) : late_.begin()->first;
  return next;
}

void memory_discord::pump() {
  deliver();
  auto next = next_due();
  if (!ticker_ || !next || (planned_ && *planned_ <= *next))
    return;
  planned_ = next;
  caf::anon_send(ticker_, retry_due{0});
}

std::optional<simulator::clock::time_point> memory_discord::tick() {
  std::lock_guard guard{mutex_};
  model_.tick(now());
  deliver();
  while (!late_.empty() && late_.begin()->first <= now())
    late_.extract(late_.begin()).mapped()();
  planned_ = next_due();
  return planned_;
}

memory_discord::dialled memory_discord::open(const std::string& url, sink to) {
  std::lock_guard guard{mutex_};
  auto& names = model_.settings();
  auto resumes = url.starts_with(names.resume_url);
  if (!resumes && !url.starts_with(names.gateway_url))
    return {0, errc::resolve_failed, url, false};
  auto host = resumes ? simulator::host_kind::resume : simulator::host_kind::main;
  auto state = model_.state_of(host, now());
  if (state == simulator::host_state::refuses)
    return {0, errc::connect_failed, "refused", false};
  if (state == simulator::host_state::hangs)
    return {0, errc::connect_timeout, "no answer", true};
  if (model_.tls_fails(now()))
    return {0, errc::tls_failed, "no TLS", false};
  auto target = url.substr(resumes ? names.resume_url.size() : names.gateway_url.size());
  auto answer = model_.open(host, target, now());
  if (answer.connection == 0 && answer.refusal.hang)
    return {0, errc::connect_timeout, "no answer", true};
  if (answer.connection == 0)
    return {0, errc::upgrade_refused, std::to_string(answer.refusal.status), false};
  sinks_.emplace(answer.connection, std::move(to));
  pump();
  return {answer.connection, errc::none, {}, false};
}

void memory_discord::on_frame(simulator::connection_id from, std::string text) {
  std::lock_guard guard{mutex_};
  frame what{std::move(text), false};
  model_.on_frame(from, what, now());
  pump();
  if (observer_)
    observer_(model_, from, what.bytes);
}

void memory_discord::on_closed(simulator::connection_id from, std::uint16_t code) {
  std::lock_guard guard{mutex_};
  sinks_.erase(from);
  model_.on_closed(from, code, now());
  pump();
}

void memory_discord::hold(simulator::connection_id which, bool full) {
  std::lock_guard guard{mutex_};
  model_.hold(which, full, now());
  pump();
}

std::size_t memory_discord::dispatch(std::uint32_t shard, std::string_view event, std::string_view json) {
  std::lock_guard guard{mutex_};
  auto reached = model_.dispatch(shard, event, json, now());
  pump();
  return reached;
}

void memory_discord::watch(observer who) {
  std::lock_guard guard{mutex_};
  observer_ = std::move(who);
}

void memory_discord::inject(const simulator::fault& what) {
  std::lock_guard guard{mutex_};
  model_.inject(what, now());
  pump();
}

std::function<void(net::http_request, std::function<void(result<net::http_response>)>)> memory_discord::transport() {
  return [discord = shared_from_this()](net::http_request request, auto done) {
    simulator::http_request asked{request.method, request.where.target, {{"user-agent", "DiscordBot"}}, request.body};
    for (auto [name, value] : request.headers) {
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      asked.headers[name] = value;
    }
    if (!asked.body.empty())
      asked.headers.try_emplace("content-type", "application/json");
    std::lock_guard guard{discord->mutex_};
    auto reply = discord->model_.on_request(asked, discord->now());
    std::function<void()> answer = [reply, done] {
      if (reply.hang)
        return done(error{errc::http_failed, "timed out"});
      net::http_response response{reply.status, {{"content-type", reply.content_type}}, reply.body};
      for (auto [name, value] : reply.headers) {
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        response.headers[name] = value;
      }
      done(std::move(response));
    };
    if (reply.hang || reply.late.count() > 0)
      discord->late_.emplace(discord->now() + (reply.hang ? http_deadline : reply.late), std::move(answer));
    else
      answer();
    discord->pump();
  };
}

} // namespace troupe::testing
