// SPDX-License-Identifier: BSD-3-Clause
// Which events churn makes, who gets them, and what is in them (protocol 5.1 and 6).
#include "runtime/simulator/json_object.hpp"

#include "tests/catch.hpp"
#include "tests/simulator/model_client.hpp"

#include <algorithm>
#include <map>
#include <set>

using namespace troupe;
using namespace troupe::test;

namespace {

constexpr std::uint64_t everything = 53'608'447;

simulator::options busy(std::uint64_t seed = 1) {
  auto opts = model_client::quiet(6);
  opts.seed = seed;
  opts.churn = 1;
  opts.members_min = 5;
  opts.members_max = 30;
  opts.allowed_privileged = 33'026;
  opts.replay_buffer = 100'000;
  return opts;
}

/// The names of what a session with these intents hears of so many events.
std::map<std::string, std::vector<payload>> hear(std::uint64_t intents, std::uint32_t events, std::uint64_t seed = 1) {
  model_client client{busy(seed)};
  auto id = client.ready(0, 1, intents);
  auto before = client.views[id].got.size();
  for (std::uint32_t i = 0; i < events; i += 100) {
    client.inject("burst events=100");
    client.advance(100ms);
    client.beat(id);
  }
  std::map<std::string, std::vector<payload>> found;
  for (auto each = before; each < client.views[id].got.size(); ++each)
    if (const auto& one = client.views[id].got[each]; one.op == 0)
      found[one.t].push_back(one);
  return found;
}

/// The name of each event and the bits of its intents, in guilds: all of them are needed.
const std::map<std::string, std::uint64_t> needs{
  {"APPLICATION_COMMAND_PERMISSIONS_UPDATE", 0},
  {"AUTO_MODERATION_RULE_CREATE", 1u << 20},
  {"AUTO_MODERATION_RULE_UPDATE", 1u << 20},
  {"AUTO_MODERATION_RULE_DELETE", 1u << 20},
  {"AUTO_MODERATION_ACTION_EXECUTION", 1u << 21},
  {"CHANNEL_CREATE", 1},
  {"CHANNEL_UPDATE", 1},
  {"CHANNEL_DELETE", 1},
  {"VOICE_CHANNEL_STATUS_UPDATE", 1},
  {"VOICE_CHANNEL_START_TIME_UPDATE", 1},
  {"THREAD_CREATE", 1},
  {"THREAD_UPDATE", 1},
  {"THREAD_DELETE", 1},
  {"THREAD_LIST_SYNC", 1},
  {"THREAD_MEMBER_UPDATE", 1},
  {"THREAD_MEMBERS_UPDATE", 1},
  {"ENTITLEMENT_CREATE", 0},
  {"ENTITLEMENT_UPDATE", 0},
  {"ENTITLEMENT_DELETE", 0},
  {"SUBSCRIPTION_CREATE", 0},
  {"SUBSCRIPTION_UPDATE", 0},
  {"SUBSCRIPTION_DELETE", 0},
  {"GUILD_CREATE", 1},
  {"GUILD_UPDATE", 1},
  {"GUILD_DELETE", 1},
  {"GUILD_AUDIT_LOG_ENTRY_CREATE", 4},
  {"GUILD_BAN_ADD", 4},
  {"GUILD_BAN_REMOVE", 4},
  {"GUILD_EMOJIS_UPDATE", 8},
  {"GUILD_STICKERS_UPDATE", 8},
  {"GUILD_INTEGRATIONS_UPDATE", 16},
  {"INTEGRATION_CREATE", 16},
  {"INTEGRATION_UPDATE", 16},
  {"INTEGRATION_DELETE", 16},
  {"GUILD_MEMBER_ADD", 2},
  {"GUILD_MEMBER_UPDATE", 0}, // Its own.
  {"GUILD_MEMBER_REMOVE", 2},
  {"GUILD_ROLE_CREATE", 1},
  {"GUILD_ROLE_UPDATE", 1},
  {"GUILD_ROLE_DELETE", 1},
  {"GUILD_SCHEDULED_EVENT_CREATE", 1u << 16},
  {"GUILD_SCHEDULED_EVENT_UPDATE", 1u << 16},
  {"GUILD_SCHEDULED_EVENT_DELETE", 1u << 16},
  {"GUILD_SCHEDULED_EVENT_USER_ADD", 1u << 16},
  {"GUILD_SCHEDULED_EVENT_USER_REMOVE", 1u << 16},
  {"GUILD_SOUNDBOARD_SOUND_CREATE", 8},
  {"GUILD_SOUNDBOARD_SOUND_UPDATE", 8},
  {"GUILD_SOUNDBOARD_SOUND_DELETE", 8},
  {"GUILD_SOUNDBOARD_SOUNDS_UPDATE", 8},
  {"INTERACTION_CREATE", 0},
  {"INVITE_CREATE", 64},
  {"INVITE_DELETE", 64},
  {"MESSAGE_DELETE_BULK", 512},
  {"MESSAGE_UPDATE", 512},
  {"MESSAGE_REACTION_REMOVE", 1'024},
  {"MESSAGE_REACTION_REMOVE_ALL", 1'024},
  {"MESSAGE_REACTION_REMOVE_EMOJI", 1'024},
  {"PRESENCE_UPDATE", 256},
  {"STAGE_INSTANCE_CREATE", 1},
  {"STAGE_INSTANCE_UPDATE", 1},
  {"STAGE_INSTANCE_DELETE", 1},
  {"USER_UPDATE", 0},
  {"VOICE_CHANNEL_EFFECT_SEND", 128},
  {"VOICE_STATE_UPDATE", 128},
  {"VOICE_SERVER_UPDATE", 0},
  {"WEBHOOKS_UPDATE", 32},
};

/// As above, of guilds and of direct channels.
const std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> needs_either{
  {"MESSAGE_CREATE", {1u << 9, 1u << 12}},         {"MESSAGE_DELETE", {1u << 9, 1u << 12}},
  {"MESSAGE_REACTION_ADD", {1u << 10, 1u << 13}},  {"TYPING_START", {1u << 11, 1u << 14}},
  {"MESSAGE_POLL_VOTE_ADD", {1u << 24, 1u << 25}}, {"MESSAGE_POLL_VOTE_REMOVE", {1u << 24, 1u << 25}},
  {"CHANNEL_PINS_UPDATE", {1, 1u << 12}}};

bool in_guild(const payload& one) {
  return !at(one.d, "/guild_id").empty();
}

} // namespace

TEST_CASE("every event that nobody asks for comes sooner or later, and some that is not documented",
          "[simulator][churn]") {
  auto heard = hear(everything, 12'000);
  for (const auto& [name, bits] : needs)
    CHECK((heard.contains(name) ? "" : name) == "");
  for (const auto& [name, bits] : needs_either) {
    const auto& all = heard[name];
    CHECK((std::any_of(all.begin(), all.end(), in_guild) ? "" : name) == "");
    CHECK((std::all_of(all.begin(), all.end(), in_guild) ? name : "") == "");
  }
  CHECK(heard.size() == needs.size() + needs_either.size() + 1);
}

TEST_CASE("no event comes without its intent", "[simulator][churn]") {
  for (std::uint64_t bit = 1; bit < everything; bit <<= 1) {
    if ((everything & bit) == 0)
      continue;
    INFO("without " << bit);
    for (const auto& [name, all] : hear(everything & ~bit, 1'500)) {
      if (auto known = needs.find(name); known != needs.end())
        CHECK((known->second & bit) == 0);
      else if (auto either = needs_either.find(name); either != needs_either.end())
        for (const auto& one : all)
          CHECK((((in_guild(one) ? either->second.first : either->second.second) & bit)) == 0);
    }
  }
}

TEST_CASE("without any intent only those come that need none", "[simulator][churn]") {
  auto heard = hear(0, 4'000);
  for (const auto& [name, all] : heard)
    CHECK((needs.contains(name) && needs.at(name) == 0));
  CHECK(heard.contains("INTERACTION_CREATE"));
  // Its own member only.
  for (const auto& one : heard["GUILD_MEMBER_UPDATE"])
    CHECK(at(one.d, "/user/id") == "\"555555555555555555\"");
}

TEST_CASE("thread members of others need GUILD_MEMBERS", "[simulator][churn]") {
  auto heard = hear(1, 4'000);
  for (const auto& one : heard["THREAD_MEMBERS_UPDATE"]) {
    CHECK(at(one.d, "/added_members/1").empty());
    auto own = at(one.d, "/added_members/0/user_id") + at(one.d, "/removed_member_ids/0");
    CHECK(own == "\"555555555555555555\"");
  }
}

TEST_CASE("what needs MESSAGE_CONTENT is blank without it", "[simulator][churn]") {
  auto shown = hear(everything, 4'000);
  auto hidden = hear(everything & ~(1u << 15), 4'000);
  auto is_blank = [](const payload& one) {
    return (at(one.d, "/content") == "\"\"" || at(one.d, "/content").empty()) && at(one.d, "/embeds/0").empty()
           && at(one.d, "/attachments/0").empty() && at(one.d, "/components/0").empty() && at(one.d, "/poll").empty();
  };
  for (auto name : {"MESSAGE_CREATE", "MESSAGE_UPDATE"}) {
    CHECK(!std::all_of(shown[name].begin(), shown[name].end(), is_blank));
    for (const auto& one : hidden[name])
      if (in_guild(one))
        CHECK(is_blank(one));
  }
}

TEST_CASE("the same seed makes the same churn", "[simulator][churn]") {
  auto text = [](std::uint64_t seed) {
    std::vector<std::string> all;
    for (const auto& [name, payloads] : hear(everything, 2'000, seed))
      for (const auto& one : payloads)
        all.push_back(one.text);
    return all;
  };
  auto first = text(3);
  CHECK(first == text(3));
  CHECK(first != text(4));
}

TEST_CASE("every documented field comes now and then", "[simulator][churn]") {
  auto [event, pointer, fields] = GENERATE(table<std::string, std::string, std::string>(
    {{"MESSAGE_CREATE", "",
      "id channel_id author content timestamp edited_timestamp tts mention_everyone mentions mention_roles "
      "mention_channels attachments embeds nonce pinned webhook_id type activity application application_id flags "
      "message_reference message_snapshots referenced_message interaction_metadata interaction components "
      "sticker_items stickers position role_subscription_data resolved poll call guild_id member"},
     {"GUILD_MEMBER_UPDATE", "",
      "guild_id roles user nick avatar banner joined_at premium_since deaf mute pending communication_disabled_until "
      "flags avatar_decoration_data collectibles"},
     {"CHANNEL_UPDATE", "",
      "id type guild_id position permission_overwrites name topic nsfw last_message_id bitrate user_limit "
      "rate_limit_per_user parent_id last_pin_timestamp rtc_region video_quality_mode default_auto_archive_duration "
      "flags "
      "available_tags default_reaction_emoji default_thread_rate_limit_per_user default_sort_order "
      "default_forum_layout"},
     {"THREAD_CREATE", "",
      "id type guild_id name parent_id owner_id last_message_id message_count member_count total_message_sent "
      "thread_metadata member applied_tags newly_created rate_limit_per_user flags"},
     {"GUILD_ROLE_CREATE", "/role",
      "id name color colors hoist icon unicode_emoji position permissions managed mentionable tags flags"},
     {"PRESENCE_UPDATE", "/activities/0",
      "name type url created_at timestamps application_id status_display_type details details_url state state_url "
      "emoji "
      "party assets secrets instance flags buttons"},
     {"GUILD_SCHEDULED_EVENT_UPDATE", "",
      "id guild_id channel_id creator_id name description scheduled_start_time scheduled_end_time privacy_level status "
      "entity_type entity_id entity_metadata creator user_count image recurrence_rule"},
     {"VOICE_STATE_UPDATE", "",
      "guild_id channel_id user_id member session_id deaf mute self_deaf self_mute self_stream self_video suppress "
      "request_to_speak_timestamp"},
     {"INTERACTION_CREATE", "",
      "id application_id type data guild guild_id channel channel_id member user token version message app_permissions "
      "locale guild_locale entitlements authorizing_integration_owners context attachment_size_limit"},
     {"INVITE_CREATE", "",
      "channel_id code created_at guild_id inviter max_age max_uses target_type target_user target_application "
      "temporary "
      "uses expires_at role_ids"}}));
  static auto heard = hear(everything, 12'000);
  std::set<std::string> seen;
  for (const auto& one : heard[event]) {
    auto object = simulator::json_object::parse(pointer.empty() ? one.d : at(one.d, pointer));
    for (const auto& [name, value] : object.fields())
      seen.insert(name);
  }
  std::string missing;
  for (std::size_t begin = 0; begin < fields.size();) {
    auto end = std::min(fields.find(' ', begin), fields.size());
    if (auto name = fields.substr(begin, end - begin); !seen.contains(name))
      missing += name + ' ';
    begin = end + 1;
  }
  INFO(event);
  CHECK(missing == "");
}
