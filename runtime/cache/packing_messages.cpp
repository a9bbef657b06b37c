// SPDX-License-Identifier: BSD-3-Clause
// Apart from the other objects: a message has nearly all of them inside.
#include "messages/discord/message.hpp"

#include "runtime/cache/packing_impl.hpp"

TROUPE_PACKS(message);
