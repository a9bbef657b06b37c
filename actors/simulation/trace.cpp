// SPDX-License-Identifier: BSD-3-Clause
#include "actors/simulation/trace.hpp"

#include <cstdio>

namespace troupe::simulation {

void trace::add(time_point now, std::string_view text) {
  auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - start_).count();
  char stamp[32];
  std::snprintf(stamp, sizeof stamp, "%8lld.%03lld  ", static_cast<long long>(ms / 1000),
                static_cast<long long>(ms % 1000));
  auto line = stamp + std::string{text};
  for (unsigned char c : line)
    digest_ = (digest_ ^ c) * 1'099'511'628'211u;
  digest_ = (digest_ ^ '\n') * 1'099'511'628'211u;
  lines_.push_back(std::move(line));
  if (lines_.size() > keep_)
    lines_.pop_front();
}

} // namespace troupe::simulation
