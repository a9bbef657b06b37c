// SPDX-License-Identifier: BSD-3-Clause
// Messages as Discord writes them. Most are plain; now and then one has a thing that few have, so that every documented
// field of the message object comes sooner or later (Discord Docs/Message).
#include "runtime/simulator/churn/acts.hpp"
#include "runtime/simulator/text.hpp"

#include <array>

namespace troupe::simulator::churn {

namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr auto media = "https://media.example.org/";

std::string attachment(scene& s) {
  auto file = std::string{media} + "a/cat.png";
  json_object made{{"id", quote(s.make_id())}, {"filename", "\"cat.png\""},       {"size", s.number(1, 900'000)},
                   {"url", quote(file)},       {"proxy_url", quote(file + "?p")}, {"content_type", "\"image/png\""}};
  if (s.chance(2))
    made.set("height", "480").set("width", "640").set("placeholder", "\"3PcRBYJoh\"").set("placeholder_version", "1");
  if (s.chance(3))
    made.set("title", "\"a cat\"").set("description", "\"it sleeps\"").set("ephemeral", "false").set("flags", "4");
  if (s.chance(3))
    made.set("duration_secs", "3.5").set("waveform", "\"AAECAw==\"");
  if (s.chance(4))
    made.set("clip_participants", "[]").set("clip_created_at", s.time()).set("application", "null");
  return made.text();
}

std::string embed(scene& s) {
  json_object made{{"type", "\"rich\""}, {"title", s.name("page")}, {"description", quote(s.people.chatter())}};
  if (s.chance(2)) {
    auto image = "{\"url\":" + quote(std::string{media} + "i") + ",\"proxy_url\":" + quote(std::string{media} + "p")
                 + ",\"height\":48,\"width\":48,\"content_type\":\"image/png\",\"placeholder\":\"x\","
                   "\"placeholder_version\":1,\"description\":\"d\",\"flags\":0}";
    made.set("url", "\"https://example.org/\"").set("timestamp", s.time()).set("color", s.number(0, 0xffffff));
    made.set("footer", "{\"text\":\"foot\",\"icon_url\":\"https://example.org/f\",\"proxy_icon_url\":\"x\"}");
    made.set("image", image).set("thumbnail", image).set("video", image);
    made.set("provider", "{\"name\":\"them\",\"url\":\"https://example.org/\"}");
    made.set("author", "{\"name\":\"who\",\"url\":\"u\",\"icon_url\":\"i\",\"proxy_icon_url\":\"p\"}");
    made.set("fields", "[{\"name\":\"n\",\"value\":\"v\",\"inline\":true},{\"name\":\"n\",\"value\":\"v\"}]");
  }
  return made.text();
}

std::string components(scene& s) {
  // A row of buttons and a menu; or what messages are built of since components V2.
  static constexpr std::array<std::string_view, 3> all{
    R"([{"type":1,"id":1,"components":[{"type":2,"id":2,"style":1,"label":"Yes","custom_id":"yes","disabled":false,)"
    R"("emoji":{"id":null,"name":"x"}},{"type":2,"id":3,"style":5,"label":"Site","url":"https://example.org/"}]}])",
    R"([{"type":1,"id":1,"components":[{"type":3,"id":2,"custom_id":"menu","placeholder":"Pick","min_values":1,)"
    R"("max_values":2,"options":[{"label":"A","value":"a","description":"d","default":true,"emoji":{"id":null,)"
    R"("name":"x"}},{"label":"B","value":"b"}]}]}])",
    R"([{"type":17,"id":1,"accent_color":703487,"spoiler":false,"components":[{"type":10,"id":2,"content":"# Hi"},)"
    R"({"type":14,"id":3,"divider":true,"spacing":1},{"type":9,"id":4,"components":[{"type":10,"id":5,)"
    R"("content":"text"}],"accessory":{"type":11,"id":6,"media":{"url":"https://media.example.org/t"}}},)"
    R"({"type":12,"id":7,"items":[{"media":{"url":"https://media.example.org/g"},"description":"d",)"
    R"("spoiler":true}]}]}])"};
  return std::string{all[s.dice.below(all.size())]};
}

std::string poll(scene& s) {
  return "{\"question\":{\"text\":\"When?\"},\"answers\":[{\"answer_id\":1,\"poll_media\":{\"text\":\"Now\",\"emoji\":"
         "{\"id\":null,\"name\":\"x\"}}},{\"answer_id\":2,\"poll_media\":{\"text\":\"Later\"}}],\"expiry\":"
         + s.maybe(s.time(day_ms)) + ",\"allow_multiselect\":" + s.flip()
         + ",\"layout_type\":1,\"results\":{\"is_finalized\":false,\"answer_counts\":[{\"id\":1,\"count\":0,\"me_"
           "voted\":"
           "false}]}}";
}

void reply_to(scene& s, json_object& message, const json_object& channel) {
  const message_record* other = nullptr;
  for (const auto& one : s.state.messages)
    if (one.channel == channel.id())
      other = &one;
  auto id = other == nullptr ? s.make_id() : other->message.id();
  message.set("type", "19")
    .set("message_reference", json_object{{"type", "0"},
                                          {"message_id", quote(id)},
                                          {"channel_id", quote(channel.id())},
                                          {"guild_id", quote(s.guild_id())},
                                          {"fail_if_not_exists", "true"}}
                                .text());
  if (other == nullptr) // Deleted meanwhile (protocol 5.5).
    message.set("referenced_message", "null");
  else if (s.chance(2))
    message.set("referenced_message", present(s, *other).erase("member").erase("thread").text());
}

void forward(scene& s, json_object& message) {
  message.set("message_reference", "{\"type\":1,\"message_id\":" + quote(s.make_id()) + ",\"channel_id\":"
                                     + quote(s.make_id()) + ",\"guild_id\":\"81384788765712384\"}");
  message.set("message_snapshots",
              "[{\"message\":{\"type\":0,\"content\":\"forwarded\",\"embeds\":[],\"attachments\":[],"
              "\"timestamp\":"
                + s.time()
                + ",\"edited_timestamp\":null,\"flags\":0,\"mentions\":[],\"mention_roles\":[],"
                  "\"stickers\":[],\"sticker_items\":[],\"components\":[]}}]");
}

void mention(scene& s, json_object& message) {
  if (auto user = s.somebody()) {
    auto told = json_object::parse(s.where.user(user));
    message.set("mentions", '[' + told.set("member", bare_member(s, user).text()).text() + ']');
  }
  message.set("mention_roles", json_array(std::vector<snowflake>{s.pick(s.state.roles)->first}));
  message.set("mention_channels", "[{\"id\":" + quote(s.state.channels.begin()->first)
                                    + ",\"guild_id\":" + quote(s.guild_id()) + ",\"type\":0,\"name\":\"there\"}]");
}

void answer_command(scene& s, json_object& message, snowflake user) {
  auto who = s.where.user(user);
  message.set("type", "20").set("application_id", quote(s.bot()));
  message.set("interaction_metadata", "{\"id\":" + quote(s.make_id()) + ",\"type\":2,\"user\":" + who
                                        + ",\"authorizing_integration_owners\":{\"0\":" + quote(s.guild_id())
                                        + "},\"original_response_message_id\":" + quote(s.make_id())
                                        + ",\"target_user\":" + who + ",\"target_message_id\":" + quote(s.make_id())
                                        + '}');
  message.set("interaction", "{\"id\":" + quote(s.make_id()) + ",\"type\":2,\"name\":\"poke\",\"user\":" + who + '}');
}

void by_webhook(scene& s, json_object& message) {
  auto id = quote(s.make_id());
  message.set("webhook_id", id).erase("member");
  message.set("author", json_object{{"id", id},
                                    {"username", s.name("hook")},
                                    {"avatar", "null"},
                                    {"discriminator", "\"0000\""},
                                    {"bot", "true"},
                                    {"global_name", "null"},
                                    {"public_flags", "0"}}
                          .text());
}

void decorate(scene& s, json_object& message, snowflake author, const json_object& channel) {
  switch (s.dice.below(16)) {
  case 0:
    message.set("attachments", json_array(std::vector<std::string>{attachment(s), attachment(s)}));
    return;
  case 1:
    message.set("embeds", json_array(std::vector<std::string>{embed(s)}));
    return;
  case 2:
    message.set("components", components(s)).set("flags", "32768");
    return;
  case 3:
  case 4:
    message.set("poll", poll(s)).set("content", "\"\"");
    return;
  case 5:
    return reply_to(s, message, channel);
  case 6:
    return forward(s, message);
  case 7:
    return mention(s, message);
  case 8:
    return answer_command(s, message, author);
  case 9:
    return by_webhook(s, message);
  case 10:
    message.set("sticker_items", "[{\"id\":" + quote(s.make_id()) + ",\"name\":\"wave\",\"format_type\":1}]");
    message.set("stickers", "[{\"id\":" + quote(s.make_id())
                              + ",\"pack_id\":\"847199849233514549\",\"name\":\"wave\",\"description\":\"d\",\"tags\":"
                                "\"wave\",\"type\":1,\"format_type\":3,\"sort_value\":3}]");
    return;
  case 11:
    message.set("activity", "{\"type\":1,\"party_id\":\"party\"}");
    message.set("application", "{\"id\":" + quote(s.make_id())
                                 + ",\"name\":\"game\",\"icon\":null,\"description\":\"\",\"cover_image\":\"c\"}");
    return;
  case 12:
    message.set("type", "25")
      .set("role_subscription_data", "{\"role_subscription_listing_id\":" + quote(s.make_id())
                                       + ",\"tier_name\":\"gold\",\"total_months_subscribed\":3,\"is_renewal\":true}");
    return;
  case 13:
    message.set("type", "3").set("call", "{\"participants\":[" + quote(author) + "],\"ended_timestamp\":null}");
    message.set("tts", "true").set("position", s.number(0, 9)).set("resolved", "{\"users\":{},\"roles\":{}}");
    return;
  default:
    return; // Plain: most are.
  }
}

} // namespace

json_object make_message(scene& s, snowflake author, const json_object& channel) {
  json_object made{{"type", "0"},
                   {"tts", "false"},
                   {"timestamp", s.time()},
                   {"pinned", "false"},
                   {"mentions", "[]"},
                   {"mention_roles", "[]"},
                   {"mention_everyone", "false"},
                   {"member", bare_member(s, author).text()},
                   {"id", quote(s.make_id())},
                   {"flags", "0"},
                   {"embeds", "[]"},
                   {"edited_timestamp", "null"},
                   {"content", quote(s.people.chatter())},
                   {"components", "[]"},
                   {"channel_type", std::string{channel.get("type")}},
                   {"channel_id", quote(channel.id())},
                   {"author", s.where.user(author)},
                   {"attachments", "[]"}};
  if (s.chance(2))
    made.set("nonce", s.chance(4) ? s.number(1, 1'000'000) : quote(s.make_id()));
  decorate(s, made, author, channel);
  return made;
}

json_object without_content(json_object message) {
  auto blank = [&](std::string_view name, std::string_view value) {
    if (message.has(name))
      message.set(name, std::string{value});
  };
  blank("content", "\"\"");
  for (auto name : {"embeds", "attachments", "components"})
    blank(name, "[]");
  return message.erase("poll").erase("message_snapshots");
}

} // namespace troupe::simulator::churn
