// SPDX-License-Identifier: BSD-3-Clause
// What the program really has on its heap, counted by operators new and delete of its own: the judge of byte counts.
#pragma once

#include <cstddef>

namespace troupe::testing {

/// What all blocks together take now, with the allocator's own words.
[[nodiscard]] std::size_t heap_bytes() noexcept;

} // namespace troupe::testing
