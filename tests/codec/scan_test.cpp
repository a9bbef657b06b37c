// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/codec/compression.hpp"
#include "runtime/codec/scan.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <array>

using namespace troupe;
using namespace troupe::codec;

namespace {

/// Scans a text of its own with padding behind it.
struct scanned {
  explicit scanned(std::string message) : text{std::move(message)} {
    auto size = text.size();
    text.append(padding, '\0');
    found = scan.scan(std::string_view{text}.substr(0, size));
  }
  std::string text;
  scanner scan;
  result<envelope> found = error{};
};

} // namespace

TEST_CASE("the envelope is found whatever the order of its keys", "[codec][unit]") {
  std::array<std::string, 4> keys{R"("op":0)", R"("s":42)", R"("t":"MESSAGE_CREATE")",
                                  R"("d":{"id":"1","op":[{"s":9}]})"};
  std::sort(keys.begin(), keys.end());
  auto orders = 0;
  do {
    scanned it{"{" + keys[0] + "," + keys[1] + "," + keys[2] + " , " + keys[3] + "}"};
    REQUIRE(it.found.has_value());
    CHECK(it.found->op == 0);
    CHECK(it.found->s == 42u);
    CHECK(it.found->t == "MESSAGE_CREATE");
    CHECK(it.found->d == R"({"id":"1","op":[{"s":9}]})");
    ++orders;
  } while (std::next_permutation(keys.begin(), keys.end()));
  CHECK(orders == 24);
}

TEST_CASE("null and absent members are no members", "[codec][unit]") {
  for (auto text : {R"({"t":null,"s":null,"op":11,"d":null})", R"({"op":11})"}) {
    scanned it{text};
    REQUIRE(it.found.has_value());
    CHECK(it.found->op == 11);
    CHECK_FALSE(it.found->s);
    CHECK(it.found->t.empty());
    CHECK((it.found->d.empty() || it.found->d == "null"));
  }
}

TEST_CASE("d may be any JSON value", "[codec][unit]") {
  for (std::string d : {"true", "false", "12", "-1.5e3", "\"text\"", "[]", "[1,[2]]", "{}"}) {
    scanned before{"{\"d\":" + d + ",\"op\":9}"};
    scanned after{"{\"op\":9,\"d\": " + d + " }"};
    INFO(d);
    REQUIRE(before.found.has_value());
    REQUIRE(after.found.has_value());
    CHECK(before.found->d == d);
    CHECK(after.found->d == d);
  }
}

TEST_CASE("unknown keys are skipped", "[codec][unit]") {
  scanned it{R"({"trace":{"op":3},"op":10,"more":[1,2],"d":{"heartbeat_interval":41250}})"};
  REQUIRE(it.found.has_value());
  CHECK(it.found->op == 10);
  CHECK(it.found->d == R"({"heartbeat_interval":41250})");
}

TEST_CASE("what is no payload is refused", "[codec][unit]") {
  for (auto text : {"",
                    " ",
                    "{",
                    "}",
                    "[]",
                    "null",
                    "12",
                    "\"op\"",
                    "{}",
                    "{\"t\":null}",
                    "{\"op\":}",
                    "{\"op\":-1}",
                    "{\"op\":1.5}",
                    "{\"op\":\"1\"}",
                    "{\"op\":99999999999}",
                    "{\"op\":1",
                    "{\"op\":1}}",
                    "{\"op\":1} x",
                    "{\"op\":1,}",
                    "{\"op\":1 \"d\":2}",
                    "<html></html>",
                    "{\"op\":0,\"d\":{\"a\":1}"}) {
    INFO(text);
    scanned it{text};
    REQUIRE(it.found.has_error());
    CHECK(it.found.error().code == errc::invalid_payload);
  }
}

TEST_CASE("bytes that are not UTF-8 spoil a text, not the payload", "[codec][unit]") {
  scanned it{"{\"op\":0,\"s\":7,\"t\":\"MESSAGE_CREATE\",\"d\":{\"content\":\"a\xff\xc3z\",\"id\":\"5\"}}"};
  REQUIRE(it.found.has_value());
  CHECK(it.found->s == 7u);
  CHECK(it.found->d == "{\"content\":\"a\xef\xbf\xbd\xef\xbf\xbdz\",\"id\":\"5\"}");
}

TEST_CASE("a scanner serves many messages", "[codec][unit]") {
  scanner scan;
  for (auto i = 0; i < 100; ++i) {
    auto text = "{\"op\":0,\"s\":" + std::to_string(i) + ",\"t\":\"X\",\"d\":\"" + std::string(i * 100, 'x') + "\"}";
    auto size = text.size();
    text.append(padding, '\0');
    auto found = scan.scan(std::string_view{text}.substr(0, size));
    REQUIRE(found.has_value());
    CHECK(found->s == static_cast<std::uint64_t>(i));
  }
}

TEST_CASE("lone surrogates spoil a string, not the payload", "[codec][unit]") {
  scanned it{R"({"\ud800":1,"t":"\u0052ESUMED","s":3,"op":0,"d":{"content":"\udc00"}})"};
  REQUIRE(it.found.has_value());
  CHECK(it.found->t == "RESUMED");
  CHECK(it.found->d == R"({"content":"\udc00"})");
  scanned odd{R"({"t":"\ud800","s":-3,"op":7,"d":null})"};
  REQUIRE(odd.found.has_value());
  CHECK(odd.found->t.empty());
  CHECK_FALSE(odd.found->s);
  CHECK(odd.found->op == 7);
}

TEST_CASE("of a key that comes twice the last one counts", "[codec][unit]") {
  scanned it{R"({"op":1,"op":2,"s":1,"s":2,"d":1,"d":{}})"};
  REQUIRE(it.found.has_value());
  CHECK(it.found->op == 2);
  CHECK(it.found->s == 2u);
  CHECK(it.found->d == "{}");
}
