// SPDX-License-Identifier: BSD-3-Clause
// What guilds and users cost: the targets, and whether its own count is honest.
#include "runtime/cache/guild_state.hpp"
#include "runtime/cache/user_table.hpp"

#include "tests/cache/heap.hpp"
#include "tests/cache/objects.hpp"
#include "tests/catch.hpp"

#include <memory>
#include <vector>

using namespace troupe;
using namespace troupe::cache;
using namespace troupe::testing;

namespace {

/// Counts what a guild takes, beside its users.
struct weighed_guild {
  explicit weighed_guild(const settings& keep) : state{guild_id, keep, users} {
    heap_before = heap_bytes();
  }

  [[nodiscard]] std::size_t really() const {
    return heap_bytes() - heap_before - users->bytes();
  }

  std::shared_ptr<user_table> users = std::make_shared<user_table>();
  guild_state state;
  std::size_t heap_before = 0;
};

void check_honest(std::size_t counted, std::size_t really) {
  INFO("counted " << counted << ", really " << really);
  CHECK(counted * 10 >= really * 9);
  CHECK(counted * 10 <= really * 11);
}

/// Something of everything.
void fill(guild_state& state) {
  state.apply(make_guild());
  for (std::uint64_t id = 1000; id < 1400; ++id) {
    channel_create channel;
    static_cast<troupe::channel&>(channel) = make_channel(id);
    state.apply(channel);
    presence_update there;
    there.user.id = {id};
    there.status = "online";
    state.apply(there);
    for (std::uint64_t message = 1; message <= 20; ++message)
      state.apply(make_message(id * 100 + message, id % 50 + 1000));
    invite_create invite;
    invite.code = "a code that does not fit inside " + std::to_string(id);
    state.apply(invite);
  }
}

void warm_up() {
  // The buffers of this thread are nobody's.
  known_guild guild;
  guild.state.apply(make_message(500, 10));
}

} // namespace

TEST_CASE("a member beyond its user takes at most 120 bytes", "[cache][unit]") {
  constexpr std::uint64_t count = 10'000;
  warm_up();
  weighed_guild guild{settings{}};
  guild_members_chunk chunk;
  chunk.members.resize(1);
  auto order = GENERATE(false, true);
  for (std::uint64_t i = 1; i <= count; ++i) {
    // In their order, or not.
    chunk.members[0] = typical_member(order ? i : i * 7919 % 10'007);
    guild.state.apply(chunk);
  }
  chunk = {};
  CHECK(guild.state.bytes() <= 120 * count);
  CHECK(guild.really() <= 120 * count);
  check_honest(guild.state.bytes(), guild.really());
  WARN("a member takes " << guild.really() / count << " bytes, a user " << guild.users->bytes() / count);
}

TEST_CASE("a guild that knows nothing takes less than 900 bytes", "[cache][unit]") {
  CHECK(sizeof(guild_state) < 900);
  weighed_guild guild{settings{}};
  CHECK(guild.state.bytes() == 0);
  CHECK(guild.really() == 0);
  WARN("guild_state takes " << sizeof(guild_state) << " bytes");
}

TEST_CASE("a guild knows what it takes, whatever is in it", "[cache][unit]") {
  weighed_guild first{keep_all()};
  fill(first.state); // The buffers of this thread are nobody's.
  weighed_guild guild{keep_all()};
  fill(guild.state);
  auto counted = guild.state.bytes();
  auto really = guild.really();
  guild.state.apply(guild_delete{guild_id, std::nullopt});
  auto left = guild.really();
  // Only now: what Catch remembers is on the same heap.
  check_honest(counted, really);
  CHECK(guild.state.bytes() == 0);
  CHECK(left == 0);
  CHECK(guild.users->bytes() == 0);
}

TEST_CASE("a user without decoration takes at most 200 bytes, and the table knows how many", "[cache][unit]") {
  constexpr std::size_t count = 10'000;
  auto before = heap_bytes();
  std::vector<user_ref> shares;
  shares.reserve(count);
  auto of_shares = heap_bytes() - before;
  user_table table;
  for (std::uint64_t id = 1; id <= count; ++id)
    shares.push_back(table.intern(typical_user(id)));
  auto really = heap_bytes() - before - of_shares;
  INFO("counted " << table.bytes() << ", really " << really);
  CHECK(really <= 200 * count);
  CHECK(table.bytes() * 10 >= really * 9);
  CHECK(table.bytes() * 10 <= really * 11);
  shares.clear(); // The table outlives what it gave.
}

TEST_CASE("a user's bytes are given back with its last share", "[cache][unit]") {
  { // The buffers of this thread are nobody's.
    user_table first;
    CHECK(first.intern(typical_user(1)));
  }
  auto before = heap_bytes();
  user_table table;
  {
    std::vector<user_ref> shares;
    for (std::uint64_t id = 1; id <= 1000; ++id)
      shares.push_back(table.intern(typical_user(id)));
  }
  CHECK(heap_bytes() == before);
}
