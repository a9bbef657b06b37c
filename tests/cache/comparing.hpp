// SPDX-License-Identifier: BSD-3-Clause
// Asks a guild's state and the model everything, and says where they differ.
#pragma once

#include "runtime/cache/guild_state.hpp"

#include "tests/cache/model.hpp"

#include <string>

namespace troupe::testing {

/// The name of the first answer in which they differ; empty where they do not.
[[nodiscard]] std::string difference(const cache::guild_state& state, const model& right);

} // namespace troupe::testing
