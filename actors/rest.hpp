// SPDX-License-Identifier: BSD-3-Clause
// REST: calls Discord's API with the bot's token. A first cut without buckets: it waits where Discord says so, repeats
// what is safe to repeat, and goes silent once the token was refused (protocol 7).
#pragma once

#include "messages/interfaces.hpp"
#include "messages/rest.hpp"

#include "runtime/net/http_client.hpp"
#include "runtime/secret.hpp"

#include <caf/result.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>

namespace troupe {

/// What the REST actor needs.
struct rest_dependencies {
  /// Puts a request on the wire and calls back once, from any thread: `net::http_client::send`.
  std::function<void(net::http_request, std::function<void(result<net::http_response>)>)> transport;
  /// For example https://discord.com/api/v10.
  std::string api_url;
  secret token;
  /// Requests under way or waiting; more are refused with `errc::queue_full`.
  std::size_t capacity = 1000;
  /// How often a request is repeated.
  std::uint32_t repeats = 3;
  /// Seeds jitter.
  std::uint64_t seed = 0;
};

/// The requests that have no answer yet.
struct rest_state {
  static inline const char* name = "rest";

  explicit rest_state(rest_wire_actor::pointer self);

  [[nodiscard]] caf::result<rest_response> on_request(const rest_request& request);
  void on_answer(const rest_answered& answer);
  void on_due(std::uint64_t ticket);

  /// One request and how often it was repeated.
  struct pending {
    rest_request request;
    caf::typed_response_promise<rest_response> promise;
    std::uint32_t repeats = 0;
  };

  rest_wire_actor::pointer self;
  /// As given to `rest`; `random` makes jitter of its seed.
  rest_dependencies deps;
  std::mt19937_64 random;
  /// By the number that goes along.
  std::map<std::uint64_t, pending> requests;
  std::uint64_t last_ticket = 0;
  /// Discord answered 401: every further call counts against the bot (protocol 7.4).
  bool token_refused = false;

private:
  void transmit(std::uint64_t ticket);
  [[nodiscard]] bool repeat(std::uint64_t ticket, pending& what, const rest_answered& answer);
};

/// Answers with Discord's response whatever its status. A 429 is repeated after the time that Discord names, a failed
/// or 5xx GET after a growing pause; after a 401 everything is refused with `errc::authentication_failed`.
rest_wire_actor::behavior_type rest(rest_wire_actor::stateful_pointer<rest_state> self, rest_dependencies deps);

} // namespace troupe
