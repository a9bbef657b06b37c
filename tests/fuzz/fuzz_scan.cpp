// SPDX-License-Identifier: BSD-3-Clause
// The envelope of any text. The text lies at the end of its own allocation, so that reading past the padding shows.
#include "runtime/codec/compression.hpp"
#include "runtime/codec/scan.hpp"

#include <cstring>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static troupe::codec::scanner scan;
  std::vector<char> text(size + troupe::codec::padding);
  if (size != 0)
    std::memcpy(text.data(), data, size);
  auto found = scan.scan({text.data(), size});
  // Every byte of the views must be readable.
  std::size_t sum = 0;
  if (found.has_value()) {
    for (auto c : found->t)
      sum += static_cast<unsigned char>(c);
    for (auto c : found->d)
      sum += static_cast<unsigned char>(c);
  }
  volatile auto used = sum;
  static_cast<void>(used);
  return 0;
}
