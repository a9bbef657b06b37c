// SPDX-License-Identifier: BSD-3-Clause
// What a session notices by time alone, and what it must not wait for.
#include "tests/catch.hpp"
#include "tests/gateway/session_world.hpp"

using namespace troupe;
using namespace troupe::testing;
using namespace std::chrono_literals;

TEST_CASE("a READY that takes long is warned of once, and waited for on", "[gateway][unit]") {
  session_world w;
  w.reach(phase::identifying);
  auto sent_at = w.now;
  REQUIRE(w.fire(timer::ready_warning));
  CHECK(w.now - sent_at == w.settings.deadlines.ready_warning);
  REQUIRE(w.last.size() == 1);
  REQUIRE(w.has<warned>());
  CHECK(w.find<warned>()->reason == errc::ready_timeout);
  CHECK(w.phase() == phase::identifying);
  CHECK_FALSE(w.fire(timer::ready_warning));
  SECTION("it may still come") {
    w.ready();
    CHECK(w.phase() == phase::ready);
    CHECK_FALSE(w.fire(timer::ready));
  }
  SECTION("it is given up at its deadline") {
    REQUIRE(w.fire(timer::ready));
    CHECK(w.now - sent_at == w.settings.deadlines.ready);
    CHECK(w.find<restarting>()->reason == errc::ready_timeout);
    CHECK(w.find<identify_result>()->ready == false);
    CHECK(w.phase() == phase::closing);
  }
}

TEST_CASE("a READY in time is not warned of", "[gateway][unit]") {
  session_world w;
  w.reach(phase::ready);
  CHECK_FALSE(w.fire(timer::ready_warning));
  CHECK_FALSE(w.fire(timer::ready));
}

TEST_CASE("a zlib message that does not end is given up after ten seconds", "[gateway][unit]") {
  session_world w{codec::compression::zlib_stream};
  w.reach(phase::ready);
  auto whole = w.discord->pack(R"({"t":"X","s":2,"op":0,"d":{}})");
  auto half = whole.bytes.size() / 2;
  auto feed = [&](std::string bytes) {
    frame part{std::move(bytes), true};
    w.call([&](auto& out) { w.it->on_frame(w.it->generation(), part, w.now, out); });
  };
  feed(whole.bytes.substr(0, half));
  auto began = w.now;
  REQUIRE(w.find<arm>() != nullptr);
  CHECK(w.find<arm>()->which == timer::partial_message);
  SECTION("the rest in time is a message") {
    w.now += 9s;
    feed(whole.bytes.substr(half));
    REQUIRE(w.has<deliver>());
    CHECK(w.find<deliver>()->sequence == 2);
    CHECK_FALSE(w.fire(timer::partial_message));
    CHECK(w.phase() == phase::ready);
  }
  SECTION("more pieces do not extend the time") {
    w.now += 9s;
    feed(whole.bytes.substr(half, 1));
    CHECK_FALSE(w.has<arm>());
    REQUIRE(w.fire(timer::partial_message));
    CHECK(w.now - began == w.settings.deadlines.partial_message);
    CHECK(w.find<restarting>()->reason == errc::corrupt_stream);
    CHECK(w.find<restarting>()->resumes);
    CHECK(w.find<disconnect>()->code == 4000);
  }
}

TEST_CASE("a message that inflates to less than a payload ends the connection at once", "[gateway][unit]") {
  for (auto how : {codec::compression::zlib_stream, codec::compression::zstd_stream}) {
    INFO(codec::to_string(how));
    session_world w{how};
    w.reach(phase::ready);
    w.say(R"({"t":"X","s":2,"op":0,"d":{"con)");
    REQUIRE(w.has<restarting>());
    CHECK(w.find<restarting>()->resumes);
    CHECK(w.find<disconnect>()->code == 4000);
  }
}
