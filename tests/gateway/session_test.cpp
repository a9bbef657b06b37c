// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/gateway/close_codes.hpp"

#include "tests/catch.hpp"
#include "tests/gateway/session_world.hpp"

#include <random>
#include <set>

using namespace troupe;
using namespace troupe::testing;
using namespace std::chrono_literals;

TEST_CASE("a session identifies, resumes and delivers on every transport", "[gateway][unit]") {
  auto how = GENERATE(codec::compression::none, codec::compression::zlib_stream, codec::compression::zstd_stream);
  session_world w{how};
  w.start();
  CHECK(w.has<join_queue>());
  w.turn();
  CHECK(w.url.starts_with("wss://main/?v=10&encoding=json"));
  w.connected();
  w.hello();
  CHECK(w.has<want_permit>());
  w.permit();
  CHECK(w.has<commit_permit>());
  REQUIRE(w.sent(opcode::identify));
  CHECK(w.sent(opcode::identify)->text.find(R"("token":"TOKEN")") != std::string::npos);
  w.written();
  CHECK(w.has<spend_permit>());
  w.ready();
  REQUIRE(w.find<identify_result>());
  CHECK(w.find<identify_result>()->ready);
  REQUIRE(w.find<became_ready>());
  CHECK(w.find<became_ready>()->guilds == 1);
  CHECK(w.find<open_window>()->heartbeat_interval == 41'250ms);
  CHECK(w.find<deliver>()->name == "READY");
  CHECK(w.it->resumable() == resume_point{"S", "wss://resume", 1});
  w.dispatch(2, "MESSAGE_CREATE");
  CHECK(w.find<deliver>()->data == R"({"a":1})");
  w.dispatch(2);
  CHECK_FALSE(w.has<deliver>());
  w.say(R"({"op":7,"d":null})");
  CHECK(w.find<disconnect>()->code == 4000);
  w.closed();
  w.fire(timer::backoff);
  CHECK(w.url.starts_with("wss://resume/?v=10"));
  w.connected();
  w.hello();
  REQUIRE(w.sent(opcode::resume));
  CHECK(w.sent(opcode::resume)->text == R"({"op":6,"d":{"token":"TOKEN","session_id":"S","seq":2}})");
  w.dispatch(3);
  CHECK(w.phase() == phase::replaying);
  CHECK(w.find<deliver>()->replayed);
  w.dispatch(4, "RESUMED");
  CHECK(w.phase() == phase::ready);
  CHECK(w.find<became_resumed>()->replayed == 1);
}

TEST_CASE("every close code in every phase with a socket does what its rule says", "[gateway][unit]") {
  for (auto code : {0,    1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014, 4000, 4001, 4002, 4003,
                    4004, 4005, 4006, 4007, 4008, 4009, 4010, 4011, 4012, 4013, 4014, 4015, 4999})
    for (auto where : all_phases) {
      session_world w;
      w.reach(where);
      REQUIRE(w.phase() == where);
      auto had = w.it->resumable().has_value();
      w.closed(static_cast<std::uint16_t>(code));
      INFO(code << " in " << to_string(where));
      auto has_socket =
        where != phase::idle && where != phase::queued && where != phase::backing_off && where != phase::failed;
      if (!has_socket) {
        CHECK(w.last.empty());
        continue;
      }
      auto then = code == 0 ? after_close::resume : rule_for(static_cast<std::uint16_t>(code)).then;
      CHECK_FALSE(w.has<disconnect>());
      if (then == after_close::fail) {
        CHECK(w.phase() == phase::failed);
        CHECK(w.find<failed>()->reason.code == rule_for(static_cast<std::uint16_t>(code)).reason);
        continue;
      }
      CHECK(w.phase() == phase::backing_off);
      auto keeps = had && then != after_close::identify;
      CHECK(w.it->resumable().has_value() == keeps);
      if (where == phase::closing)
        continue;
      REQUIRE(w.find<restarting>());
      CHECK(w.find<restarting>()->resumes == keeps);
      CHECK((w.find<restarting>()->delay > 0ms) == (then == after_close::wait_resume));
      CHECK(w.has<spend_permit>() == (where == phase::identifying));
      CHECK(w.has<leave_queue>()
            == (where == phase::connecting || where == phase::awaiting_hello || where == phase::awaiting_permit));
      w.fire(timer::backoff);
      CHECK(w.has<gateway::connect>() == keeps);
      CHECK(w.has<join_queue>() == !keeps);
    }
}

TEST_CASE("no phase can hang: a timer is armed or the queue is waited for", "[gateway][unit]") {
  const std::map<phase, std::vector<timer>> guards{
    {phase::connecting, {timer::connect}},
    {phase::awaiting_hello, {timer::hello}},
    {phase::identifying, {timer::ready}},
    {phase::resuming, {timer::resumed}},
    {phase::replaying, {timer::resumed}},
    {phase::ready, {timer::heartbeat}},
    {phase::closing, {timer::close}},
    {phase::backing_off, {timer::backoff}},
    {phase::awaiting_permit, {timer::heartbeat}},
  };
  for (const auto& [where, kinds] : guards)
    for (auto kind : kinds) {
      session_world w;
      w.reach(where);
      INFO(to_string(where));
      CHECK(w.fire(kind));
    }
}

TEST_CASE("stale epochs and generations do nothing", "[gateway][unit]") {
  for (auto where : all_phases)
    for (auto kind = 0; kind <= static_cast<int>(timer::partial_message); ++kind) {
      session_world w;
      w.reach(where);
      auto which = static_cast<timer>(kind);
      w.call([&](auto& out) { w.it->on_timer(which, 0, w.now, out); });
      CHECK(w.last.empty());
      w.call([&](auto& out) { w.it->on_timer(which, 1'000'000, w.now, out); });
      CHECK(w.last.empty());
      auto old = w.it->generation() + 1;
      w.call([&](auto& out) { w.it->on_closed({old, 4004, "", errc::none, true}, w.now, out); });
      w.call([&](auto& out) { w.it->on_connected(old, w.now, out); });
      CHECK(w.last.empty());
    }
}

TEST_CASE("stop works from every phase, with 1000 only for good", "[gateway][unit]") {
  for (auto how : {farewell::for_good, farewell::resumable})
    for (auto where : all_phases) {
      session_world w;
      w.reach(where);
      w.stop(how);
      INFO(to_string(where));
      if (where == phase::failed) {
        CHECK(w.last.empty());
        continue;
      }
      if (auto* order = w.find<disconnect>())
        CHECK(order->code == (where == phase::connecting ? 0 : how == farewell::for_good ? 1000 : 4000));
      if (!w.has<stopped>())
        CHECK(w.fire(timer::close));
      CHECK(w.has<stopped>());
      CHECK(w.phase() == phase::idle);
      w.start();
      CHECK(w.last.empty());
    }
}

TEST_CASE("a silent peer is left and resumed at once", "[gateway][unit]") {
  session_world w;
  w.reach(phase::ready);
  w.fire(timer::heartbeat);
  REQUIRE(w.sent(opcode::heartbeat));
  CHECK(w.sent(opcode::heartbeat)->text == R"({"op":1,"d":1})");
  w.now += 50ms;
  w.say(R"({"op":11})");
  CHECK(w.find<pinged>()->latency == 50ms);
  w.fire(timer::heartbeat);
  CHECK(w.sent(opcode::heartbeat));
  w.fire(timer::heartbeat);
  CHECK(w.has<ping_missed>());
  CHECK(w.find<disconnect>()->code == 0);
  CHECK(w.find<restarting>()->delay == 0ms);
  CHECK(w.find<restarting>()->resumes);
}

TEST_CASE("a heartbeat that Discord asks for is sent at once", "[gateway][unit]") {
  session_world w;
  w.reach(phase::awaiting_permit);
  w.say(R"({"op":1,"d":null})");
  REQUIRE(w.sent(opcode::heartbeat));
  CHECK(w.sent(opcode::heartbeat)->text == R"({"op":1,"d":null})");
  CHECK_FALSE(w.has<arm>());
}

TEST_CASE("a HELLO with a nonsense interval ends the connection", "[gateway][unit]") {
  for (auto data : {"{}", R"({"heartbeat_interval":0})", R"({"heartbeat_interval":-1})", "null",
                    R"({"heartbeat_interval":600001})", R"({"heartbeat_interval":"x"})"}) {
    session_world w;
    w.reach(phase::awaiting_hello);
    w.say(std::string{R"({"op":10,"d":)"} + data + "}");
    CHECK(w.has<invalid_message>());
    CHECK(w.phase() == phase::closing);
  }
}

TEST_CASE("op 9 false drops the session and waits one to five seconds", "[gateway][unit]") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    session_world w{codec::compression::none, seed};
    w.reach(phase::resuming);
    w.say(R"({"op":9,"d":false})");
    REQUIRE(w.find<checkpoint>());
    CHECK_FALSE(w.find<checkpoint>()->point);
    CHECK(w.find<disconnect>()->code == 4000);
    CHECK(w.find<restarting>()->delay >= 1s);
    CHECK(w.find<restarting>()->delay <= 5s);
    w.closed();
    w.fire(timer::backoff);
    CHECK(w.has<join_queue>());
  }
  session_world w;
  w.reach(phase::resuming);
  w.say(R"({"op":9,"d":true})");
  CHECK(w.find<restarting>()->resumes);
}

