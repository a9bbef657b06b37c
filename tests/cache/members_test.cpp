// SPDX-License-Identifier: BSD-3-Clause
// Members, presences, voice states, and what they may.
#include "runtime/cache/guild_state.hpp"

#include "tests/cache/objects.hpp"
#include "tests/catch.hpp"

using namespace troupe;
using namespace troupe::cache;
using namespace troupe::testing;

namespace {

template <class Event>
Event as(member what) {
  Event event;
  static_cast<member&>(event) = std::move(what);
  return event;
}

member bare(std::uint64_t id) {
  auto what = typical_member(id);
  what.user.reset();
  return what;
}

presence_update status(std::uint64_t user, std::string is) {
  presence_update what;
  what.user.id = {user};
  what.status = std::move(is);
  return what;
}

guild_counts counts_of(const known_guild& guild) {
  return *guild.state.answer(get_guild_counts{});
}

bool knows(const known_guild& guild, std::uint64_t user) {
  return guild.state.answer(get_member{{user}}).has_value();
}

} // namespace

TEST_CASE("in updates of members absent is unchanged and null is cleared", "[cache][unit]") {
  known_guild guild;
  auto first = typical_member(2);
  first.nick = "nick";
  first.premium_since = timestamp{5};
  first.communication_disabled_until = timestamp{6};
  guild.state.apply(as<guild_member_update>(first));
  member second;
  second.user = typical_user(2);
  second.nick.set_null();
  auto event = as<guild_member_update>(second);
  CHECK((guild.state.before(event)->nick == "nick"));
  guild.state.apply(event);
  auto now = *guild.state.answer(get_member{{2}});
  CHECK(now.nick.is_null());
  CHECK((now.premium_since == timestamp{5}));
  CHECK((now.communication_disabled_until == timestamp{6}));
  CHECK(now.pending == false);
}

TEST_CASE("members come along in other events, with or without their user", "[cache][unit]") {
  known_guild guild;
  auto message = make_message(1000, 10, 7);
  message.member = bare(7);
  guild.state.apply(message);
  CHECK(guild.state.answer(get_member{{7}})->user == typical_user(7));
  voice_state_update voice;
  voice.user_id = {8};
  voice.channel_id = snowflake{11};
  voice.member = typical_member(8);
  voice.member->joined_at.reset();
  guild.state.apply(voice);
  CHECK_FALSE(guild.state.answer(get_member{{8}})->joined_at);
  interaction_create interaction;
  interaction.member = typical_member(9);
  interaction.member->permissions = permissions{7};
  guild.state.apply(interaction);
  CHECK_FALSE(guild.state.answer(get_member{{9}})->permissions);
  typing_start typing;
  typing.member = typical_member(10);
  guild.state.apply(typing);
  CHECK(knows(guild, 10));
  message_reaction_add reaction;
  reaction.member = typical_member(11);
  guild.state.apply(reaction);
  CHECK(knows(guild, 11));
  // They were there all the time.
  CHECK(counts_of(guild).member_count == 3);
}

TEST_CASE("what events about others leave out stays: pending, nick, boost", "[cache][unit]") {
  known_guild guild;
  auto whole = typical_member(2);
  whole.pending = true;
  whole.nick = "nick";
  guild.state.apply(as<guild_member_update>(whole));
  auto message = make_message(1000, 10, 2);
  message.member.emplace();
  message.member->roles = {{51}};
  guild.state.apply(message);
  auto now = *guild.state.answer(get_member{{2}});
  CHECK(now.pending == true);
  CHECK((now.nick == "nick"));
  CHECK(now.roles == std::vector<snowflake>{{51}});
}

TEST_CASE("a webhook is no member", "[cache][unit]") {
  known_guild guild;
  auto message = make_message(1000, 10, 7);
  message.webhook_id = snowflake{7};
  message.member = bare(7);
  guild.state.apply(message);
  CHECK_FALSE(knows(guild, 7));
}

TEST_CASE("the count of members follows who comes and goes", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(as<guild_member_add>(typical_member(7)));
  CHECK(counts_of(guild).member_count == 4);
  // Told of one who was there.
  guild.state.apply(as<guild_member_add>(typical_member(7)));
  CHECK(counts_of(guild).member_count == 4);
  guild.state.apply(status(7, "online"));
  guild_member_remove gone{guild_id, typical_user(7)};
  CHECK(guild.state.before(gone)->user == typical_user(7));
  guild.state.apply(gone);
  CHECK(counts_of(guild).member_count == 3);
  CHECK_FALSE(knows(guild, 7));
  CHECK(counts_of(guild).presences == 0);
}

