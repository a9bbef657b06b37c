// SPDX-License-Identifier: BSD-3-Clause
#include "messages/shard_id.hpp"
