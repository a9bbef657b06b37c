// SPDX-License-Identifier: BSD-3-Clause
// Each checker of sessions meets the bug that it looks for, in a history made by hand.
#include "actors/simulation/session_checkers.hpp"

#include "tests/catch.hpp"

using namespace troupe;
using namespace troupe::simulation;
using namespace std::chrono_literals;

namespace {

constexpr shard_id first{0, 4};
constexpr shard_id second{1, 4};
constexpr shard_id third{2, 4};
constexpr time_point start{1h};

bool quiet(const checker& one) {
  return one.found().empty();
}

} // namespace

TEST_CASE("discords_rules finds what Discord recorded", "[simulation][checkers]") {
  discords_rules rules;
  rules.on_breaches({});
  CHECK(quiet(rules));
  rules.on_breaches({"commands: 121 in 60 s"});
  CHECK(rules.found().front() == "discords_rules: commands: 121 in 60 s");
}

TEST_CASE("identify_spacing finds two identifies of a bucket within five seconds", "[simulation][checkers]") {
  identify_spacing spacing{2};
  spacing.on_identify(first, start);
  spacing.on_identify(second, start + 1ms); // The other bucket.
  spacing.on_identify(third, start + 5s);
  CHECK(quiet(spacing));
  spacing.on_identify(first, start + 5s + 4'999ms);
  CHECK_FALSE(quiet(spacing));
}

TEST_CASE("command_limits finds the payload that is one too many", "[simulation][checkers]") {
  command_limits commands;
  for (auto payload = 0; payload < 120; ++payload)
    commands.on_payload(1, 4, start + payload * 1ms);
  commands.on_payload(2, 4, start + 200ms); // Another connection.
  commands.on_payload(1, 4, start + 60s);   // The first has left the window.
  CHECK(quiet(commands));
  CHECK(commands.used(1) == 120);
  commands.on_payload(1, 1, start + 60s);
  CHECK_FALSE(quiet(commands));
}

TEST_CASE("command_limits finds a sixth presence within twenty seconds", "[simulation][checkers]") {
  command_limits commands;
  for (auto presence = 0; presence < 5; ++presence)
    commands.on_payload(1, 3, start + presence * 1s);
  commands.on_payload(1, 3, start + 20s);
  CHECK(quiet(commands));
  commands.on_payload(1, 3, start + 20s);
  CHECK_FALSE(quiet(commands));
}

TEST_CASE("permits_conserved finds an identify that the ledger does not count", "[simulation][checkers]") {
  permits_conserved permits;
  permits.on_saved(1, 1);
  permits.on_identify();
  permits.on_settled();
  CHECK(quiet(permits));
  permits.on_identify();
  permits.on_settled();
  CHECK_FALSE(quiet(permits));
}

TEST_CASE("permits_conserved finds a permit that came back and stays counted", "[simulation][checkers]") {
  permits_conserved permits;
  permits.on_saved(1, 2);
  permits.on_identify();
  permits.on_settled();
  SECTION("unless something crashed with it") {
    permits.on_excuse();
    permits.on_quiet();
    CHECK(quiet(permits));
  }
  SECTION("and nothing crashed") {
    permits.on_quiet();
    CHECK_FALSE(quiet(permits));
  }
}

TEST_CASE("permits_conserved counts anew with the budget's window", "[simulation][checkers]") {
  permits_conserved permits;
  permits.on_saved(1, 3);
  for (auto identify = 0; identify < 3; ++identify)
    permits.on_identify();
  permits.on_saved(2, 1);
  permits.on_identify();
  permits.on_settled();
  CHECK(quiet(permits));
}

TEST_CASE("resumes_preferred finds an identify that throws a session away", "[simulation][checkers]") {
  resumes_preferred resumes;
  resumes.on_identify(first, false);
  resumes.on_attached(first);
  resumes.on_restarting(first, false);
  resumes.on_settled();
  CHECK(quiet(resumes));
  resumes.on_identify(first, true);
  resumes.on_settled();
  CHECK_FALSE(quiet(resumes));
}

TEST_CASE("resumes_preferred accepts an identify after Discord ended the session", "[simulation][checkers]") {
  resumes_preferred resumes;
  SECTION("told before") {
    resumes.on_restarting(first, true);
    resumes.on_identify(first, true);
  }
  SECTION("told in the same moment") {
    resumes.on_identify(first, true);
    resumes.on_restarting(first, true);
  }
  resumes.on_settled();
  CHECK(quiet(resumes));
  resumes.on_attached(first);
  resumes.on_identify(first, true);
  resumes.on_settled();
  CHECK_FALSE(quiet(resumes));
}

TEST_CASE("resumes_preferred accepts an identify after three failed attempts", "[simulation][checkers]") {
  resumes_preferred resumes;
  for (auto failure = 0; failure < 3; ++failure)
    resumes.on_restarting(first, false);
  resumes.on_identify(first, true);
  resumes.on_settled();
  CHECK(quiet(resumes));
  resumes.on_attached(first);
  resumes.on_identify(first, true);
  resumes.on_settled();
  CHECK_FALSE(quiet(resumes));
}

TEST_CASE("stale_generations_are_silent finds a payload on a connection that was replaced", "[simulation][checkers]") {
  stale_generations_are_silent generations;
  generations.on_attach(first, 1);
  generations.on_attach(second, 2);
  generations.on_payload(1);
  generations.on_attach(first, 3);
  generations.on_payload(3);
  CHECK(quiet(generations));
  generations.on_payload(1);
  CHECK_FALSE(quiet(generations));
}

TEST_CASE("stale_generations_are_silent finds an older connection that attaches", "[simulation][checkers]") {
  stale_generations_are_silent generations;
  generations.on_attach(first, 5);
  generations.on_attach(first, 4);
  CHECK_FALSE(quiet(generations));
}

TEST_CASE("sequences_never_fall finds a heartbeat that goes back", "[simulation][checkers]") {
  sequences_never_fall sequences;
  sequences.on_heartbeat(1, 10);
  sequences.on_heartbeat(2, 3);
  sequences.on_heartbeat(1, 10);
  sequences.on_identify(2);
  sequences.on_heartbeat(2, 0);
  CHECK(quiet(sequences));
  sequences.on_heartbeat(1, 9);
  CHECK_FALSE(quiet(sequences));
}

TEST_CASE("fatal_codes_stop_for_good finds a shard that comes back", "[simulation][checkers]") {
  fatal_codes_stop_for_good fatal;
  fatal.on_fatal(first);
  fatal.on_attach(second);
  CHECK(quiet(fatal));
  fatal.on_attach(first);
  CHECK_FALSE(quiet(fatal));
}

TEST_CASE("fatal_codes_stop_for_good lets the next process try", "[simulation][checkers]") {
  fatal_codes_stop_for_good fatal;
  fatal.on_fatal(first);
  fatal.on_process_restart();
  fatal.on_attach(first);
  CHECK(quiet(fatal));
}

TEST_CASE("backoff_grows finds a shard that reconnects without waiting", "[simulation][checkers]") {
  backoff_grows backoff{60s};
  for (auto reconnect = 0; reconnect < 9; ++reconnect)
    backoff.on_restarting(first, 0ms);
  CHECK(quiet(backoff));
  backoff.on_restarting(first, 0ms);
  CHECK_FALSE(quiet(backoff));
}

TEST_CASE("backoff_grows finds a wait above the cap", "[simulation][checkers]") {
  backoff_grows backoff{60s};
  backoff.on_restarting(first, 60s);
  CHECK(quiet(backoff));
  backoff.on_restarting(first, 60'001ms);
  CHECK_FALSE(quiet(backoff));
}

TEST_CASE("backoff_grows forgets a shard that was stable", "[simulation][checkers]") {
  backoff_grows backoff{60s};
  for (auto reconnect = 0; reconnect < 30; ++reconnect) {
    backoff.on_restarting(first, 0ms);
    if (reconnect % 5 == 4)
      backoff.on_forgotten(first);
  }
  CHECK(quiet(backoff));
}
