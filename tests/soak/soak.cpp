// SPDX-License-Identifier: BSD-3-Clause
// The program `soak`: one run, or without arguments each of them at its full length.
#include "tests/soak/runs.hpp"

#include <charconv>
#include <exception>
#include <iostream>
#include <string_view>

namespace {

using namespace troupe::soak;

struct choice {
  std::string_view name;
  int (*run)(std::uint64_t, std::uint64_t);
  /// The full length.
  std::uint64_t length;
};

constexpr choice choices[]{
  {"kills", kills, 50},         {"restarts", restarts, 200}, {"faults", faults, 300}, {"subscribers", subscribers, 60},
  {"flood", flood, 10'000'000},
};

bool read(std::string_view text, std::uint64_t& into) {
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), into);
  return ec == std::errc{} && end == text.data() + text.size();
}

int usage() {
  std::cerr << "usage: soak [RUN [LENGTH [SEED]]]\nruns and their full length:\n";
  for (const auto& one : choices)
    std::cerr << "  " << one.name << ' ' << one.length << '\n';
  return 64;
}

int go(const choice& what, std::uint64_t length, std::uint64_t seed) {
  try {
    return what.run(length, seed);
  } catch (const std::exception& err) {
    std::cerr << "soak " << what.name << ' ' << length << ' ' << seed << ": " << err.what() << '\n';
    return 1;
  }
}

} // namespace

int main(int argc, char** argv) {
  if (argc == 1) {
    auto status = 0;
    for (const auto& one : choices)
      status |= go(one, one.length, 1);
    return status;
  }
  for (const auto& one : choices) {
    auto length = one.length;
    std::uint64_t seed = 1;
    if (argv[1] != one.name)
      continue;
    if (argc > 4 || (argc > 2 && !read(argv[2], length)) || (argc > 3 && !read(argv[3], seed)))
      return usage();
    return go(one, length, seed);
  }
  return usage();
}
