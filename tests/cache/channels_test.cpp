// SPDX-License-Identifier: BSD-3-Clause
// Channels and threads.
#include "runtime/cache/guild_state.hpp"

#include "tests/cache/objects.hpp"
#include "tests/catch.hpp"

using namespace troupe;
using namespace troupe::cache;
using namespace troupe::testing;

namespace {

template <class Event>
Event as(channel what) {
  Event event;
  static_cast<channel&>(event) = std::move(what);
  return event;
}

bool has(const guild_state& state, std::uint64_t id) {
  return state.answer(get_channel{{id}}).has_value();
}

channel archived(channel thread) {
  thread.thread_metadata->archived = true;
  return thread;
}

} // namespace

TEST_CASE("a channel knows its guild, which GUILD_CREATE leaves out", "[cache][unit]") {
  known_guild guild;
  CHECK(guild.state.answer(get_channel{{10}})->guild_id == guild_id);
  CHECK(guild.state.answer(get_threads{})->channels.at(0).guild_id == guild_id);
}

TEST_CASE("an update of a channel keeps what only the gateway counts", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(make_message(1000, 10));
  guild.state.apply(voice_channel_status_update{{10}, guild_id, "busy"});
  auto news = make_channel(10);
  news.name = "renamed";
  auto event = as<channel_update>(news);
  CHECK((guild.state.before(event)->name == "channel 10"));
  guild.state.apply(event);
  auto now = *guild.state.answer(get_channel{{10}});
  CHECK((now.name == "renamed"));
  CHECK((now.last_message_id == snowflake{1000}));
  CHECK((now.status == "busy"));
}

TEST_CASE("a channel takes threads, messages, its stage, voice states and invites with it", "[cache][unit]") {
  known_guild guild;
  auto& state = guild.state;
  state.apply(make_message(1000, 10));
  state.apply(make_message(1001, 20));
  stage_instance_create stage;
  stage.id = {5};
  stage.channel_id = {10};
  state.apply(stage);
  voice_state_update voice;
  voice.user_id = {2};
  voice.channel_id = snowflake{10};
  state.apply(voice);
  invite_create invite;
  invite.code = "code";
  invite.channel_id = {10};
  state.apply(invite);
  state.apply(as<channel_delete>(make_channel(10)));
  CHECK_FALSE(has(state, 10));
  CHECK_FALSE(has(state, 20));
  CHECK(state.answer(get_guild_counts{})->messages == 0);
  CHECK(state.answer(get_stage_instances{})->stages.empty());
  CHECK(state.answer(get_voice_states{})->voice_states.empty());
  CHECK(state.invites().empty());
  CHECK(has(state, 11));
}

