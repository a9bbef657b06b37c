// SPDX-License-Identifier: BSD-3-Clause
// Events that a test dispatches by hand, beside or instead of the traffic.
#include "tests/catch.hpp"
#include "tests/simulator/model_client.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

constexpr auto note = R"({"id":"1","text":"by hand"})";

} // namespace

TEST_CASE("an event dispatched by hand comes with the next sequence, to its shard only", "[simulator][dispatch]") {
  auto opts = model_client::quiet(4);
  opts.max_concurrency = 2;
  model_client client{opts};
  auto first = client.ready(0, 2);
  auto second = client.ready(1, 2);
  auto before = client.views[first].got.back().s;
  CHECK(client.model.dispatch(0, "NOTE", note, client.now) == 1);
  client.advance(0s);
  auto notes = client.views[first].named("NOTE");
  REQUIRE(notes.size() == 1);
  CHECK(notes.front().s == before + 1);
  CHECK(notes.front().d == note);
  CHECK(client.views[second].named("NOTE").empty());
}

TEST_CASE("an event dispatched by hand waits for RESUME where the shard is away", "[simulator][dispatch]") {
  model_client client;
  auto id = client.ready();
  auto session = client.session_of(id);
  auto sequence = client.views[id].got.back().s;
  client.close(id, 4000);
  CHECK(client.model.dispatch(0, "NOTE", note, client.now) == 1);
  auto all = client.model.sessions();
  REQUIRE(all.size() == 1);
  CHECK(all.front().id == session);
  CHECK(all.front().connection == 0);
  CHECK(all.front().sequence == sequence + 1);
  auto back = client.open("?v=10&encoding=json", simulator::host_kind::resume);
  client.resume(back, session, sequence);
  client.advance(0s);
  CHECK(client.views[back].named("NOTE").size() == 1);
  CHECK(client.model.sessions().front().connection == back);
}

TEST_CASE("an event dispatched by hand to nobody is counted as such", "[simulator][dispatch]") {
  model_client client;
  CHECK(client.model.dispatch(0, "NOTE", note, client.now) == 0);
  auto id = client.ready();
  CHECK(client.model.dispatch(1, "NOTE", note, client.now) == 0);
  client.close(id, 1000);
  CHECK(client.model.sessions().empty());
}
