// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/send_window.hpp"
