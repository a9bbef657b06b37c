// SPDX-License-Identifier: BSD-3-Clause
#include "messages/shard_id.hpp"

namespace troupe {

std::string to_string(shard_id id) {
  return std::to_string(id.index) + "/" + std::to_string(id.count);
}

} // namespace troupe
