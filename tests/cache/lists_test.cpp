// SPDX-License-Identifier: BSD-3-Clause
// Roles, expressions, stages, scheduled events, invites.
#include "runtime/cache/guild_state.hpp"

#include "tests/cache/objects.hpp"
#include "tests/catch.hpp"

using namespace troupe;
using namespace troupe::cache;
using namespace troupe::testing;

TEST_CASE("roles come, change and go, and are listed from the highest", "[cache][unit]") {
  known_guild guild;
  auto& state = guild.state;
  state.apply(guild_role_create{guild_id, make_role(49, 2)});
  auto ids = [&] {
    std::vector<std::uint64_t> found;
    auto all = state.answer(get_roles{});
    for (const auto& one : all->roles)
      found.push_back(one.id.value);
    return found;
  };
  CHECK(ids() == std::vector<std::uint64_t>{49, 51, 50, 100});
  guild_role_update update{guild_id, make_role(50, 5)};
  CHECK(state.before(update)->position == 1);
  state.apply(update);
  CHECK(ids() == std::vector<std::uint64_t>{50, 49, 51, 100});
  state.apply(guild_role_delete{guild_id, {49}});
  CHECK_FALSE(state.answer(get_role{{49}}).has_value());
}

TEST_CASE("emojis and stickers are replaced as a whole", "[cache][unit]") {
  known_guild guild;
  guild_emojis_update emojis;
  emojis.emojis.resize(2);
  emojis.emojis[0].id = snowflake{9};
  emojis.emojis[1].id = snowflake{4};
  CHECK(guild.state.before(emojis)->emojis.empty());
  guild.state.apply(emojis);
  // In Discord's order.
  CHECK(guild.state.answer(get_emojis{})->emojis == emojis.emojis);
  emojis.emojis.clear();
  CHECK(guild.state.before(emojis)->emojis.size() == 2);
  guild.state.apply(emojis);
  CHECK(guild.state.answer(get_guild{})->emojis.empty());
  guild_stickers_update stickers;
  stickers.stickers.resize(1);
  stickers.stickers[0].id = {7};
  guild.state.apply(stickers);
  CHECK(guild.state.answer(get_stickers{})->stickers.at(0).guild_id == guild_id);
  CHECK(guild.state.answer(get_guild{})->stickers->size() == 1);
}

TEST_CASE("sounds are told one by one, as those that changed, or all", "[cache][unit]") {
  known_guild guild;
  auto& state = guild.state;
  auto count = [&] { return state.answer(get_soundboard_sounds{})->sounds.size(); };
  guild_soundboard_sound_create one;
  one.sound_id = {1};
  one.name = "one";
  state.apply(one);
  CHECK(state.answer(get_soundboard_sounds{})->sounds.at(0).guild_id == guild_id);
  guild_soundboard_sounds_update changed;
  changed.soundboard_sounds.resize(2);
  changed.soundboard_sounds[0].sound_id = {1};
  changed.soundboard_sounds[1].sound_id = {2};
  state.apply(changed);
  CHECK(count() == 2);
  soundboard_sounds all;
  all.soundboard_sounds_.resize(1);
  all.soundboard_sounds_[0].sound_id = {3};
  state.apply(all);
  CHECK(count() == 1);
  guild_soundboard_sound_delete gone{{3}, guild_id};
  CHECK(state.before(gone));
  state.apply(gone);
  CHECK(count() == 0);
}

TEST_CASE("stages begin, change and end", "[cache][unit]") {
  known_guild guild;
  stage_instance_create begins;
  begins.id = {5};
  begins.topic = "first";
  guild.state.apply(begins);
  stage_instance_update changes;
  changes.id = {5};
  changes.topic = "second";
  CHECK(guild.state.before(changes)->topic == "first");
  guild.state.apply(changes);
  CHECK(guild.state.answer(get_stage_instances{})->stages.at(0).topic == "second");
  stage_instance_delete ends;
  ends.id = {5};
  guild.state.apply(ends);
  CHECK(guild.state.answer(get_stage_instances{})->stages.empty());
}

TEST_CASE("scheduled events count subscribers and go when they are over", "[cache][unit]") {
  known_guild guild;
  auto& state = guild.state;
  guild_scheduled_event_create made;
  made.id = {5};
  made.status = scheduled_event_status::scheduled;
  made.user_count = 1;
  state.apply(made);
  auto subscribers = [&] { return state.answer(get_scheduled_events{})->events.at(0).user_count; };
  state.apply(guild_scheduled_event_user_add{{5}, {1}, guild_id});
  CHECK(subscribers() == 2);
  guild_scheduled_event_update changed;
  static_cast<scheduled_event&>(changed) = made;
  changed.user_count.reset();
  changed.status = scheduled_event_status::active;
  state.apply(changed);
  CHECK(subscribers() == 2);
  for (int i = 0; i < 3; ++i)
    state.apply(guild_scheduled_event_user_remove{{5}, {1}, guild_id});
  CHECK(subscribers() == 0);
  changed.status = GENERATE(scheduled_event_status::completed, scheduled_event_status::canceled);
  CHECK((state.before(changed)->status == scheduled_event_status::active));
  state.apply(changed);
  CHECK(state.answer(get_scheduled_events{})->events.empty());
}

TEST_CASE("invites are kept by their codes", "[cache][unit]") {
  known_guild guild;
  for (const auto* code : {"b", "a", "b"}) {
    invite_create made;
    made.code = code;
    guild.state.apply(made);
  }
  REQUIRE(guild.state.invites().size() == 2);
  CHECK(guild.state.invites()[0].code == "a");
  guild.state.apply(invite_delete{{10}, guild_id, "a"});
  guild.state.apply(invite_delete{{10}, guild_id, "unknown"});
  CHECK(guild.state.invites().size() == 1);
}
