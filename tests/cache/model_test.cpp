// SPDX-License-Identifier: BSD-3-Clause
// Random events go to a guild's state and to a plain model; after each they answer alike.
#include "runtime/cache/guild_state.hpp"

#include "tests/cache/comparing.hpp"
#include "tests/cache/heap.hpp"
#include "tests/cache/model.hpp"
#include "tests/cache/random_events.hpp"
#include "tests/catch.hpp"

#include <memory>
#include <string>
#include <type_traits>
#include <variant>

using namespace troupe;
using namespace troupe::cache;

namespace {

constexpr snowflake the_guild{100};
constexpr snowflake the_bot{5};

/// What the model has of the object that an event is about.
template <class Object, class Event>
std::optional<Object> known_before(const testing::model& right, const Event& event) {
  if constexpr (std::is_same_v<Object, guild>)
    return right.find_guild();
  else if constexpr (std::is_same_v<Object, channel>) {
    if constexpr (std::is_same_v<Event, channel_pins_update>)
      return right.find_channel(event.channel_id);
    else if constexpr (std::is_same_v<Event, thread_member_update>)
      return right.find_channel(event.id.value_or(snowflake{}));
    else
      return right.find_channel(event.id);
  } else if constexpr (std::is_same_v<Object, member>) {
    if constexpr (std::is_same_v<Event, guild_member_remove>)
      return right.find_member(event.user.id);
    else
      return event.user ? right.find_member(event.user->id) : std::nullopt;
  } else if constexpr (std::is_same_v<Object, message>) {
    if constexpr (requires { event.message_id; })
      return right.find_message(event.channel_id, event.message_id);
    else
      return right.find_message(event.channel_id, event.id);
  } else if constexpr (std::is_same_v<Object, presence>) {
    return right.find_presence(event.user.id);
  } else if constexpr (std::is_same_v<Object, voice_state>) {
    return right.find_voice_state(event.user_id);
  } else {
    auto in = [](const auto& map, snowflake id) {
      auto found = map.find(id);
      return found == map.end() ? std::nullopt : std::optional{found->second};
    };
    if constexpr (std::is_same_v<Event, guild_role_update>)
      return in(right.roles, event.role.id);
    else if constexpr (std::is_same_v<Object, role>)
      return in(right.roles, event.role_id);
    else if constexpr (std::is_same_v<Object, stage_instance>)
      return in(right.stages, event.id);
    else if constexpr (std::is_same_v<Object, soundboard_sound>)
      return in(right.sounds, event.sound_id);
    else if constexpr (requires { event.guild_scheduled_event_id; })
      return in(right.scheduled_events, event.guild_scheduled_event_id);
    else
      return in(right.scheduled_events, event.id);
  }
}

template <class Event>
bool same_before(const guild_state& state, const testing::model& right, const Event& event) {
  if constexpr (std::is_same_v<Event, guild_emojis_update>) {
    auto was = state.before(event);
    return was ? was->emojis == right.emojis : !right.emojis;
  } else if constexpr (std::is_same_v<Event, guild_stickers_update>) {
    auto was = state.before(event);
    return was ? was->stickers == right.stickers : !right.stickers;
  } else if constexpr (requires { state.before(event); }) {
    auto was = state.before(event);
    return was == known_before<typename decltype(was)::value_type>(right, event);
  } else {
    return true;
  }
}

settings variant_of_settings(int which) {
  settings keep;
  keep.presences = keep.messages = keep.invites = true;
  keep.messages_per_channel = 5;
  if (which == 1)
    keep.members_per_guild = 6;
  if (which == 2)
    keep.guilds = keep.users = keep.channels = keep.presences = keep.emojis = keep.scheduled_events = false;
  if (which == 3)
    keep.roles = keep.threads = keep.members = keep.messages = keep.voice_states = keep.stickers = false;
  if (which == 4)
    keep.stage_instances = keep.soundboard_sounds = keep.invites = false;
  return keep;
}

void run(std::uint64_t seed, int steps, const settings& keep) {
  auto heap = testing::heap_bytes();
  {
    auto users = std::make_shared<user_table>();
    users->set_bot(the_bot);
    guild_state state{the_guild, keep, users};
    testing::model right{the_guild, the_bot, keep};
    testing::event_maker events{seed};
    for (int step = 0; step < steps; ++step) {
      auto any = events.next();
      std::visit(
        [&](const auto& event) {
          INFO("seed " << seed << ", step " << step << ": " << event.event_name);
          REQUIRE(same_before(state, right, event));
          state.apply(event);
          right.apply(event);
          auto wrong = testing::difference(state, right);
          INFO("they differ in " << wrong);
          REQUIRE(wrong.empty());
        },
        any);
    }
    guild_create back;
    back.unavailable = false;
    state.apply(back);
    state.apply(guild_delete{the_guild, std::nullopt});
    CHECK(state.removed());
    CHECK(state.bytes() == 0);
    CHECK(users->size() == 0);
    CHECK(users->bytes() == 0);
  }
  // Memory that threads keep for the next object may have grown.
  CHECK(testing::heap_bytes() < heap + 100'000);
}

} // namespace

TEST_CASE("a guild's state answers as a plain model does, whatever happens", "[cache][model]") {
  auto which = GENERATE(range(0, 5));
  auto seed = GENERATE(range(0, 2));
  run(static_cast<std::uint64_t>(which * 100 + seed), 1500, variant_of_settings(which));
}

TEST_CASE("guilds that share users leave nothing behind", "[cache][model]") {
  auto users = std::make_shared<user_table>();
  std::vector<std::unique_ptr<guild_state>> guilds;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    guilds.push_back(std::make_unique<guild_state>(the_guild, settings{}, users));
    testing::event_maker events{seed};
    for (int step = 0; step < 500; ++step)
      std::visit([&](const auto& event) { guilds.back()->apply(event); }, events.next());
  }
  CHECK(users->size() > 0);
  guilds.clear();
  CHECK(users->size() == 0);
  CHECK(users->bytes() == 0);
}
