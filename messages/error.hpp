// SPDX-License-Identifier: BSD-3-Clause
// Every error that Troupe reports, with one sentence for people and one class for programs: who can act on it.
// Separate from CAF's own error type so that runtime/ can use it without actors.
#pragma once

#include <boost/describe/enum.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace troupe {

/// What went wrong. The values are grouped by `remedy`; `describe` has the sentence of each.
enum class errc : std::uint8_t {
  none = 0,

  // -- retry: the runtime tries again by itself --------------------------------------------------
  resolve_failed,
  connect_failed,
  tls_failed,
  upgrade_refused,
  connect_timeout,
  hello_timeout,
  ready_timeout,
  resume_timeout,
  heartbeat_unanswered,
  write_timeout,
  connection_lost,
  corrupt_stream,
  message_too_large,
  invalid_payload,
  session_invalidated,
  reconnect_requested,
  http_failed,
  http_status,
  rate_limited,
  identify_budget_exhausted,
  store_unavailable,
  dropped_by_reconnect,
  actor_unreachable,
  start_failed,
  gave_up,

  // -- fatal: Discord said no, restarting cannot help --------------------------------------------
  authentication_failed,
  invalid_shard,
  sharding_required,
  invalid_api_version,
  invalid_intents,
  disallowed_intents,
  certificate_rejected,
  not_a_gateway,

  // -- caller: what was asked for is wrong ---------------------------------------------------------
  invalid_configuration,
  unknown_option,
  unknown_intent,
  shard_out_of_range,
  insecure_url,
  payload_too_large,
  queue_full,
  not_ready,
  invalid_argument,
  unknown_event,
  invalid_child_spec,
  unknown_child,
  not_cached,
  cache_disabled,

  internal,
};

/// Who can act on an error.
enum class remedy : std::uint8_t {
  retry,  ///< It may pass: the runtime retries by itself, a caller may too.
  fatal,  ///< Discord refused for good: somebody must change a setting first.
  caller, ///< The request or the configuration is wrong as it stands.
};

/// Says in one sentence what happened, without a final full stop.
[[nodiscard]] std::string_view describe(errc code) noexcept;

/// Says in one sentence what to change or what happens next; empty where there is nothing to do.
[[nodiscard]] std::string_view advice(errc code) noexcept;

/// Says who can act on the error.
[[nodiscard]] remedy remedy_for(errc code) noexcept;

/// The name of the enumerator, for logs and JSON.
[[nodiscard]] std::string_view to_string(errc code) noexcept;

/// The process exit code for a run that ended with this error (design: 70, 75, 77, 78).
[[nodiscard]] int exit_code(errc code) noexcept;

/// An error with the details of this one case. A value type; never holds a token.
struct error {
  errc code = errc::none;
  /// The case at hand, for example a host name or an offending key; may be empty.
  std::string detail;

  explicit operator bool() const noexcept {
    return code != errc::none;
  }

  friend bool operator==(const error&, const error&) = default;
};

/// Renders "what happened: detail. What to change." for people.
[[nodiscard]] std::string to_string(const error& err);

/// Thrown by `result::value()` only; the code base checks results instead.
struct error_exception : std::runtime_error {
  explicit error_exception(error err);
  error reason;
};

/// Lets `result::value()` throw `error_exception`; Boost.System finds it by its name.
[[noreturn]] void throw_exception_from_error(const error& err, const boost::source_location& where);

/// A value or an error.
template <class T>
using result = boost::system::result<T, error>;

BOOST_DESCRIBE_ENUM(remedy, retry, fatal, caller)

} // namespace troupe
