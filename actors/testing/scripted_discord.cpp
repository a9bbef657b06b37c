// SPDX-License-Identifier: BSD-3-Clause
// The Discord of a stage. It refuses what Discord would not do, with a sentence: a test that passes against a Discord
// that cannot be is worth nothing.
#include "actors/testing/scripted_discord.hpp"

#include "runtime/simulator/text.hpp"

#include "actors/testing/stage_impl.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace troupe::testing {

namespace {

// Discord's own epoch (Discord Docs/Reference, "Snowflakes").
constexpr std::int64_t snowflake_epoch_ms = 1'420'070'400'000;

/// Which intents bring an event, by the beginning of its name (Discord Docs/Gateway, "List of Intents"); the first
/// match counts. Of those for guilds and for direct messages one is enough, depending on where it happens.
struct intent_rule {
  std::string_view prefix;
  intent in_guilds;
  intent in_direct_messages;
};
constexpr std::array intent_rules{
  intent_rule{"MESSAGE_REACTION_", intent::guild_message_reactions, intent::direct_message_reactions},
  intent_rule{"MESSAGE_POLL_", intent::guild_message_polls, intent::direct_message_polls},
  intent_rule{"MESSAGE_", intent::guild_messages, intent::direct_messages},
  intent_rule{"TYPING_START", intent::guild_message_typing, intent::direct_message_typing},
  intent_rule{"PRESENCE_UPDATE", intent::guild_presences, intent::guild_presences},
  intent_rule{"VOICE_STATE_UPDATE", intent::guild_voice_states, intent::guild_voice_states},
  intent_rule{"GUILD_MEMBERS_CHUNK", {}, {}},
  intent_rule{"GUILD_MEMBER_", intent::guild_members, intent::guild_members},
  intent_rule{"GUILD_BAN_", intent::guild_moderation, intent::guild_moderation},
  intent_rule{"GUILD_AUDIT_LOG_", intent::guild_moderation, intent::guild_moderation},
  intent_rule{"GUILD_SCHEDULED_EVENT_", intent::guild_scheduled_events, intent::guild_scheduled_events},
  intent_rule{"GUILD_EMOJIS_", intent::guild_expressions, intent::guild_expressions},
  intent_rule{"GUILD_STICKERS_", intent::guild_expressions, intent::guild_expressions},
  intent_rule{"GUILD_INTEGRATIONS_", intent::guild_integrations, intent::guild_integrations},
  intent_rule{"INVITE_", intent::guild_invites, intent::guild_invites},
  intent_rule{"CHANNEL_", intent::guilds, intent::guilds},
  intent_rule{"THREAD_", intent::guilds, intent::guilds},
  intent_rule{"GUILD_", intent::guilds, intent::guilds},
};

/// What the rules of delivery look at.
struct looked_at {
  std::optional<snowflake> guild;
  std::string_view content;
  bool of_bot = false;
};

snowflake id_of(simdjson::dom::object object, const char* key) {
  std::string_view digits;
  std::uint64_t number = 0;
  if (object[key].get(digits) == simdjson::SUCCESS)
    return snowflake::parse(digits).value_or(snowflake{});
  return object[key].get(number) == simdjson::SUCCESS ? snowflake{number} : snowflake{};
}

looked_at look_at(simdjson::dom::parser& parser, const simdjson::padded_string& json, std::string_view event,
                  snowflake bot) {
  simdjson::dom::object object;
  if (parser.parse(json).get(object) != simdjson::SUCCESS)
    throw failure{fmt::format("the data of {} is no JSON object: {}", event,
                              std::string_view{json.data(), std::min<std::size_t>(json.size(), 200)})};
  looked_at seen;
  auto guild = id_of(object, "guild_id");
  if (!guild && (event == "GUILD_CREATE" || event == "GUILD_UPDATE" || event == "GUILD_DELETE"))
    guild = id_of(object, "id");
  if (guild)
    seen.guild = guild;
  std::ignore = object["content"].get(seen.content);
  simdjson::dom::object author;
  seen.of_bot = object["author"].get(author) == simdjson::SUCCESS && id_of(author, "id") == bot;
  return seen;
}

void check_intents(const intents& asked, std::string_view event, const looked_at& what, snowflake bot) {
  auto rule = std::find_if(intent_rules.begin(), intent_rules.end(),
                           [&](const intent_rule& one) { return event.starts_with(one.prefix); });
  if (rule == intent_rules.end())
    return;
  auto needed = what.guild ? rule->in_guilds : rule->in_direct_messages;
  if (needed != intent{} && !asked.has(needed))
    throw failure{fmt::format("Discord sends {} only to a bot with the intent {}; this one asked for: {}", event,
                              to_string(intents{needed}), to_string(asked))};
  // Protocol 5.5: mentions, direct messages and the bot's own are not emptied.
  auto mentions = what.content.find("<@" + to_string(bot) + ">") != std::string_view::npos;
  if (needed == intent::guild_messages && !what.content.empty() && !mentions && !what.of_bot
      && !asked.has(intent::message_content))
    throw failure{fmt::format("Discord empties the content of a guild's messages for a bot without the intent "
                              "message_content; this one asked for: {}",
                              to_string(asked))};
}

} // namespace

