// SPDX-License-Identifier: BSD-3-Clause
// Caches of a whole process: what guilds' actors answer is what is true of the guilds, whatever happened on the way.
#include "messages/guild_cache.hpp"

#include "runtime/cache/guild_state.hpp"

#include "tests/catch.hpp"
#include "tests/testing/bots.hpp"

#include <concepts>
#include <sstream>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

bot_spec listener() {
  return {"listener", [](bot*) -> caf::behavior { return {[](int) {}}; }, intents::all(), {}};
}

testing::stage_options with_caches(std::string_view resources, testing::stage_options options = {}) {
  options.settings = [resources = std::string{resources}](config::settings& settings) {
    settings.cache = cache::settings::parse(resources).value();
  };
  return options;
}

// 200 guilds that change in every way.
testing::stage_options churning(std::uint64_t seed) {
  auto options = with_caches("usual", {.seed = seed, .shards = 2, .guilds = 200});
  options.discord = [](simulator::options& discord) {
    discord.churn = 0.7;
    discord.members_min = 4;
    discord.members_max = 12;
    discord.replay_buffer = 100'000;
    discord.events_per_second = 100;
  };
  return options;
}

template <class Object>
std::string joined(std::vector<Object> all) {
  std::string text;
  for (auto& one : all) {
    // GUILD_CREATE does not say whose membership of a thread it is; THREAD_CREATE does.
    if constexpr (std::same_as<Object, channel>) {
      if (one.member)
        one.member->id = one.member->user_id = std::nullopt;
      // Told by events of their own, and on request.
      one.status = {};
      one.voice_start_time = {};
    }
    text += codec::encode(one) + '\n';
  }
  return text;
}

std::string guild_text(guild what) {
  // Only REST tells them.
  what.approximate_member_count = what.approximate_presence_count = std::nullopt;
  return codec::encode(what);
}

template <class Answer>
std::string text_of(const Answer& what) {
  if constexpr (
    requires { what.channels; } && !requires { what.name; })
    return joined(what.channels);
  else if constexpr (requires { what.members; })
    return joined(what.members) + (what.more ? "more" : "");
  else if constexpr (requires { what.voice_states; })
    return joined(what.voice_states);
  else if constexpr (requires { what.events; })
    return joined(what.events);
  else if constexpr (requires { what.stages; })
    return joined(what.stages);
  else if constexpr (requires { what.sounds; })
    return joined(what.sounds);
  else if constexpr (requires { what.name; })
    return guild_text(what);
  else if constexpr (requires { what.roles; })
    return joined(what.roles);
  else if constexpr (requires { what.emojis; })
    return joined(what.emojis);
  else
    return joined(what.stickers);
}

template <class Answer, class Question>
std::string told(testing::stage& stage, snowflake guild, const Question& what) {
  auto answer = stage.ask<Answer>(stage.services().guilds, what, guild);
  return answer ? text_of(*answer) : to_string(to_error(answer.error()));
}

template <class Question>
std::string true_of(const cache::guild_state& state, const Question& what) {
  auto answer = state.answer(what);
  return answer ? text_of(*answer) : to_string(answer.error());
}

// Without those that the bot cannot see any more: nobody tells it, and Discord lists them no more.
std::string told_threads(testing::stage& stage, snowflake guild, const cache::guild_state& right) {
  auto all = stage.ask<channel_list>(stage.services().guilds, get_threads{}, guild);
  if (!all)
    return to_string(to_error(all.error()));
  std::erase_if(all->channels, [&](const channel& one) {
    auto may = right.answer(get_permissions{one.parent_id.value_or(snowflake{}), stage.discord.bot()});
    auto closed = one.type == channel_type::private_thread && !one.member;
    return !may || !may->permissions.has(permission::view_channel)
           || (closed && !may->permissions.has(permission::manage_threads));
  });
  return text_of(*all);
}

// The first lines that differ.
std::string first_difference(const std::string& left, const std::string& right) {
  std::istringstream lefts{left};
  std::istringstream rights{right};
  std::string one;
  std::string other;
  do {
    one.clear();
    other.clear();
    std::getline(lefts, one);
    std::getline(rights, other);
  } while (one == other && lefts && rights);
  return one + "\nbut it is " + other;
}

// The name of the first answer that is not true; "" where all are.
std::string difference(testing::stage& stage, snowflake guild, bool everything = true) {
  auto truth = stage.discord.truth(guild);
  if (!truth)
    return "it is not there";
  cache::guild_state right{guild, cache::settings{}, std::make_shared<cache::user_table>()};
  right.apply(*truth);
  std::string what;
  auto compare = [&](const char* name, const std::string& left, const std::string& expected) {
    if (what.empty() && left != expected)
      what = std::string{name} + ": " + first_difference(left, expected);
  };
  compare("guild", told<troupe::guild>(stage, guild, get_guild{}), true_of(right, get_guild{}));
  compare("channels", told<channel_list>(stage, guild, get_channels{}), true_of(right, get_channels{}));
  compare("threads", told_threads(stage, guild, right), true_of(right, get_threads{}));
  compare("roles", told<role_list>(stage, guild, get_roles{}), true_of(right, get_roles{}));
  get_members members{.after = {}, .limit = 1'000};
  compare("members", told<member_page>(stage, guild, members), true_of(right, members));
  if (!everything)
    return what; // REST tells no more.
  compare("voice states", told<voice_state_list>(stage, guild, get_voice_states{}), true_of(right, get_voice_states{}));
  compare("emojis", told<emoji_list>(stage, guild, get_emojis{}), true_of(right, get_emojis{}));
  compare("stickers", told<sticker_list>(stage, guild, get_stickers{}), true_of(right, get_stickers{}));
  compare("scheduled events", told<scheduled_event_list>(stage, guild, get_scheduled_events{}),
          true_of(right, get_scheduled_events{}));
  compare("stages", told<stage_instance_list>(stage, guild, get_stage_instances{}),
          true_of(right, get_stage_instances{}));
  compare("sounds", told<soundboard_sound_list>(stage, guild, get_soundboard_sounds{}),
          true_of(right, get_soundboard_sounds{}));
  return what;
}

// Waits for all that is on its way, then asks every guild everything.
void check_all(testing::stage& stage) {
  stage.discord.set_traffic(0);
  stage.advance(3min);
  auto guilds = stage.discord.guilds();
  auto status = stage.ask<guilds_status>(stage.services().guilds, guilds_status_request{});
  REQUIRE(status);
  CHECK(status->guilds == guilds.size());
  CHECK(status->dirty == 0);
  for (auto guild : guilds) {
    INFO("guild " << to_string(guild));
    REQUIRE(difference(stage, guild) == "");
  }
}

} // namespace

