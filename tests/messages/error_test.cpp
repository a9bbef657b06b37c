// SPDX-License-Identifier: BSD-3-Clause
#include "messages/error.hpp"

#include "tests/catch.hpp"

#include <set>

using namespace troupe;

namespace {

std::vector<errc> all_codes() {
  std::vector<errc> codes;
  for (auto i = 0; i <= static_cast<int>(errc::internal); ++i)
    codes.push_back(static_cast<errc>(i));
  return codes;
}

} // namespace

TEST_CASE("every error code has a name of its own and a sentence", "[messages][error]") {
  std::set<std::string_view> names;
  for (auto code : all_codes()) {
    INFO(to_string(code));
    CHECK(names.insert(to_string(code)).second);
    CHECK_FALSE(describe(code).empty());
    CHECK_FALSE(describe(code).ends_with('.'));
    CHECK_FALSE(advice(code).ends_with('.'));
  }
}

TEST_CASE("every fatal error says what to change", "[messages][error]") {
  for (auto code : all_codes()) {
    if (remedy_for(code) != remedy::fatal)
      continue;
    INFO(to_string(code));
    CHECK_FALSE(advice(code).empty());
  }
}

TEST_CASE("exit codes follow who can act on the error", "[messages][error]") {
  CHECK(exit_code(errc::none) == 0);
  CHECK(exit_code(errc::connect_failed) == 75);
  CHECK(exit_code(errc::authentication_failed) == 77);
  CHECK(exit_code(errc::disallowed_intents) == 77);
  CHECK(exit_code(errc::invalid_shard) == 78);
  CHECK(exit_code(errc::unknown_option) == 78);
  CHECK(exit_code(errc::internal) == 70);
  for (auto code : all_codes()) {
    INFO(to_string(code));
    if (code != errc::none)
      CHECK(exit_code(code) >= 70);
  }
}

TEST_CASE("an error reads as one or two sentences", "[messages][error]") {
  CHECK(to_string(error{errc::hello_timeout, ""}) == "HELLO did not come in time.");
  CHECK(to_string(error{errc::unknown_option, "--shard, did you mean --shards?"})
        == "there is no such option: --shard, did you mean --shards?");
  CHECK(to_string(error{errc::resolve_failed, "gateway.example"})
        == "the host name could not be resolved: gateway.example. Check the host name and this machine's DNS.");
}

TEST_CASE("a code from a newer version reads as internal", "[messages][error]") {
  CHECK(describe(static_cast<errc>(255)) == describe(errc::internal));
}

TEST_CASE("value() of a failed result throws the error's text", "[messages][error]") {
  result<int> failed = error{errc::queue_full, "1000 commands wait"};
  CHECK_THROWS_AS(failed.value(), error_exception);
}
