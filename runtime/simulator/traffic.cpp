// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/simulator/traffic.hpp"

#include "runtime/simulator/text.hpp"

#include <algorithm>
#include <array>

namespace troupe::simulator {

namespace {

constexpr std::int64_t discord_epoch_ms = 1'420'070'400'000;
constexpr std::size_t recent_max = 64;
constexpr std::array<std::string_view, 16> words{"the",       "raid",    "starts", "at",        "nine",  "who",
                                                 "brings",    "snacks",  "fine",   "maybe",     "later", "yes",
                                                 "caf\u00e9", "tonight", "\"ok\"", "\U0001F389"};

/// Where a message is; without a guild it is a direct one.
struct message_place {
  snowflake channel;
  snowflake guild;
  std::string member;
};

std::string message_text(snowflake id, const message_place& place, const std::string& author, std::string_view content,
                         std::int64_t unix_ms, std::string_view edited, std::string_view nonce) {
  std::string out = "{\"type\":0,\"tts\":false,\"timestamp\":" + quote_time(unix_ms) + ",\"pinned\":false,";
  if (!nonce.empty())
    out += "\"nonce\":" + std::string{nonce} + ',';
  out += "\"mentions\":[],\"mention_roles\":[],\"mention_everyone\":false,"
         + (place.guild ? "\"member\":" + place.member + ',' : "") + "\"id\":" + quote(id)
         + ",\"flags\":0,\"embeds\":[],\"edited_timestamp\":" + std::string{edited} + ",\"content\":" + quote(content)
         + ",\"components\":[],\"channel_type\":" + (place.guild ? '0' : '1')
         + ",\"channel_id\":" + quote(place.channel) + ",\"author\":" + author + ",\"attachments\":[]"
         + (place.guild ? ",\"guild_id\":" + quote(place.guild) : "") + '}';
  return out;
}

} // namespace

traffic::traffic(const options& opts, const world& where)
  : world_{where}, mix_{opts.mix}, ping_share_{opts.ping_share},
    direct_share_{opts.direct_share}, bot_{opts.bot_id}, random_{opts.seed} {
  // nop
}

snowflake traffic::make_id(std::int64_t unix_ms) noexcept {
  auto id = static_cast<std::uint64_t>(unix_ms - discord_epoch_ms) << 22;
  last_id_ = std::max(id, last_id_ + 1);
  return {last_id_};
}

std::string traffic::chatter() {
  std::string text;
  // Most messages are short, a few are long.
  auto count = 1 + random_.below(random_.below(10) == 0 ? 80 : 14);
  for (std::uint64_t i = 0; i < count; ++i)
    (text += i == 0 ? "" : " ") += words[random_.below(words.size())];
  return text;
}

std::optional<std::uint32_t> traffic::pick_guild() {
  for (int attempt = 0; attempt < 8; ++attempt) {
    auto guild = static_cast<std::uint32_t>(random_.below(world_.guild_count()));
    if (guild < world_.guild_count() && !world_.unavailable(guild) && !world_.absent(guild))
      return guild;
  }
  return std::nullopt;
}

std::optional<event> traffic::next(std::int64_t unix_ms) {
  auto guild = pick_guild();
  auto sum = mix_.message_create + mix_.presence_update + mix_.typing_start + mix_.guild_member_update
             + mix_.voice_state_update + mix_.message_reaction_add + mix_.message_reaction_remove + mix_.message_update
             + mix_.message_delete;
  if (!guild || sum == 0)
    return std::nullopt;
  auto dice = static_cast<std::uint32_t>(random_.below(sum));
  auto falls_on = [&dice](std::uint32_t weight) {
    if (dice < weight)
      return true;
    dice -= weight;
    return false;
  };
  if (falls_on(mix_.message_create))
    return message_create(*guild, unix_ms);
  if (falls_on(mix_.presence_update))
    return presence_update(*guild);
  if (falls_on(mix_.typing_start))
    return typing_start(*guild, unix_ms);
  if (falls_on(mix_.guild_member_update))
    return member_update(*guild);
  if (falls_on(mix_.voice_state_update))
    return voice_state(*guild);
  // The rest needs a message that exists, in a guild that is there.
  if (recent_.empty())
    return message_create(*guild, unix_ms);
  auto place = random_.below(recent_.size());
  auto old = recent_[place];
  if (world_.unavailable(old.guild))
    return message_create(*guild, unix_ms);
  if (falls_on(mix_.message_reaction_add))
    return reaction("MESSAGE_REACTION_ADD", old);
  if (falls_on(mix_.message_reaction_remove))
    return reaction("MESSAGE_REACTION_REMOVE", old);
  if (falls_on(mix_.message_update))
    return message_update(old, unix_ms);
  recent_.erase(recent_.begin() + static_cast<std::ptrdiff_t>(place));
  return message_delete(old);
}

event traffic::message_create(std::uint32_t guild, std::int64_t unix_ms) {
  member_ref who{guild, static_cast<std::uint32_t>(random_.below(world_.member_count(guild)))};
  // Not drawn where it makes no difference: the same seed goes on meaning the same run.
  if (direct_share_ > 0 && random_.share() < direct_share_)
    return direct_message(who, unix_ms);
  auto channel = world_.text_channel(guild, static_cast<std::uint32_t>(random_.below(world::text_channels)));
  auto ping = random_.share() < ping_share_;
  pings_ += ping ? 1 : 0;
  auto content = ping ? std::string{"!ping"} : chatter();
  auto id = make_id(unix_ms);
  auto nonce = quote(make_id(unix_ms));
  auto text = [&](std::string_view shown) {
    return message_text(id, {channel, world_.guild_id(guild), world_.member(who)}, world_.user(who), shown, unix_ms,
                        "null", nonce);
  };
  event made{"MESSAGE_CREATE", guild, {intent::guild_messages}, text(content), text("")};
  recent_.push_back({guild, channel, id, who, std::move(content), unix_ms});
  if (recent_.size() > recent_max)
    recent_.pop_front();
  return made;
}

event traffic::direct_message(member_ref who, std::int64_t unix_ms) {
  auto ping = random_.share() < ping_share_;
  pings_ += ping ? 1 : 0;
  auto content = ping ? std::string{"!ping"} : chatter();
  auto id = make_id(unix_ms);
  // A bot sees the content of messages to itself without MESSAGE_CONTENT (protocol 5.5).
  return {.type = "MESSAGE_CREATE",
          .needs = {intent::direct_messages},
          .data = message_text(id, {world_.direct_channel(who), {}, {}}, world_.user(who), content, unix_ms, "null",
                               quote(make_id(unix_ms))),
          .without_content = {},
          .to = audience::shard_0};
}

event traffic::bot_message(std::optional<std::uint32_t> guild, const message_draft& draft, std::int64_t unix_ms) {
  // And that of its own.
  message_place place{draft.channel, guild ? world_.guild_id(*guild) : snowflake{}, {}};
  if (guild)
    place.member = world_.changes() ? world_.member(*guild, bot_).value_or(json_object{}).text() : world_.bot_member();
  return {.type = "MESSAGE_CREATE",
          .guild = guild.value_or(0),
          .needs = {guild ? intent::guild_messages : intent::direct_messages},
          .data = message_text(make_id(unix_ms), place, world_.bot_user(), draft.content, unix_ms, "null", draft.nonce),
          .without_content = {},
          .to = guild ? audience::guild : audience::shard_0};
}

event traffic::presence_update(std::uint32_t guild) {
  constexpr std::array<std::string_view, 4> states{"online", "idle", "dnd", "offline"};
  member_ref who{guild, static_cast<std::uint32_t>(random_.below(world_.member_count(guild)))};
  auto status = std::string{states[random_.below(states.size())]};
  std::string activities;
  if (random_.below(2) == 0)
    activities = "{\"type\":0,\"timestamps\":{\"start\":1767225000000},\"name\":\"Chess\",\"id\":\"ec0b28a579ecb4bd\","
                 "\"details\":\"Move "
                 + std::to_string(random_.below(90)) + "\",\"created_at\":1767225600000}";
  return {"PRESENCE_UPDATE",
          guild,
          {intent::guild_presences},
          "{\"user\":{\"id\":" + quote(world_.user_id(who)) + "},\"status\":\"" + status
            + "\",\"guild_id\":" + quote(world_.guild_id(guild)) + ",\"client_status\":{"
            + (status == "offline" ? "" : "\"desktop\":\"" + status + '"') + "},\"broadcast\":null,\"activities\":["
            + activities + "]}",
          {}};
}

event traffic::typing_start(std::uint32_t guild, std::int64_t unix_ms) {
  member_ref who{guild, static_cast<std::uint32_t>(random_.below(world_.member_count(guild)))};
  auto channel = world_.text_channel(guild, static_cast<std::uint32_t>(random_.below(world::text_channels)));
  return {"TYPING_START",
          guild,
          {intent::guild_message_typing},
          "{\"user_id\":" + quote(world_.user_id(who)) + ",\"timestamp\":" + std::to_string(unix_ms / 1000)
            + ",\"member\":" + world_.member_with_user(who) + ",\"channel_id\":" + quote(channel)
            + ",\"guild_id\":" + quote(world_.guild_id(guild)) + '}',
          {}};
}

event traffic::member_update(std::uint32_t guild) {
  member_ref who{guild, static_cast<std::uint32_t>(random_.below(world_.member_count(guild)))};
  return {"GUILD_MEMBER_UPDATE",
          guild,
          {intent::guild_members},
          "{\"guild_id\":" + quote(world_.guild_id(guild)) + ',' + world_.member_with_user(who).substr(1),
          {}};
}

event traffic::voice_state(std::uint32_t guild) {
  member_ref who{guild, static_cast<std::uint32_t>(random_.below(world_.member_count(guild)))};
  auto there = random_.below(2) == 0;
  return {"VOICE_STATE_UPDATE",
          guild,
          {intent::guild_voice_states},
          "{\"member\":" + world_.member_with_user(who) + ",\"user_id\":" + quote(world_.user_id(who))
            + ",\"suppress\":false,\"session_id\":\"9c0f5b3fa1a5b2d1\",\"self_video\":false,\"self_mute\":false,"
            + "\"self_deaf\":false,\"request_to_speak_timestamp\":null,\"mute\":false,\"deaf\":false,\"channel_id\":"
            + (there ? quote(world_.voice_channel(guild)) : "null") + ",\"guild_id\":" + quote(world_.guild_id(guild))
            + '}',
          {}};
}

event traffic::reaction(std::string_view type, const old_message& on) {
  member_ref who{on.guild, static_cast<std::uint32_t>(random_.below(world_.member_count(on.guild)))};
  std::string out = "{\"user_id\":" + quote(world_.user_id(who)) + ",\"type\":0,\"message_id\":" + quote(on.id);
  if (type == "MESSAGE_REACTION_ADD")
    out += ",\"message_author_id\":" + quote(world_.user_id(on.author)) + ",\"member\":" + world_.member_with_user(who);
  return {type,
          on.guild,
          {intent::guild_message_reactions},
          out + ",\"emoji\":{\"name\":\"\u2764\",\"id\":null},\"channel_id\":" + quote(on.channel)
            + ",\"burst\":false,\"guild_id\":" + quote(world_.guild_id(on.guild)) + '}',
          {}};
}

event traffic::message_update(const old_message& what, std::int64_t unix_ms) {
  auto edited = quote_time(unix_ms);
  auto content = what.content + " (edited)";
  auto text = [&](std::string_view shown) {
    return message_text(what.id, {what.channel, world_.guild_id(what.guild), world_.member(what.author)},
                        world_.user(what.author), shown, what.unix_ms, edited, "");
  };
  return {"MESSAGE_UPDATE", what.guild, {intent::guild_messages}, text(content), text("")};
}

event traffic::message_delete(const old_message& what) {
  return {"MESSAGE_DELETE",
          what.guild,
          {intent::guild_messages},
          "{\"id\":" + quote(what.id) + ",\"channel_id\":" + quote(what.channel)
            + ",\"guild_id\":" + quote(world_.guild_id(what.guild)) + '}',
          {}};
}

} // namespace troupe::simulator
