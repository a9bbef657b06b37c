// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/cache/user_table.hpp"

#include "tests/cache/objects.hpp"
#include "tests/catch.hpp"

#include <atomic>
#include <random>
#include <thread>
#include <vector>

using namespace troupe;
using namespace troupe::cache;
using troupe::testing::typical_user;

TEST_CASE("a user that guilds share is stored once", "[cache][unit]") {
  user_table table;
  auto one = table.intern(typical_user(1));
  auto bytes = table.bytes();
  auto other = table.intern(typical_user(1));
  CHECK(table.size() == 1);
  CHECK(table.bytes() == bytes);
  CHECK(other.get() == typical_user(1));
  one = {};
  CHECK(other.get() == typical_user(1));
  CHECK(table.size() == 1);
}

TEST_CASE("a user goes with its last share, and its bytes with it", "[cache][unit]") {
  user_table table;
  {
    std::vector<user_ref> shares;
    for (std::uint64_t id = 1; id <= 1000; ++id)
      shares.push_back(table.intern(typical_user(id)));
    CHECK(table.size() == 1000);
    auto copies = shares;
    shares.clear();
    CHECK(table.size() == 1000);
  }
  CHECK(table.size() == 0);
  CHECK(table.bytes() == 0);
  CHECK_FALSE(table.find({1}));
}

TEST_CASE("a share keeps the user as it was, the table has the newest", "[cache][unit]") {
  user_table table;
  auto changed = typical_user(1);
  changed.global_name = "somebody else";
  auto was = table.intern(typical_user(1));
  auto is = table.intern(changed);
  CHECK(was.get() == typical_user(1));
  CHECK(is.get() == changed);
  CHECK(table.find({1}).get() == changed);
  CHECK(table.size() == 2);
  is = {};
  // The older one is still there, but nobody can know that it is right.
  CHECK_FALSE(table.find({1}));
  CHECK(table.size() == 1);
  was = {};
  CHECK(table.bytes() == 0);
}

TEST_CASE("threads that come and go with the same users leave nothing behind", "[cache][unit]") {
  user_table table;
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (std::uint64_t seed = 0; seed < 4; ++seed)
    threads.emplace_back([&, seed] {
      std::mt19937_64 rng{seed};
      std::vector<user_ref> mine(8);
      for (int step = 0; step < 20'000; ++step) {
        auto who = typical_user(1 + rng() % 5);
        who.bot = rng() % 4 == 0;
        auto& slot = mine[rng() % mine.size()];
        slot = rng() % 8 == 0 ? table.find(who.id) : table.intern(who);
        if (slot && slot.get().id != slot.id())
          ++wrong;
      }
    });
  for (auto& one : threads)
    one.join();
  CHECK(wrong == 0);
  CHECK(table.size() == 0);
  CHECK(table.bytes() == 0);
}
