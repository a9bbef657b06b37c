// SPDX-License-Identifier: BSD-3-Clause
// Counts how often the interesting states were reached: a simulation that never gets there proves nothing about them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::simulation {

/// Counters by name. The names are listed in the source: hitting another one throws std::logic_error.
class sometimes {
public:
  sometimes();

  /// The state was reached.
  void hit(std::string_view name);

  /// Adds another run's.
  void add(const sometimes& other);

  /// Those that were never reached.
  [[nodiscard]] std::vector<std::string> missing() const;

  /// By name.
  [[nodiscard]] const std::map<std::string, std::uint64_t, std::less<>>& counts() const noexcept {
    return counts_;
  }

private:
  std::map<std::string, std::uint64_t, std::less<>> counts_;
};

} // namespace troupe::simulation
