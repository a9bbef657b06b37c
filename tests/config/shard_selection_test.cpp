// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/config/config.hpp"

#include "tests/catch.hpp"

using namespace troupe;
using config::shard_selection;

TEST_CASE("shards are chosen by auto, by count or by range", "[config][unit]") {
  struct row {
    const char* text;
    shard_selection wanted;
  };
  auto [text, wanted] = GENERATE(values<row>({
    {"auto", {}},
    {" auto ", {}},
    {"1", {1, 0, {}}},
    {"16", {16, 0, {}}},
    {"65536", {65'536, 0, {}}},
    {"0-7/16", {16, 0, 7}},
    {"8-15/16", {16, 8, 15}},
    {"3-3/4", {4, 3, 3}},
    {"3/4", {4, 3, 3}},
    {"0/1", {1, 0, 0}},
  }));
  INFO(text);
  auto parsed = shard_selection::parse(text);
  REQUIRE(parsed.has_value());
  CHECK((*parsed == wanted));
}

TEST_CASE("a selection that cannot be is refused with the reason", "[config][unit]") {
  struct row {
    const char* text;
    errc code;
    const char* part;
  };
  auto [text, code, part] = GENERATE(values<row>({
    {"", errc::invalid_configuration, "such as 0-7/16"},
    {"many", errc::invalid_configuration, "not \"many\""},
    {"AUTO", errc::invalid_configuration, "\"auto\""},
    {"-1", errc::invalid_configuration, ""},
    {"+1", errc::invalid_configuration, ""},
    {"1.5", errc::invalid_configuration, ""},
    {"16x", errc::invalid_configuration, ""},
    {"99999999999", errc::invalid_configuration, ""},
    {"1/", errc::invalid_configuration, ""},
    {"/4", errc::invalid_configuration, ""},
    {"-/4", errc::invalid_configuration, ""},
    {"0-/4", errc::invalid_configuration, ""},
    {"-3/4", errc::invalid_configuration, ""},
    {"0-1-2/4", errc::invalid_configuration, ""},
    {"0-1/4/8", errc::invalid_configuration, ""},
    {"0 - 1/4", errc::invalid_configuration, ""},
    {"0", errc::shard_out_of_range, "from 1 to 65536"},
    {"65537", errc::shard_out_of_range, "from 1 to 65536"},
    {"0/0", errc::shard_out_of_range, "from 1 to 65536"},
    {"4/4", errc::shard_out_of_range, "no shard 4 of 4, they count from 0 to 3"},
    {"0-16/16", errc::shard_out_of_range, "no shard 16 of 16"},
    {"7-3/16", errc::shard_out_of_range, "write 3-7/16"},
  }));
  INFO(text);
  auto parsed = shard_selection::parse(text);
  REQUIRE(parsed.has_error());
  CHECK(parsed.error().code == code);
  CHECK(parsed.error().detail.find(part) != std::string::npos);
}