TEST_CASE("chunks bring members and presences", "[cache][unit]") {
  known_guild guild;
  guild_members_chunk chunk;
  chunk.members = {typical_member(7), typical_member(8)};
  chunk.presences.emplace();
  chunk.presences->push_back(status(7, "dnd"));
  chunk.presences->push_back(status(8, "offline"));
  guild.state.apply(chunk);
  CHECK(counts_of(guild).members == 5);
  CHECK(counts_of(guild).presences == 1);
  CHECK(counts_of(guild).member_count == 3);
}

TEST_CASE("who is offline has no presence", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(status(2, "online"));
  CHECK((guild.state.answer(get_presence{{2}})->status == "online"));
  CHECK(guild.state.answer(get_presence{{2}})->guild_id == guild_id);
  CHECK((guild.state.before(status(2, "offline"))->status == "online"));
  guild.state.apply(status(2, "offline"));
  CHECK(guild.state.answer(get_presence{{2}}).error().code == errc::not_cached);
}

TEST_CASE("a presence changes only what it tells of a user", "[cache][unit]") {
  known_guild guild;
  auto news = status(2, "online");
  news.user.username = "renamed";
  news.user.avatar.set_null();
  guild.state.apply(news);
  auto expected = typical_user(2);
  expected.username = "renamed";
  expected.avatar.reset();
  CHECK(guild.state.answer(get_member{{2}})->user == expected);
  // Users who are no known members are not kept.
  auto users = guild.users->size();
  news.user.id = {77};
  guild.state.apply(news);
  CHECK(guild.users->size() == users);
}

TEST_CASE("voice states end without a channel", "[cache][unit]") {
  known_guild guild;
  voice_state_update voice;
  voice.user_id = {2};
  voice.channel_id = snowflake{11};
  voice.session_id = "session";
  voice.member = typical_member(2);
  guild.state.apply(voice);
  auto there = *guild.state.answer(get_voice_state{{2}});
  CHECK(there.guild_id == guild_id);
  CHECK(there.session_id == "session");
  CHECK_FALSE(there.member);
  CHECK(guild.state.answer(get_voice_states{snowflake{11}})->voice_states.size() == 1);
  CHECK(guild.state.answer(get_voice_states{snowflake{12}})->voice_states.empty());
  voice.channel_id.reset();
  CHECK((guild.state.before(voice)->channel_id == snowflake{11}));
  guild.state.apply(voice);
  CHECK_FALSE(guild.state.answer(get_voice_state{{2}}).has_value());
}

TEST_CASE("beyond the bound go who were not seen for longest, never the bot", "[cache][unit]") {
  auto keep = keep_all();
  keep.members_per_guild = 4;
  known_guild guild{keep};
  guild.state.apply(as<guild_member_add>(typical_member(7)));
  // 1 is seen again: now 2 is the oldest, but for the bot.
  guild.state.apply(as<guild_member_update>(typical_member(1)));
  guild.state.apply(as<guild_member_add>(typical_member(8)));
  CHECK_FALSE(knows(guild, 2));
  guild.state.apply(as<guild_member_add>(typical_member(9)));
  CHECK_FALSE(knows(guild, 7));
  for (std::uint64_t id : {1, 8, 9, 99})
    CHECK(knows(guild, id));
  CHECK(counts_of(guild).evicted_members == 2);
  CHECK(counts_of(guild).member_count == 6);
}

TEST_CASE("members come in pages by their ids", "[cache][unit]") {
  known_guild guild;
  auto page = *guild.state.answer(get_members{{}, 2});
  REQUIRE(page.members.size() == 2);
  CHECK(page.more);
  page = *guild.state.answer(get_members{page.members.back().user->id, 2});
  REQUIRE(page.members.size() == 1);
  CHECK(page.members[0].user->id == bot_id);
  CHECK_FALSE(page.more);
}

TEST_CASE("without users a member has only its id", "[cache][unit]") {
  auto keep = keep_all();
  keep.users = false;
  known_guild guild{keep};
  user nobody;
  nobody.id = {2};
  CHECK(guild.state.answer(get_member{{2}})->user == nobody);
  CHECK(guild.users->size() == 0);
}

