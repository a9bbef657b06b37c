// SPDX-License-Identifier: BSD-3-Clause
// The guild as a whole: snapshots, outages, and what GUILD_DELETE means.
#include "runtime/cache/guild_state.hpp"

#include "tests/cache/objects.hpp"
#include "tests/catch.hpp"

using namespace troupe;
using namespace troupe::cache;
using namespace troupe::testing;

namespace {

guild_counts counts_of(const guild_state& state) {
  return *state.answer(get_guild_counts{});
}

guild_create stub() {
  guild_create what;
  what.id = guild_id;
  what.unavailable = true;
  return what;
}

} // namespace

TEST_CASE("an outage is not removal", "[cache][unit]") {
  known_guild guild;
  auto was = guild.state.answer(get_guild{});
  guild.state.apply(guild_delete{guild_id, true});
  CHECK_FALSE(guild.state.available());
  CHECK_FALSE(guild.state.removed());
  CHECK(*guild.state.answer(get_guild{}) == *was);
  CHECK(counts_of(guild.state).members == 3);
  // Told again, also without `unavailable`: it still is one.
  guild.state.apply(guild_delete{guild_id, true});
  guild.state.apply(guild_delete{guild_id, std::nullopt});
  CHECK_FALSE(guild.state.removed());
  CHECK(counts_of(guild.state).members == 3);
  guild.state.apply(make_guild());
  CHECK(guild.state.available());
}

TEST_CASE("a stub says that a guild is unavailable, and takes nothing away", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(stub());
  CHECK_FALSE(guild.state.available());
  CHECK((guild.state.answer(get_guild{})->name == "guild"));
}

TEST_CASE("a guild that was deleted softly is no guild that was left", "[cache][unit]") {
  guild_state state{guild_id, keep_all(), std::make_shared<user_table>()};
  state.apply(stub());
  state.apply(guild_delete{guild_id, std::nullopt});
  CHECK_FALSE(state.removed());
  CHECK_FALSE(state.available());
}

TEST_CASE("leaving a guild forgets all of it", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(make_message(1000, 10));
  auto before = guild.state.before(guild_delete{guild_id, std::nullopt});
  REQUIRE(before);
  CHECK((before->name == "guild"));
  guild.state.apply(guild_delete{guild_id, std::nullopt});
  CHECK(guild.state.removed());
  CHECK(guild.state.bytes() == 0);
  CHECK(guild.users->bytes() == 0);
  CHECK(guild.state.answer(get_guild{}).error().code == errc::not_cached);
  guild.state.apply(make_guild());
  CHECK_FALSE(guild.state.removed());
}

TEST_CASE("a snapshot replaces what was there", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(make_message(1000, 10));
  guild.state.apply(make_message(1001, 20));
  auto next = make_guild();
  next.members->pop_back();
  next.channels = {make_channel(10)};
  next.threads.emplace();
  next.roles = {make_role(100)};
  guild.state.apply(next);
  auto counts = counts_of(guild.state);
  CHECK(counts.members == 2);
  CHECK(counts.channels == 1);
  CHECK(counts.threads == 0);
  CHECK(counts.roles == 1);
  // What became of messages in the meantime nobody tells.
  CHECK(counts.messages == 0);
}

TEST_CASE("the answers of a resynchronisation leave alone what they do not tell", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(voice_channel_status_update{{11}, guild_id, "singing"});
  guild.state.mark_dirty("a gap");
  CHECK(guild.state.dirty());
  CHECK(guild.state.dirty_because() == "a gap");
  guild.state.apply(make_message(1000, 10));
  guild_create rest;
  static_cast<troupe::guild&>(rest) = *guild.state.answer(get_guild{});
  rest.name = "renamed";
  guild.state.apply(rest);
  // Channels and threads are still old.
  CHECK(guild.state.dirty());
  rest.channels = {make_channel(10), make_channel(11, channel_type::guild_voice)};
  rest.threads.emplace();
  guild.state.apply(rest);
  CHECK_FALSE(guild.state.dirty());
  CHECK(guild.state.dirty_because().empty());
  CHECK((guild.state.answer(get_guild{})->name == "renamed"));
  CHECK((guild.state.answer(get_channel{{11}})->status == "singing"));
  CHECK(guild.state.answer(get_channel{{20}}).error().code == errc::not_cached);
  CHECK(counts_of(guild.state).members == 3);
  CHECK(counts_of(guild.state).messages == 1);
}

TEST_CASE("a gap takes the messages that were known before", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(make_message(1000, 10));
  guild.state.mark_dirty("a gap");
  CHECK(counts_of(guild.state).messages == 0);
  CHECK(counts_of(guild.state).members == 3);
  guild.state.apply(make_guild());
  CHECK_FALSE(guild.state.dirty());
}

TEST_CASE("an update of a guild keeps what it lacks", "[cache][unit]") {
  known_guild guild;
  guild_update update;
  update.id = guild_id;
  update.name = "renamed";
  update.owner_id = {2};
  auto before = guild.state.before(update);
  REQUIRE(before);
  CHECK((before->name == "guild"));
  guild.state.apply(update);
  auto now = *guild.state.answer(get_guild{});
  CHECK((now.name == "renamed"));
  CHECK(now.roles.size() == 3);
  CHECK(counts_of(guild.state).channels == 3);
  CHECK(counts_of(guild.state).members == 3);
  update.roles = {make_role(100), make_role(60)};
  guild.state.apply(update);
  CHECK(guild.state.answer(get_guild{})->roles.size() == 2);
}

TEST_CASE("what is switched off is neither kept nor answered", "[cache][unit]") {
  settings none;
  for (auto each : {&settings::guilds, &settings::roles, &settings::channels, &settings::threads, &settings::members,
                    &settings::voice_states, &settings::emojis, &settings::stickers, &settings::stage_instances,
                    &settings::scheduled_events, &settings::soundboard_sounds})
    none.*each = false;
  known_guild guild{none};
  guild.state.apply(make_message(1000, 10));
  CHECK(guild.state.bytes() == 0);
  CHECK(guild.users->size() == 0);
  CHECK(guild.state.answer(get_guild{}).error().code == errc::not_cached);
  CHECK(guild.state.answer(get_channels{}).error().code == errc::not_cached);
  CHECK(guild.state.answer(get_members{}).error().code == errc::not_cached);
  CHECK(counts_of(guild.state).member_count == 3);
}

TEST_CASE("settings say which events can change anything", "[cache][unit]") {
  settings keep;
  CHECK(keep.wants("GUILD_CREATE"));
  CHECK(keep.wants("MESSAGE_CREATE"));
  CHECK(keep.wants("TYPING_START"));
  CHECK_FALSE(keep.wants("PRESENCE_UPDATE"));
  CHECK_FALSE(keep.wants("MESSAGE_REACTION_REMOVE"));
  CHECK_FALSE(keep.wants("WEBHOOKS_UPDATE"));
  CHECK_FALSE(keep.wants("A_NEW_EVENT"));
  keep.presences = keep.messages = true;
  CHECK(keep.wants("PRESENCE_UPDATE"));
  CHECK(keep.wants("MESSAGE_REACTION_REMOVE"));
  keep.members = false;
  CHECK_FALSE(keep.wants("TYPING_START"));
}
