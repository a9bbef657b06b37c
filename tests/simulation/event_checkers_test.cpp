// SPDX-License-Identifier: BSD-3-Clause
// Each checker of events meets the bug that it looks for, in a history made by hand.
#include "actors/simulation/event_checkers.hpp"

#include "tests/catch.hpp"

#include <string>

using namespace troupe;
using namespace troupe::simulation;

namespace {

/// A session "s" of shard 0 with five dispatches, and one judge of each kind.
struct events {
  events() {
    for (std::uint64_t sequence = 1; sequence <= 5; ++sequence)
      history.dispatched("s", 0, sequence, payload(sequence));
  }

  static std::string payload(std::uint64_t sequence) {
    return "{\"_session\":\"s\",\"content\":\"" + std::to_string(sequence) + "\"}";
  }

  /// As the world does.
  void handle(std::uint64_t sequence, bool marked = false) {
    auto* of = history.find(0, sequence, payload(sequence));
    if (of != nullptr) {
      order.on_handled(*of, sequence);
      marks.on_handled(*of, sequence, marked);
    }
    lost.on_handled(of, shard, sequence);
  }

  shard_id shard{0, 1};
  event_history history;
  no_event_lost lost{history};
  duplicates_are_marked marks;
  order_kept order;
  watermark_is_honest watermark{history};
};

bool quiet(const checker& one) {
  return one.found().empty();
}

} // namespace

TEST_CASE("a history in which all is handled once breaks nothing", "[simulation][checkers]") {
  events all;
  for (std::uint64_t sequence = 1; sequence <= 5; ++sequence) {
    all.handle(sequence);
    all.watermark.on_stored("s", sequence);
    all.lost.on_settled();
  }
  all.lost.on_quiet("s");
  CHECK(quiet(all.lost));
  CHECK(quiet(all.marks));
  CHECK(quiet(all.order));
  CHECK(quiet(all.watermark));
  CHECK(all.marks.marked() == 0);
}

TEST_CASE("no_event_lost finds an event that was left out", "[simulation][checkers]") {
  events all;
  all.handle(1);
  all.handle(3);
  all.lost.on_settled();
  REQUIRE(all.lost.found().size() == 1);
  CHECK(all.lost.found().front() == "no_event_lost: event 2 of shard 0 was not handled, though later ones were");
}

TEST_CASE("no_event_lost finds the last events missing once all is quiet", "[simulation][checkers]") {
  events all;
  for (std::uint64_t sequence = 1; sequence <= 4; ++sequence)
    all.handle(sequence);
  all.lost.on_settled();
  CHECK(quiet(all.lost));
  all.lost.on_quiet("s");
  CHECK_FALSE(quiet(all.lost));
}

TEST_CASE("no_event_lost finds an event that Discord never sent", "[simulation][checkers]") {
  events all;
  all.lost.on_handled(all.history.find(0, 1, "{\"_session\":\"s\",\"content\":\"forged\"}"), all.shard, 1);
  CHECK_FALSE(quiet(all.lost));
}

TEST_CASE("no_event_lost accepts what was set aside, before and after its successors came", "[simulation][checkers]") {
  events all;
  all.handle(1);
  all.lost.on_set_aside(all.shard, 2);
  all.handle(3);
  all.handle(5);
  all.lost.on_set_aside(all.shard, 4);
  all.lost.on_settled();
  all.lost.on_quiet("s");
  CHECK(quiet(all.lost));
}

TEST_CASE("no_event_lost takes sessions apart", "[simulation][checkers]") {
  events all;
  for (std::uint64_t sequence = 1; sequence <= 5; ++sequence)
    all.handle(sequence);
  all.history.dispatched("t", 0, 1, "{\"_session\":\"t\",\"content\":\"another\"}");
  all.lost.on_settled();
  all.lost.on_quiet("s");
  CHECK(quiet(all.lost));
  all.lost.on_quiet("t");
  CHECK_FALSE(quiet(all.lost));
}

TEST_CASE("no_event_lost lets guilds overtake each other, and finds what is missing once all is quiet",
          "[simulation][checkers]") {
  events all;
  no_event_lost parallel{all.history, true};
  for (auto sequence : {1, 3, 4, 5})
    parallel.on_handled(all.history.find("s"), all.shard, static_cast<std::uint64_t>(sequence));
  parallel.on_settled();
  CHECK(quiet(parallel));
  parallel.on_quiet("s");
  CHECK(parallel.found()
        == std::vector<std::string>{"no_event_lost: event 2 of shard 0 was dispatched and never handled, "
                                    "though later ones were"});
}

TEST_CASE("duplicates_are_marked finds a second delivery without a mark", "[simulation][checkers]") {
  events all;
  all.handle(1);
  all.handle(2);
  all.handle(2, true);
  CHECK(quiet(all.marks));
  CHECK(all.marks.marked() == 1);
  all.handle(1, false);
  CHECK_FALSE(quiet(all.marks));
}

TEST_CASE("order_kept finds an event that was overtaken", "[simulation][checkers]") {
  events all;
  all.handle(1);
  all.handle(3);
  CHECK(quiet(all.order));
  all.handle(2);
  CHECK_FALSE(quiet(all.order));
}

TEST_CASE("order_kept lets a marked duplicate come late", "[simulation][checkers]") {
  events all;
  for (std::uint64_t sequence = 1; sequence <= 4; ++sequence)
    all.handle(sequence);
  all.handle(2, true);
  all.handle(3, true);
  all.handle(5);
  CHECK(quiet(all.order));
}

TEST_CASE("order_kept asks for the order of each guild, where each has an actor", "[simulation][checkers]") {
  events all;
  auto handle = [&all](std::uint64_t sequence, std::uint64_t guild) {
    auto* of = all.history.find("s");
    all.order.on_handled(*of, sequence, guild);
    all.lost.on_handled(of, all.shard, sequence);
  };
  handle(1, 7);
  handle(4, 8);
  handle(2, 7);
  CHECK(quiet(all.order));
  handle(3, 8);
  CHECK_FALSE(quiet(all.order));
}

TEST_CASE("watermark_is_honest finds what is missing below", "[simulation][checkers]") {
  events all;
  all.handle(1);
  all.handle(3);
  all.watermark.on_stored("s", 3);
  CHECK(quiet(all.watermark)); // It may have been set aside.
  all.watermark.on_settled();
  CHECK_FALSE(quiet(all.watermark));
}

TEST_CASE("watermark_is_honest finds a sequence a sequence stored before it was handled", "[simulation][checkers]") {
  events all;
  all.handle(1);
  all.handle(2);
  all.watermark.on_stored("s", 2);
  CHECK(quiet(all.watermark));
  all.watermark.on_stored("s", 3);
  CHECK_FALSE(quiet(all.watermark));
}
