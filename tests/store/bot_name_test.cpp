// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/store/identify_ledger.hpp"

#include "tests/catch.hpp"

using troupe::store::bot_name;

TEST_CASE("a bot is named by the id in the first part of its token", "[store][unit]") {
  struct row {
    const char* token;
    const char* name;
  };
  auto [token, name] = GENERATE(values<row>({
    {"MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.secret", "123456789012345678"},
    {"MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.x.y", "1234567890123456789"},
    {"MTIzNDU2Nzg5MDEyMzQ1Njc4OQ==.x.y", "1234567890123456789"},
    {"NA.x", "4"},
  }));
  INFO(token);
  CHECK(bot_name(token) == name);
}

TEST_CASE("a token without an id is named by a hash that does not reveal it", "[store][unit]") {
  std::string token = GENERATE("", "local", "no-dot-MTIz", "MTIzNDU2Nzg5MDEyMzQ1Njc4", "aGVsbG8.not.digits", "!!!.x",
                               ".x", "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTEx.id.too.long");
  INFO(token);
  auto name = bot_name(token);
  CHECK(name.size() == 20);
  CHECK(name.starts_with("bot-"));
  CHECK(name.find_first_not_of("0123456789abcdef", 4) == std::string::npos);
  CHECK(name == bot_name(token));
  CHECK(name != bot_name(token + "x"));
}

TEST_CASE("the hash is the salted SHA-256 of the token", "[store][unit]") {
  // printf 'troupe/identify-ledger/1:local' | sha256sum
  CHECK(bot_name("local") == "bot-ba1db5abb78547e9");
}
