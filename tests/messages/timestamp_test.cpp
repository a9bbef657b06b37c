// SPDX-License-Identifier: BSD-3-Clause
// Moments and permissions, as they are on the wire.
#include "messages/permissions.hpp"
#include "messages/timestamp.hpp"

#include "tests/catch.hpp"

#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

using namespace troupe;

TEST_CASE("a moment is read in every form that Discord sends", "[messages][timestamp]") {
  static constexpr std::pair<std::string_view, std::int64_t> forms[] = {
    {"1970-01-01T00:00:00+00:00", 0},
    {"1970-01-01T00:00:00.000001+00:00", 1},
    {"1969-12-31T23:59:59.999999+00:00", -1},
    {"2015-04-26T06:26:56.936000+00:00", 1430029616936000},
    {"2015-04-26T06:26:56.936+00:00", 1430029616936000},
    {"2015-04-26T06:26:56.936Z", 1430029616936000},
    {"2015-04-26T06:26:56Z", 1430029616000000},
    {"2015-04-26T06:26:56.9Z", 1430029616900000},
    {"2015-04-26T06:26:56.936000999Z", 1430029616936000},
    {"2015-04-26T08:26:56.936+02:00", 1430029616936000},
    {"2015-04-26T00:56:56.936-05:30", 1430029616936000},
    {"2015-04-26T08:26:56.936+0200", 1430029616936000},
    {"2024-02-29T12:00:00+00:00", 1709208000000000},
    {"2016-12-31T23:59:60Z", 1483228800000000},
    {"0000-01-01T00:00:00Z", -62167219200000000},
    {"9999-12-31T23:59:59.999999Z", 253402300799999999},
  };
  for (const auto& [text, unix_us] : forms) {
    INFO(text);
    auto read = timestamp::parse(text);
    REQUIRE(read.has_value());
    CHECK(read->unix_us == unix_us);
  }
}

TEST_CASE("what is no moment is none", "[messages][timestamp]") {
  for (std::string_view bad : {"",
                               "now",
                               "2015",
                               "2015-04-26",
                               "2015-04-26T06:26:56",
                               "2015-13-26T06:26:56Z",
                               "2015-02-29T06:26:56Z",
                               "2015-00-01T00:00:00Z",
                               "2015-04-26T24:26:56Z",
                               "2015-04-26T06:60:56Z",
                               "2015-04-26T06:26:61Z",
                               "2015-04-26T06:26:56.Z",
                               "2015-04-26T06:26:56Z ",
                               " 2015-04-26T06:26:56Z",
                               "2015-04-26T06:26:56+2",
                               "2015-04-26T06:26:56+02:0",
                               "2015/04/26T06:26:56Z",
                               "-015-04-26T06:26:56Z",
                               "1430029616936",
                               "0000-01-01T00:00:00+00:01",
                               "9999-12-31T23:59:60Z",
                               "9999-12-31T23:59:59-00:01"}) {
    INFO('"' << bad << '"');
    CHECK_FALSE(timestamp::parse(bad));
  }
}

TEST_CASE("a moment is written as Discord writes it, and read back", "[messages][timestamp]") {
  CHECK(to_string(timestamp{1430029616936000}) == "2015-04-26T06:26:56.936000+00:00");
  CHECK(to_string(timestamp{}) == "1970-01-01T00:00:00.000000+00:00");
  CHECK(to_string(timestamp{-1}) == "1969-12-31T23:59:59.999999+00:00");
  std::uint64_t state = 1;
  for (auto i = 0; i < 2'000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    // Years 0 to 9999.
    timestamp when{static_cast<std::int64_t>((state >> 1) % 315'569'520'000'000'000u) - 62'167'219'200'000'000};
    INFO(to_string(when));
    REQUIRE(timestamp::parse(to_string(when)) == when);
  }
}

TEST_CASE("every moment has a text", "[messages][timestamp]") {
  for (auto unix_us : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
    CHECK_FALSE(to_string(timestamp{unix_us}).empty());
}

TEST_CASE("permissions are read from decimal digits and keep bits without a name", "[messages][permissions]") {
  CHECK(permissions::parse("0") == permissions{});
  CHECK(permissions::parse("8")->has(permission::administrator));
  CHECK(permissions::parse("18446744073709551615") == permissions::all());
  CHECK(to_string(permissions::all()) == "18446744073709551615");
  CHECK(to_string(permissions::parse("9223372036854775809").value()) == "9223372036854775809");
  for (auto bad : {"", "-1", "+1", " 1", "1 ", "0x8", "1e3", "18446744073709551616", "99999999999999999999999999"}) {
    INFO('"' << bad << '"');
    CHECK_FALSE(permissions::parse(bad));
  }
}

TEST_CASE("permissions have Discord's bits", "[messages][permissions]") {
  CHECK(static_cast<std::uint64_t>(permission::administrator) == 0x8);
  CHECK(static_cast<std::uint64_t>(permission::view_channel) == 0x400);
  CHECK(static_cast<std::uint64_t>(permission::use_application_commands) == 0x80000000);
  CHECK(static_cast<std::uint64_t>(permission::moderate_members) == 0x10000000000);
  CHECK(static_cast<std::uint64_t>(permission::send_voice_messages) == 0x400000000000);
  CHECK(static_cast<std::uint64_t>(permission::use_external_apps) == 0x4000000000000);
  CHECK(static_cast<std::uint64_t>(permission::bypass_slowmode) == 0x10000000000000);
}

TEST_CASE("permissions are joined, cut and turned round", "[messages][permissions]") {
  permissions view{static_cast<std::uint64_t>(permission::view_channel)};
  permissions send{static_cast<std::uint64_t>(permission::send_messages)};
  CHECK((view | send).has(permission::view_channel));
  CHECK((view | send).has(permission::send_messages));
  CHECK((view & send) == permissions{});
  CHECK_FALSE((~view).has(permission::view_channel));
  CHECK((~view).has(permission::send_messages));
}
