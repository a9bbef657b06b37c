// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/http_client.hpp"
