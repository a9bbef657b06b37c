// SPDX-License-Identifier: BSD-3-Clause
#include "messages/error.hpp"

#include <algorithm>
#include <array>

namespace troupe {

namespace {

struct error_row {
  errc code;
  std::string_view name;
  remedy who;
  int exit_code;
  std::string_view what;
  std::string_view then;
};

constexpr auto temporary = 75;
constexpr auto refused = 77;
constexpr auto configuration = 78;
constexpr auto software = 70;

// Ordered as the enum; a test checks that no value is missing.
constexpr std::array rows{
  error_row{errc::none, "none", remedy::retry, 0, "nothing went wrong", ""},

  error_row{errc::resolve_failed, "resolve_failed", remedy::retry, temporary, "the host name could not be resolved",
            "Check the host name and this machine's DNS"},
  error_row{errc::connect_failed, "connect_failed", remedy::retry, temporary, "the host did not accept the connection",
            "Check that the address is right and reachable from this machine"},
  error_row{errc::tls_failed, "tls_failed", remedy::retry, temporary, "the TLS handshake failed",
            "Check that the port speaks TLS and that nothing on the way interferes"},
  error_row{errc::upgrade_refused, "upgrade_refused", remedy::retry, temporary,
            "the host refused to upgrade to a WebSocket", "It is tried again; check the address if it lasts"},
  error_row{errc::connect_timeout, "connect_timeout", remedy::retry, temporary,
            "the connection was not established in time", "Check that the host is reachable from this machine"},
  error_row{errc::hello_timeout, "hello_timeout", remedy::retry, temporary, "HELLO did not come in time", ""},
  error_row{errc::ready_timeout, "ready_timeout", remedy::retry, temporary, "READY did not come in time", ""},
  error_row{errc::resume_timeout, "resume_timeout", remedy::retry, temporary, "the resume made no progress in time",
            ""},
  error_row{errc::heartbeat_unanswered, "heartbeat_unanswered", remedy::retry, temporary,
            "nothing came for a whole heartbeat interval", ""},
  error_row{errc::write_timeout, "write_timeout", remedy::retry, temporary, "a write was blocked for too long", ""},
  error_row{errc::connection_lost, "connection_lost", remedy::retry, temporary, "the connection was lost", ""},
  error_row{errc::corrupt_stream, "corrupt_stream", remedy::retry, temporary,
            "the compressed stream cannot be read any further", ""},
  error_row{errc::message_too_large, "message_too_large", remedy::retry, temporary,
            "a message was larger than the limit", "Raise the limit if the message is legitimate"},
  error_row{errc::invalid_payload, "invalid_payload", remedy::retry, temporary, "a payload could not be understood",
            ""},
  error_row{errc::session_invalidated, "session_invalidated", remedy::retry, temporary,
            "Discord ended the session; a new one is needed", ""},
  error_row{errc::reconnect_requested, "reconnect_requested", remedy::retry, temporary, "Discord asked to reconnect",
            ""},
  error_row{errc::http_failed, "http_failed", remedy::retry, temporary, "the HTTP request got no usable answer", ""},
  error_row{errc::http_status, "http_status", remedy::retry, temporary, "the API answered with an error status", ""},
  error_row{errc::rate_limited, "rate_limited", remedy::retry, temporary, "Discord's rate limit was hit", ""},
  error_row{errc::identify_budget_exhausted, "identify_budget_exhausted", remedy::retry, temporary,
            "no session start is left", "Wait for the reset, and find out what used them up"},
  error_row{errc::store_unavailable, "store_unavailable", remedy::retry, temporary,
            "a file in the state folder cannot be used",
            "Check the folder that `state_dir` names: it must be writable, and one process per bot may use it"},
  error_row{errc::dropped_by_reconnect, "dropped_by_reconnect", remedy::retry, temporary,
            "the connection was replaced before this was sent", "Send it again if it still matters"},
  error_row{errc::actor_unreachable, "actor_unreachable", remedy::retry, temporary,
            "the actor that should answer is gone or did not answer in time", ""},
  error_row{errc::start_failed, "start_failed", remedy::retry, software, "a child of a supervisor did not start",
            "See its reason"},
  error_row{errc::gave_up, "gave_up", remedy::retry, software,
            "a supervisor restarted its children more often than its intensity allows", "See why they crash"},

  error_row{errc::authentication_failed, "authentication_failed", remedy::fatal, refused,
            "Discord refused the bot's token",
            "Set DISCORD_TOKEN to the token on the \"Bot\" page of the Developer Portal"},
  error_row{errc::invalid_shard, "invalid_shard", remedy::fatal, configuration, "Discord refused the shard",
            "Set `shards` to \"auto\", or to a count that Discord assigned to this bot"},
  error_row{errc::sharding_required, "sharding_required", remedy::fatal, configuration,
            "the shard would have too many guilds", "Set `shards` to \"auto\" or to a higher count"},
  error_row{errc::invalid_api_version, "invalid_api_version", remedy::fatal, configuration,
            "Discord does not serve this version of the gateway any more", "Update Troupe"},
  error_row{errc::invalid_intents, "invalid_intents", remedy::fatal, refused,
            "Discord does not know one of the intents", "Remove the intents that Discord does not document"},
  error_row{errc::disallowed_intents, "disallowed_intents", remedy::fatal, refused,
            "the bot may not use one of its privileged intents",
            "Enable guild_members, guild_presences or message_content on the \"Bot\" page of the Developer Portal, or "
            "remove them from `intents`"},
  error_row{errc::certificate_rejected, "certificate_rejected", remedy::fatal, configuration,
            "the host's certificate cannot be trusted",
            "Set TROUPE_CA_FILE to the PEM file of the authority that signed it, or check the host name"},
  error_row{errc::not_a_gateway, "not_a_gateway", remedy::fatal, configuration,
            "the address does not answer as Discord's API does",
            "Set `api_url` to the base of the API, for example https://discord.com/api/v10"},

  error_row{errc::invalid_configuration, "invalid_configuration", remedy::caller, configuration,
            "the configuration is wrong", ""},
  error_row{errc::unknown_option, "unknown_option", remedy::caller, configuration, "there is no such option", ""},
  error_row{errc::unknown_intent, "unknown_intent", remedy::caller, configuration, "there is no such intent", ""},
  error_row{errc::shard_out_of_range, "shard_out_of_range", remedy::caller, configuration, "the shard is out of range",
            ""},
  error_row{errc::insecure_url, "insecure_url", remedy::caller, configuration, "the address is not encrypted",
            "Use https or wss: http and ws are for loopback hosts only"},
  error_row{errc::payload_too_large, "payload_too_large", remedy::caller, software,
            "the payload is larger than Discord accepts", "Send less than 4096 bytes"},
  error_row{errc::queue_full, "queue_full", remedy::caller, temporary, "too much is waiting already",
            "Send less, or wait for the outcomes"},
  error_row{errc::not_ready, "not_ready", remedy::caller, temporary, "the shard has no session at the moment",
            "Wait until it is ready"},
  error_row{errc::invalid_argument, "invalid_argument", remedy::caller, software, "an argument is wrong", ""},
  error_row{errc::unknown_event, "unknown_event", remedy::caller, software, "there is no struct for this event",
            "Subscribe to it raw"},
  error_row{errc::invalid_child_spec, "invalid_child_spec", remedy::caller, configuration,
            "a supervisor cannot work with its specification", ""},
  error_row{errc::unknown_child, "unknown_child", remedy::caller, software, "the supervisor has no such child",
            "Ask it which_children"},
  error_row{errc::not_cached, "not_cached", remedy::caller, software, "the cache does not have it",
            "It was never seen, was evicted, is gone, or its resource is switched off"},
  error_row{errc::cache_disabled, "cache_disabled", remedy::caller, configuration, "this needs the guild caches",
            "Switch them on with `cache.resources`"},

  error_row{errc::internal, "internal", remedy::caller, software, "something went wrong inside the runtime",
            "Please report this with the log"},
};

static_assert(rows.size() == static_cast<std::size_t>(errc::internal) + 1);
static_assert(std::is_sorted(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.code < b.code; }));

const error_row& row(errc code) noexcept {
  auto index = static_cast<std::size_t>(code);
  return index < rows.size() ? rows[index] : rows.back();
}

} // namespace

std::string_view describe(errc code) noexcept {
  return row(code).what;
}

std::string_view advice(errc code) noexcept {
  return row(code).then;
}

remedy remedy_for(errc code) noexcept {
  return row(code).who;
}

std::string_view to_string(errc code) noexcept {
  return row(code).name;
}

int exit_code(errc code) noexcept {
  return row(code).exit_code;
}

std::string to_string(const error& err) {
  std::string text{describe(err.code)};
  if (!err.detail.empty())
    text.append(": ").append(err.detail);
  if (auto then = advice(err.code); !then.empty())
    text.append(text.ends_with('.') || text.ends_with('?') ? " " : ". ").append(then);
  if (!text.ends_with('.') && !text.ends_with('?'))
    text += '.';
  return text;
}

error_exception::error_exception(error err) : std::runtime_error{to_string(err)}, reason{std::move(err)} {
  // nop
}

void throw_exception_from_error(const error& err, const boost::source_location&) {
  throw error_exception{err};
}

} // namespace troupe
