// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/codec/utf8.hpp"

#include <cstddef>
#include <cstdint>

namespace troupe::codec {

namespace {

// The length of the well-formed sequence at the start of `text`, 0 where there is none (Unicode, table 3-7).
std::size_t sequence_length(std::string_view text) {
  auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0}; };
  auto continues = [&](std::size_t i, std::uint8_t low = 0x80, std::uint8_t high = 0xbf) {
    return byte(i) >= low && byte(i) <= high;
  };
  auto first = byte(0);
  if (first < 0x80)
    return 1;
  if (first >= 0xc2 && first <= 0xdf)
    return continues(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    std::uint8_t low = first == 0xe0 ? 0xa0 : 0x80;
    std::uint8_t high = first == 0xed ? 0x9f : 0xbf; // No surrogates.
    return continues(1, low, high) && continues(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    std::uint8_t low = first == 0xf0 ? 0x90 : 0x80;
    std::uint8_t high = first == 0xf4 ? 0x8f : 0xbf;
    return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

} // namespace

void append_repaired(std::string& out, std::string_view text) {
  out.reserve(out.size() + text.size());
  while (!text.empty()) {
    if (auto length = sequence_length(text); length != 0) {
      out.append(text.substr(0, length));
      text.remove_prefix(length);
    } else {
      out.append("\xef\xbf\xbd");
      text.remove_prefix(1);
    }
  }
}

} // namespace troupe::codec