TEST_CASE("three failed resumes give up the session, a resume URL that is gone only itself", "[gateway][unit]") {
  session_world w;
  w.start(resume_point{"S", "wss://resume", 7});
  for (auto i = 0; i < 3; ++i) {
    CHECK(w.url.starts_with("wss://resume/"));
    w.closed(0, errc::connect_failed);
    w.fire(timer::backoff);
  }
  CHECK(w.url.starts_with("wss://main/"));
  for (auto i = 0; i < 3; ++i) {
    REQUIRE(w.it->resumable());
    w.connected();
    w.hello();
    w.closed(4000);
    w.fire(timer::backoff);
  }
  CHECK_FALSE(w.it->resumable());
  CHECK(w.phase() == phase::queued);
}

TEST_CASE("after an unexplained 1000 there is one resume", "[gateway][unit]") {
  session_world w;
  w.reach(phase::ready);
  w.closed(1000);
  CHECK(w.find<restarting>()->resumes);
  w.fire(timer::backoff);
  w.connected();
  w.hello();
  w.closed(4000);
  CHECK_FALSE(w.find<restarting>()->resumes);
}

TEST_CASE("a wrong certificate is fatal before the first success only", "[gateway][unit]") {
  session_world fresh;
  fresh.reach(phase::connecting);
  fresh.closed(0, errc::certificate_rejected);
  CHECK(fresh.find<failed>());
  session_world later;
  later.reach(phase::backing_off);
  later.fire(timer::backoff);
  later.closed(0, errc::certificate_rejected);
  CHECK(later.phase() == phase::backing_off);
}

