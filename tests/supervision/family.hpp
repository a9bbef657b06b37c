// SPDX-License-Identifier: BSD-3-Clause
// The fixture of the supervisor's tests: children that do what a word tells them, and a diary of who started ("+a"),
// ended ("-a") and was killed ("-a!").
#pragma once

#include "messages/lifecycle.hpp"

#include "runtime/log/log.hpp"

#include "actors/supervision/carry_exceptions.hpp"
#include "actors/supervision/shutdown.hpp"
#include "actors/supervision/supervisor.hpp"
#include "actors/testing/deterministic.hpp"

#include <caf/event_based_actor.hpp>

#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

using diary = std::vector<std::string>;

/// What children write to; lives longer than the actor system.
struct family_book {
  diary seen;
  /// Who ended to be started again.
  diary expecting;
  /// The newest incarnation of each child, by path.
  std::map<std::string, caf::actor> live;
  /// Children that cannot be started at the moment: how often still.
  std::map<std::string, int> broken;
  /// What supervisors reported.
  std::vector<supervision::report> reports;
};

/// How a child of the tests behaves.
struct manner {
  /// Ignores being told to end; a kill works.
  bool stubborn = false;
  /// Dies before it has answered whether it runs.
  bool dies_at_start = false;
  /// Skips everything said to it until then.
  bool deaf = false;
};

/// Spawns children and supervisors.
struct family : family_book, testing::deterministic {
  using restart = restart_type;

  family() {
    // Crashes are what is tested here.
    (void)log::configure("off", "text");
  }

  ~family() {
    live.clear();
  }

  /// A child that obeys "crash" (throws), "fail" (ends with an error), "finish", "leave" (user_shutdown).
  child_spec child(const std::string& id, restart_type type = restart::permanent, manner how = {}) {
    auto start = [book = static_cast<family_book*>(this), id, how](const child_context& context) -> caf::actor {
      if (auto broken = book->broken.find(id); broken != book->broken.end() && broken->second-- > 0) {
        book->seen.push_back("?" + id);
        throw std::runtime_error("out of order");
      }
      book->seen.push_back("+" + id);
      auto path = context.path;
      auto actor = context.system.spawn([=](caf::event_based_actor* self) { return obey(self, book, id, how); });
      book->live[path] = actor;
      return actor;
    };
    return {.id = id, .start = start, .restart = type, .shutdown = std::chrono::seconds{5}};
  }

  static caf::behavior obey(caf::event_based_actor* self, family_book* book, const std::string& id, manner how) {
    carry_exceptions(self, {});
    self->attach_functor([book, id](const caf::error& reason) {
      book->seen.push_back("-" + id + (reason == caf::exit_reason::kill ? "!" : ""));
      if (precedes_restart(reason))
        book->expecting.push_back(id);
    });
    if (how.stubborn)
      self->set_exit_handler([](const caf::exit_msg&) {});
    if (how.dies_at_start)
      self->quit(make_error(errc::invalid_configuration, "no such colour"));
    return {[self](const std::string& word) {
      if (word == "crash")
        throw std::runtime_error("boom");
      if (word == "fail")
        self->quit(make_error(errc::corrupt_stream, "bad bytes"));
      if (word == "finish")
        self->quit();
      if (word == "leave")
        self->quit(caf::exit_reason::user_shutdown);
    }};
  }

  /// A supervisor with these children under "root"; watched by the test.
  supervisor_actor root(supervision::flags flags, std::vector<child_spec> children) {
    auto made = spawn(supervisor, spec_of("root", std::move(flags), std::move(children)));
    self()->monitor(made);
    settle();
    return made;
  }

  supervisor_spec spec_of(std::string path, supervision::flags flags, std::vector<child_spec> children) {
    supervisor_spec spec;
    spec.path = std::move(path);
    spec.flags = std::move(flags);
    spec.children = std::move(children);
    spec.on_report = [book = static_cast<family_book*>(this)](const supervision::report& what) {
      book->reports.push_back(what);
    };
    return spec;
  }

  /// A child that is a supervisor.
  child_spec branch(const std::string& id, supervision::flags flags, std::vector<child_spec> children) {
    auto start = [this, flags, children](const child_context& context) {
      auto made = context.system.spawn(supervisor, spec_of(context.path, flags, children));
      live[context.path] = caf::actor_cast<caf::actor>(made);
      return live[context.path];
    };
    return {.id = id, .start = start, .shutdown = std::chrono::minutes{1}, .type = child_type::supervisor};
  }

  void say(const std::string& path, const std::string& word) {
    tell(live.at(path), word);
  }

  /// The diary since the last call.
  diary entries() {
    return std::exchange(seen, {});
  }

  /// Reports of one kind since the beginning.
  template <class Report>
  std::vector<Report> reported() const {
    std::vector<Report> found;
    for (const auto& each : reports)
      if (const auto* one = std::get_if<Report>(&each))
        found.push_back(*one);
    return found;
  }

  /// Why the actor that the test watches ended; nothing while it runs.
  std::optional<caf::error> end() {
    auto down = receive<caf::down_msg>();
    return down ? std::optional{down->reason} : std::nullopt;
  }

  /// The refusal of an order; `errc::none` where it was done.
  template <class Order>
  error order(const supervisor_actor& to, Order what) {
    auto answer = ask<children_done>(to, std::move(what));
    return answer ? error{} : to_error(answer.error());
  }
};

} // namespace troupe
