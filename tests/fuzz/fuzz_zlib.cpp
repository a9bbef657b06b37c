// SPDX-License-Identifier: BSD-3-Clause
// zlib-stream from a peer that sends anything, in frames of any size.
#include "tests/fuzz/stream_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  troupe::fuzz::feed_frames(troupe::codec::compression::zlib_stream, data, size);
  return 0;
}