TEST_CASE("without caches every question is refused, and the advice says what to configure", "[testing][caches]") {
  testing::stage stage;
  stage.run(listener());
  auto answer = stage.ask<guild>(stage.services().guilds, get_guild{}, stage.discord.guild(0));
  REQUIRE_FALSE(answer);
  CHECK(to_error(answer.error()).code == errc::cache_disabled);
}

TEST_CASE("a bot asks its guild, which knows what was said before", "[testing][caches]") {
  testing::stage stage{with_caches("all")};
  std::string known;
  stage.run({"asking",
             [&known](bot* self) -> caf::behavior {
               self->subscribe<message_create>();
               return {[&known, self](const message_create& event) {
                 self->request(self->services().guilds, 1s, get_message{event.channel_id, event.id}, *event.guild_id)
                   .then([&known](const message& found) { known = found.content; });
               }};
             },
             intents::all(),
             {}});
  stage.discord.say("hello");
  stage.settle();
  CHECK(known == "hello");
}

TEST_CASE("a guild that the bot left is known no more, and its actor ends", "[testing][caches]") {
  testing::stage stage{with_caches("all")};
  stage.run(listener());
  stage.advance(10s); // Guilds come one after another.
  auto guild = stage.discord.guild(0);
  CHECK(stage.ask<troupe::guild>(stage.services().guilds, get_guild{}, guild));
  stage.discord.dispatch(guild_delete{guild, std::nullopt});
  CHECK_FALSE(stage.ask<troupe::guild>(stage.services().guilds, get_guild{}, guild));
  stage.discord.dispatch(guild_delete{stage.discord.guild(1), true});
  auto counts = stage.ask<guild_counts>(stage.services().guilds, get_guild_counts{}, stage.discord.guild(1));
  REQUIRE(counts);
  CHECK_FALSE(counts->available);
}

TEST_CASE("updates come with what was before, wherever the bot is", "[testing][caches]") {
  auto where = GENERATE(placement::per_node, placement::per_shard, placement::per_guild);
  testing::stage stage{with_caches("all")};
  std::vector<std::string> before;
  stage.run({.name = "curious",
             .start = [&before](bot* self) -> caf::behavior {
               self->subscribe<message_update>({.previous = true});
               return {[&before](const message_update& now, const previous<message>& then) {
                 before.push_back((then.object ? then.object->content : "?") + " -> " + now.content);
               }};
             },
             .intents = intents::all(),
             .placement = where});
  stage.advance(10s);
  auto said = stage.discord.say("one");
  message_update edited;
  static_cast<message&>(edited) = said;
  edited.guild_id = said.guild_id;
  edited.content = "two";
  stage.discord.dispatch(edited);
  edited.content = "three";
  stage.discord.dispatch(edited);
  edited.id = {12345};
  stage.discord.dispatch(edited);
  stage.advance(1s);
  CHECK(before == std::vector<std::string>{"one -> two", "two -> three", "? -> three"});
  CHECK(stage.shards().at(0).outstanding == 0);
}

TEST_CASE("caches are true after churn in 200 guilds", "[testing][caches]") {
  testing::stage stage{churning(1)};
  stage.run(listener());
  stage.advance(2min);
  check_all(stage);
}

TEST_CASE("caches are true after resumes, lost sessions, outages and crashes", "[testing][caches]") {
  auto seed = GENERATE(2, 3);
  testing::stage stage{churning(static_cast<std::uint64_t>(seed))};
  stage.run(listener());
  for (int round = 0; round < 3; ++round) {
    stage.advance(10s);
    stage.discord.drop(0);
    stage.advance(10s);
    stage.discord.invalidate(1);
    stage.advance(10s);
    stage.discord.inject("outage guilds=20 seconds=5");
    stage.advance(10s);
    stage.crash("root/shards/0");
    stage.advance(10s);
  }
  check_all(stage);
}

TEST_CASE("a process that resumes asks for what it does not know", "[testing][caches]") {
  testing::stage stage{churning(4)};
  stage.run(listener());
  stage.advance(30s);
  stage.kill_process();
  stage.restart_process();
  CHECK(stage.discord.identifies() == 2);
  // It resumed: nobody tells it about its guilds.
  stage.advance(30s);
  stage.discord.set_traffic(0);
  stage.advance(3min);
  auto status = stage.ask<guilds_status>(stage.services().guilds, guilds_status_request{});
  REQUIRE(status);
  CHECK(status->guilds > 100);
  CHECK(status->dirty == 0);
  for (auto guild : stage.discord.guilds()) {
    if (!stage.ask<guild_counts>(stage.services().guilds, get_guild_counts{}, guild))
      continue; // It had no event since.
    INFO("guild " << to_string(guild));
    REQUIRE(difference(stage, guild, false) == "");
  }
}
