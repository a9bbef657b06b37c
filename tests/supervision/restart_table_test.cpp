// SPDX-License-Identifier: BSD-3-Clause
// OTP's rules as tables: who comes back after what, and who with whom. Run with real actors, since half of it is what
// CAF's exit reasons mean.
#include "tests/catch.hpp"
#include "tests/supervision/core_driver.hpp"
#include "tests/supervision/family.hpp"

namespace troupe {

using namespace std::chrono_literals;
using supervision::flags;
using supervision::strategy;

namespace {

/// How a child ends: a word to it, or a kill.
struct way_to_end {
  std::string word;
  /// Whether it comes back, by restart type.
  bool permanent;
  bool transient;
  bool temporary;
};

const std::vector<way_to_end> ways{
  {"finish", true, false, false}, // Normal.
  {"leave", true, false, false},  // Shutdown.
  {"fail", true, true, false},    // Error.
  {"crash", true, true, false},   // Exception.
  {"kill", true, true, false},    // Killed by somebody.
};

/// Whom the return of one of a, b and c affects.
struct company {
  supervision::strategy strategy;
  std::string who;
  /// Behind its own end.
  diary expected;
};

const std::vector<company> companies{
  {strategy::one_for_one, "a", {"+a"}},
  {strategy::one_for_one, "b", {"+b"}},
  {strategy::one_for_one, "c", {"+c"}},
  {strategy::one_for_all, "a", {"-c", "-b", "+a", "+b", "+c"}},
  {strategy::one_for_all, "b", {"-c", "-a", "+a", "+b", "+c"}},
  {strategy::one_for_all, "c", {"-b", "-a", "+a", "+b", "+c"}},
  {strategy::rest_for_one, "a", {"-c", "-b", "+a", "+b", "+c"}},
  {strategy::rest_for_one, "b", {"-c", "+b", "+c"}},
  {strategy::rest_for_one, "c", {"+c"}},
  {strategy::simple, "a", {"+a"}},
  {strategy::simple, "b", {"+b"}},
  {strategy::simple, "c", {"+c"}},
};

bool comes_back(const way_to_end& way, restart_type type) {
  switch (type) {
  case restart_type::permanent:
    return way.permanent;
  case restart_type::transient:
    return way.transient;
  case restart_type::temporary:
    return way.temporary;
  }
  return false;
}

/// A supervisor of a, b and c; `who` has the restart type, its siblings are permanent. With `simple` all have it.
struct three : family {
  supervisor_actor top;

  three(supervision::strategy how, const std::string& who, restart_type type) {
    flags wanted;
    wanted.strategy = how;
    if (how == strategy::simple) {
      // One spec for all: the child learns from its path who it is.
      auto shared = child("any", type);
      shared.start = [this, type](const child_context& context) {
        return child(context.path.substr(context.path.rfind('/') + 1), type).start(context);
      };
      top = root(wanted, {shared});
      for (const auto* id : {"a", "b", "c"})
        CHECK(order(top, start_child{{.id = id}}) == error{});
    } else {
      std::vector<child_spec> children;
      for (const auto* id : {"a", "b", "c"})
        children.push_back(child(id, id == who ? type : restart::permanent));
      top = root(wanted, std::move(children));
    }
    CHECK(entries() == diary{"+a", "+b", "+c"});
  }

  void end_child(const std::string& who, const std::string& word) {
    if (word == "kill")
      caf::anon_send_exit(live["root/" + who], caf::exit_reason::kill);
    else
      caf::anon_send(live["root/" + who], word);
    settle();
  }

  /// The phases of all children that are still known.
  std::map<std::string, child_phase> phases() {
    std::map<std::string, child_phase> found;
    auto report = ask<children_report>(top, which_children{});
    REQUIRE(report);
    for (const auto& child : report->children)
      found[child.path.substr(5)] = child.phase;
    return found;
  }
};

} // namespace

TEST_CASE("strategy x restart type x reason x position", "[supervision][unit]") {
  for (const auto& row : companies)
    for (auto type : {restart_type::permanent, restart_type::transient, restart_type::temporary})
      for (const auto& way : ways) {
        INFO("strategy " << static_cast<int>(row.strategy) << ", type " << static_cast<int>(type) << ", " << row.who
                         << " is told to " << way.word);
        three children{row.strategy, row.who, type};
        children.end_child(row.who, way.word);
        diary expected{"-" + row.who + (way.word == "kill" ? "!" : "")};
        std::map<std::string, child_phase> phases{
          {"a", child_phase::running}, {"b", child_phase::running}, {"c", child_phase::running}};
        if (comes_back(way, type))
          expected.insert(expected.end(), row.expected.begin(), row.expected.end());
        else if (type == restart_type::temporary || row.strategy == strategy::simple)
          phases.erase(row.who);
        else
          phases[row.who] = child_phase::stopped;
        CHECK(children.entries() == expected);
        CHECK(children.phases() == phases);
      }
}

namespace supervision {

namespace {

/// What becomes of siblings of each restart type when `p` crashes. They start as t (transient), p, x (temporary), q.
struct siblings_row {
  supervision::strategy strategy;
  diary expected;
  std::string phases;
};

const std::vector<siblings_row> siblings_rows{
  {strategy::one_for_one, {"+p"}, "t running, p running, x running, q running"},
  // Temporary siblings are stopped with the others and forgotten.
  {strategy::one_for_all, {"-q", "-x", "-t", "+t", "+p", "+q"}, "t running, p running, q running"},
  {strategy::rest_for_one, {"-q", "-x", "+p", "+q"}, "t running, p running, q running"},
};

// The same after the transient child was done and q was stopped by order: a group that comes back has them again.
const std::vector<siblings_row> stopped_rows{
  {strategy::one_for_one, {"+p"}, "t stopped, p running, x running, q stopped"},
  {strategy::one_for_all, {"-x", "+t", "+p", "+q"}, "t running, p running, q running"},
  {strategy::rest_for_one, {"-x", "+p", "+q"}, "t stopped, p running, q running"},
};

core_driver four(supervision::strategy how) {
  flags wanted;
  wanted.strategy = how;
  core_driver d{wanted};
  d.start_with({{"t", restart_type::transient},
                {"p", restart_type::permanent},
                {"x", restart_type::temporary},
                {"q", restart_type::permanent}});
  d.entries();
  return d;
}

} // namespace

TEST_CASE("siblings of every restart type in a restart", "[supervision][unit]") {
  for (const auto& row : siblings_rows) {
    INFO("strategy " << static_cast<int>(row.strategy));
    auto d = four(row.strategy);
    d.crash("p");
    CHECK(d.entries() == row.expected);
    CHECK(d.phases() == row.phases);
  }
}

TEST_CASE("siblings that were stopped come back with their group", "[supervision][unit]") {
  for (const auto& row : stopped_rows) {
    INFO("strategy " << static_cast<int>(row.strategy));
    auto d = four(row.strategy);
    d.ends("t", end_class::normal);
    d.apply(d.core.terminate("q", 1, d.now));
    d.entries();
    d.crash("p");
    CHECK(d.entries() == row.expected);
    CHECK(d.phases() == row.phases);
  }
}

} // namespace supervision

} // namespace troupe
