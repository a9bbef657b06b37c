// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/close_codes.hpp"

#include "tests/catch.hpp"

#include <map>

using namespace troupe;
using namespace troupe::gateway;

namespace {

// Written from Discord Docs/Opcodes and Status Codes and protocol 2.2, 2.3; not from the code.
const std::map<int, after_close> differs_from_resume{
  {1000, after_close::resume_once}, {1011, after_close::wait_resume}, {1012, after_close::wait_resume},
  {1013, after_close::wait_resume}, {1014, after_close::wait_resume}, {4003, after_close::identify},
  {4004, after_close::fail},        {4005, after_close::identify},    {4006, after_close::identify},
  {4007, after_close::identify},    {4008, after_close::wait_resume}, {4009, after_close::identify},
  {4010, after_close::fail},        {4011, after_close::fail},        {4012, after_close::fail},
  {4013, after_close::fail},        {4014, after_close::fail},
};

const std::map<int, errc> fatal{
  {4004, errc::authentication_failed}, {4010, errc::invalid_shard},   {4011, errc::sharding_required},
  {4012, errc::invalid_api_version},   {4013, errc::invalid_intents}, {4014, errc::disallowed_intents},
};

} // namespace

TEST_CASE("every close code has exactly the rule of the protocol", "[gateway][unit]") {
  for (auto code = 0; code < 5000; ++code) {
    auto wanted = differs_from_resume.find(code);
    const auto& rule = rule_for(static_cast<std::uint16_t>(code));
    INFO(code);
    REQUIRE(rule.then == (wanted == differs_from_resume.end() ? after_close::resume : wanted->second));
    if (auto error = fatal.find(code); error != fatal.end())
      REQUIRE(rule.reason == error->second);
    else
      REQUIRE(remedy_for(rule.reason) == remedy::retry);
  }
}

TEST_CASE("every close code that Discord documents has a row of its own", "[gateway][unit]") {
  for (auto code : {1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014, 4000, 4001, 4002, 4003,
                    4004, 4005, 4006, 4007, 4008, 4009, 4010, 4011, 4012, 4013, 4014})
    CHECK(rule_for(static_cast<std::uint16_t>(code)).code == code);
  CHECK(close_rules().size() == 23);
}
