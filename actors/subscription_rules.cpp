// SPDX-License-Identifier: BSD-3-Clause
#include "actors/subscription_rules.hpp"

#include "actors/event_decoder.hpp"

#include <algorithm>
#include <utility>

namespace troupe {

namespace {

template <class T>
std::vector<T> sorted(std::vector<T> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

} // namespace

bool subscription_rule::names(std::string_view event) const noexcept {
  if (events.empty())
    return !std::binary_search(except.begin(), except.end(), event);
  return std::binary_search(events.begin(), events.end(), event);
}

bool subscription_rule::takes(std::uint32_t shard) const noexcept {
  return shards.empty() || std::binary_search(shards.begin(), shards.end(), shard);
}

bool subscription_rule::takes(snowflake guild) const noexcept {
  return guilds.empty() || std::binary_search(guilds.begin(), guilds.end(), guild);
}

void subscription_wishes::add(const subscribe& what, std::shared_ptr<const event_filter> only) {
  if (what.replace)
    drop(what.events);
  marks = marks || what.marks;
  relays = relays || what.relays;
  if (what.window != 0)
    window = what.window;
  subscription_rule rule{.events = sorted(what.events),
                         .except = {},
                         .raw = what.raw,
                         .previous = what.previous && !what.raw,
                         .own_lane = what.own_lane,
                         .guilds = sorted(what.guilds),
                         .shards = sorted(what.shards),
                         .only = std::move(only)};
  if (!rule.raw) {
    std::erase_if(rule.events, [](const std::string& name) { return find_event_decoder(name) == nullptr; });
    if (rule.events.empty())
      return;
  }
  if (std::none_of(rules.begin(), rules.end(), [&](const auto& known) { return *known == rule; }))
    rules.push_back(std::make_shared<const subscription_rule>(std::move(rule)));
}

void subscription_wishes::drop(const std::vector<std::string>& events) {
  if (events.empty())
    return rules.clear();
  auto names = sorted(events);
  std::vector<std::shared_ptr<const subscription_rule>> left;
  for (const auto& known : rules) {
    auto rule = *known;
    if (rule.events.empty()) {
      rule.except.insert(rule.except.end(), names.begin(), names.end());
      rule.except = sorted(std::move(rule.except));
    } else {
      std::erase_if(rule.events, [&](const auto& one) { return std::binary_search(names.begin(), names.end(), one); });
      if (rule.events.empty())
        continue;
    }
    left.push_back(rule == *known ? known : std::make_shared<const subscription_rule>(std::move(rule)));
  }
  rules = std::move(left);
}

bool subscription_wishes::wants_previous() const noexcept {
  return std::any_of(rules.begin(), rules.end(), [](const auto& rule) { return rule->previous; });
}

} // namespace troupe
