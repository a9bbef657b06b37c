// SPDX-License-Identifier: BSD-3-Clause
// Everything that a test of a bot needs: `#include <troupe/testing.hpp>`. Any test framework will do: what fails throws
// `troupe::testing::failure`.
#pragma once

#include "actors/testing/deterministic.hpp"
#include "actors/testing/failure.hpp"
#include "actors/testing/stage.hpp"
#include "actors/troupe.hpp"
