// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/config/config.hpp"
