// SPDX-License-Identifier: BSD-3-Clause
#include "messages/intents.hpp"
#include "messages/nearest.hpp"
#include "messages/phase.hpp"
#include "messages/shard_id.hpp"
#include "messages/snowflake.hpp"

#include "tests/catch.hpp"

#include <array>

using namespace troupe;

TEST_CASE("a snowflake is read from decimal digits only", "[messages][snowflake]") {
  CHECK(snowflake::parse("175928847299117063") == snowflake{175928847299117063});
  CHECK(snowflake::parse("18446744073709551615") == snowflake{18446744073709551615u});
  for (auto bad : {"", "-1", "+1", " 1", "1 ", "1x", "0x10", "18446744073709551616"}) {
    INFO('"' << bad << '"');
    CHECK_FALSE(snowflake::parse(bad));
  }
}

TEST_CASE("a snowflake tells when it was made", "[messages][snowflake]") {
  // The example of Discord Docs/Reference.
  CHECK(snowflake{175928847299117063}.created_at() == std::chrono::milliseconds{1462015105796});
}

TEST_CASE("a guild belongs to exactly one shard", "[messages][shard_id]") {
  for (std::uint64_t guild = 0; guild < 64; ++guild) {
    auto owners = 0;
    for (std::uint32_t index = 0; index < 16; ++index)
      owners += shard_id{index, 16}.owns(snowflake{guild << 22}) ? 1 : 0;
    CHECK(owners == 1);
  }
  CHECK(shard_id{3, 16}.owns(snowflake{std::uint64_t{19} << 22}));
}

TEST_CASE("identify buckets repeat every max_concurrency shards", "[messages][shard_id]") {
  CHECK(shard_id{17, 64}.bucket(16) == 1);
  CHECK(shard_id{17, 64}.bucket(1) == 0);
  CHECK(shard_id{17, 64}.bucket(0) == 0);
  CHECK(to_string(shard_id{3, 16}) == "3/16");
}

TEST_CASE("intents have Discord's bits", "[messages][intents]") {
  CHECK(intents::all().bits == 53608447);
  CHECK(intents::unprivileged().bits == 53575421);
  CHECK(intents::privileged().bits == 33026);
}

TEST_CASE("intents are read by name, in any case and order", "[messages][intents]") {
  CHECK(intents::parse("guilds").value() == intents{intent::guilds});
  CHECK(intents::parse(" GUILD_MESSAGES , guilds").value() == intents{intent::guilds, intent::guild_messages});
  CHECK(intents::parse("message-content").value() == intents{intent::message_content});
  CHECK(intents::parse("unprivileged,message_content").value().bits == 53608189);
  CHECK(intents::parse("").value().bits == 0);
}

TEST_CASE("written intents read back as they were", "[messages][intents]") {
  for (auto set : {intents{}, intents{intent::guilds, intent::direct_message_polls}, intents::all()})
    CHECK(intents::parse(to_string(set)).value() == set);
}

TEST_CASE("an unknown intent is named, with the nearest known one", "[messages][intents]") {
  auto failed = intents::parse("guilds,guild_mesages");
  REQUIRE(failed.has_error());
  CHECK(failed.error() == error{errc::unknown_intent, "\"guild_mesages\", did you mean guild_messages?"});
  CHECK(intents::parse("guilds,,guild_members").error().code == errc::unknown_intent);
  CHECK(intents::parse("513").error().detail
        == "\"513\" is a number, write the names, for example guilds,guild_messages");
}

TEST_CASE("the nearest name ignores case and gives up on strangers", "[messages][nearest]") {
  constexpr std::array<std::string_view, 3> known{"shards", "compress", "intents"};
  CHECK(nearest_name("shard", known) == "shards");
  CHECK(nearest_name("COMPRES", known) == "compress");
  CHECK(nearest_name("tokens", known).empty());
  CHECK(nearest_name("", known).empty());
  CHECK(nearest_name(std::string(100'000, 'x'), known).empty());
}

TEST_CASE("phases have names", "[messages][phase]") {
  CHECK(to_string(phase::awaiting_hello) == "awaiting_hello");
  CHECK(to_string(static_cast<phase>(99)) == "unknown");
}
