// SPDX-License-Identifier: BSD-3-Clause
#include "tests/catch.hpp"
#include "tests/simulator/model_client.hpp"

using namespace troupe;
using namespace troupe::test;
using simulator::parse_fault;

TEST_CASE("op 7 and op 9 are sent", "[simulator][faults]") {
  model_client client;
  auto id = client.ready();
  client.inject("reconnect");
  CHECK(client.views[id].last_op(7) != nullptr);
  auto session = client.session_of(id);
  auto resumable = GENERATE(true, false);
  client.inject(std::string{"invalid-session resumable="} + (resumable ? "true" : "false"));
  REQUIRE(client.views[id].last_op(9) != nullptr);
  CHECK(client.views[id].last_op(9)->d == (resumable ? "true" : "false"));
  client.resume(id, session, 1); // The same socket may be used.
  CHECK(client.views[id].named("RESUMED").size() == (resumable ? 1 : 0));
}

TEST_CASE("a fault hits the shard that it names", "[simulator][faults]") {
  model_client client;
  auto zero = client.ready(0, 2);
  auto one = client.ready(1, 2);
  client.inject("close code=4009 shard=1");
  CHECK(!client.views[zero].close_code);
  CHECK(client.views[one].close_code == 4009);
  client.inject("drop shard=0");
  CHECK(client.views[zero].dropped);
  CHECK(client.model.breaches().empty());
}

TEST_CASE("a fault for a shard that is not connected waits for it", "[simulator][faults]") {
  model_client client;
  client.inject("close code=4004");
  auto id = client.open();
  client.identify(id);
  CHECK(client.views[id].close_code == 4004);
  CHECK(client.views[id].named("READY").empty());
  client.advance(5s);
  client.ready(); // Once only.
}

TEST_CASE("a silent server acknowledges nothing and the session lives on", "[simulator][faults]") {
  auto opts = model_client::quiet();
  opts.events_per_second = 20;
  model_client client{opts};
  auto id = client.ready();
  client.inject("silence");
  auto before = client.views[id].got.size();
  client.advance(10s);
  client.beat(id);
  CHECK(client.views[id].got.size() == before);
  auto sequence = client.views[id].got.back().s;
  auto session = client.session_of(id);
  client.close(id, 4000);
  auto back = client.open();
  client.resume(back, session, sequence);
  CHECK(client.views[back].named("RESUMED").at(0).s > sequence + 1);
}

TEST_CASE("HELLO can be late or missing", "[simulator][faults]") {
  model_client client;
  client.inject("hello-delay ms=3000");
  auto late = client.open();
  CHECK(client.views[late].got.empty());
  client.advance(3s);
  CHECK(client.views[late].got.size() == 1);
  client.inject("hello-missing count=1");
  auto never = client.open();
  client.advance(60s);
  CHECK(client.views[never].got.empty());
  CHECK(client.views[client.open()].got.size() == 1);
}

TEST_CASE("half a frame is the last that comes", "[simulator][faults]") {
  model_client client;
  auto id = client.ready();
  client.inject("half-frame");
  CHECK(client.views[id].partial);
  auto before = client.views[id].got.size();
  client.beat(id);
  CHECK(client.views[id].got.size() == before);
}

TEST_CASE("a split zlib message still reads, one without suffix or damaged does not", "[simulator][faults]") {
  auto opts = model_client::quiet();
  model_client client{opts};
  auto id = client.open("?v=10&encoding=json&compress=zlib-stream");
  client.identify(id);
  client.inject("split-messages count=2");
  auto before = client.views[id].raw_frames.size();
  client.beat(id);
  client.beat(id);
  client.beat(id);
  CHECK(client.views[id].raw_frames.size() == before + 5);
  CHECK(!client.views[id].stream_broken);
  auto read = client.views[id].got.size();
  client.inject("missing-suffix");
  client.beat(id);
  CHECK(client.views[id].got.size() == read);
}

TEST_CASE("a damaged message breaks the stream", "[simulator][faults]") {
  auto transport = GENERATE(as<std::string>{}, "zlib-stream", "zstd-stream");
  model_client client{model_client::quiet(1)};
  auto id = client.open("?v=10&encoding=json&compress=" + transport);
  client.identify(id);
  client.inject("corrupt-stream");
  client.advance(500ms); // GUILD_CREATE
  CHECK(client.views[id].stream_broken);
}

TEST_CASE("upgrades and hosts can fail", "[simulator][faults]") {
  model_client client;
  client.inject("upgrade-error status=520 count=1");
  auto refused = client.model.open(simulator::host_kind::main, "/?v=10", client.now);
  CHECK(refused.connection == 0);
  CHECK(refused.refusal.status == 520);
  client.inject("upgrade-hang");
  CHECK(client.model.open(simulator::host_kind::main, "/?v=10", client.now).refusal.hang);
  CHECK(client.open() != 0);
  auto [mode, state] = GENERATE(table<std::string, simulator::host_state>(
    {{"refuse", simulator::host_state::refuses}, {"hang", simulator::host_state::hangs}}));
  client.inject("resume-host-dead seconds=5 mode=" + mode);
  CHECK(client.model.state_of(simulator::host_kind::resume, client.now) == state);
  CHECK(client.model.state_of(simulator::host_kind::main, client.now) == simulator::host_state::alive);
  client.inject("tls-failure seconds=5");
  CHECK(client.model.tls_fails(client.now));
  client.advance(5s);
  CHECK(client.model.state_of(simulator::host_kind::resume, client.now) == simulator::host_state::alive);
  CHECK(!client.model.tls_fails(client.now));
}

