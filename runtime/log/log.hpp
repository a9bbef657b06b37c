// SPDX-License-Identifier: BSD-3-Clause
// The log: sentences with the actor as subject, as text or JSON lines on stderr. Separate from spdlog's own functions
// so that the token is taken out of every line (promise P11) and few sources need spdlog's headers.
#pragma once

#include "messages/error.hpp"

#include "runtime/secret.hpp"

#include <fmt/core.h>

#include <cstdint>
#include <cstdio>
#include <string_view>

namespace troupe::log {

/// How grave a line is.
enum class level : std::uint8_t { trace, debug, info, warn, error };

/// Sets the log up; before it, lines of level info and above are written as text. Also becomes spdlog's default logger,
/// so that a bot's own spdlog lines look alike and are redacted alike. Not to be called while others log.
/// @param lowest trace, debug, info, warn, error or off.
/// @param format text or json.
/// @param out Where lines go; stays open until the next call.
/// @returns `errc::invalid_configuration` for other names.
result<void> configure(std::string_view lowest, std::string_view format, std::FILE* out = stderr);

/// From now on this text appears as "[token]" in every line. Thread-safe. Texts of less than four characters are
/// ignored: they would blank out ordinary words.
void redact(const secret& token);

/// Whether a line of this level would be written. Thread-safe.
[[nodiscard]] bool enabled(level how) noexcept;

/// Writes one line. Thread-safe.
void write(level how, std::string_view message) noexcept;

/// Formats and writes one line.
void write_formatted(level how, fmt::string_view format, fmt::format_args args) noexcept;

/// For following single messages; off by default.
template <class... Args>
void trace(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(level::trace))
    write_formatted(level::trace, format, fmt::make_format_args(args...));
}

/// For finding out why something happened; off by default.
template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(level::debug))
    write_formatted(level::debug, format, fmt::make_format_args(args...));
}

/// What an operator wants to see on a good day.
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(level::info))
    write_formatted(level::info, format, fmt::make_format_args(args...));
}

/// Something went wrong and the runtime deals with it.
template <class... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(level::warn))
    write_formatted(level::warn, format, fmt::make_format_args(args...));
}

/// Somebody must act.
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(level::error))
    write_formatted(level::error, format, fmt::make_format_args(args...));
}

} // namespace troupe::log