TEST_CASE("a role that is deleted is gone from members and overwrites", "[cache][unit]") {
  known_guild guild;
  channel_update update;
  static_cast<channel&>(update) = make_channel(10);
  update.permission_overwrites = {{{{50}, overwrite_type::role, {}, {}}, {{50}, overwrite_type::member, {}, {}}}};
  guild.state.apply(update);
  guild.state.apply(guild_role_delete{guild_id, {50}});
  CHECK(guild.state.answer(get_member{{2}})->roles.empty());
  CHECK(guild.state.answer(get_channel{{10}})->permission_overwrites->size() == 1);
}

TEST_CASE("permissions are answered for channels and threads", "[cache][unit]") {
  known_guild guild;
  auto may = [&](std::uint64_t channel, std::uint64_t user) {
    return guild.state.answer(get_permissions{{channel}, {user}});
  };
  CHECK(may(10, 1)->permissions == permissions::all());
  CHECK(may(10, 2)->permissions == permissions{});
  constexpr auto view = static_cast<std::uint64_t>(permission::view_channel);
  constexpr auto write = static_cast<std::uint64_t>(permission::send_messages);
  guild.state.apply(guild_role_update{guild_id, make_role(50, 1, view | write)});
  CHECK(may(10, 2)->permissions.bits == (view | write));
  channel_update update;
  static_cast<channel&>(update) = make_channel(10);
  update.permission_overwrites = {{{{2}, overwrite_type::member, {}, {write}}}};
  guild.state.apply(update);
  CHECK(may(10, 2)->permissions.bits == view);
  // A thread has its parent's.
  CHECK(may(20, 2)->permissions.bits == view);
  auto silenced = typical_member(2);
  silenced.roles = {{50}};
  silenced.communication_disabled_until = timestamp{fixed_now().unix_us + 1};
  guild.state.apply(as<guild_member_update>(silenced));
  CHECK(may(11, 2)->permissions.bits == view);
  CHECK(may(10, 77).error().code == errc::not_cached);
  CHECK(may(77, 2).error().code == errc::not_cached);
}

TEST_CASE("members are compared by their highest roles, the owner is above all", "[cache][unit]") {
  known_guild guild;
  auto compare = [&](std::uint64_t a, std::uint64_t b) { return guild.state.answer(compare_members{{a}, {b}})->first; };
  CHECK(compare(2, 99) == standing::equal);
  auto higher = typical_member(2);
  higher.roles = {{50}, {51}};
  guild.state.apply(as<guild_member_update>(higher));
  CHECK(compare(2, 99) == standing::higher);
  CHECK(compare(99, 2) == standing::lower);
  CHECK(compare(1, 2) == standing::higher);
  CHECK(compare(2, 1) == standing::lower);
  // At one position the lower id is higher.
  guild.state.apply(guild_role_update{guild_id, make_role(51, 1)});
  CHECK(compare(99, 2) == standing::equal);
  higher.roles = {{51}};
  guild.state.apply(as<guild_member_update>(higher));
  CHECK(compare(99, 2) == standing::higher);
  CHECK_FALSE(guild.state.answer(compare_members{{1}, {77}}).has_value());
}

TEST_CASE("what is given up goes from the least valuable: messages, presences, who is away", "[cache][unit]") {
  known_guild guild;
  for (std::uint64_t id = 1000; id < 1050; ++id)
    guild.state.apply(make_message(id, 10));
  for (std::uint64_t user = 200; user < 260; ++user)
    guild.state.apply(as<guild_member_add>(typical_member(user)));
  guild.state.apply(status(2, "online"));
  guild.state.apply(status(200, "online"));
  auto bytes = guild.state.bytes();
  auto freed = guild.state.shed(1000);
  CHECK(freed >= 1000);
  CHECK(guild.state.bytes() == bytes - freed);
  CHECK(counts_of(guild).messages < 50);
  CHECK(counts_of(guild).messages > 0);
  // The newest stay.
  CHECK(guild.state.answer(get_message{{10}, {1049}}).has_value());
  CHECK_FALSE(guild.state.answer(get_message{{10}, {1000}}).has_value());
  CHECK(counts_of(guild).presences == 2);
  guild.state.shed(guild.state.bytes());
  CHECK(counts_of(guild).messages == 0);
  CHECK(counts_of(guild).presences == 0);
  CHECK(counts_of(guild).evicted_messages == 50);
  // Who was online stays, and the bot.
  for (std::uint64_t id : {2, 99, 200})
    CHECK(knows(guild, id));
  CHECK_FALSE(knows(guild, 201));
  CHECK(counts_of(guild).channels == 3);
}
