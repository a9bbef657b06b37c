// SPDX-License-Identifier: BSD-3-Clause
// What the fuzzers of the compressed transports share: one input becomes several frames of one connection.
#pragma once

#include "runtime/codec/compression.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace troupe::fuzz {

/// Feeds `data` as frames: the first byte is the size of each but the last (0: all in one). Stops the program where a
/// promise of `codec::decompressor` is broken.
inline void feed_frames(codec::compression how, const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t limit = 1u << 16;
  if (size == 0)
    return;
  auto stream = codec::make_decompressor(how, limit);
  std::string_view rest{reinterpret_cast<const char*>(data) + 1, size - 1};
  auto step = data[0] == 0 ? std::max<std::size_t>(rest.size(), 1) : data[0];
  auto lost = false;
  while (!rest.empty()) {
    auto got = stream->feed({std::string{rest.substr(0, step)}, true});
    rest.remove_prefix(std::min<std::size_t>(step, rest.size()));
    if (lost && got.has_value())
      std::abort(); // A lost stream came back.
    lost = got.has_error();
    if (lost)
      continue;
    if (got->size() > limit)
      std::abort();
    if (!got->empty() && std::any_of(got->data() + got->size(), got->data() + got->size() + codec::padding, [](char c) {
          return c != 0;
        }))
      std::abort();
  }
}

} // namespace troupe::fuzz
