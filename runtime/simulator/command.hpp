// SPDX-License-Identifier: BSD-3-Clause
// `troupe simulate`: the local Discord as a program.
#pragma once

namespace troupe::simulator {

/// Serves until SIGINT, SIGTERM or the end of `--duration`. Prints one JSON line when it is up and one at the end.
/// `argv[0]` is the command's name.
/// @returns The exit code: 0, 1 with `--fail-on-breach` where there were breaches, 78 for a wrong option.
int run_simulate(int argc, char** argv);

} // namespace troupe::simulator
