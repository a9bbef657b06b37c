// SPDX-License-Identifier: BSD-3-Clause
// The judge of the soak: each offence that it looks for is committed once.
#include "tests/catch.hpp"
#include "tests/soak/record.hpp"

using namespace troupe::soak;

namespace {

const std::vector<dispatch> sent{{0, 1, "READY", "a"}, {1, 1, "READY", "b"}, {0, 2, "TYPING_START", "a"}};
const sighting ready{.shard = 0, .sequence = 1, .name = "READY", .start = 1};
const sighting other{.shard = 1, .sequence = 1, .name = "READY", .start = 1};
const sighting typing{.shard = 0, .sequence = 2, .name = "TYPING_START", .start = 1};

sighting again(sighting what, bool replayed, bool redelivered) {
  what.replayed = replayed;
  what.redelivered = redelivered;
  what.start = 2;
  return what;
}

} // namespace

TEST_CASE("a record with every event in order satisfies", "[soak][unit]") {
  auto found = compare(sent, {ready, typing, other});
  CHECK(found.holds());
  CHECK(found.findings.empty());
}

TEST_CASE("an event that nobody wrote down is lost", "[soak][unit]") {
  auto found = compare(sent, {ready, other});
  CHECK(found.lost == 1);
  CHECK_FALSE(found.holds());
  CHECK(found.findings == std::vector<std::string>{"lost: shard 0, sequence 2, TYPING_START"});
}

TEST_CASE("a RESUMED that nobody got is not lost", "[soak][unit]") {
  auto more = sent;
  more.push_back({0, 3, "RESUMED", "a"});
  CHECK(compare(more, {ready, typing, other}).holds());
}

TEST_CASE("a duplicate needs a mark", "[soak][unit]") {
  auto [replayed, redelivered, unmarked] =
    GENERATE(table<bool, bool, std::size_t>({{false, false, 1}, {true, false, 0}, {false, true, 0}, {true, true, 0}}));
  auto found = compare(sent, {ready, other, again(ready, replayed, redelivered), typing});
  CHECK(found.duplicates == 1);
  CHECK(found.unmarked == unmarked);
  CHECK(found.holds() == (unmarked == 0));
}

TEST_CASE("the order of first sightings counts, per shard", "[soak][unit]") {
  CHECK(compare(sent, {typing, other, ready}).out_of_order == 1);
  CHECK(compare(sent, {ready, typing, again(ready, true, false), other}).out_of_order == 0);
}

TEST_CASE("an event that was never sent is an offence", "[soak][unit]") {
  auto wrong_name = typing;
  wrong_name.name = "MESSAGE_CREATE";
  auto found = compare(sent, {ready, other, typing, wrong_name});
  CHECK(found.unknown == 1);
  CHECK_FALSE(found.holds());
}

TEST_CASE("a second session of a shard is an offence", "[soak][unit]") {
  auto more = sent;
  more.push_back({0, 1, "READY", "c"});
  CHECK(compare(more, {ready, typing, other}).extra_sessions == 1);
}

TEST_CASE("lines are read as they were written, and cut ones are counted", "[soak][unit]") {
  auto text = "\n" + to_line(ready) + "\n" + to_line(again(typing, true, false));
  auto all = read_record(text);
  REQUIRE(all.lines.size() == 2);
  CHECK(all.torn == 0);
  CHECK(to_line(all.lines[1]) == to_line(again(typing, true, false)));
  auto line = to_line(typing);
  for (std::size_t kept = 1; kept < line.size(); ++kept) {
    INFO(kept);
    // Cut off by a kill; the next process begins with a line feed.
    auto cut = read_record(line.substr(0, kept) + "\n" + to_line(other));
    CHECK(cut.torn == (kept + 1 == line.size() ? 0u : 1u));
    CHECK(cut.lines.size() == (kept + 1 == line.size() ? 2u : 1u));
    CHECK(read_record(line.substr(0, kept)).torn == 1);
  }
}

TEST_CASE("a session that was lost may lack its end, not its middle", "[soak][unit]") {
  auto at = [](const char* session, std::uint64_t sequence) {
    return sighting{.shard = 0, .sequence = sequence, .name = "TYPING_START", .start = 1, .session = session};
  };
  std::vector<dispatch> two;
  for (const auto* session : {"a", "b"})
    for (std::uint64_t sequence = 1; sequence <= 3; ++sequence)
      two.push_back({0, sequence, "TYPING_START", session});
  auto judge = [&](const std::vector<sighting>& seen) { return compare(two, seen, sessions::may_be_lost); };
  auto whole = judge({at("a", 1), at("a", 2), at("b", 1), at("b", 2), at("b", 3)});
  CHECK(whole.holds());
  CHECK(whole.gone == 1);
  CHECK(judge({at("a", 1), at("a", 3), at("b", 1), at("b", 2), at("b", 3)}).lost == 1);
  CHECK(judge({at("a", 1), at("b", 1), at("b", 2)}).lost == 1);
  CHECK(judge({at("b", 1), at("b", 2), at("b", 3)}).gone == 3);
  CHECK(judge({at("c", 1), at("b", 1), at("b", 2), at("b", 3)}).unknown == 1);
  CHECK(compare(two, {at("a", 1)}).extra_sessions == 1);
}
