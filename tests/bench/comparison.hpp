// SPDX-License-Identifier: BSD-3-Clause
// Compares the JSON lines of two runs of the benchmarks. Only what a busy machine does not change is judged: ratios
// within a run, sizes, and counts of instructions. A field's name says which it is.
#pragma once

#include "messages/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::bench {

/// What a field is to a comparison.
enum class field_kind : std::uint8_t {
  key,         ///< Says what was measured; lines with equal keys are compared.
  orientation, ///< A time, a rate, or the size of all together: differs from machine to machine and is not judged.
  measure,     ///< A ratio or a size per piece: less is better, 15 % more is worse.
  count,       ///< Instructions: less is better, 2 % more is worse.
};

/// By its name: "...ratio...", "..._bytes_per_...", "..._kib_per_..." and "instructions_per_..." are judged; "..._us",
/// "..._seconds", "..._per_second", "..._bytes" and "..._kib" are not. Everything else is the key.
[[nodiscard]] field_kind kind_of(std::string_view field) noexcept;

/// One line.
struct result_line {
  /// The fields of the key: "bench=fan_out subscribers=4".
  std::string key;
  /// The fields that are judged, in their order.
  std::vector<std::pair<std::string, double>> values;
};

/// @param text lines with one flat JSON object each. Empty lines are skipped.
/// @returns `errc::invalid_payload` that names the line where one is something else.
[[nodiscard]] result<std::vector<result_line>> read_results(std::string_view text);

/// How a value compares.
enum class verdict : std::uint8_t {
  as_before, ///< Within the bound in both directions.
  better,
  worse,
  added,   ///< Not measured then.
  removed, ///< Not measured now.
};

/// One value, then and now.
struct compared {
  std::string key;
  std::string field;
  std::optional<double> then;
  std::optional<double> now;
  bench::verdict verdict = bench::verdict::as_before;
};

/// Every value of both, in the order of `now`; what is gone comes last. Of lines with equal keys the last one counts.
[[nodiscard]] std::vector<compared> compare(const std::vector<result_line>& then, const std::vector<result_line>& now);

/// "bench=fan_out subscribers=4: ratio 2.10, was 2.00, x 1.05". Whatever is not as before says so at the start.
[[nodiscard]] std::string to_text(const compared& what);

} // namespace troupe::bench