TEST_CASE("text that is not JSON ends the connection, odd JSON is skipped", "[gateway][unit]") {
  session_world w;
  w.reach(phase::ready);
  for (auto odd : {"[1]", "{}", R"({"op":"x"})", "3"}) {
    w.say(odd);
    CHECK(w.has<invalid_message>());
    CHECK(w.phase() == phase::ready);
  }
  w.say(R"({"op":99})");
  CHECK(w.last.empty());
  w.say(R"({"op":0,)");
  CHECK(w.has<invalid_message>());
  CHECK(w.phase() == phase::closing);
}

TEST_CASE("an IDENTIFY above 4096 bytes is a mistake in the configuration", "[gateway][unit]") {
  session_world w;
  w.settings.presence.emplace().activities.push_back({std::string(4096, 'x')});
  w.it.emplace(w.settings);
  w.reach(phase::awaiting_permit);
  w.permit();
  REQUIRE(w.find<failed>());
  CHECK(w.find<failed>()->reason.code == errc::invalid_configuration);
  CHECK(w.has<leave_queue>());
}

TEST_CASE("the identify carries the presence that was set last", "[gateway][unit]") {
  session_world w;
  w.reach(phase::awaiting_permit);
  update_presence presence;
  presence.status = "dnd";
  w.it->remember_presence(presence);
  w.permit();
  auto text = w.sent(opcode::identify)->text;
  CHECK(text.find(R"("presence":{"since":null)") != std::string::npos);
  CHECK(text.find(R"("status":"dnd")") != std::string::npos);
  CHECK(text.ends_with("}}}"));
}

