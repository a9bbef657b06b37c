// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/command_queue.hpp"