// -- events ----------------------------------------------------------------------------------------

void scripted_discord::dispatch(std::string_view event, std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::padded_string padded{json};
  auto seen = look_at(parser, padded, event, bot());
  dispatch(seen.guild ? shard_of(*seen.guild) : 0, event, json);
}

void scripted_discord::dispatch(std::uint32_t shard, std::string_view event, std::string_view json) {
  auto& state = *state_;
  simdjson::dom::parser parser;
  simdjson::padded_string padded{json};
  auto seen = look_at(parser, padded, event, bot());
  auto sessions = state.discord->with_model([](const simulator::model& model) { return model.sessions(); });
  auto of_shard =
    std::find_if(sessions.rbegin(), sessions.rend(), [&](const auto& one) { return one.shard.index == shard; });
  if (of_shard == sessions.rend())
    throw failure{fmt::format("Discord sends {} to nobody: shard {} has no session (start the stage, or let time pass)",
                              event, shard)};
  check_intents(of_shard->intents, event, seen, bot());
  state.record->note(fmt::format("test dispatches {} to shard {}", event, shard));
  state.discord->dispatch(shard, event, json);
  state.settle();
}

message_create scripted_discord::message(std::string content, std::uint32_t guild_number,
                                         std::uint32_t channel_number) {
  auto& state = *state_;
  auto unix_ms = state.discord_options.unix_start_ms + state.record->elapsed().count();
  message_create made;
  // The increment is in the lowest 12 bits.
  made.id = {(static_cast<std::uint64_t>(unix_ms - snowflake_epoch_ms) << 22) + (++state.last_id & 0xfff)};
  made.channel_id = channel(guild_number, channel_number);
  made.guild_id = guild(guild_number);
  made.author = member(guild_number);
  made.content = std::move(content);
  made.timestamp = {.unix_us = unix_ms * 1000};
  return made;
}

message_create scripted_discord::say(std::string content, std::uint32_t guild_number, std::uint32_t channel_number) {
  auto made = message(std::move(content), guild_number, channel_number);
  dispatch(made);
  return made;
}

message_create scripted_discord::whisper(std::string content, std::uint32_t guild_number) {
  auto made = message(std::move(content), guild_number);
  made.guild_id.reset();
  made.channel_id = state_->world.direct_channel({guild_number, 0});
  dispatch(made);
  return made;
}

snowflake scripted_discord::guild(std::uint32_t number) const {
  if (number >= state_->world.guild_count())
    throw failure{fmt::format("there is no guild {}: the bot is in {} guilds", number, state_->world.guild_count())};
  return state_->world.guild_id(number);
}

snowflake scripted_discord::channel(std::uint32_t guild_number, std::uint32_t number) const {
  (void)guild(guild_number);
  if (number >= simulator::world::text_channels)
    throw failure{fmt::format("there is no channel {}: a guild has {}", number, simulator::world::text_channels)};
  return state_->world.text_channel(guild_number, number);
}

user scripted_discord::member(std::uint32_t guild_number, std::uint32_t number) const {
  (void)guild(guild_number);
  if (number >= state_->world.member_count(guild_number))
    throw failure{fmt::format("there is no member {}: guild {} has {}", number, guild_number,
                              state_->world.member_count(guild_number))};
  user made;
  made.id = state_->world.user_id({guild_number, number});
  made.username = state_->world.user_name({guild_number, number});
  return made;
}

