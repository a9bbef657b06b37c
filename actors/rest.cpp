// SPDX-License-Identifier: BSD-3-Clause
#include "actors/rest.hpp"

#include "messages/inspect.hpp"
#include "messages/shard.hpp"

#include "runtime/codec/json.hpp"
#include "runtime/log/log.hpp"
#include "runtime/net/url.hpp"

#include "actors/supervision/carry_exceptions.hpp"
#include "actors/system.hpp"

#include <caf/send.hpp>

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace troupe {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds longest_wait = 60s;

std::string header(const std::map<std::string, std::string>& headers, const char* name) {
  auto found = headers.find(name);
  return found == headers.end() ? std::string{} : found->second;
}

// Nothing for what is no time to wait, a NaN for example.
std::optional<std::chrono::milliseconds> as_wait(double seconds) {
  if (!(seconds >= 0 && seconds <= 86'400))
    return std::nullopt;
  return std::chrono::milliseconds{static_cast<std::int64_t>(std::ceil(seconds * 1000))};
}

// How long a 429 asks to wait. The header is never shorter than the body's `retry_after` where both are there, and
// Cloudflare's HTML has only the header.
std::optional<std::chrono::milliseconds> wait_of(const rest_answered& answer) {
  const auto& text = answer.retry_after;
  double seconds = 0;
  auto [end, err] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (err == std::errc{})
    return as_wait(seconds);
  auto number = codec::find_number(answer.response.body, "retry_after");
  return number ? as_wait(*number) : std::nullopt;
}

} // namespace

rest_state::rest_state(rest_wire_actor::pointer self) : self{self} {
  // nop
}

caf::result<rest_response> rest_state::on_request(const rest_request& request) {
  if (token_refused)
    return make_error(errc::authentication_failed);
  if (requests.size() >= deps.capacity)
    return make_error(errc::queue_full, std::to_string(deps.capacity) + " REST requests wait");
  auto ticket = ++last_ticket;
  auto promise = self->make_response_promise<rest_response>();
  requests.emplace(ticket, pending{request, promise, 0});
  transmit(ticket);
  return promise;
}

void rest_state::transmit(std::uint64_t ticket) {
  const auto& request = requests.at(ticket).request;
  auto base = deps.api_url;
  while (base.ends_with('/'))
    base.pop_back();
  auto where = net::parse_url(base + request.path);
  auto self_handle = caf::actor_cast<rest_wire_actor>(self);
  auto done = [self_handle, ticket](result<net::http_response> got) {
    rest_answered answer{.ticket = ticket, .failure = {}, .detail = {}, .response = {}, .retry_after = {}};
    if (got) {
      answer.response = {got->status, header(got->headers, "content-type"), std::move(got->body)};
      answer.retry_after = header(got->headers, "retry-after");
    } else {
      answer.failure = got.error().code;
      answer.detail = got.error().detail;
    }
    caf::anon_send(self_handle, std::move(answer));
  };
  if (!where) {
    done(where.error());
    return;
  }
  deps.transport({request.method, *where, {{"Authorization", "Bot " + deps.token.reveal()}}, request.body}, done);
}

void rest_state::on_answer(const rest_answered& answer) {
  auto found = requests.find(answer.ticket);
  if (found == requests.end())
    return;
  if (repeat(answer.ticket, found->second, answer))
    return;
  auto promise = std::move(found->second.promise);
  requests.erase(found);
  if (answer.failure != errc::none) {
    promise.deliver(make_error(answer.failure, answer.detail));
    return;
  }
  if (answer.response.status == 401 && !token_refused) {
    token_refused = true;
    log::warn("REST got 401 from Discord and sends nothing more: the token was refused.");
  }
  promise.deliver(answer.response);
}

bool rest_state::repeat(std::uint64_t ticket, pending& what, const rest_answered& answer) {
  if (what.repeats >= deps.repeats || token_refused)
    return false;
  auto idempotent = what.request.method == "GET";
  auto troubled =
    answer.failure != errc::none ? remedy_for(answer.failure) == remedy::retry : answer.response.status >= 500;
  std::chrono::milliseconds wait{0};
  if (answer.failure == errc::none && answer.response.status == 429) {
    wait = wait_of(answer).value_or(longest_wait);
    if (wait > longest_wait)
      return false;
  } else if (troubled && idempotent) {
    std::uniform_int_distribution<std::int64_t> jitter{0, std::int64_t{500} << what.repeats};
    wait = std::chrono::milliseconds{jitter(random)};
  } else {
    return false;
  }
  ++what.repeats;
  log::debug("REST repeats {} {} in {} ms.", what.request.method, what.request.path, wait.count());
  tell_after(self, wait, retry_due{ticket});
  return true;
}

void rest_state::on_due(std::uint64_t ticket) {
  auto found = requests.find(ticket);
  if (found == requests.end())
    return;
  if (!token_refused) {
    transmit(ticket);
    return;
  }
  auto promise = std::move(found->second.promise);
  requests.erase(found);
  promise.deliver(make_error(errc::authentication_failed));
}

rest_wire_actor::behavior_type rest(rest_wire_actor::stateful_pointer<rest_state> self, rest_dependencies deps) {
  carry_exceptions(self, rest_state::name);
  self->state.random.seed(deps.seed);
  self->state.deps = std::move(deps);
  return {
    [self](const rest_request& request) { return self->state.on_request(request); },
    [self](const rest_answered& answer) { self->state.on_answer(answer); },
    [self](retry_due msg) { self->state.on_due(msg.epoch); },
  };
}

} // namespace troupe
