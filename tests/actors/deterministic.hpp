// SPDX-License-Identifier: BSD-3-Clause
// The fixture of our own actor tests, under the name by which they call it.
#pragma once

#include "actors/testing/deterministic.hpp"

namespace troupe {

using testing::deterministic;

} // namespace troupe
