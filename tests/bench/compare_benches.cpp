// SPDX-License-Identifier: BSD-3-Clause
// Prints how the results of a run compare with those of an earlier one, a line for each value that is judged. Exit code
// 1 where one is worse. Where the earlier file does not exist everything is new.
//
//   compare_benches THEN NOW
#include "tests/bench/comparison.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::bench;

namespace {

// The file is missing, or nothing that we wrote.
constexpr int no_input = 66;

std::vector<result_line> read(const char* path) {
  std::ifstream in{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  auto found = read_results(text);
  if (!in.is_open() || !found) {
    std::fprintf(stderr, "%s: %s\n", path, in.is_open() ? found.error().detail.c_str() : "cannot be read");
    std::exit(no_input);
  }
  return std::move(*found);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: compare_benches THEN NOW\n", stderr);
    return 64;
  }
  std::vector<result_line> then;
  if (std::filesystem::exists(argv[1]))
    then = read(argv[1]);
  auto all = compare(then, read(argv[2]));
  for (const auto& one : all)
    std::puts(to_text(one).c_str());
  auto worse = std::count_if(all.begin(), all.end(), [](const auto& one) { return one.verdict == verdict::worse; });
  return worse == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
