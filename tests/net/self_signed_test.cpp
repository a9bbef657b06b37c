// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/net/self_signed.hpp"

#include "tests/catch.hpp"

using namespace troupe;
using namespace troupe::net;

TEST_CASE("a self-signed pair comes in PEM form, new each time", "[net][unit]") {
  auto one = make_self_signed({"localhost", "127.0.0.1", "::1"});
  auto other = make_self_signed({"localhost"});
  REQUIRE(one.has_value());
  REQUIRE(other.has_value());
  CHECK(one->ca_pem.starts_with("-----BEGIN CERTIFICATE-----"));
  CHECK(one->cert_pem.starts_with("-----BEGIN CERTIFICATE-----"));
  CHECK(one->key_pem.starts_with("-----BEGIN PRIVATE KEY-----"));
  CHECK(one->ca_pem != other->ca_pem);
}

TEST_CASE("a certificate is for host names only", "[net][unit]") {
  CHECK(make_self_signed({}).error().code == errc::invalid_argument);
  for (auto host : {"", "a,DNS:b", "@section", "a b"}) {
    CAPTURE(host);
    auto pair = make_self_signed({"localhost", host});
    REQUIRE(!pair);
    CHECK(pair.error().code == errc::invalid_argument);
  }
}
