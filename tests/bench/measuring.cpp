// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/measuring.hpp"

#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace troupe::bench {

namespace {

double seconds_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

} // namespace

double process_cpu_seconds() {
  return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

double thread_cpu_seconds() {
  return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

pair_of_times middle_of_rounds(const std::function<double()>& first, const std::function<double()>& second) {
  std::array<pair_of_times, 7> rounds;
  for (auto& one : rounds) {
    one.first = first();
    one.second = second();
  }
  std::sort(rounds.begin(), rounds.end(),
            [](const auto& a, const auto& b) { return a.second * b.first < b.second * a.first; });
  return rounds[rounds.size() / 2];
}

std::size_t heap_bytes() {
  auto all = ::mallinfo2();
  return all.uordblks + all.hblkhd;
}

std::size_t resident_bytes() {
  std::ifstream status{"/proc/self/status"};
  constexpr std::string_view key = "VmRSS:";
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key))
      return std::strtoull(line.c_str() + key.size(), nullptr, 10) * 1024;
  return 0;
}

json_line::json_line(std::string_view bench) : text_{"{\"bench\":\"" + std::string{bench} + '"'} {
  // nop
}

json_line& json_line::with(std::string_view name, std::string_view value) {
  text_.append(",\"").append(name).append("\":\"").append(value).append("\"");
  return *this;
}

json_line& json_line::with(std::string_view name, std::uint64_t value) {
  text_.append(",\"").append(name).append("\":").append(std::to_string(value));
  return *this;
}

json_line& json_line::with(std::string_view name, double value, int digits) {
  char number[64];
  std::snprintf(number, sizeof number, "%.*f", digits, value);
  text_.append(",\"").append(name).append("\":").append(number);
  return *this;
}

void json_line::print() const {
  std::puts(text().c_str());
  std::fflush(stdout);
}

} // namespace troupe::bench
