// SPDX-License-Identifier: BSD-3-Clause
// What is refused before a supervisor starts.
#include "actors/supervision/child_spec.hpp"

#include "runtime/supervision/orders.hpp"

#include <set>

namespace troupe {

namespace {

error refuse(const std::string& path, std::string_view why) {
  return {errc::invalid_child_spec, path + ": " + std::string{why}};
}

} // namespace

result<void> check(const std::string& path, const child_spec& spec) {
  auto plain = supervision::check(path, supervision::child_settings{spec.id, spec.restart, spec.type, spec.shutdown});
  if (!plain)
    return plain;
  auto child = path + "/" + spec.id;
  if (!spec.start)
    return refuse(child, "it has no start function");
  if (spec.start_timeout.count() <= 0)
    return refuse(child, "the start timeout must be longer than zero");
  return {};
}

result<void> check(const supervisor_spec& spec) {
  if (auto plain = supervision::check(spec.path, spec.flags); !plain)
    return plain;
  if (spec.flags.strategy == supervision::strategy::simple) {
    if (spec.children.size() != 1)
      return refuse(spec.path, "with the strategy simple there is one child spec, which all children share");
    auto shared = spec.children.front();
    shared.id = "any";
    return check(spec.path, shared);
  }
  std::set<std::string> ids;
  for (const auto& child : spec.children) {
    if (auto plain = check(spec.path, child); !plain)
      return plain;
    if (!ids.insert(child.id).second)
      return refuse(spec.path + "/" + child.id, "two children have this id");
  }
  return {};
}

} // namespace troupe
