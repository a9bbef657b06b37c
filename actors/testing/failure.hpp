// SPDX-License-Identifier: BSD-3-Clause
// How the test kit says that something is not as the test wants it. An exception, so that every test framework prints
// its sentence and none has to be known here.
#pragma once

#include <stdexcept>

namespace troupe::testing {

/// What the test expected did not happen, or what it asked for cannot be done; `what()` says it in a sentence, with
/// what was there instead.
class failure : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace troupe::testing
