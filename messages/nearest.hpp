// SPDX-License-Identifier: BSD-3-Clause
// "Did you mean ...?": finds the known name that a mistyped one is nearest to. Every error about an unknown name uses
// it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace troupe {

/// The known name with the fewest edits from `typed`, ignoring case; empty where none is near (more than a third of its
/// letters differ).
[[nodiscard]] std::string_view nearest_name(std::string_view typed, std::span<const std::string_view> known);

/// ", did you mean NAME?", or nothing where no known name is near.
[[nodiscard]] std::string did_you_mean(std::string_view typed, std::span<const std::string_view> known);

} // namespace troupe
