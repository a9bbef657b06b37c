// SPDX-License-Identifier: BSD-3-Clause
// Any text as any dispatch event: the first byte is the event's place in `dispatch_events`, the rest is `d`. What was
// decoded must survive a round trip, and what was encoded must come out the same again.
#include "messages/discord/events.hpp"

#include "runtime/codec/compression.hpp"
#include "runtime/codec/json.hpp"

#include <boost/mp11/algorithm.hpp>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

template <class Event>
void check_event(std::string_view text) {
  auto read = troupe::codec::decode<Event>(text);
  if (!read.has_value())
    return;
  auto written = troupe::codec::encode(*read);
  auto again = troupe::codec::decode_copy<Event>(written);
  if (!again.has_value() || !(*again == *read) || troupe::codec::encode(*again) != written)
    std::abort();
}

template <class... Events>
constexpr auto checks_of(boost::mp11::mp_list<Events...>) {
  return std::array<void (*)(std::string_view), sizeof...(Events)>{&check_event<Events>...};
}

constexpr auto checks = checks_of(troupe::dispatch_events{});

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  std::vector<char> bytes(size - 1 + troupe::codec::padding);
  if (size > 1)
    std::memcpy(bytes.data(), data + 1, size - 1);
  checks[data[0] % checks.size()]({bytes.data(), size - 1});
  return 0;
}
