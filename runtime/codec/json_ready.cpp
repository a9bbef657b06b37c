// SPDX-License-Identifier: BSD-3-Clause
#include "messages/discord/ready.hpp"

#include "runtime/codec/describe_json.hpp"

namespace troupe::codec {

TROUPE_JSON(ready)
TROUPE_JSON(resumed)
TROUPE_JSON(rate_limited_meta)
TROUPE_JSON(rate_limited)

} // namespace troupe::codec
