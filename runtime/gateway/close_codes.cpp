// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/close_codes.hpp"
