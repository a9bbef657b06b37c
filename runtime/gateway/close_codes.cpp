// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/close_codes.hpp"

#include <algorithm>
#include <array>

namespace troupe::gateway {

namespace {

// Staff's rule (protocol 2.2): try to resume; if that fails, start anew. The rows below that differ say why by name.
constexpr std::array rules{
  close_rule{1000, "normal closure", after_close::resume_once, errc::connection_lost},
  close_rule{1001, "going away", after_close::resume, errc::reconnect_requested},
  close_rule{1005, "no close code", after_close::resume, errc::connection_lost},
  close_rule{1006, "connection broke", after_close::resume, errc::connection_lost},
  close_rule{1011, "internal error", after_close::wait_resume, errc::connection_lost},
  close_rule{1012, "service restart", after_close::wait_resume, errc::connection_lost},
  close_rule{1013, "try again later", after_close::wait_resume, errc::connection_lost},
  close_rule{1014, "bad gateway", after_close::wait_resume, errc::connection_lost},
  close_rule{4000, "unknown error", after_close::resume, errc::connection_lost},
  close_rule{4001, "unknown opcode", after_close::resume, errc::invalid_payload},
  close_rule{4002, "decode error", after_close::resume, errc::invalid_payload},
  close_rule{4003, "not authenticated", after_close::identify, errc::session_invalidated},
  close_rule{4004, "authentication failed", after_close::fail, errc::authentication_failed},
  close_rule{4005, "already authenticated", after_close::identify, errc::session_invalidated},
  close_rule{4006, "session no longer valid", after_close::identify, errc::session_invalidated},
  close_rule{4007, "invalid sequence", after_close::identify, errc::session_invalidated},
  close_rule{4008, "rate limited", after_close::wait_resume, errc::rate_limited},
  close_rule{4009, "session timed out", after_close::identify, errc::session_invalidated},
  close_rule{4010, "invalid shard", after_close::fail, errc::invalid_shard},
  close_rule{4011, "sharding required", after_close::fail, errc::sharding_required},
  close_rule{4012, "invalid API version", after_close::fail, errc::invalid_api_version},
  close_rule{4013, "invalid intents", after_close::fail, errc::invalid_intents},
  close_rule{4014, "disallowed intents", after_close::fail, errc::disallowed_intents},
};

constexpr bool before(const close_rule& rule, std::uint16_t code) {
  return rule.code < code;
}

static_assert(std::is_sorted(rules.begin(), rules.end(),
                             [](const close_rule& a, const close_rule& b) { return before(a, b.code); }));

constexpr close_rule undocumented{0, "undocumented", after_close::resume, errc::connection_lost};

} // namespace

std::span<const close_rule> close_rules() noexcept {
  return rules;
}

const close_rule& rule_for(std::uint16_t code) noexcept {
  const auto* found = std::lower_bound(rules.begin(), rules.end(), code, before);
  return found != rules.end() && found->code == code ? *found : undocumented;
}

} // namespace troupe::gateway
