// SPDX-License-Identifier: BSD-3-Clause
// Specs that make no sense are refused at once, in a sentence with the path in the tree.
#include "tests/catch.hpp"
#include "tests/supervision/family.hpp"

namespace troupe {

using namespace std::chrono_literals;
using supervision::strategy;

namespace {

child_spec good(std::string id) {
  return {.id = std::move(id), .start = [](const child_context&) { return caf::actor{}; }};
}

struct row {
  std::function<void(supervisor_spec&)> spoil;
  std::string sentence;
};

const std::vector<row> rows{
  {[](auto& s) { s.path.clear(); }, "a supervisor has no path"},
  {[](auto& s) { s.flags.period = 0ms; }, "root/x: the period must be longer than zero"},
  {[](auto& s) { s.flags.period = -1ms; }, "root/x: the period must be longer than zero"},
  {[](auto& s) { s.flags.backoff_min = -1ms; }, "root/x: a backoff is negative"},
  {[](auto& s) { s.flags.backoff_max = 1ms; }, "root/x: backoff_min is longer than backoff_max"},
  {[](auto& s) {
     s.flags.when_exhausted = supervision::exhaustion::degrade;
     s.flags.backoff_min = s.flags.backoff_max = 0ms;
   },
   "root/x: a supervisor that degrades needs a backoff_max to retry at"},
  {[](auto& s) {
     s.flags.strategy = strategy::simple;
     s.children.resize(1);
     s.flags.custom = [](const auto&, auto, const auto&) { return std::vector<std::string>{}; };
   },
   "root/x: the strategy simple cannot be combined with a custom one"},
  {[](auto& s) { s.flags.strategy = strategy::simple; },
   "root/x: with the strategy simple there is one child spec, which all children share"},
  {[](auto& s) { s.children[1].id = "a"; }, "root/x/a: two children have this id"},
  {[](auto& s) { s.children[0].id.clear(); }, "root/x: a child has an empty id"},
  {[](auto& s) { s.children[0].id = "a/b"; }, "root/x/a/b: an id must not contain \"/\""},
  {[](auto& s) { s.children[1].start = nullptr; }, "root/x/b: it has no start function"},
  {[](auto& s) { s.children[1].shutdown = -1ms; }, "root/x/b: the shutdown time is negative"},
  {[](auto& s) { s.children[1].start_timeout = 0ms; }, "root/x/b: the start timeout must be longer than zero"},
};

} // namespace

TEST_CASE_METHOD(family, "bad specs are refused with the path, and end their supervisor at once",
                 "[supervision][unit]") {
  for (const auto& row : rows) {
    INFO(row.sentence);
    supervisor_spec spec;
    spec.path = "root/x";
    spec.children = {good("a"), good("b")};
    REQUIRE(check(spec).has_value());
    row.spoil(spec);
    auto checked = check(spec);
    REQUIRE(checked.has_error());
    CHECK(checked.error() == error{errc::invalid_child_spec, row.sentence});
    auto top = spawn(supervisor, spec);
    self()->monitor(top);
    auto down = receive<caf::down_msg>();
    REQUIRE(down);
    CHECK(to_error(down->reason) == checked.error());
  }
}

TEST_CASE_METHOD(family, "the bad spec of a child supervisor ends the tree with its own words", "[supervision][unit]") {
  supervision::flags hasty;
  hasty.period = 0ms;
  auto top = root({}, {child("a"), branch("b", hasty, {})});
  auto reason = end();
  REQUIRE(reason);
  CHECK(to_error(*reason) == error{errc::invalid_child_spec, "root/b: the period must be longer than zero"});
}

TEST_CASE_METHOD(family, "a bad spec is no child", "[supervision][unit]") {
  auto top = root({}, {});
  for (const auto* id : {"", "a/b"})
    CHECK(order(top, start_child{good(id)}).code == errc::invalid_child_spec);
  CHECK(order(top, start_child{{.id = "a"}}) == error{errc::invalid_child_spec, "root/a: it has no start function"});
  auto listed = ask<children_report>(top, which_children{});
  REQUIRE(listed);
  CHECK(listed->children.empty());
}

TEST_CASE_METHOD(family, "exceptions end an actor with their text", "[supervision][unit]") {
  struct thrown_row {
    std::function<void()> act;
    error expected;
  };
  const std::vector<thrown_row> all{
    {[] { throw std::runtime_error("boom"); }, {errc::internal, "bot: exception: boom"}},
    {[] {
       throw error_exception({errc::queue_full, "64"});
     },
     {errc::queue_full, "bot: 64"}},
    {[] { throw 42; }, {errc::internal, "bot: something was thrown that is no std::exception"}},
  };
  for (const auto& row : all) {
    auto actor = spawn([act = row.act](caf::event_based_actor* self) -> caf::behavior {
      carry_exceptions(self, "bot");
      return {[act](int) { act(); }};
    });
    self()->monitor(actor);
    tell(actor, 1);
    auto down = receive<caf::down_msg>();
    REQUIRE(down);
    CHECK(to_error(down->reason) == row.expected);
  }
}

} // namespace troupe
