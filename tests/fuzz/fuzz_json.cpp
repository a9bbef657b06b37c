// SPDX-License-Identifier: BSD-3-Clause
// Any text as every struct that comes from the network; what was decoded must survive a round trip.
#include "runtime/codec/compression.hpp"
#include "runtime/codec/json.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

template <class T>
void decode_as(std::string_view text) {
  auto got = troupe::codec::decode<T>(text);
  if (!got.has_value())
    return;
  auto again = troupe::codec::decode_copy<T>(troupe::codec::encode(*got));
  if (!again.has_value() || !(*again == *got))
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<char> bytes(size + troupe::codec::padding);
  if (size != 0)
    std::memcpy(bytes.data(), data, size);
  std::string_view text{bytes.data(), size};
  decode_as<troupe::ready>(text);
  decode_as<troupe::resumed>(text);
  decode_as<troupe::guild_create>(text);
  decode_as<troupe::guild_delete>(text);
  decode_as<troupe::message_create>(text);
  decode_as<troupe::message_delete>(text);
  decode_as<troupe::user>(text);
  decode_as<troupe::session_start_limit>(text);
  decode_as<troupe::gateway_bot>(text);
  return 0;
}
