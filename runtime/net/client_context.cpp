// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/client_context.hpp"
