// SPDX-License-Identifier: BSD-3-Clause
#include "actors/supervision/children_query.hpp"

#include "messages/inspect.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace troupe {

namespace {

constexpr std::chrono::seconds patience{1};

struct query {
  std::vector<child_listing> children;
  std::vector<std::vector<child_info>> below;
  caf::typed_response_promise<children_report> answer;
  std::size_t left = 0;

  void finish_if_complete() {
    if (left != 0)
      return;
    children_report all;
    for (std::size_t i = 0; i < children.size(); ++i) {
      all.children.push_back(std::move(children[i].info));
      std::move(below[i].begin(), below[i].end(), std::back_inserter(all.children));
    }
    answer.deliver(std::move(all));
  }
};

/// Whether it makes sense to ask: supervisors, and whoever else declares to answer.
bool has_children(const child_listing& child) {
  if (!child.actor)
    return false;
  if (child.info.type == child_type::supervisor)
    return true;
  auto types = caf::actor_cast<caf::abstract_actor*>(child.actor)->message_types();
  return std::any_of(types.begin(), types.end(),
                     [](const std::string& type) { return type.find("which_children") != std::string::npos; });
}

} // namespace

void collect_children(supervisor_actor::pointer self, std::vector<child_listing> children,
                      caf::typed_response_promise<children_report> answer) {
  auto asked = std::make_shared<query>();
  asked->below.resize(children.size());
  asked->children = std::move(children);
  asked->answer = std::move(answer);
  asked->left = 1;
  for (std::size_t i = 0; i < asked->children.size(); ++i) {
    if (!has_children(asked->children[i]))
      continue;
    ++asked->left;
    self->request(asked->children[i].actor, patience, which_children{true})
      .then(
        [asked, i](const children_report& report) {
          asked->below[i] = report.children;
          --asked->left;
          asked->finish_if_complete();
        },
        [asked](const caf::error&) {
          --asked->left;
          asked->finish_if_complete();
        });
  }
  --asked->left;
  asked->finish_if_complete();
}

} // namespace troupe
