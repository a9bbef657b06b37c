// SPDX-License-Identifier: BSD-3-Clause
// What is refused before anything starts.
#include "runtime/supervision/flags.hpp"
#include "runtime/supervision/orders.hpp"

namespace troupe::supervision {

namespace {

error refuse(const std::string& path, std::string_view why) {
  return {errc::invalid_child_spec, path + ": " + std::string{why}};
}

} // namespace

result<void> check(const std::string& path, const flags& wanted) {
  if (path.empty())
    return error{errc::invalid_child_spec, "a supervisor has no path"};
  if (wanted.period.count() <= 0)
    return refuse(path, "the period must be longer than zero");
  if (wanted.backoff_min.count() < 0 || wanted.backoff_max.count() < 0)
    return refuse(path, "a backoff is negative");
  if (wanted.backoff_min > wanted.backoff_max)
    return refuse(path, "backoff_min is longer than backoff_max");
  if (wanted.when_exhausted == exhaustion::degrade && wanted.backoff_max.count() == 0)
    return refuse(path, "a supervisor that degrades needs a backoff_max to retry at");
  if (wanted.custom && wanted.strategy == strategy::simple)
    return refuse(path, "the strategy simple cannot be combined with a custom one");
  return {};
}

result<void> check(const std::string& path, const child_settings& wanted) {
  if (wanted.id.empty())
    return refuse(path, "a child has an empty id");
  auto child = path + "/" + wanted.id;
  if (wanted.id.find('/') != std::string::npos)
    return refuse(child, "an id must not contain \"/\"");
  if (wanted.shutdown.count() < 0)
    return refuse(child, "the shutdown time is negative");
  return {};
}

} // namespace troupe::supervision