TEST_CASE("the ladder starts at once, then climbs, and forgets after five stable minutes", "[gateway][unit]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    session_world w{codec::compression::none, seed};
    w.reach(phase::ready);
    for (auto i = 0; i < 9; ++i) {
      w.closed(4000);
      auto delay = w.find<restarting>()->delay;
      if (i == 0)
        CHECK(delay == 0ms);
      else
        CHECK((delay >= 1s && delay <= std::min<milliseconds>(60s, 1s * (1 << i))));
      w.fire(timer::backoff);
      w.connected();
      w.hello();
      w.dispatch(100 + static_cast<std::uint64_t>(i), "RESUMED");
      REQUIRE(w.phase() == phase::ready);
    }
    w.fire(timer::stable);
    w.closed(4000);
    CHECK(w.find<restarting>()->delay == 0ms);
  }
}

namespace {

// What a well-behaved world does next.
void go_on(session_world& w) {
  switch (w.phase()) {
  case phase::queued:
    return w.turn();
  case phase::connecting:
    return w.connected();
  case phase::awaiting_hello:
    return w.hello();
  case phase::awaiting_permit:
    return w.permit();
  case phase::identifying:
    return w.ready();
  case phase::closing:
    return w.closed();
  case phase::backing_off:
    w.fire(timer::backoff);
    return;
  default:
    return;
  }
}

} // namespace

TEST_CASE("a random world never breaks the session's rules", "[gateway][unit]") {
  const std::vector<std::string> texts{
    R"({"op":10,"d":{"heartbeat_interval":41250}})",
    R"({"op":11})",
    R"({"op":1})",
    R"({"op":7})",
    "[]",
    "nonsense",
    R"({"op":9,"d":false})",
    R"({"op":9,"d":true})",
    R"({"op":0,"t":"RESUMED","s":9,"d":{}})",
    R"({"op":0,"t":"READY","s":1,"d":{"session_id":"S","resume_gateway_url":"wss://r"}})"};
  std::mt19937 random{42};
  auto identifies = 0, readies = 0;
  for (auto round = 0; round < 500; ++round) {
    session_world w{codec::compression::none, random()};
    std::uint64_t generation = 0;
    std::set<std::uint64_t> identified;
    auto committed = 0;
    auto over = false, for_good = false, session = false;
    std::uint64_t s = 10;
    w.start();
    for (auto step = 0; step < 200; ++step) {
      w.now += milliseconds{random() % 5000};
      auto chosen = random() % 30;
      if (chosen >= 24)
        go_on(w);
      else if (chosen < 8)
        w.discord ? w.say(texts[random() % texts.size()]) : void();
      else if (chosen < 11)
        w.discord ? w.dispatch(++s) : void();
      else if (chosen < 13)
        w.connected();
      else if (chosen < 15)
        w.permit();
      else if (chosen < 17)
        w.turn();
      else if (chosen == 17)
        w.written();
      else if (chosen < 20)
        w.fire(static_cast<timer>(random() % 10));
      else if (chosen < 22)
        w.fire(timer::backoff);
      else if (chosen == 22)
        w.closed(random() % 50 == 0 ? 4014 : 4000 + random() % 4);
      else if (random() % 40 == 0) {
        for_good = random() % 2 == 0;
        w.stop(for_good ? farewell::for_good : farewell::resumable);
      }
      if (over)
        REQUIRE(w.last.empty());
      for (const auto& one : w.last) {
        REQUIRE_FALSE(over);
        if (auto* order = std::get_if<gateway::connect>(&one)) {
          REQUIRE(order->generation == generation + 1);
          generation = order->generation;
          session = false;
        } else if (std::holds_alternative<commit_permit>(one)) {
          ++committed;
        } else if (std::holds_alternative<spend_permit>(one)) {
          REQUIRE(--committed >= 0);
        } else if (auto* what = std::get_if<transmit>(&one)) {
          REQUIRE(what->generation == generation);
          if (what->op == opcode::identify) {
            REQUIRE(committed == 1);
            REQUIRE(identified.insert(generation).second);
            ++identifies;
          }
          session = session || what->op == opcode::resume;
        } else if (auto* end = std::get_if<disconnect>(&one)) {
          REQUIRE((end->code == 0 || end->code == 4000 || (end->code == 1000 && for_good)));
        } else if (std::holds_alternative<became_ready>(one)) {
          session = true;
          ++readies;
        } else if (std::holds_alternative<deliver>(one)) {
          REQUIRE(session);
        } else if (std::holds_alternative<failed>(one) || std::holds_alternative<stopped>(one)) {
          over = true;
          REQUIRE(committed == 0);
        }
      }
      w.last.clear();
    }
  }
  CHECK(identifies > 100);
  CHECK(readies > 200);
}
