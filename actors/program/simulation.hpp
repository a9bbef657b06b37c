// SPDX-License-Identifier: BSD-3-Clause
// `troupe simulation`: the whole tree in virtual time under random faults.
#pragma once

namespace troupe {

/// Reads its options, runs, prints one line of JSON. @returns 0 where every promise was kept, 70 where one was broken,
/// 78 for a wrong option.
[[nodiscard]] int run_simulation(int argc, char** argv);

} // namespace troupe
