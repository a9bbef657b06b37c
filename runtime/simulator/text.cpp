// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/text.hpp"

#include "runtime/codec/json.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace troupe::simulator {

std::string quote(std::string_view text) {
  std::string out;
  codec::append_string(out, text);
  return out;
}

std::string quote(snowflake id) {
  return '"' + std::to_string(id.value) + '"';
}

std::string quote_time(std::int64_t unix_ms) {
  std::time_t seconds = unix_ms / 1000;
  std::tm fields{};
  gmtime_r(&seconds, &fields);
  char text[64];
  auto n = std::strftime(text, sizeof text, "\"%Y-%m-%dT%H:%M:%S", &fields);
  std::snprintf(text + n, sizeof text - n, ".%03d000+00:00\"", static_cast<int>(unix_ms % 1000));
  return text;
}

std::size_t length(std::string_view utf8) noexcept {
  return static_cast<std::size_t>(
    std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace troupe::simulator
