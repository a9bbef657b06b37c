// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/cache/id_table.hpp"

#include "tests/cache/heap.hpp"
#include "tests/catch.hpp"

#include <cstdint>
#include <map>
#include <random>
#include <vector>

using namespace troupe;
using namespace troupe::cache;

namespace {

using table = id_table<std::uint64_t>;
using reference = std::map<std::uint64_t, std::uint64_t>;

std::vector<std::uint64_t> ids_of(const table& of) {
  std::vector<std::uint64_t> ids;
  of.each([&](snowflake id, std::uint64_t) { ids.push_back(id.value); });
  return ids;
}

std::vector<std::uint64_t> ids_of(const reference& of) {
  std::vector<std::uint64_t> ids;
  for (const auto& one : of)
    ids.push_back(one.first);
  return ids;
}

void check_pages(const table& tried, const reference& right, std::uint64_t at) {
  std::vector<std::uint64_t> above;
  tried.each_after({at}, [&](snowflake id, std::uint64_t) {
    above.push_back(id.value);
    return above.size() < 5;
  });
  std::vector<std::uint64_t> expected;
  for (auto i = right.upper_bound(at); i != right.end() && expected.size() < 5; ++i)
    expected.push_back(i->first);
  CHECK(above == expected);
  std::vector<std::uint64_t> under;
  tried.each_before({at}, [&](snowflake id, std::uint64_t) {
    under.push_back(id.value);
    return under.size() < 5;
  });
  expected.clear();
  for (auto i = right.lower_bound(at); i != right.begin() && expected.size() < 5;)
    expected.push_back((--i)->first);
  CHECK(under == expected);
}

} // namespace

TEST_CASE("a table of ids answers as a map does", "[cache][unit]") {
  auto range = GENERATE(std::uint64_t{40}, std::uint64_t{3000});
  std::mt19937_64 rng{range};
  table tried;
  reference right;
  auto before = testing::heap_bytes();
  for (int step = 0; step < 20'000; ++step) {
    auto id = rng() % range;
    // Waves: it grows, then shrinks.
    if (rng() % 100 < ((step / 4000) % 2 == 0 ? 70u : 30u)) {
      tried[{id}] = static_cast<std::uint64_t>(step);
      right[id] = static_cast<std::uint64_t>(step);
    } else {
      CHECK(tried.erase({id}) == (right.erase(id) == 1));
    }
    const auto* found = tried.find({rng() % range});
    if (found != nullptr)
      CHECK(right.size() > 0);
    REQUIRE(tried.size() == right.size());
    if (step % 500 == 0) {
      REQUIRE(ids_of(tried) == ids_of(right));
      for (const auto& [key, value] : right)
        REQUIRE(*tried.find({key}) == value);
      check_pages(tried, right, rng() % range);
    }
  }
  tried.clear();
  right.clear();
  CHECK(tried.bytes() == 0);
  CHECK(testing::heap_bytes() == before);
}

TEST_CASE("a table of ids knows what it takes, and ids that rise leave no gaps", "[cache][unit]") {
  auto before = testing::heap_bytes();
  table tried;
  for (std::uint64_t id = 0; id < 10'000; ++id)
    tried[{id}] = id;
  CHECK(tried.bytes() == testing::heap_bytes() - before);
  CHECK(tried.bytes() < 10'000 * 18);
  for (std::uint64_t id = 0; id < 10'000; id += 2)
    tried.erase({id});
  CHECK(tried.bytes() == testing::heap_bytes() - before);
  CHECK(tried.bytes() < 5'000 * 34);
  for (std::uint64_t id = 1; id < 10'000; id += 2)
    tried.erase({id});
  CHECK(tried.bytes() == 0);
  CHECK(testing::heap_bytes() == before);
}

TEST_CASE("ids in any order take less than twice their entries", "[cache][unit]") {
  std::mt19937_64 rng{1};
  table tried;
  for (int i = 0; i < 50'000; ++i)
    tried[{rng()}] = 0;
  CHECK(tried.bytes() < 50'000 * 28);
}
