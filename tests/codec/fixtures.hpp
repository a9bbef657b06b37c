// SPDX-License-Identifier: BSD-3-Clause
// The payloads of fixtures/: written by hand, as Discord sends them. For tests of the codec, and of what carries
// events.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace troupe::testing {

/// One payload: the `d` of a dispatch.
struct fixture {
  /// The file without its ending: the event, and a variant where there are several.
  std::string name;
  std::string text;

  /// The `t` of the dispatch.
  [[nodiscard]] std::string_view event() const {
    return std::string_view{name}.substr(0, name.find('.'));
  }
};

/// All of them, by name.
[[nodiscard]] const std::vector<fixture>& fixtures();

} // namespace troupe::testing
