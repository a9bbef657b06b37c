// SPDX-License-Identifier: BSD-3-Clause
// Makes one list of a supervisor's children and theirs. Separate from supervisor.cpp: it outlives no decision and takes
// none.
#pragma once

#include "messages/interfaces.hpp"
#include "messages/supervision.hpp"

#include <caf/actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <vector>

namespace troupe {

/// One child, and whom to ask for its own.
struct child_listing {
  child_info info;
  /// Null where nobody is to be asked.
  caf::actor actor;
};

/// Asks all children that have children of their own at the same time and delivers the list, depth first, after a
/// second at most: whoever has not answered then is listed without its children.
void collect_children(supervisor_actor::pointer self, std::vector<child_listing> children,
                      caf::typed_response_promise<children_report> answer);

} // namespace troupe