TEST_CASE("guilds leave in an outage and come back", "[simulator][faults]") {
  model_client client;
  auto id = client.ready();
  client.inject("outage guilds=2 seconds=3");
  auto gone = client.views[id].named("GUILD_DELETE");
  REQUIRE(gone.size() == 2);
  CHECK(at(gone[0].d, "/unavailable") == "true");
  auto before = client.views[id].named("GUILD_CREATE").size();
  client.advance(3s);
  CHECK(client.views[id].named("GUILD_CREATE").size() == before + 2);
}

TEST_CASE("a forgotten session cannot be resumed", "[simulator][faults]") {
  model_client client;
  auto id = client.ready();
  auto session = client.session_of(id);
  client.inject("invalidate");
  CHECK(client.views[id].close_code == 4000);
  auto back = client.open();
  client.resume(back, session, 1);
  CHECK(client.views[back].last_op(9)->d == "false");
}

TEST_CASE("a heartbeat is asked for, events burst, latency keeps the order", "[simulator][faults]") {
  model_client client;
  auto id = client.ready();
  client.inject("request-heartbeat");
  CHECK(client.views[id].last_op(1) != nullptr);
  auto before = client.views[id].got.size();
  client.inject("latency ms=400 seconds=1");
  client.inject("burst events=300");
  CHECK(client.views[id].got.size() == before);
  client.advance(1s);
  CHECK(client.views[id].got.size() > before + 50);
  std::uint64_t last = 0;
  for (auto& one : client.views[id].got)
    if (one.op == 0)
      CHECK(one.s == ++last);
}

TEST_CASE("a script runs at its times", "[simulator][faults]") {
  auto script = simulator::parse_script("# a bad minute\n0.5 reconnect\n\n2 close code=4009 shard=0 # end\n", "x");
  REQUIRE(script.has_value());
  REQUIRE(script->size() == 2);
  model_client client;
  client.model.run_script(*script);
  auto id = client.ready();
  CHECK(client.views[id].last_op(7) != nullptr);
  CHECK(!client.views[id].close_code);
  client.advance(1500ms);
  CHECK(client.views[id].close_code == 4009);
}

TEST_CASE("a mistake in a fault is named with what is right", "[simulator][faults]") {
  auto [text, says] = GENERATE(table<std::string, std::string>({
    {"", "missing"},
    {"recconect", "did you mean reconnect"},
    {"close codes=4000", "did you mean code"},
    {"close count=2", "takes no parameter"},
    {"close 4000", "no key=value"},
    {"close code=99", "from 1000 to 4999"},
    {"close code=1006", "may be sent"},
    {"close code=4000x", "close code"},
    {"drop shard=-1", "shard's index"},
    {"outage seconds=x", "duration"},
    {"rest-429 scope=world", "cloudflare"},
    {"resume-host-dead mode=maybe", "refuse or hang"},
    {"invalid-session resumable=yes", "true or false"},
  }));
  auto parsed = parse_fault(text);
  REQUIRE(parsed.has_error());
  CHECK(parsed.error().code == errc::invalid_argument);
  INFO(parsed.error().detail);
  CHECK(parsed.error().detail.find(says) != std::string::npos);
}

TEST_CASE("a mistake in a script is named with file and line", "[simulator][faults]") {
  auto script = simulator::parse_script("1 drop\n# fine\nsoon drop\n", "faults.txt");
  REQUIRE(script.has_error());
  CHECK(script.error().detail.starts_with("faults.txt:3: "));
  auto other = simulator::parse_script("1 dropp\n", "faults.txt");
  REQUIRE(other.has_error());
  CHECK(other.error().detail.starts_with("faults.txt:1: "));
}

TEST_CASE("a fault reads from JSON as from a line", "[simulator][faults]") {
  auto parsed = simulator::parse_fault_json(R"({"fault":"close","code":4009,"shard":1,"reason":"late"})");
  REQUIRE(parsed.has_value());
  CHECK(parsed->kind == simulator::fault_kind::close);
  CHECK(parsed->code == 4009);
  CHECK(parsed->shard == 1u);
  CHECK(parsed->variant == "late");
  CHECK(simulator::parse_fault_json("[]").has_error());
  CHECK(simulator::parse_fault_json(R"({"code":4009})").has_error());
  CHECK(simulator::parse_fault_json(R"({"fault":"close","code":1})").has_error());
}

TEST_CASE("every fault has a name that reads back", "[simulator][faults]") {
  for (auto kind = 0; kind <= static_cast<int>(simulator::fault_kind::burst); ++kind) {
    auto parsed = parse_fault(to_string(static_cast<simulator::fault_kind>(kind)));
    REQUIRE(parsed.has_value());
    CHECK(static_cast<int>(parsed->kind) == kind);
  }
}