TEST_CASE("status and start of voice come and go", "[cache][unit]") {
  known_guild guild;
  channel_info info;
  info.channels.resize(1);
  info.channels[0].id = {11};
  info.channels[0].status = "singing";
  info.channels[0].voice_start_time = 1'700'000'000;
  guild.state.apply(info);
  CHECK((guild.state.answer(get_channel{{11}})->voice_start_time == 1'700'000'000));
  guild.state.apply(voice_channel_start_time_update{{11}, guild_id, std::nullopt});
  CHECK((guild.state.answer(get_channel{{11}})->voice_start_time == 1'700'000'000));
  guild.state.apply(voice_channel_start_time_update{{11}, guild_id, maybe<std::int64_t>::null()});
  auto now = *guild.state.answer(get_channel{{11}});
  CHECK(now.voice_start_time.is_null());
  CHECK((now.status == "singing"));
  guild.state.apply(voice_channel_status_update{{11}, guild_id, std::nullopt});
  CHECK(guild.state.answer(get_channel{{11}})->status.is_null());
}

TEST_CASE("pins change channels and threads", "[cache][unit]") {
  known_guild guild;
  for (std::uint64_t id : {10, 20}) {
    guild.state.apply(channel_pins_update{guild_id, {id}, timestamp{7}});
    CHECK((guild.state.answer(get_channel{{id}})->last_pin_timestamp == timestamp{7}));
  }
}

TEST_CASE("a thread may be told twice, and come out of the archive unknown", "[cache][unit]") {
  known_guild guild;
  auto& state = guild.state;
  auto added = as<thread_create>(make_thread(20, 10));
  added.member.emplace();
  added.member->flags = 7;
  state.apply(added);
  CHECK(state.answer(get_channel{{20}})->member->flags == 7);
  // Without `member`: it is still in it.
  state.apply(as<thread_update>(make_thread(20, 10)));
  CHECK(state.answer(get_channel{{20}})->member->flags == 7);
  state.apply(as<thread_update>(make_thread(21, 10)));
  CHECK(has(state, 21));
}

TEST_CASE("a thread goes into the archive with its messages", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(make_message(1000, 20));
  guild.state.apply(as<thread_update>(archived(make_thread(20, 10))));
  CHECK_FALSE(has(guild.state, 20));
  CHECK(guild.state.answer(get_guild_counts{})->messages == 0);
}

TEST_CASE("THREAD_DELETE takes a thread and its messages", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(make_message(1000, 20));
  thread_delete event{{20}, guild_id, snowflake{10}, channel_type::public_thread};
  CHECK(guild.state.before(event)->id == snowflake{20});
  guild.state.apply(event);
  CHECK_FALSE(has(guild.state, 20));
  CHECK(guild.state.answer(get_guild_counts{})->messages == 0);
}

TEST_CASE("THREAD_LIST_SYNC replaces the threads of some channels, or of all", "[cache][unit]") {
  known_guild guild;
  auto& state = guild.state;
  for (std::uint64_t id : {21, 22})
    state.apply(as<thread_create>(make_thread(id, 10)));
  state.apply(as<thread_create>(make_thread(30, 12)));
  state.apply(make_message(1000, 20));
  state.apply(make_message(1001, 22));
  thread_list_sync sync;
  sync.channel_ids = std::vector<snowflake>{{10}};
  sync.threads = {make_thread(20, 10), make_thread(23, 10)};
  sync.members.resize(1);
  sync.members[0].id = snowflake{23};
  sync.members[0].flags = 3;
  state.apply(sync);
  CHECK(has(state, 20));
  CHECK(has(state, 23));
  CHECK(has(state, 30));
  CHECK_FALSE(has(state, 21));
  CHECK_FALSE(has(state, 22));
  CHECK(state.answer(get_channel{{23}})->member->flags == 3);
  // Those of a thread that stays.
  CHECK(state.answer(get_message{{20}, {1000}}).has_value());
  CHECK_FALSE(state.answer(get_message{{22}, {1001}}).has_value());
  sync = {};
  sync.threads = {make_thread(20, 10)};
  state.apply(sync);
  CHECK(has(state, 20));
  CHECK_FALSE(has(state, 23));
  CHECK_FALSE(has(state, 30));
}

TEST_CASE("the bot's own membership of a thread is kept", "[cache][unit]") {
  known_guild guild;
  auto& state = guild.state;
  thread_member_update own;
  own.id = snowflake{20};
  own.user_id = bot_id;
  own.flags = 5;
  state.apply(own);
  CHECK(state.answer(get_channel{{20}})->member->flags == 5);
  thread_members_update others;
  others.id = {20};
  others.member_count = 50;
  others.removed_member_ids = std::vector<snowflake>{{2}};
  state.apply(others);
  CHECK(state.answer(get_channel{{20}})->member);
  CHECK(state.answer(get_channel{{20}})->member_count == 50);
  others.removed_member_ids = std::vector{bot_id};
  state.apply(others);
  CHECK_FALSE(state.answer(get_channel{{20}})->member);
  others.removed_member_ids.reset();
  others.added_members.emplace(1);
  auto& back = others.added_members->front();
  back.user_id = bot_id;
  back.member = typical_member(7);
  back.presence.emplace();
  back.presence->user.id = {7};
  back.presence->status = "idle";
  state.apply(others);
  REQUIRE(state.answer(get_channel{{20}})->member);
  CHECK_FALSE(state.answer(get_channel{{20}})->member->member);
  CHECK(state.answer(get_member{{7}}).has_value());
  CHECK((state.answer(get_presence{{7}})->status == "idle"));
}

TEST_CASE("threads count their messages, but not the first one", "[cache][unit]") {
  known_guild guild;
  auto& state = guild.state;
  auto counted = [&] {
    auto thread = *state.answer(get_channel{{20}});
    return std::pair{*thread.message_count, *thread.total_message_sent};
  };
  state.apply(make_message(20, 20));
  auto starter = make_message(21, 20);
  starter.type = message_type::thread_starter_message;
  state.apply(starter);
  CHECK(counted() == std::pair{0, 0});
  state.apply(make_message(1000, 20));
  state.apply(make_message(1001, 20));
  CHECK(counted() == std::pair{2, 2});
  // Delivered again.
  state.apply(make_message(1001, 20));
  CHECK(counted() == std::pair{2, 2});
  state.apply(message_delete{{1000}, {20}, guild_id});
  CHECK(counted() == std::pair{1, 2});
  state.apply(message_delete_bulk{{{1001}, {1002}}, {20}, guild_id});
  CHECK(counted() == std::pair{0, 2});
  state.apply(message_delete{{20}, {20}, guild_id});
  CHECK(counted() == std::pair{0, 2});
  CHECK((state.answer(get_channel{{20}})->last_message_id == snowflake{1001}));
}

TEST_CASE("the newest post of a forum is its last message", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(as<thread_create>(make_thread(500, 12)));
  CHECK((guild.state.answer(get_channel{{12}})->last_message_id == snowflake{500}));
  // An old one to which the bot was added.
  guild.state.apply(as<thread_create>(make_thread(400, 12)));
  CHECK((guild.state.answer(get_channel{{12}})->last_message_id == snowflake{500}));
  guild.state.apply(as<thread_create>(make_thread(501, 10)));
  CHECK(guild.state.answer(get_channel{{10}})->last_message_id.is_absent());
}

TEST_CASE("threads are listed by their parent", "[cache][unit]") {
  known_guild guild;
  guild.state.apply(as<thread_create>(make_thread(30, 12)));
  CHECK(guild.state.answer(get_threads{})->channels.size() == 2);
  CHECK(guild.state.answer(get_threads{snowflake{12}})->channels.at(0).id == snowflake{30});
  CHECK(guild.state.answer(get_threads{snowflake{11}})->channels.empty());
}
