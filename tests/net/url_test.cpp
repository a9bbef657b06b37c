// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/url.hpp"

#include "tests/catch.hpp"

#include <vector>

using namespace troupe;
using namespace troupe::net;

TEST_CASE("a URL is cut into scheme, host, port and target", "[net][unit]") {
  struct row {
    std::string_view text;
    url expected;
  };
  auto [text, expected] = GENERATE(values<row>({
    {"https://discord.com/api/v10", {"https", "discord.com", 443, "/api/v10"}},
    {"wss://Gateway.Discord.GG", {"wss", "gateway.discord.gg", 443, "/"}},
    {"wss://gateway.discord.gg?v=10", {"wss", "gateway.discord.gg", 443, "/?v=10"}},
    {"wss://gateway.discord.gg:8443/?v=10&encoding=json", {"wss", "gateway.discord.gg", 8443, "/?v=10&encoding=json"}},
    {"http://localhost:8080/api", {"http", "localhost", 8080, "/api"}},
    {"ws://127.0.0.1", {"ws", "127.0.0.1", 80, "/"}},
    {"HTTP://[::1]:81/x", {"http", "::1", 81, "/x"}},
    {"https://[2001:DB8::1]", {"https", "2001:db8::1", 443, "/"}},
    {"https://host_a.example.:1", {"https", "host_a.example.", 1, "/"}},
  }));
  CAPTURE(text);
  auto parsed = parse_url(text);
  REQUIRE(parsed.has_value());
  CHECK(*parsed == expected);
}

TEST_CASE("a URL that is not plainly right is refused with the URL and the reason", "[net][unit]") {
  struct row {
    std::string_view text;
    std::string_view reason;
  };
  auto [text, reason] = GENERATE(values<row>({
    {"", "no scheme"},
    {"discord.com/api", "no scheme"},
    {"ftp://discord.com", "unknown scheme"},
    {"https://", "no host"},
    {"https:///api", "no host"},
    {"https://:443", "no host"},
    {"https://a b", "percent-encoded"},
    {"https://host\r\nX: y", "percent-encoded"},
    {"https://h\xc3\xa4st", "percent-encoded"},
    {"https://host/#top", "fragment"},
    {"https://host:", "port"},
    {"https://host:0", "port"},
    {"https://host:65536", "port"},
    {"https://host:-1", "port"},
    {"https://host:80x", "port"},
    {"https://host:80:80", "port"},
    {"https://[::1", "IPv6"},
    {"https://[fe80::1%25eth0]", "IPv6"},
    {"https://[::1]443", "port"},
    {"https://::1", "no host"},
    {"https://.host", "host name"},
    {"https://a..b", "host name"},
    {"http://127.1", "host name"},
    {"http://127.0.0.256", "host name"},
    {"https://h%6fst", "host name"},
    {"https://name:word@host", "user name"},
  }));
  CAPTURE(text);
  auto parsed = parse_url(text);
  REQUIRE(!parsed);
  CHECK(parsed.error().code == errc::invalid_configuration);
  CHECK(parsed.error().detail.find(reason) != std::string::npos);
  CHECK(parsed.error().detail.find("the URL '") == 0);
}

TEST_CASE("a password in a URL is not repeated", "[net][unit]") {
  auto parsed = parse_url("https://name:word@host");
  REQUIRE(!parsed);
  CHECK(parsed.error().detail.find("word") == std::string::npos);
}

TEST_CASE("plain text is for loopback hosts only", "[net][unit]") {
  auto plain = GENERATE("http", "ws");
  for (std::string host : {"localhost", "LOCALHOST", "127.0.0.1", "127.255.0.3", "[::1]", "[0:0:0:0:0:0:0:1]"}) {
    CAPTURE(host);
    CHECK(parse_url(plain + ("://" + host)).has_value());
  }
  for (std::string host : {"discord.com", "128.0.0.1", "10.0.0.1", "localhost.evil.com", "127.0.0.1.evil.com", "[::2]",
                           "[::ffff:127.0.0.1]", "localhost."}) {
    CAPTURE(host);
    auto parsed = parse_url(plain + ("://" + host));
    REQUIRE(!parsed);
    CHECK(parsed.error().code == errc::insecure_url);
    CHECK(parse_url("https://" + host).has_value());
  }
}

TEST_CASE("a proxy is plain http without a path", "[net][unit]") {
  auto proxy = parse_proxy_url("http://proxy.example:3128");
  REQUIRE(proxy.has_value());
  CHECK(proxy->port == 3128);
  for (auto text : {"https://proxy.example", "proxy.example:3128", "http://proxy.example/path", "http://a:b@proxy"}) {
    CAPTURE(text);
    auto refused = parse_proxy_url(text);
    REQUIRE(!refused);
    CHECK(refused.error().code == errc::invalid_configuration);
  }
}

TEST_CASE("a host header leaves the scheme's own port out", "[net][unit]") {
  CHECK(host_header(*parse_url("https://discord.com")) == "discord.com");
  CHECK(host_header(*parse_url("https://discord.com:444")) == "discord.com:444");
  CHECK(host_header(*parse_url("http://[::1]:443/")) == "[::1]:443");
  CHECK(host_and_port(*parse_url("wss://discord.com")) == "discord.com:443");
}
