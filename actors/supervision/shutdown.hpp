// SPDX-License-Identifier: BSD-3-Clause
// How a supervisor tells a child to end, and whether a successor follows. Separate from supervisor.hpp for those who
// are told.
#pragma once

#include <caf/error.hpp>

namespace troupe {

/// `exit_reason::user_shutdown`, as every comparison says; beside that it tells whether a successor follows: the child
/// is stopped with its siblings, or its supervisor crashed. OTP's `{shutdown, Term}`.
[[nodiscard]] caf::error shutdown_reason(bool again);

/// Whether this is a shutdown that a successor follows. What an actor holds for itself elsewhere then waits for that
/// one, as after a crash.
[[nodiscard]] bool precedes_restart(const caf::error& reason);

} // namespace troupe
