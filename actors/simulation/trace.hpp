// SPDX-License-Identifier: BSD-3-Clause
// What happened in a run, as text lines with the virtual time: two runs of one seed are equal if their traces are.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace troupe::simulation {

/// Virtual time.
using time_point = std::chrono::steady_clock::time_point;

/// A line for each fault, crash, lifecycle message, identify and resume. Remembers the last lines and a digest of all.
class trace {
public:
  /// @param keep How many lines to remember.
  explicit trace(std::size_t keep = 200) : keep_{keep} {
    // nop
  }

  /// Time is counted from here on.
  void begin(time_point now) {
    start_ = now;
  }

  /// Adds a line: "  12.345  text".
  void add(time_point now, std::string_view text);

  /// The lines that are remembered, oldest first.
  [[nodiscard]] const std::deque<std::string>& lines() const noexcept {
    return lines_;
  }

  /// Of all lines ever added (FNV-1a).
  [[nodiscard]] std::uint64_t digest() const noexcept {
    return digest_;
  }

private:
  std::size_t keep_;
  time_point start_;
  std::deque<std::string> lines_;
  std::uint64_t digest_ = 14'695'981'039'346'656'037u;
};

} // namespace troupe::simulation
