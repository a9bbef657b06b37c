// SPDX-License-Identifier: BSD-3-Clause
// What benchmarks read off the process, and how they say it: one JSON object per line. What a field's name says about
// its value is in comparison.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace troupe::bench {

/// CPU time of all threads of the process so far.
[[nodiscard]] double process_cpu_seconds();

/// CPU time of this thread so far.
[[nodiscard]] double thread_cpu_seconds();

/// Two ways to do the same.
struct pair_of_times {
  double first = 0;
  double second = 0;
};

/// Measures both, one after the other, seven times. @returns the times of the round whose ratio is in the middle: what
/// the machine does beside slows some rounds, and most of its drift both times of a round alike.
[[nodiscard]] pair_of_times middle_of_rounds(const std::function<double()>& first,
                                             const std::function<double()>& second);

/// What all blocks on the heap take now, with the allocator's own words. Small blocks that a thread keeps for itself
/// count too: measure many objects.
[[nodiscard]] std::size_t heap_bytes();

/// The memory of this process that is in RAM.
[[nodiscard]] std::size_t resident_bytes();

/// A result.
class json_line {
public:
  /// @param bench the name of the benchmark.
  explicit json_line(std::string_view bench);

  /// A field. The texts of benchmarks need no escapes.
  json_line& with(std::string_view name, std::string_view value);
  json_line& with(std::string_view name, const char* value) {
    return with(name, std::string_view{value});
  }
  json_line& with(std::string_view name, std::uint64_t value);
  json_line& with(std::string_view name, double value, int digits);

  /// The line, without an end of line.
  [[nodiscard]] std::string text() const {
    return text_ + '}';
  }

  /// Writes it to the standard output, at once.
  void print() const;

private:
  std::string text_;
};

} // namespace troupe::bench
