// SPDX-License-Identifier: BSD-3-Clause
#include "tests/catch.hpp"
#include "tests/simulator/model_client.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

simulator::options busy() {
  auto opts = model_client::quiet(20);
  opts.events_per_second = 50;
  opts.log_dispatches = true;
  return opts;
}

std::uint64_t last_sequence(const client_view& view) {
  return view.got.empty() ? 0 : view.got.back().s;
}

} // namespace

TEST_CASE("a resumed session gets every missed event once and in order", "[simulator][resume]") {
  auto transport = GENERATE(as<std::string>{}, "", "&compress=zlib-stream", "&compress=zstd-stream");
  model_client client{busy()};
  auto id = client.open("?v=10&encoding=json" + transport);
  client.identify(id);
  client.advance(5s);
  auto session = client.session_of(id);
  auto sequence = last_sequence(client.views[id]);
  std::vector<std::string> seen;
  auto keep = [&](const client_view& view) {
    for (auto& one : view.got)
      if (one.op == 0)
        seen.push_back(one.text);
  };
  keep(client.views[id]);
  for (int round = 0; round < 3; ++round) {
    client.close(id, 4000);
    client.advance(10s);
    id = client.open("?v=10&encoding=json" + transport, simulator::host_kind::resume);
    client.resume(id, session, sequence);
    client.advance(3s);
    keep(client.views[id]);
    CHECK(client.views[id].named("RESUMED").size() == 1);
    sequence = last_sequence(client.views[id]);
  }
  auto& log = client.model.dispatch_log();
  REQUIRE(seen.size() == log.size());
  for (std::size_t i = 0; i < log.size(); ++i)
    REQUIRE(seen[i] == log[i].payload);
  CHECK(client.model.counts().resumes == 3);
  CHECK(client.model.counts().identifies == 1);
}

TEST_CASE("nothing that was missed comes after RESUMED, however often a session is resumed", "[simulator][resume]") {
  model_client client{busy()};
  auto id = client.open("?v=10&encoding=json");
  client.identify(id);
  client.advance(5s);
  auto session = client.session_of(id);
  auto sequence = last_sequence(client.views[id]);
  for (int round = 0; round < 3; ++round) {
    client.close(id, 4000);
    client.advance(10s);
    auto missed = client.model.dispatch_log().back().sequence;
    id = client.open("?v=10&encoding=json", simulator::host_kind::resume);
    // Each process knows only how far the first one was.
    client.resume(id, session, sequence);
    client.advance(3s);
    auto resumed = client.views[id].named("RESUMED");
    REQUIRE(resumed.size() == 1);
    CHECK(resumed.at(0).s == missed + 1);
  }
}

TEST_CASE("a close with 1000 or 1001 ends the session, any other keeps it", "[simulator][resume]") {
  auto [code, keeps] = GENERATE(table<std::uint16_t, bool>({{1000, false}, {1001, false}, {4000, true}, {0, true}}));
  model_client client;
  auto id = client.ready();
  auto session = client.session_of(id);
  client.close(id, code);
  auto back = client.open();
  client.resume(back, session, 1);
  CHECK(client.views[back].named("RESUMED").size() == (keeps ? 1 : 0));
  CHECK((client.views[back].last_op(9) == nullptr) == keeps);
}

TEST_CASE("a session is forgotten after its lifetime", "[simulator][resume]") {
  model_client client;
  auto id = client.ready();
  auto session = client.session_of(id);
  client.close(id, 4000);
  client.advance(179s);
  auto early = client.open();
  client.resume(early, session, 1);
  CHECK(client.views[early].named("RESUMED").size() == 1);
  client.close(early, 4000);
  client.advance(181s);
  auto late = client.open();
  client.resume(late, session, 1);
  REQUIRE(client.views[late].last_op(9) != nullptr);
  CHECK(client.views[late].last_op(9)->d == "false");
  CHECK(client.model.counts().sessions_expired == 1);
}

TEST_CASE("an overflown replay buffer cannot be resumed", "[simulator][resume]") {
  auto opts = busy();
  opts.replay_buffer = 100;
  model_client client{opts};
  auto id = client.open();
  client.identify(id);
  client.advance(2s);
  auto session = client.session_of(id);
  auto sequence = last_sequence(client.views[id]);
  client.close(id, 4000);
  client.inject("burst events=1000");
  auto back = client.open();
  client.resume(back, session, sequence);
  CHECK(client.views[back].last_op(9) != nullptr);
  CHECK(client.views[back].named("RESUMED").empty());
  CHECK(client.model.breaches().empty());
}

TEST_CASE("a sequence from the future is 4007 and ends the session", "[simulator][resume]") {
  model_client client;
  auto id = client.ready();
  auto session = client.session_of(id);
  client.close(id, 4000);
  auto back = client.open();
  client.resume(back, session, 9'999);
  CHECK(client.views[back].close_code == 4007);
  CHECK(client.has_breach("invalid_sequence"));
  auto again = client.open();
  client.resume(again, session, 1);
  CHECK(client.views[again].last_op(9) != nullptr);
}

TEST_CASE("a resume takes the session from a connection that is still open", "[simulator][resume]") {
  model_client client;
  auto old = client.ready();
  auto fresh = client.open();
  client.resume(fresh, client.session_of(old), last_sequence(client.views[old]));
  CHECK(client.views[old].close_code == 4000);
  CHECK(client.views[fresh].named("RESUMED").size() == 1);
}

TEST_CASE("a client that is held gets everything later, in order", "[simulator][resume]") {
  model_client client{busy()};
  auto id = client.ready();
  client.model.hold(id, true, client.now);
  auto before = client.views[id].got.size();
  client.advance(10s);
  CHECK(client.views[id].got.size() == before);
  CHECK(client.model.counts().events_held > 100);
  client.model.hold(id, false, client.now);
  client.advance(10s);
  std::uint64_t expected = 0;
  for (auto& one : client.views[id].got)
    if (one.op == 0)
      CHECK(one.s == ++expected);
  CHECK(expected > 100);
}
