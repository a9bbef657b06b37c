// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/codec/json.hpp"

#include "tests/catch.hpp"

using namespace troupe;
using namespace troupe::codec;

TEST_CASE("a struct is decoded by the names of its members", "[codec][unit]") {
  auto got = decode_copy<message_create>(
    R"({"id":"9223372036854775809","channel_id":"2","guild_id":"3","author":{"id":"4","username":"ann","bot":true},
        "content":"h\u00e9 \ud83d\ude00","timestamp":"2026-01-01","mentions":[{"id":"5"}],"embeds":[],
        "unknown":{"id":"6"}})");
  REQUIRE(got.has_value());
  CHECK(got->id == snowflake{9223372036854775809u});
  CHECK(got->guild_id == snowflake{3});
  CHECK(got->author.username == "ann");
  CHECK(got->author.bot == true);
  CHECK(got->content == "hé 😀");
  CHECK_FALSE(got->webhook_id);
}

TEST_CASE("absent and null members keep their default", "[codec][unit]") {
  auto got = decode_copy<message_create>(R"({"id":"1","guild_id":null,"content":null})");
  REQUIRE(got.has_value());
  CHECK(got->id == snowflake{1});
  CHECK_FALSE(got->guild_id);
  CHECK(got->content.empty());
}

TEST_CASE("an id may be written as a number", "[codec][unit]") {
  CHECK(decode_copy<guild_delete>(R"({"id":18446744073709551615})")->id == snowflake{18446744073709551615u});
}

TEST_CASE("a member of a wrong type spoils only itself", "[codec][unit]") {
  for (auto wrong : {R"("text")", "12", "-1", "1.5", "true", "null", "[]", "{}", R"(["a"])", R"({"id":{}})"}) {
    INFO(wrong);
    auto text = std::string{R"({"channel_id":"2","author":)"} + wrong + R"(,"guild_id":)" + wrong + R"(,"id":"1"})";
    auto got = decode_copy<message_create>(text);
    REQUIRE(got.has_value());
    CHECK(got->id == snowflake{1});
    CHECK(got->channel_id == snowflake{2});
  }
  auto got = decode_copy<ready>(R"({"v":"ten","shard":[0,"x",4],"guilds":[{"id":"1"},7,{"id":"2"}],"session_id":"s"})");
  REQUIRE(got.has_value());
  CHECK(got->guilds.size() == 2);
  CHECK(got->session_id == "s");
}

TEST_CASE("a member that cannot be read is as it was before", "[codec][unit]") {
  auto never = decode_copy<message_create>(R"({"id":"1","member":"text","guild_id":{}})");
  REQUIRE(never.has_value());
  CHECK_FALSE(never->member.has_value());
  CHECK_FALSE(never->guild_id.has_value());
  // A key that comes twice.
  auto twice =
    decode_copy<message_create>(R"({"id":"1","member":{"nick":"first"},"guild_id":"2","member":"text","guild_id":{}})");
  REQUIRE(twice.has_value());
  REQUIRE(twice->member.has_value());
  CHECK(twice->member->nick == "first");
  CHECK(twice->guild_id == snowflake{2});
  auto absent = decode_copy<channel>(R"({"id":"1","topic":7})");
  REQUIRE(absent.has_value());
  CHECK(absent->topic.is_absent());
  auto null = decode_copy<channel>(R"({"id":"1","topic":null,"topic":7})");
  REQUIRE(null.has_value());
  CHECK(null->topic.is_null());
}

TEST_CASE("a number that does not fit is left out", "[codec][unit]") {
  auto got = decode_copy<session_start_limit>(R"({"total":4294967296,"remaining":-1,"max_concurrency":16})");
  REQUIRE(got.has_value());
  CHECK(*got == session_start_limit{.max_concurrency = 16});
}

TEST_CASE("what is no object is an error", "[codec][unit]") {
  for (auto text : {"", "[]", "null", "{", "{\"id\":\"1\"", "{\"id\" \"1\"}", "<html>", "{} {}"}) {
    INFO(text);
    CHECK(decode_copy<guild_delete>(text).error().code == errc::invalid_payload);
  }
}

TEST_CASE("what is encoded decodes to the same", "[codec][unit]") {
  message_create message;
  message.id = {1};
  message.channel_id = {2};
  message.author.id = {3};
  message.author.username = "q\"\\\n\x01é";
  message.author.bot = false;
  message.content = "\t\r/😀";
  message.webhook_id = snowflake{18446744073709551615u};
  CHECK(decode_copy<message_create>(encode(message)).value() == message);
  gateway_bot info{"wss://x", 4, {.total = 1, .remaining = 2, .reset_after = 3, .max_concurrency = 4}};
  CHECK(decode_copy<gateway_bot>(encode(info)).value() == info);
  ready hello{.v = 10,
              .user = {},
              .guilds = {{{1}, true}, {{2}, {}}},
              .session_id = "s",
              .resume_gateway_url = "u",
              .shard = std::vector<std::uint32_t>{0, 1},
              .application = {.id = {5}, .flags = 7}};
  CHECK(decode_copy<ready>(encode(hello)).value() == hello);
}

TEST_CASE("commands are encoded as Discord documents them", "[codec][unit]") {
  CHECK(encode_command(update_presence{})
        == R"({"op":3,"d":{"since":null,"activities":[],"status":"online","afk":false}})");
  CHECK(encode_command(update_presence{
          .since = 5, .activities = {{.name = "go", .type = 4, .state = "s", .url = {}}}, .status = "dnd", .afk = true})
        == R"({"op":3,"d":{"since":5,"activities":[{"name":"go","type":4,"state":"s"}],"status":"dnd","afk":true}})");
  CHECK(encode_command(update_voice_state{.guild_id = {1}, .channel_id = {}, .self_mute = false, .self_deaf = true})
        == R"({"op":4,"d":{"guild_id":"1","channel_id":null,"self_mute":false,"self_deaf":true}})");
  request_guild_members all{.guild_id = {1}, .query = "", .limit = 0, .presences = {}, .user_ids = {}, .nonce = "n"};
  CHECK(encode_command(all) == R"({"op":8,"d":{"guild_id":"1","query":"","limit":0,"nonce":"n"}})");
  CHECK(encode_command(request_soundboard_sounds{{{1}, {2}}}) == R"({"op":31,"d":{"guild_ids":["1","2"]}})");
  CHECK(encode_command(request_channel_info{{1}, {"status"}})
        == R"({"op":43,"d":{"guild_id":"1","fields":["status"]}})");
}

TEST_CASE("a number is found in an object, and nowhere else", "[codec][unit]") {
  CHECK(find_number(R"({"message":"slow","retry_after":2.5,"global":false})", "retry_after") == 2.5);
  CHECK(find_number(R"({"retry_after":3})", "retry_after") == 3.0);
  for (const auto* text :
       {"", "<html>", "[1]", "7", R"({"retry_after":"3"})", R"({"a":{"retry_after":3}})", R"({"x":1)"})
    CHECK_FALSE(find_number(text, "retry_after"));
}

TEST_CASE("a string that is not UTF-8 is repaired when it is written", "[codec][unit]") {
  std::string out;
  append_string(out, "a\x80\xed\xa0\x80z");
  CHECK(out == "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\"");
}

TEST_CASE("lone surrogates spoil one member or key, not the struct", "[codec][unit]") {
  auto got = decode_copy<message_create>(R"({"\ud800":1,"content":"\udc00","id":"1"})");
  REQUIRE(got.has_value());
  CHECK(got->content.empty());
  CHECK(got->id == snowflake{1});
}
