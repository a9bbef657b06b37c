// SPDX-License-Identifier: BSD-3-Clause
// Messages, reactions and votes.
#include "runtime/cache/guild_state.hpp"

#include "tests/cache/objects.hpp"
#include "tests/catch.hpp"

using namespace troupe;
using namespace troupe::cache;
using namespace troupe::testing;

namespace {

message known(const known_guild& guild, std::uint64_t id = 1000) {
  return guild.state.answer(get_message{{10}, {id}}).value();
}

message_update updated(const message& with) {
  message_update event;
  static_cast<message&>(event) = with;
  return event;
}

message_reaction_add reaction_by(std::uint64_t user, const emoji& which, bool burst = false) {
  message_reaction_add event;
  event.user_id = {user};
  event.channel_id = {10};
  event.message_id = {1000};
  event.emoji = which;
  event.burst = burst;
  return event;
}

message_reaction_remove no_reaction_by(std::uint64_t user, const emoji& which, bool burst = false) {
  message_reaction_remove event;
  event.user_id = {user};
  event.channel_id = {10};
  event.message_id = {1000};
  event.emoji = which;
  event.burst = burst;
  return event;
}

emoji heart() {
  emoji what;
  what.name = "\xe2\x9d\xa4";
  return what;
}

emoji custom(std::uint64_t id) {
  emoji what;
  what.id = snowflake{id};
  what.name = "custom";
  return what;
}

} // namespace

TEST_CASE("a message is kept as it came, and is its channel's last", "[cache][unit]") {
  known_guild guild;
  auto event = make_message(1000, 10);
  guild.state.apply(event);
  CHECK(known(guild) == static_cast<const message&>(event));
  CHECK((guild.state.answer(get_channel{{10}})->last_message_id == snowflake{1000}));
}

TEST_CASE("an update never overwrites with what it lacks", "[cache][unit]") {
  known_guild guild;
  auto event = make_message(1000, 10);
  event.tts = true;
  event.edited_timestamp = timestamp{5};
  event.flags = 4;
  guild.state.apply(event);
  guild.state.apply(reaction_by(1, heart()));
  auto update = make_message(1000, 10);
  update.content = "edited";
  update.pinned = true;
  CHECK(guild.state.before(updated(update))->content == "message 1000");
  guild.state.apply(updated(update));
  auto now = known(guild);
  CHECK(now.content == "edited");
  CHECK(now.pinned);
  CHECK(now.flags == 4u);
  CHECK(now.reactions->size() == 1);
  // Updates always deny it.
  CHECK(now.tts);
  // A pin is no edit.
  CHECK((now.edited_timestamp == timestamp{5}));
}

TEST_CASE("the old form of updates changes only what it has", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(make_message(1000, 10));
  message_update unfurled;
  unfurled.id = {1000};
  unfurled.channel_id = {10};
  unfurled.embeds.resize(1);
  guild.state.apply(unfurled);
  auto now = known(guild);
  CHECK(now.content == "message 1000");
  CHECK(now.author == typical_user(1));
  CHECK(now.embeds.size() == 1);
}

TEST_CASE("an update of an unknown message is not kept", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(updated(make_message(1000, 10)));
  CHECK_FALSE(guild.state.answer(get_message{{10}, {1000}}).has_value());
}

TEST_CASE("deleted messages go, one or many", "[cache][unit]") {
  known_guild guild;
  for (std::uint64_t id : {1000, 1001, 1002})
    guild.state.apply(make_message(id, 10));
  message_delete one{{1001}, {10}, guild_id};
  CHECK(guild.state.before(one)->id == snowflake{1001});
  guild.state.apply(one);
  CHECK(guild.state.answer(get_messages{{10}, {}, 10})->messages.size() == 2);
  guild.state.apply(message_delete_bulk{{{1000}, {1002}, {1003}}, {10}, guild_id});
  CHECK(guild.state.answer(get_messages{{10}, {}, 10})->messages.empty());
}

TEST_CASE("each channel keeps its newest messages", "[cache][unit]") {
  auto keep = keep_all();
  keep.messages_per_channel = 3;
  known_guild guild{keep};
  for (std::uint64_t id = 1000; id < 1005; ++id)
    guild.state.apply(make_message(id, 10));
  guild.state.apply(make_message(1, 11));
  auto page = *guild.state.answer(get_messages{{10}, {}, 2});
  REQUIRE(page.messages.size() == 2);
  CHECK(page.messages[0].id == snowflake{1004});
  CHECK(page.more);
  page = *guild.state.answer(get_messages{{10}, {1003}, 2});
  REQUIRE(page.messages.size() == 1);
  CHECK(page.messages[0].id == snowflake{1002});
  CHECK_FALSE(page.more);
  CHECK(guild.state.answer(get_guild_counts{})->evicted_messages == 2);
  CHECK(guild.state.answer(get_guild_counts{})->messages == 4);
}

TEST_CASE("reactions are counted by emoji", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(make_message(1000, 10));
  guild.state.apply(reaction_by(1, heart()));
  guild.state.apply(reaction_by(99, heart()));
  guild.state.apply(reaction_by(2, custom(5), true));
  auto now = *known(guild).reactions;
  REQUIRE(now.size() == 2);
  CHECK(now[0].count == 2);
  CHECK(now[0].me);
  CHECK(now[0].count_details == reaction_counts{0, 2});
  CHECK(now[1].count_details == reaction_counts{1, 0});
  CHECK_FALSE(now[1].me);
  guild.state.apply(no_reaction_by(99, heart()));
  guild.state.apply(no_reaction_by(2, custom(5), true));
  now = *known(guild).reactions;
  REQUIRE(now.size() == 1);
  CHECK(now[0].count == 1);
  CHECK_FALSE(now[0].me);
  // Never given.
  guild.state.apply(no_reaction_by(1, custom(6)));
  guild.state.apply(no_reaction_by(1, heart()));
  CHECK_FALSE(known(guild).reactions);
}

TEST_CASE("reactions are cleared, all or those of one emoji", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(make_message(1000, 10));
  guild.state.apply(reaction_by(1, heart()));
  guild.state.apply(reaction_by(1, custom(5)));
  guild.state.apply(reaction_by(1, custom(6)));
  // The name of an emoji may have changed.
  auto renamed = custom(5);
  renamed.name = "renamed";
  guild.state.apply(message_reaction_remove_emoji{{10}, {1000}, guild_id, renamed});
  CHECK(known(guild).reactions->size() == 2);
  guild.state.apply(message_reaction_remove_all{{10}, {1000}, guild_id});
  CHECK_FALSE(known(guild).reactions);
}

TEST_CASE("votes are counted by answer", "[cache][unit]") {
  known_guild guild;
  auto event = make_message(1000, 10);
  event.poll.emplace();
  guild.state.apply(event);
  auto results = [&] { return (*known(guild).poll)->results.value().answer_counts; };
  guild.state.apply(message_poll_vote_add{{1}, {10}, {1000}, guild_id, 2});
  guild.state.apply(message_poll_vote_add{bot_id, {10}, {1000}, guild_id, 2});
  CHECK(results() == std::vector{poll_answer_count{2, 2, true}});
  guild.state.apply(message_poll_vote_remove{bot_id, {10}, {1000}, guild_id, 2});
  CHECK(results() == std::vector{poll_answer_count{2, 1, false}});
  // A message without a poll.
  guild.state.apply(make_message(1001, 10));
  guild.state.apply(message_poll_vote_add{{1}, {10}, {1001}, guild_id, 1});
  CHECK_FALSE(known(guild, 1001).poll);
}
