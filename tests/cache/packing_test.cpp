// SPDX-License-Identifier: BSD-3-Clause
#include "messages/discord/other_events.hpp"
#include "messages/guild_cache.hpp"

#include "runtime/cache/packing.hpp"

#include "tests/cache/random_object.hpp"
#include "tests/catch.hpp"

#include <concepts>

using namespace troupe;
using namespace troupe::cache;

namespace {

// The id is not packed: objects are kept under it.
template <class T>
void drop_id(T& what) {
  if constexpr (has_own_id<T>)
    what.id = {};
}

template <class T>
T packed_and_back(T what) {
  std::string bytes;
  pack(what, bytes);
  return unpack<T>(bytes);
}

} // namespace

TEMPLATE_TEST_CASE("what is unpacked equals what was packed", "[cache][unit]", user, member, guild, role, channel,
                   presence, voice_state, message, stage_instance, scheduled_event, soundboard_sound, emoji_list,
                   sticker_list, invite_create) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    testing::filler any{seed};
    auto what = any.make<TestType>();
    drop_id(what);
    INFO("seed " << seed);
    CHECK(packed_and_back(what) == what);
  }
  CHECK(packed_and_back(TestType{}) == TestType{});
}

TEST_CASE("hashes of pictures take half of their digits", "[cache][unit]") {
  user plain;
  user pictured;
  pictured.avatar = "0123456789abcdef0123456789abcdef";
  user animated;
  animated.avatar = "a_0123456789abcdef0123456789abcdef";
  user malformed;
  malformed.avatar = "0123456789abcdef0123456789abcdeg";
  auto size = [](const user& who) { return pack_here(who).size(); };
  CHECK(size(pictured) == size(plain) + 17);
  CHECK(size(animated) == size(plain) + 17);
  CHECK(size(malformed) == size(plain) + 33);
  for (const auto& who : {pictured, animated, malformed})
    CHECK(packed_and_back(who) == who);
}
