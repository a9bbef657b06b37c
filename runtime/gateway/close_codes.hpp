// SPDX-License-Identifier: BSD-3-Clause
// What a close code means for the session: one table, as data (protocol 2.2, 2.3).
#pragma once

#include "messages/error.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace troupe::gateway {

/// What to do after a close.
enum class after_close : std::uint8_t {
  resume,      ///< The session lives: RESUME.
  resume_once, ///< One RESUME, then IDENTIFY (an unexplained 1000 from Discord).
  wait_resume, ///< RESUME, but only after a backoff (4008: we sent too much).
  identify,    ///< The session is gone: IDENTIFY through the queue.
  fail,        ///< Never reconnect.
};

/// One row.
struct close_rule {
  /// As on the wire; 0 in the row for codes that no row has.
  std::uint16_t code;
  /// In words, for logs.
  std::string_view name;
  /// What to do.
  after_close then;
  /// For `fail`: the error; otherwise what is reported.
  errc reason;
};

/// All rows, ordered by code.
[[nodiscard]] std::span<const close_rule> close_rules() noexcept;

/// The row for a code; codes that Discord does not document resume.
[[nodiscard]] const close_rule& rule_for(std::uint16_t code) noexcept;

} // namespace troupe::gateway
