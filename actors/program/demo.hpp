// SPDX-License-Identifier: BSD-3-Clause
// `troupe demo`: a local Discord with traffic and faults, the ping bot, and a live status table, in one process.
#pragma once

namespace troupe {

/// Runs until Ctrl-C or for `--seconds`.
/// @returns the exit code: 0 where every shard became ready and no rule of Discord's was broken, else 1 or that of the
///   error.
int run_demo(int argc, char** argv);

} // namespace troupe
