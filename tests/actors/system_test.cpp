// SPDX-License-Identifier: BSD-3-Clause
#include "actors/system.hpp"

#include "tests/actors/deterministic.hpp"
#include "tests/catch.hpp"

namespace troupe {

TEST_CASE("every error survives the way through CAF", "[actors][unit]") {
  for (auto code = 1; code <= static_cast<int>(errc::internal); ++code) {
    error before{static_cast<errc>(code), code % 2 == 0 ? "gateway.discord.gg" : ""};
    CHECK(to_error(make_error(before.code, before.detail)) == before);
  }
}

TEST_CASE("no error stays no error", "[actors][unit]") {
  CHECK_FALSE(make_error(errc::none));
  CHECK_FALSE(to_error(caf::error{}));
}

TEST_CASE("who does not answer is unreachable", "[actors][unit]") {
  CHECK(to_error(caf::sec::request_timeout).code == errc::actor_unreachable);
  CHECK(to_error(caf::sec::request_receiver_down).code == errc::actor_unreachable);
  CHECK(to_error(caf::exit_reason::kill).code == errc::actor_unreachable);
}

TEST_CASE("other errors of CAF are internal and named", "[actors][unit]") {
  auto err = to_error(caf::sec::unexpected_message);
  CHECK(err.code == errc::internal);
  CHECK(err.detail == "unexpected_message");
}

TEST_CASE_METHOD(deterministic, "the system renders our errors as sentences", "[actors][unit]") {
  auto text = sys.render(make_error(errc::resolve_failed, "no.such.host"));
  CHECK(text == to_string(error{errc::resolve_failed, "no.such.host"}));
}

TEST_CASE("the system is set up by us alone", "[actors][unit]") {
  actor_config config;
  CHECK(caf::get_or(config, "scheduler.policy", caf::atom("")) == caf::atom("sharing"));
  CHECK(caf::get_or(config, "scheduler.max-threads", std::size_t{0}) >= 2);
  CHECK(caf::get_or(config, "scheduler.max-throughput", std::size_t{0}) == 100);
}

} // namespace troupe
