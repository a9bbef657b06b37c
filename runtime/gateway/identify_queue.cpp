// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/identify_queue.hpp"