snowflake scripted_discord::bot() const {
  return {state_->discord_options.bot_id};
}

std::uint32_t scripted_discord::shard_of(snowflake guild) const {
  // As the sessions say it: the configuration may ask for another count than Discord recommends.
  auto count = state_->discord_options.recommended_shards;
  for (const auto& one : state_->discord->with_model([](const simulator::model& model) { return model.sessions(); }))
    count = one.shard.count;
  return static_cast<std::uint32_t>((guild.value >> 22) % count);
}

// -- connections -----------------------------------------------------------------------------------

void scripted_discord::drop(std::uint32_t shard) {
  play(shard, {.kind = simulator::fault_kind::drop});
}

void scripted_discord::close(std::uint32_t shard, std::uint16_t code, std::string reason) {
  play(shard, {.kind = simulator::fault_kind::close, .code = code, .variant = std::move(reason)});
}

void scripted_discord::reconnect(std::uint32_t shard) {
  play(shard, {.kind = simulator::fault_kind::reconnect});
}

void scripted_discord::invalidate(std::uint32_t shard, bool resumable) {
  play(shard, {.kind = simulator::fault_kind::invalid_session, .resumable = resumable});
}

void scripted_discord::silence(std::uint32_t shard) {
  play(shard, {.kind = simulator::fault_kind::silence});
}

void scripted_discord::play(std::uint32_t shard, simulator::fault what) {
  if (!connected(shard))
    throw failure{fmt::format("shard {} is not connected (let time pass, or use inject, which waits for it)", shard)};
  what.shard = shard;
  state_->record->note(fmt::format("test plays {} on shard {}", to_string(what.kind), shard));
  state_->discord->inject(what);
  state_->settle();
}

void scripted_discord::inject(std::string_view fault) {
  auto parsed = simulator::parse_fault(fault);
  if (!parsed)
    throw failure{to_string(parsed.error())};
  state_->record->note(fmt::format("test plays {}", fault));
  state_->discord->inject(*parsed);
  state_->settle();
}

// -- what clients did ------------------------------------------------------------------------------

bool scripted_discord::connected(std::uint32_t shard) const {
  return state_->discord->with_model([shard](const simulator::model& model) {
    auto all = model.sessions();
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& one) { return one.shard.index == shard && one.connection != 0; });
  });
}

void scripted_discord::set_traffic(double events_per_second) {
  auto now = state_->discord->now();
  state_->discord->with_model([&](simulator::model& model) { model.set_events_per_second(events_per_second, now); });
}

std::vector<snowflake> scripted_discord::guilds() const {
  return state_->discord->with_model([](const simulator::model& model) { return model.guilds(); });
}

std::optional<guild_create> scripted_discord::truth(snowflake guild) const {
  auto text = state_->discord->with_model([guild](const simulator::model& model) { return model.truth(guild); });
  return text ? std::optional{codec::decode_copy<guild_create>(*text).value()} : std::nullopt;
}

std::size_t scripted_discord::identifies() const {
  return state_->discord->with_model([](const simulator::model& model) { return model.counts().identifies; });
}

std::size_t scripted_discord::resumes() const {
  return state_->discord->with_model([](const simulator::model& model) { return model.counts().resumes; });
}

std::vector<std::string> scripted_discord::breaches() const {
  return state_->discord->with_model([](const simulator::model& model) {
    std::vector<std::string> all;
    for (const auto& one : model.breaches())
      all.push_back(one.rule + ": " + one.sentence);
    return all;
  });
}

const std::vector<client_command>& scripted_discord::commands() const {
  return state_->record->commands;
}

std::optional<update_presence> scripted_discord::presence(std::uint32_t shard) const {
  const auto& all = commands();
  for (auto one = all.rbegin(); one != all.rend(); ++one) {
    if (one->shard != shard || (one->op != 2 && one->op != 3))
      continue;
    simdjson::dom::parser parser;
    simdjson::padded_string padded{one->json};
    simdjson::dom::element found;
    if (parser.parse(padded).at_pointer(one->op == 2 ? "/d/presence" : "/d").get(found) == simdjson::SUCCESS)
      if (auto presence = codec::decode_copy<update_presence>(simdjson::minify(found)))
        return *presence;
  }
  return std::nullopt;
}

} // namespace troupe::testing
